"""The item as people run it: in the sandbox, with its own packages."""

import json
import tomllib

import pytest

NAME = "convert-data"


@pytest.fixture
def run(run_item_folder):
    def run(text, task="convert", **inputs):
        return run_item_folder(NAME, {"task": task, "source": "paste", "text": text, **inputs})

    return run


VALUE = {
    "name": "Müller & Söhne",
    "yes": True,
    "port": 8000,
    "share": 0.25,
    "odd texts": [
        "no",
        "12:30",
        "0o14",
        "010",
        "1e3",
        "~",
        "null",
        "2024-01-31",
        "=",
        "",
        " a ",
        "#",
        "x: y",
    ],
    "lines": "one\ntwo\n",
    "tabs": "a\tb\n c",
    "nested": {"list": [{"a": 1}, {"a": [2, 3]}], "empty": {}, "none": []},
    "1": "a key that looks like a number",
}


@pytest.mark.parametrize("source", ["json", "yaml", "toml"])
@pytest.mark.parametrize("target", ["json", "yaml", "toml"])
def test_every_format_becomes_every_other_and_back(run, source, target):
    text = json.dumps(VALUE)
    if source != "json":
        text = run(text, target=source).file(f"document.{source}").decode()
    ran = run(text, format=source, target=target, sort_keys=True, indent=4)
    assert ran.result()["valid"] is True
    written = ran.file(f"document.{target}").decode()
    if target == "toml":
        assert tomllib.loads(written) == VALUE
    else:
        assert json.loads(run(written, format=target).file("document.json")) == VALUE
    assert ran.result()["format"] == source.upper()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}', "JSON"),
        ("[1, 2]", "JSON"),
        ('[\n  "a"\n]', "JSON"),
        ('["a"]', "JSON"),
        ('["a"]\nb = 1', "TOML"),
        ('"text"', "JSON"),
        ("a: 1", "YAML"),
        ("- a\n- b", "YAML"),
        ("---\na: 1\n", "YAML"),
        ("# note\na = 1", "TOML"),
        ("[server]\nport = 1", "TOML"),
        ("[[server]]\nport = 1", "TOML"),
        ('"quoted key" = 1', "TOML"),
    ],
)
def test_the_format_is_detected(run, text, expected):
    assert run(text, task="check").result()["format"] == expected


def test_yaml_is_read_by_the_rules_of_1_2_and_says_where_that_matters(run):
    text = "country: no\nday: 2024-01-31\nold: 010\nnew: 0o14\ntime: 12:30\nsci: 1e3\n1: x # c\n"
    ran = run(text)
    assert json.loads(ran.file("document.json")) == {
        "country": "no",
        "day": "2024-01-31",
        "old": 10,
        "new": 12,
        "time": "12:30",
        "sci": 1000.0,
        "1": "x",
    }
    notes = " ".join(ran.result()["notes"])
    assert "Line 1: no is a text; older tools (YAML 1.1) read it as true or false." in notes
    assert "Line 2: 2024-01-31 is a text; older tools (YAML 1.1) read it as a date." in notes
    assert "Line 3: 010 is the number 10; older tools (YAML 1.1) read it as 8." in notes
    assert 'Line 7: the key 1 is a text in JSON and TOML: "1".' in notes
    assert any(line.startswith("warning: Line 1") for line in ran.log)


def test_anchors_and_merges_are_written_out(run):
    ran = run("base: &b {p: 1, q: 2}\nuse:\n  <<: *b\n  q: 3\nalso: *b\n", target="yaml")
    assert ran.file("document.yaml").decode() == (
        "base:\n  p: 1\n  q: 2\nuse:\n  q: 3\n  p: 1\nalso:\n  p: 1\n  q: 2\n"
    )


def test_several_yaml_documents_become_a_list(run):
    ran = run("a: 1\n---\nb: 2\n")
    assert json.loads(ran.file("document.json")) == [{"a": 1}, {"b": 2}]
    assert "The file holds 2 documents; they were read as a list." in ran.result()["notes"]


