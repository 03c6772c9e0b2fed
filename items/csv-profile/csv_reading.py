"""How a file is written: its encoding, its dialect, and its rows as a stream."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from charset_normalizer import from_bytes
from csv_values import is_plain_value

SAMPLE_CHARACTERS = 256 * 1024
SAMPLE_ROWS = 1000
LONGEST_CELL = 1024 * 1024
MANY_LINES = 100  # in one row: a quotation mark is probably not closed
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", "": "none"}

BOMS = (  # the four-byte ones first: UTF-32 LE starts like UTF-16 LE
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NOT_TEXT = (
    (b"PK\x03\x04", "an Excel workbook (.xlsx) or another ZIP file. Open it and save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls). Open it and save the sheet as CSV"),
    (b"%PDF", "a PDF document. Export the table as CSV from where the PDF came from"),
    (b"\x1f\x8b", "compressed (gzip). Unpack it first"),
    (b"PAR1", "a Parquet file. Export it as CSV first"),
    (b"SQLite format 3", "a SQLite database. Export the table as CSV first"),
)
ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 (little endian)",
    "utf-16-be": "UTF-16 (big endian)",
    "utf-32": "UTF-32",
    "ascii": "ASCII",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1252": "Windows-1252",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp850": "DOS 850",
    "iso8859_2": "ISO 8859-2",
    "mac_roman": "Mac Roman",
    "koi8_r": "KOI8-R",
    "shift_jis": "Shift JIS",
    "cp932": "Shift JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "euc_kr": "EUC-KR",
}
# What spreadsheets and databases have written for thirty years, the most frequent of each family first.
LATIN = ["cp1252", "cp1250", "iso8859_2", "cp1254", "cp850", "mac_roman"]
OTHER_SCRIPTS = ["cp1251", "koi8_r", "cp1253", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"]


@dataclass(frozen=True)
class Encoding:
    """A codec, and whether it is known or only likely."""

    codec: str
    certain: bool

    @property
    def name(self) -> str:
        return ENCODING_NAMES.get(self.codec, self.codec.upper())


@dataclass(frozen=True)
class Dialect:
    """How cells and rows are kept apart. An empty delimiter means a single column."""

    delimiter: str
    quote: str
    escape: str | None

    @property
    def name(self) -> str:
        return DELIMITER_NAMES.get(self.delimiter, f"“{self.delimiter}”")

    def reader(self, lines: Iterable[str]) -> Any:
        """A `csv.reader`. A single column is what a delimiter divides that no text has."""
        return csv.reader(
            lines,
            delimiter=self.delimiter or "\x1f",
            quotechar=self.quote or None,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            escapechar=self.escape,
        )


def detect_encoding(path: Path, wanted: str = "auto") -> Encoding:
    """The encoding of a file; `wanted` is what the user chose. Raises ValueError when it cannot be text."""
    with path.open("rb") as file:
        start = file.read(64 * 1024)
    if not start.strip():
        raise ValueError("The file is empty.")
    for magic, what in NOT_TEXT:
        if start.startswith(magic):
            raise ValueError(f"This is not a CSV file but {what}.")
    bom = next((codec for mark, codec in BOMS if start.startswith(mark)), None)
    if wanted != "auto":
        return Encoding(_chosen_encoding(wanted, bom, start), certain=True)
    if bom:
        return Encoding(bom, certain=True)
    if utf16 := _utf16_without_bom(start):
        return Encoding(utf16, certain=True)
    if _looks_binary(start):
        raise ValueError("This is not a text file. Export the table as CSV and try again.")
    evidence = _lines_beyond_ascii(path)
    if not evidence:
        return Encoding("utf-8", certain=True)
    if _is_utf8(path):
        return Encoding("utf-8", certain=True)
    if _is_damaged_utf8(evidence):
        return Encoding("utf-8", certain=False)
    return Encoding(_guess_legacy(evidence), certain=False)


def _chosen_encoding(wanted: str, bom: str | None, start: bytes) -> str:
    """UTF-8 and UTF-16 are families: the mark at the start, or the pattern of zero bytes, tells which one."""
    if wanted == "utf-16" and not (bom == "utf-16" or b"\0" in start):
        raise ValueError("The file is not UTF-16. Choose “Detect” as its character encoding.")
    if wanted == "utf-16":
        return bom or _utf16_without_bom(start) or "utf-16-le"
    return "utf-8-sig" if wanted == "utf-8" and bom == "utf-8-sig" else wanted


def _utf16_without_bom(start: bytes) -> str | None:
    """UTF-16 of mostly Latin text has a zero in every second byte."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = max(len(start) // 2, 1)
    codec = None
    if odd > half * 0.4 and even < half * 0.05:
        codec = "utf-16-le"
    elif even > half * 0.4 and odd < half * 0.05:
        codec = "utf-16-be"
    return codec if codec and not _looks_binary(start.decode(codec, "replace").encode()) else None


