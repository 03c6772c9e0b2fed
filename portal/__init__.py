"""The self-service portal: catalog items in, runs with progress, log, result and files out."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("self-service-portal")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0.0.0"