def test_toml_dates_become_texts(run):
    ran = run("d = 2024-01-31\nt = 10:00:00\n")
    assert json.loads(ran.file("document.json")) == {"d": "2024-01-31", "t": "10:00:00"}
    assert "Dates and times became texts: JSON has no such type." in ran.result()["notes"]


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
MISTAKES = [
    ('{"a":1,}', 1, 7, "There is a comma before “}”. JSON does not allow a comma after the last entry."),
    ('{"a":1 // x\n}', 1, 8, "JSON does not allow comments."),
    ('// c\n{"a":1}', 1, 1, "JSON does not allow comments."),
    ('{"a":1,\n "a":2}', 2, 2, "The key “a” is already in line 1."),
    ('{"a":[NaN]}', 1, 7, "NaN is not a JSON value. Use null or a text."),
    ('{"a":"NaN","b":-Infinity}', 1, 16, "-Infinity is not a JSON value. Use null or a text."),
    ('{"a":1e999}', 1, 6, "The number 1e999 is too large."),
    ("{'a':1}", 1, 2, 'Texts need double quotes (") in JSON, not single ones.'),
    ('{"a":', 1, 6, "The document ends too early: a bracket or quotation mark is not closed."),
    ('{"a" 1}', 1, 6, "A colon is missing between a key and its value."),
    (
        '{"a":1 "b":2}',
        1,
        8,
        "A comma is missing here, or a bracket or quotation mark before it is not closed.",
    ),
    ("{a:1}", 1, 2, "A key in double quotes is missing here."),
    ('{"a":no}', 1, 6, "A value is missing here, or a text has no quotation marks."),
    ('{"a":1} x', 1, 9, "The document is complete before this point; nothing may follow."),
    ('{"a":"x\ty"}', 1, 8, "Invalid control character at."),
    ('{"a":' + "9" * 5000 + "}", 1, 1, "A number has too many digits."),
    ("[" * 200 + "]" * 200, 1, 1, "The document is nested more than 100 levels deep."),
    ("[" * 100_000, 1, 1, "The document is nested more than 100 levels deep."),
    ("a: 1\n\tb: 2\n", 2, 1, "The line is indented with a tab. YAML allows only spaces there."),
    ("a: 1\nb: 2\na: 3\n", 3, 1, "The key “a” is already in line 1."),
    ("1: a\n'1': b\n", 2, 1, "The key “1” is already in line 1."),
    ("a: &x [*x]\n", 1, 8, "“*x” stands inside of what it refers to and would never end."),
    ("a: *nope\n", 1, 4, "“*nope” refers to an anchor that does not exist."),
    ("a: !Ref x\n", 1, 4, "The tag “!Ref” is not supported: JSON and TOML have nothing like it."),
    ("a: !!python/name:os.system x\n", 1, 4, "The tag “tag:yaml.org,2002:python/name:os.system” is not"),
    ("a: !!set {x}\n", 1, 4, "The tag “tag:yaml.org,2002:set” is not supported"),
    (
        "? [1,2]\n: 3\n",
        1,
        3,
        "A list or mapping cannot be a key here: JSON and TOML only have texts as keys.",
    ),
    ("a: &k [1]\n*k : 2\n", 2, 1, "A list, mapping or number cannot be a key here: only texts can."),
    ("a: 1\nb:\n  <<: [1]\n", 3, 9, "“<<” can only merge mappings."),
    ('a: "x\nb: 1', 2, 5, "Found unexpected end of stream"),
    ("a: b: c", 1, 5, "Mapping values are not allowed in this context."),
    ("a: \x01", 1, 4, "There is a character that YAML does not allow."),
    ("a: " + "9" * 5000, 1, 4, "The number has too many digits."),
    (BOMB, 6, 35, "With its aliases written out, the document has over 1,000,000 values."),
    ("a: " + "[" * 150, 1, 103, "The document is nested more than 100 levels deep."),
    ("hello world", 1, 1, "This is plain text, neither JSON nor YAML nor TOML."),
    ("a = 1\na = 2\n", 2, 6, "Cannot overwrite a value."),
    ("a = 1\nb = \n", 2, 5, "Invalid value."),
    ("a = [1,", 1, 8, "Invalid value. The document ends too early."),
]


@pytest.mark.parametrize(("text", "line", "column", "problem"), MISTAKES)
def test_mistakes_are_named_with_their_place_and_line(run, text, line, column, problem):
    found = run(text, task="check").result()
    assert (found["valid"], len(found["problems"])) == (False, 1)
    mistake = found["problems"][0]
    assert mistake["problem"].startswith(problem)
    assert (mistake["line"], mistake["column"]) == (line, column)
    assert mistake["excerpt"].endswith("^")


def test_a_mistake_ends_a_conversion_with_the_line_itself(run):
    assert run('{\n  "a": 1,\n  "b": 2,\n}').problem() == (
        "Line 3, column 9: There is a comma before “}”. JSON does not allow a comma after the last entry.\n\n"
        '  "b": 2,\n        ^'
    )


