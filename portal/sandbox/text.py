"""Makes text from an item safe to store and to show."""

from __future__ import annotations

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Colours and weights (SGR) are kept. Other CSI sequences move the cursor or erase: they mean nothing in a log
# and could repaint the terminal of whoever reads it.
_COLOUR = r"\x1b\[[0-9;:]{0,32}m"
_OTHER_CSI = r"\x1b\[[0-9;:<=>?]{0,32}[ -/]{0,4}[@-~]"
# C0 but tab, DEL, C1; characters that change the direction of text; line and paragraph separators; lone
# surrogates, which no encoding can store.
_UNSAFE = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
_LINE = re.compile(f"({_COLOUR})|({_OTHER_CSI})|(\n|{_UNSAFE})")


def clean_line(text: str) -> str:
    """`text` without line ends, control and direction-changing characters; tab and colours stay."""
    return _LINE.sub(_replace, text)


def clean_text(text: str) -> str:
    """The same for a text of several lines; its line feeds stay."""
    return "\n".join(clean_line(line) for line in text.replace("\r\n", "\n").split("\n"))


def _replace(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    return "" if match[2] else REPLACEMENT