def _looks_binary(start: bytes) -> bool:
    control = sum(start.count(code) for code in range(32) if code not in b"\t\n\r\x0b\x0c\x1a\x1b")
    return b"\0" in start or control > len(start) * 0.02


def _lines_beyond_ascii(path: Path, enough: int = 32 * 1024) -> bytes:
    """Lines that tell something about the encoding: those with more than ASCII in them."""
    found: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        for line in iter(lambda: file.readline(4096), b""):
            if not line.isascii():
                found.append(line)
                size += len(line)
                if size >= enough:
                    break
    return b"".join(found)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            for block in iter(lambda: file.read(1024 * 1024), b""):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_damaged_utf8(evidence: bytes) -> bool:
    """UTF-8 with a few foreign bytes in it, as concatenated exports have."""
    text = evidence.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    good = sum(1 for character in text if character > "\x7f") - broken
    return good > 10 * broken


def _guess_legacy(evidence: bytes) -> str:
    """The most likely encoding of text from before UTF-8.

    charset-normalizer tells scripts apart well (Cyrillic, Greek, Japanese, …), but not the Latin alphabets,
    whose bytes mostly mean some letter in each of them. There, what looks least like a misreading wins, and
    Windows-1252 when nothing speaks against it.
    """
    matches = list(from_bytes(evidence, cp_isolation=LATIN + OTHER_SCRIPTS))
    if matches and matches[0].encoding in OTHER_SCRIPTS:
        return matches[0].encoding
    coherence = {codec: match.coherence for match in matches for codec in match.could_be_from_charset}
    readable = {}
    for rank, codec in enumerate(LATIN):
        try:
            text = evidence.decode(codec)
        except UnicodeDecodeError:
            continue
        readable[codec] = (_misreadings(text), -round(coherence.get(codec, 0.0), 1), rank)
    return min(readable, key=readable.__getitem__) if readable else "cp1252"


_MISREADINGS = re.compile(
    r"(?<=[^\W\d_])[^\w\s\x00-\x7f’](?=[^\W\d_])"  # a sign inside a word
    r"|(?<=[a-zß-ÿ])[À-ÞŠŽŸĄĆĘŁŃŚŹŻ](?=[a-z])"  # a capital inside a word
    r"|[¡-©«-»±-·¹-¿‚„†‡‰](?=[a-z])|[£¥¦¯³¶¼-¾](?=[a-zA-Z])"  # a sign before a word
    r"|(?<=[a-z])[£¥¦¨ª¬¯±³¶¸¹¼-¾]"  # a sign behind a word
    r"|[ìòù](?=[a-zß-ÿ])|õ(?!e)"  # Italian ends words with these; inside they are Czech ě, ň, ů, Hungarian ő
    r"|[\x80-\x9f]"  # control characters
)


def _misreadings(text: str) -> int:
    """Signs where letters should be: `Ma³gorzata` for `Małgorzata`, `HŽlne` for `Hélène`."""
    return len(_MISREADINGS.findall(text))


def detect_dialect(sample: str, truncated: bool, delimiter: str = "auto", quote: str = "auto") -> Dialect:
    """The dialect of a file by its first lines; `delimiter` and `quote` are what the user chose.

    `delimiter` is `auto`, a name from `DELIMITERS`, `none`, or the character itself.
    """
    mark = _quote_mark(sample) if quote == "auto" else {"double": '"', "single": "'", "none": ""}[quote]
    escape = "\\" if mark and f"\\{mark}" in sample and mark * 2 not in sample else None
    if delimiter != "auto":
        character = "" if delimiter == "none" else DELIMITERS.get(delimiter, delimiter)
        if delimiter != "none" and (len(character) != 1 or character in "\r\n" or character == mark):
            raise ValueError("The column separator must be exactly one character, and not a quotation mark.")
        return Dialect(character, mark, escape)
    lines = sample.splitlines(keepends=True)
    if len(lines) == 1 and (hint := re.fullmatch(r"\ufeff?sep=(.)\s*", lines[0])):
        return Dialect(hint[1], mark, escape)
    dialects = {character: Dialect(character, mark, escape) for character in DELIMITERS.values()}
    scores = {character: _score(dialect, lines, truncated) for character, dialect in dialects.items()}
    best = max(scores, key=scores.__getitem__)
    if scores[best][0] < 0.4:
        raise ValueError(
            "No column separator was found: neither comma, semicolon, tab nor vertical bar divides the rows "
            "evenly. "
            "Choose the separator yourself, or “None” if the file really has a single column."
        )
    return Dialect(best, mark, escape)