@pytest.mark.parametrize(
    ("text", "target", "sentence"),
    [
        ("n: .inf\n", "json", "JSON has no infinite numbers and no NaN, but there is one at /n."),
        ("a: [1, {b/c: null}]", "toml", "TOML has no null, but there is one at /a/1/b~1c. Remove the key or"),
        ("[1]", "toml", "A TOML document is a table of keys and values, but this one is a list at the top."),
        (
            "7",
            "toml",
            "A TOML document is a table of keys and values, but this one is a single value at the top.",
        ),
        (
            '{"a":9223372036854775808}',
            "toml",
            "TOML only has whole numbers of 64 bits; the one at /a is larger.",
        ),
        (" \n", "json", "The document is empty."),
    ],
)
def test_what_a_format_cannot_hold_is_explained(run, text, target, sentence):
    assert run(text, target=target).problem().startswith(sentence)


def test_uploads_are_named_after_their_file(run_item_folder):
    inputs = {"task": "convert", "source": "upload", "file": "my settings.yml", "target": "toml"}
    ran = run_item_folder(NAME, inputs, {"my settings.yml": "\ufeffa: é\r\n".encode("utf-16")})
    assert ran.file("my settings.toml").decode() == 'a = "é"\n'
    broken = run_item_folder(NAME, inputs, {"my settings.yml": b"a: 1\nb: \xe9\n"})
    assert broken.problem().startswith("The document is not UTF-8 text: line 2 has a byte")
    large = run_item_folder(NAME, inputs, {"my settings.yml": b"#" * (5 * 1024 * 1024 + 1)})
    assert large.problem() == "The document is larger than 5 MB."


def test_rules_are_checked_by_path(run):
    rules = "type: object\nrequired: [c]\nproperties:\n  a:\n    items: {type: integer}\n"
    found = run("a: [1, x]\n", task="check", rules=rules).result()
    assert sorted((each["path"], each["problem"]) for each in found["problems"]) == [
        ("/", "'c' is a required property"),
        ("/a/1", "'x' is not of type 'integer'"),
    ]
    assert run("a: [1]\nc: 2\n", task="check", rules=rules).result()["valid"] is True


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ("{", "The JSON Schema cannot be read. Line 1, column 2: The document ends too early"),
        ("[1]", "The JSON Schema must be an object."),
        ('{"type": "foo"}', "The JSON Schema is wrong at /type: 'foo' is not valid"),
        (
            '{"$ref": "http://example.org/x"}',
            "The JSON Schema refers to http://example.org/x, which is not part",
        ),
    ],
)
def test_wrong_rules_are_explained(run, rules, sentence):
    assert run("a: 1", task="check", rules=rules).problem().startswith(sentence)


def test_differences_are_found_by_value_not_by_format_or_order(run):
    before = '{"a": 1, "b": [1, 2, 3], "c/d": true, "same": {"x": 1.0, "y": "z"}, "gone": null}'
    after = "same: {y: z, x: 1}\na: 2\nb: [0, 1, 3]\nc/d: 1\nnew: [1]\n"
    ran = run(before, task="compare", other_source="paste", other_text=after)
    result = ran.result()
    assert result["differences"] == [
        {"path": "/a", "change": "changed", "before": 1, "after": 2},
        {"path": "/b/0", "change": "added", "before": None, "after": 0},
        {"path": "/b/1", "change": "removed", "before": 2, "after": None},
        {"path": "/c~1d", "change": "changed", "before": True, "after": 1},
        {"path": "/gone", "change": "removed", "before": None, "after": None},
        {"path": "/new", "change": "added", "before": None, "after": "[1]"},
    ]
    assert (result["equal"], result["number_of_differences"]) == (False, 6)
    assert len(json.loads(ran.file("differences.json"))) == 6
    assert "-a: 1\n" in ran.file("differences.diff").decode()


def test_equal_documents_and_mistakes_in_the_second_one(run):
    same = run("a: 1", task="compare", other_source="paste", other_text='{"a": 1}')
    assert (same.result()["equal"], same.result()["differences"]) == (True, [])
    wrong = run("a: 1", task="compare", other_source="paste", other_text='{"a": }')
    assert wrong.problem().startswith("In the second document: Line 1, column 7: A value is missing here")
    assert run("a: 1", task="compare", other_source="paste", other_text=" ").problem() == (
        "The second document is empty."
    )


def test_long_lists_of_differences_are_cut_in_the_result_only(run):
    before, after = json.dumps(list(range(3000))), json.dumps(list(range(1, 3001)))
    ran = run(before, task="compare", other_source="paste", other_text=after)
    assert (ran.result()["number_of_differences"], len(ran.result()["differences"])) == (3000, 500)
    assert len(json.loads(ran.file("differences.json"))) == 3000
