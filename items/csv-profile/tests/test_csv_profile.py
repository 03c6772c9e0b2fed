"""The item as people run it: in the sandbox, with its own packages."""

import csv
import io
import json
import re
import statistics
import xml.etree.ElementTree as ElementTree

import pytest

PEOPLE = [
    ["Name", "Ort", "Betrag", "Datum"],
    ["Müller", "Köln", "1{d}50", "31.12.2024"],
    ["Jürgen {s} Söhne", "Straße", "2000{d}25", "01.02.2024"],
    ["Zeile\neins", 'sagt "ja"', "", "05.03.2023"],
]
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 (little endian)",
    "utf-16-be": "UTF-16 (big endian)",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
    "latin-1": "Windows-1252",
    "iso8859-15": "Windows-1252",
    "cp850": "DOS 850",
    "mac_roman": "Mac Roman",
}
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}


@pytest.fixture
def profile(run_item_folder):
    def run(content, **inputs):
        data = content.encode() if isinstance(content, str) else content
        return run_item_folder("csv-profile", {"file": "table.csv", **inputs}, {"table.csv": data})

    return run


def column(result, name):
    return next(each for each in result["columns"] if each["name"] == name)


def types(result):
    return {each["name"]: each["type"] for each in result["columns"]}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", SEPARATORS)
def test_every_dialect_in_every_encoding(profile, separator, encoding):
    text = io.StringIO()
    decimal = "." if separator == "," else ","
    rows = [[cell.format(d=decimal, s=separator) for cell in row] for row in PEOPLE]
    csv.writer(text, delimiter=separator).writerows(rows)
    result = profile(text.getvalue().encode(encoding)).result()
    assert result["file"]["encoding"] == ENCODINGS[encoding]
    assert result["file"]["delimiter"] == SEPARATORS[separator]
    assert result["rows"] == 3
    assert types(result) == {"Name": "text", "Ort": "text", "Betrag": "decimal", "Datum": "date"}
    assert column(result, "Name")["most_frequent"] == "Müller"
    assert column(result, "Betrag")["maximum"] == 2000.25
    assert column(result, "Datum")["minimum"] == "2023-03-05"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1250", "imię;miasto\nŁukasz;Łódź\nMałgorzata;Kraków\nŻaneta;Świdnica\n"),
        ("iso8859-2", "imię;miasto\nŁukasz;Łódź\nMałgorzata;Kraków\nŻaneta;Świdnica\n"),
        ("cp1250", "jméno;město\nJiří;Plzeň\nTomáš;Ústí nad Labem\nŘehoř;Děčín\nLuděk;Kroměříž\n"),
        ("cp1252", "prénom;ville\nHélène;Besançon\nJérôme;Orléans\nChloé;Nîmes\n"),
        ("mac_roman", "prénom;ville\nHélène;Besançon\nJérôme;Orléans\nChloé;Nîmes\n"),
        ("cp1252", "año;niño\nEspaña;Peñalver\nMéxico;Núñez\n"),
        ("cp1252", "città;perché\nForlì;così\nCefalù;però\n"),
        ("cp1251", "имя;город\nИван;Москва\nМария;Казань\n"),
        ("koi8_r", "имя;город\nИван;Москва\nМария;Казань\n"),
        ("cp1253", "όνομα;πόλη\nΓιώργος;Αθήνα\nΜαρία;Πάτρα\n"),
        ("cp1254", "ad;şehir\nİbrahim;Eskişehir\nGökhan;Iğdır\n"),
        ("shift_jis", "名前;都市\n田中太郎;東京都\n鈴木花子;大阪府\n"),
        ("euc_jp", "名前;都市\n田中太郎;東京都\n鈴木花子;大阪府\n"),
        ("gb18030", "姓名;城市\n张伟;北京市\n李娜;上海市\n"),
    ],
)
def test_old_encodings_are_recognised_by_their_letters(profile, encoding, text):
    result = profile(text.encode(encoding)).result()
    lines = [line.split(";") for line in text.splitlines()]
    assert [each["name"] for each in result["columns"]] == lines[0]
    assert [each["most_frequent"] for each in result["columns"]] == lines[1]
    assert any("encoding was guessed" in warning for warning in result["warnings"])


def test_damaged_utf8_is_still_utf8(profile):
    lines = "".join(f"Bärbel {number};Köln\n" for number in range(200)).encode()
    result = profile(b"name;city\n" + lines + b"J\xfcrgen;Bonn\n").result()
    assert result["file"]["encoding"] == "UTF-8"
    assert "1 byte could not be read as UTF-8." in result["warnings"]