def _quote_mark(sample: str) -> str:
    """Double quotes, unless cells are visibly wrapped in single ones."""
    single = len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n]|$)", sample, re.MULTILINE))
    return "'" if single >= 2 and '"' not in sample else '"'


def _score(dialect: Dialect, lines: list[str], truncated: bool) -> tuple[float, int]:
    """How evenly a delimiter divides the rows (0 to 1), then into how many columns."""
    try:
        rows = [row for row in islice(dialect.reader(lines), SAMPLE_ROWS) if row]
    except csv.Error:
        return 0.0, 0
    if truncated and len(rows) > 2:
        rows.pop()  # cut off in the middle, perhaps inside a quotation
    if not rows:
        return 0.0, 0
    width, frequency = Counter(map(len, rows)).most_common(1)[0]
    if width < 2:
        return 0.0, 1
    others = [character for character in DELIMITERS.values() if character != dialect.delimiter]
    cells = [cell for row in rows[:200] for cell in row]
    clean = sum(1 for cell in cells if is_plain_value(cell) or not any(other in cell for other in others))
    evenness = frequency / len(rows)
    first_row = 1.0 if len(rows[0]) == width else 0.6
    return evenness * first_row * (0.6 + 0.4 * clean / len(cells)), width


class CsvFile:
    """A CSV file as a stream of rows, with what was found out about how it is written."""

    def __init__(self, path: Path, *, encoding: str, delimiter: str, quote: str, skip_lines: int) -> None:
        csv.field_size_limit(LONGEST_CELL)
        self.path = path
        self.size = path.stat().st_size
        self.encoding = detect_encoding(path, encoding)
        self.skip_lines = skip_lines
        self.undecodable = 0
        self.bytes_read = 0
        self.long_rows: list[int] = []
        with self._open() as text:
            sample = text.read(SAMPLE_CHARACTERS)
        if self.undecodable and encoding != "auto":
            raise ValueError(
                f"The file is not {self.encoding.name}: it has bytes that mean nothing there. "
                "Choose “Detect” or another character encoding."
            )
        if not sample.strip():
            raise ValueError(
                f"Nothing is left after skipping {skip_lines} lines." if skip_lines else "The file is empty."
            )
        hint = re.match(r"sep=(.)\r?\n", sample)  # the line Excel understands; not a part of the table
        if hint:
            self.skip_lines += 1
            sample = sample[hint.end() :]
            delimiter = hint[1] if delimiter == "auto" else delimiter
        self.dialect = detect_dialect(sample, len(sample) >= SAMPLE_CHARACTERS, delimiter, quote)

    def rows(self) -> Iterator[list[str]]:
        """Every row, in order. Empty lines are empty lists."""
        self.undecodable = 0
        with self._open() as text:
            raw = text.buffer

            def lines() -> Iterator[str]:
                for count, line in enumerate(text):
                    if not count & 1023:
                        self.bytes_read = raw.tell()
                    yield line

            reader = self.dialect.reader(lines())
            number = line = 0
            try:
                for row in reader:
                    number += 1
                    if reader.line_num - line > MANY_LINES:
                        self.long_rows.append(number)
                    line = reader.line_num
                    yield row
            except csv.Error as error:
                raise ValueError(
                    f"Row {number + 1:,} cannot be read: a quotation mark is probably opened and never "
                    "closed there. Correct it, or choose “Nothing” at “Text is quoted with”."
                ) from error
            self.bytes_read = self.size

    def _open(self) -> io.TextIOWrapper:
        """The file as text, behind the lines to skip. Bytes that are no text become � and are counted."""

        def count_and_replace(error: UnicodeError) -> tuple[str, int]:
            if not isinstance(error, UnicodeDecodeError):
                raise error
            self.undecodable += 1
            return "\ufffd", error.end

        codecs.register_error("csv-profile", count_and_replace)
        text = self.path.open(encoding=self.encoding.codec, errors="csv-profile", newline="")
        for _ in range(self.skip_lines):
            text.readline()
        return text
