"""The entrypoint: whether what a manifest names as the start is there. Code is parsed, never imported."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterator, Mapping

from portal.errors import Problem

MAX_MODULE_BYTES = 1024 * 1024

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def check_entrypoint(
    entrypoint: str, files: Mapping[str, bytes], *, executables: Collection[str] | None, place: str
) -> list[Problem]:
    """Return what is wrong with `entrypoint` (`module:function` or `./path`); [] when it can be started.

    A function must take two positional arguments, the inputs and the context. `executables` are the paths
    of executable files, None when that is not known. `place` is the path of problems of the manifest.
    """
    if entrypoint.startswith("./"):
        return _check_executable(entrypoint.removeprefix("./"), files, executables, place)
    module, _, function = entrypoint.partition(":")
    stem = module.replace(".", "/")
    filename = next((name for name in (f"{stem}.py", f"{stem}/__init__.py") if name in files), None)
    if filename is None:
        return [Problem(place, f"there is no file {stem}.py for the entrypoint {entrypoint}")]
    return _check_function(filename, files[filename], function)


def _check_executable(
    path: str, files: Mapping[str, bytes], executables: Collection[str] | None, place: str
) -> list[Problem]:
    if path not in files:
        return [Problem(place, f"there is no file {path} for the entrypoint ./{path}")]
    if executables is not None and path not in executables:
        return [Problem(path, f"is the entrypoint but not executable; run: chmod +x {path}")]
    return []


def _check_function(filename: str, source: bytes, name: str) -> list[Problem]:
    if len(source) > MAX_MODULE_BYTES:
        return [Problem(filename, f"is larger than {MAX_MODULE_BYTES} bytes")]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(source, filename)
    except SyntaxError as error:
        where = f"{filename}:{error.lineno}" if error.lineno else filename
        return [Problem(where, f"is not valid Python: {error.msg}")]
    except (ValueError, RecursionError, MemoryError):
        return [Problem(filename, "is not valid Python")]
    bound = [each for each in _bindings(module.body) if name in each[0]]
    if not bound:
        return [Problem(filename, f"does not define {name}(inputs, ctx)")]
    # What was imported or assigned can't be looked into; only a definition can be.
    last = bound[-1][1]
    if isinstance(last, ast.ClassDef):
        return [Problem(f"{filename}:{last.lineno}", f"{name} must be a function, not a class")]
    if isinstance(last, _Function) and not _takes_two(last.args):
        return [Problem(f"{filename}:{last.lineno}", f"{name} must take two arguments: {name}(inputs, ctx)")]
    return []


def _takes_two(arguments: ast.arguments) -> bool:
    positional = [*arguments.posonlyargs, *arguments.args]
    required = len(positional) - len(arguments.defaults)
    all_named_optional = all(default is not None for default in arguments.kw_defaults)
    return (len(positional) >= 2 or arguments.vararg is not None) and required <= 2 and all_named_optional


def _bindings(body: list[ast.stmt]) -> Iterator[tuple[set[str], ast.stmt]]:
    """Yield the names that statements of a module bind, also below `if`, `try` and `with`."""
    for statement in body:
        if isinstance(statement, _Function | ast.ClassDef):
            yield {statement.name}, statement
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            yield {(each.asname or each.name).partition(".")[0] for each in statement.names}, statement
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield {each.id for each in targets if isinstance(each, ast.Name)}, statement
        elif isinstance(statement, ast.If | ast.Try | ast.With):
            for block in ("body", "handlers", "orelse", "finalbody"):
                for inner in getattr(statement, block, []):
                    yield from _bindings(inner.body if isinstance(inner, ast.ExceptHandler) else [inner])