@pytest.mark.parametrize(
    ("content", "inputs", "expected"),
    [
        ("1,5;2,5\n3,5;4,5\n", {}, {"column 1": "decimal", "column 2": "decimal"}),
        ("a\tb\nhello, you\t1\nx, y, z\t2\n", {}, {"a": "text", "b": "integer"}),
        ("sep=;\na;b\n1;2\n", {}, {"a": "integer", "b": "integer"}),
        ("a:b\n1:2\n", {"delimiter": "other", "custom_delimiter": ":"}, {"a": "integer", "b": "integer"}),
        ("word\nyes\nno\n", {"delimiter": "none"}, {"word": "boolean"}),
        ("a;b\n'x;y';1\n'z';2\n", {}, {"a": "text", "b": "integer"}),
        ('a,b\n"say \\"hi\\" now",2\n"x, y",3\n', {}, {"a": "text", "b": "integer"}),
        ('a,b\n5" pipe,1\n6" pipe,2\n', {"quote": "none"}, {"a": "text", "b": "integer"}),
        ("My report\n\na,b\n1,x\n", {"skip_lines": 2}, {"a": "integer", "b": "text"}),
        ("land;2019;2020\nDE;5;6\nFR;7;8\n", {}, {"land": "text", "2019": "integer", "2020": "integer"}),
        ("1,2\n3,4\n", {}, {"column 1": "integer", "column 2": "integer"}),
        ("1,2\n3,4\n", {"header": "yes"}, {"1": "integer", "2": "integer"}),
        ("a,b\nc,d\n", {"header": "no"}, {"column 1": "text", "column 2": "text"}),
        ("a,b\r1,2\r3,4\r", {}, {"a": "integer", "b": "integer"}),
    ],
)
def test_dialects_that_are_different(profile, content, inputs, expected):
    assert types(profile(content, **inputs).result()) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "-2", "+3"], "integer"),
        (["1", "2.5"], "decimal"),
        (["1,234.50", "7"], "decimal"),
        (["1.234,50", "7"], "decimal"),
        (["12 %", "€ 5"], "integer"),
        (["01067", "80331"], "text"),
        (["12345678901234567", "1"], "text"),
        (["1_000", "٣"], "text"),
        (["nan", "inf"], "text"),
        (["2024-01-31", "2024-02-01"], "date"),
        (["2024-02-30", "2024-02-31"], "text"),
        (["31.12.2024", "1.1.2025"], "date"),
        (["12/31/2024", "01/02/2024"], "date"),
        (["3 Mar 2024", "4 Apr 2024"], "date"),
        (["Mar 3, 2024", "Apr 4, 2024"], "date"),
        (["2024-01-31T10:00:00Z", "2024-01-31 11:30"], "datetime"),
        (["12/31/2024 2:05 PM", "12/31/2024 11:00 AM"], "datetime"),
        (["yes", "No"], "boolean"),
        (["true", "true"], "boolean"),
        (["y", "y"], "text"),
        (["NA", "-"], "empty"),
        (["1.2.3", "1.2.4"], "text"),
    ],
)
def test_types(profile, values, expected):
    text = io.StringIO()
    csv.writer(text).writerows([["key", "value"], *(["k", value] for value in values)])
    assert column(profile(text.getvalue()).result(), "value")["type"] == expected


def test_figures_are_right(profile):
    ran = profile("n,t\n1,a\n2,bb\n3,\n10,bb\nx,a\n" + "4,c\n" * 15)
    found = json.loads(ran.file("profile.json"))
    numbers, texts = found["columns"]
    assert (numbers["minimum"], numbers["maximum"], numbers["median"]) == (1, 10, 4)
    assert numbers["mean"] == 4
    assert numbers["standard_deviation"] == pytest.approx(statistics.stdev([1, 2, 3, 10] + [4] * 15))
    assert (numbers["misfits"], numbers["misfit_examples"]) == (1, ["x"])
    assert (texts["shortest"], texts["longest"], texts["missing"], texts["distinct"]) == (1, 2, 1, 3)
    assert texts["top_values"][0] == {"value": "c", "count": 15}
    assert found["duplicate_rows"] == 14
    assert "Column “n” is of type integer, but 1 cell is something else: “x”." in found["warnings"]


def test_irregular_files_are_reported(profile):
    result = profile("a,a,\n1,2,3\n4,5\n\n6,7,8,9\n").result()
    assert [each["name"] for each in result["columns"]] == ["a", "a (2)", "column 3"]
    assert result["rows"] == 3
    assert result["warnings"][:4] == [
        "2 rows without exactly 3 cells: data row 2 has 2, data row 3 has 4. "
        "Missing cells count as empty, additional ones are left out.",
        "1 empty line left out.",
        "Columns without a name in the first row: number 3.",
        "Column names that occur more than once: a.",
    ]


def test_doubtful_readings_are_reported_and_can_be_chosen(profile):
    doubtful = "n;d\n1.234;01/02/2024\n5.678;03/04/2024\n"
    result = profile(doubtful).result()
    assert column(result, "n")["maximum"] == 5678
    assert column(result, "d")["maximum"] == "2024-04-03"
    assert len(result["warnings"]) == 2
    chosen = profile(doubtful, decimal="point", date_order="month").result()
    assert column(chosen, "n")["maximum"] == 5.678
    assert column(chosen, "d")["maximum"] == "2024-03-04"
    assert chosen["warnings"] == []


