"""The first code of every run's process. Started by path, in isolated mode and without site-packages.

Makes two packages importable and nothing else of the portal: `portal.sdk` for the item, and the trusted start
under the name `_portal_inside`, which no module of an item can take by accident.
"""

import importlib
import importlib.util
import os
import sys


def _stub(name: str, *paths: str) -> None:
    package = type(sys)(name)
    package.__path__ = list(paths)
    sys.modules[name] = package


def _load_sdk(folder: str) -> None:
    spec = importlib.util.spec_from_file_location(
        "portal.sdk", os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"portal.sdk is missing at {folder}")
    sdk = importlib.util.module_from_spec(spec)
    sys.modules["portal.sdk"] = sdk
    spec.loader.exec_module(sdk)
    setattr(sys.modules["portal"], "sdk", sdk)  # noqa: B010 - mypy knows no attribute of a stub


def main() -> None:
    """Run what the request on stdin asks for, and end the process."""
    here = os.path.dirname(os.path.abspath(__file__))
    _stub("portal")
    _stub("_portal_inside", os.path.join(here, "inside"))
    _load_sdk(os.path.join(os.path.dirname(here), "sdk"))
    importlib.import_module("_portal_inside.init").main()


if __name__ == "__main__":
    main()
