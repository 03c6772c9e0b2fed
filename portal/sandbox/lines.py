"""Cuts a stream of bytes into the lines of a log."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from portal.sandbox.text import clean_line

MAX_LINE = 16 * 1024


class LineSplitter:
    """Holds at most one unfinished line of `MAX_LINE` characters, however much is fed to it.

    A carriage return takes the line back to its start, as a terminal does: of a progress bar drawn a thousand
    times only the last state becomes a line.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def feed(self, data: bytes) -> Iterator[str]:
        """The lines that `data` completes, clean and without their ends."""
        *whole, rest = (self._rest + self._decoder.decode(data)).split("\n")
        for line in whole:
            yield from _pieces(_last_state(line))
        if "\r" in rest[:-1]:
            rest = _last_state(rest) + ("\r" if rest.endswith("\r") else "")
        while len(rest) > MAX_LINE + 1:
            yield clean_line(rest[:MAX_LINE])
            rest = rest[MAX_LINE:]
        self._rest = rest

    def finish(self) -> Iterator[str]:
        """The last line, when the stream did not end with a line end."""
        rest = self._rest + self._decoder.decode(b"", final=True)
        self._rest = ""
        if rest:
            yield from _pieces(_last_state(rest))


def _last_state(line: str) -> str:
    if "\r" not in line:
        return line
    return next((part for part in reversed(line.split("\r")) if part.strip()), "")


def _pieces(line: str) -> Iterator[str]:
    yield clean_line(line[:MAX_LINE])
    for start in range(MAX_LINE, len(line), MAX_LINE):
        yield clean_line(line[start : start + MAX_LINE])