PAGE_TAGS = "html head meta title style body h1 h2 h3 div span section ul li b dl dt dd"
TAGS = {*PAGE_TAGS.split(), "svg", "text", "rect", "line"}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]]></style><svg onload=alert(1)>",
    "&lt;b&gt;",
    "\x07\x1b[31m",
    "\u202eexe.txt",
    "=HYPERLINK(1)",
]


def test_hostile_cells_are_text_everywhere(profile):
    text = io.StringIO()
    csv.writer(text).writerows([[*HOSTILE, "n"], *([*HOSTILE, str(n)] for n in range(3))])
    ran = profile(text.getvalue(), header="yes")
    ran.result()
    page = ran.file("report.html").decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&amp;lt;b&amp;gt;" in page
    assert not re.search(r"<(script|img)\b|<svg onload|\x00|\x1b|\u202e", page)
    assert set(re.findall(r"<([a-z1-3]+)", page)) <= TAGS
    assert "default-src 'none'" in page
    svg = ElementTree.fromstring(ran.file("completeness.svg"))  # noqa: S314 - well-formed is what is asked
    assert {each.tag.rpartition("}")[2] for each in svg.iter()} == {"svg", "style", "text", "rect"}
    table = list(csv.reader(io.StringIO(ran.file("columns.csv").decode("utf-8-sig"))))
    assert [row[0] for row in table if row[0].endswith("HYPERLINK(1)")] == ["'=HYPERLINK(1)"]


def test_cleaned_copy_is_a_plain_table_beside_an_upload_of_the_same_name(run_item_folder):
    content = ' n ;n\n 1 ;"x\ny"\n2\n'.encode("utf-16")
    inputs = {"file": "cleaned.csv", "cleaned_copy": True}
    ran = run_item_folder("csv-profile", inputs, {"cleaned.csv": content})
    ran.result()
    rows = list(csv.reader(io.StringIO(ran.file("cleaned.csv").decode())))
    assert rows == [["n", "n (2)"], ["1", "x\ny"], ["2", ""]]


def test_five_megabytes(profile):
    lines = ["id,name,amount,day,moment"]
    size = 0
    while size < 5_000_000:
        n = len(lines)
        line = f"{n},user {n * 7919 % 100_003},{n % 997}.{n % 89:02},{2000 + n % 25}-{n % 12 + 1:02}-17,"
        lines.append(f"{line}{1 + n % 28}.{n % 12 + 1}.2024 {n % 24}:{n % 60:02}")
        size += len(lines[-1]) + 1
    ran = profile("\n".join(lines))
    result = ran.result()
    rows = len(lines) - 1
    assert rows > 90_000
    assert result["rows"] == rows
    known = column(result, "id")
    assert (known["minimum"], known["maximum"], known["mean"]) == (1, rows, (rows + 1) / 2)
    assert known["distinct"] == "more than 50,000"
    assert known["median"] == pytest.approx(rows / 2, rel=0.05)
    assert types(result) == {
        "id": "integer",
        "name": "text",
        "amount": "decimal",
        "day": "date",
        "moment": "datetime",
    }
    assert "estimated from a random sample" in ran.file("report.html").decode()


@pytest.mark.parametrize(
    ("content", "inputs", "sentence"),
    [
        (b"", {}, "The file is empty."),
        (b" \n\n", {}, "The file is empty."),
        (b"a,b\n1,2\n", {"skip_lines": 9}, "Nothing is left after skipping 9 lines."),
        (b"a,b\n", {}, "The file has column names but no rows below them."),
        (b"PK\x03\x04....", {}, "This is not a CSV file but an Excel workbook (.xlsx) or another ZIP file."),
        (b"\xd0\xcf\x11\xe0....", {}, "This is not a CSV file but an old Excel workbook (.xls)."),
        (b"%PDF-1.7", {}, "This is not a CSV file but a PDF document."),
        (b"\x1f\x8b\x08", {}, "This is not a CSV file but compressed (gzip)."),
        (b"PAR1...", {}, "This is not a CSV file but a Parquet file."),
        (b"SQLite format 3\0", {}, "This is not a CSV file but a SQLite database."),
        (b"\x7fELF\x00\x01\x02\xff" * 99, {}, "This is not a text file."),
        (b"\x00\x01\x02\xff" * 99, {}, "This is not a text file."),
        (b"hello\nworld\n", {}, "No column separator was found:"),
        (b"a,b\n1,2\n", {"encoding": "utf-16"}, "The file is not UTF-16."),
        ("ä,b\n1,2\n".encode("cp1252"), {"encoding": "utf-8"}, "The file is not UTF-8:"),
        (
            b'a"b\n1"2\n',
            {"delimiter": "other", "custom_delimiter": '"'},
            "The column separator must be exactly one character, and not a quotation mark.",
        ),
        (b'a,b\n1,2\n3,"' + b"x" * 1_100_000, {}, "Row 3 cannot be read: a quotation mark"),
        (b",".join([b"x"] * 501) + b"\n", {"header": "no"}, "The file has 501 columns;"),
    ],
)
def test_mistakes_are_explained_in_a_sentence(profile, content, inputs, sentence):
    assert profile(content, **inputs).problem().startswith(sentence)
