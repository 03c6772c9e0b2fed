from __future__ import annotations

import json

import pytest

from portal.catalog.manifest import EXPECTED, Manifest, read_manifest
from portal.errors import InvalidError

GOOD = 'id: csv-report\nversion: "1.2.0"\ntitle: CSV report\nentrypoint: main:run\n'


def problems_of(text: str, filename: str = "manifest.yaml") -> dict[str, str]:
    with pytest.raises(InvalidError) as caught:
        read_manifest(text.encode(), filename)
    return {problem.path: problem.message for problem in caught.value.problems}


def test_four_keys_make_a_manifest_with_safe_defaults() -> None:
    manifest = read_manifest(GOOD.encode(), "manifest.yaml")

    assert (manifest.id, manifest.version) == ("csv-report", "1.2.0")
    assert (manifest.network, manifest.max_attempts, manifest.channel) == ("none", 1, "stable")
    assert (manifest.input_schema, manifest.ui_schema) == ("schema.json", "ui_schema.json")


def test_json_manifest_reads_like_yaml() -> None:
    document = {"id": "a1", "version": "1.0.0-rc.1", "title": "A", "entrypoint": "./bin/run", "tags": ["x"]}

    manifest = read_manifest(json.dumps(document).encode(), "manifest.json")

    assert manifest.tags == ("x",)
    assert manifest.entrypoint == "./bin/run"


def test_every_key_is_accepted() -> None:
    text = GOOD + (
        "description: d\nowner: Team A\ntags: [finance]\nicon: icon.svg\nchannel: beta\ntimeout_s: 1.5\n"
        "max_attempts: 3\nretry_on: [timeout]\nexpires_after_s: 60\nqueue: heavy\npriority: -5\n"
        "concurrency: 2\nmemory_mb: 64\ncpus: 0.5\npids: 8\ndisk_mb: 10\n"
        "network: [db.example.com:5432, 10.0.0.1:80]\nsecrets: [API_KEY]\nallow: [ops]\nview: [all staff]\n"
        "publish: [leads]\nreview: true\npreload: true\ninput_schema: in.json\nui_schema: ui.json\n"
    )

    manifest = read_manifest(text.encode(), "manifest.yaml")

    assert manifest.network == ("db.example.com:5432", "10.0.0.1:80")
    assert Manifest.model_validate_json(manifest.model_dump_json()) == manifest


def test_every_field_says_what_it_must_be_and_what_it_means() -> None:
    assert EXPECTED.keys() == Manifest.model_fields.keys()
    assert all(field.description for field in Manifest.model_fields.values())


def test_all_problems_are_reported_at_once() -> None:
    problems = problems_of("id: A\ntimeout: 5\ntimeout_s: abc\ntags: [a, 3]\n")

    assert problems == {
        "manifest.yaml#/timeout": "'timeout' is not a known key; did you mean 'timeout_s'?",
        "manifest.yaml#/id": f"id must be {EXPECTED['id']}, not 'A'",
        "manifest.yaml#/version": f"version is required: {EXPECTED['version']}",
        "manifest.yaml#/title": "title is required: one line of at most 100 characters",
        "manifest.yaml#/entrypoint": f"entrypoint is required: {EXPECTED['entrypoint']}",
        "manifest.yaml#/timeout_s": "timeout_s must be a number of seconds from 1 to 86400, not 'abc'",
        "manifest.yaml#/tags/1": (
            "tags must be a list of up to 20 different words of at most 40 characters, "
            "not 3, which YAML reads as a number: write it in quotes"
        ),
    }


@pytest.mark.parametrize(
    ("line", "path", "part"),
    [
        ("version: 1.0", "#/version", "not 1.0, which YAML reads as a number: write it in quotes"),
        ("version: v1.2.0", "#/version", "without a leading v, not 'v1.2.0'"),
        ("version: 1.2", "#/version", "a semantic version"),
        ('version: "1.2.0\\n"', "#/version", "a semantic version"),
        ("version: 2024-01-01", "#/version", "not '2024-01-01'"),
        ("title: no", "#/title", "not no, which YAML reads as yes or no"),
        ("title:", "#/title", "title is required"),
        ('title: "a\\nb"', "#/title", "one line"),
        ("id: -rf", "#/id", "not starting with a dash"),
        ("id: x", "#/id", "2 to 63"),
        ("entrypoint: main", "#/entrypoint", "a function such as main:run"),
        ("entrypoint: ../main:run", "#/entrypoint", "a function such as main:run"),
        ("entrypoint: ./../run", "#/entrypoint", "an executable file"),
        ("entrypoint: ./a/../../run", "#/entrypoint", "an executable file"),
        ("timeout_s: 0", "#/timeout_s", "not 0"),
        ("timeout_s: .nan", "#/timeout_s", "a number of seconds"),
        ("timeout_s: true", "#/timeout_s", "a number of seconds"),
        ("max_attempts: 11", "#/max_attempts", "a whole number from 1 to 10, not 11"),
        ("max_attempts: 1.5", "#/max_attempts", "a whole number"),
        ("memory_mb: '64'", "#/memory_mb", "a whole number of MiB from 32"),
        ("channel: nightly", "#/channel", "channel must be stable or beta, not 'nightly'"),
        ("network: some", "#/network", "none, full, or a list"),
        ("network: [example.com]", "#/network/0", "list of up to 50 host:port"),
        ("network: ['example.com:70000']", "#/network/0", "host:port"),
        ("network: []", "#/network", "host:port"),
        ("tags: finance", "#/tags", "a list of up to 20"),
        ("tags: [a, a]", "#/tags", "different words"),
        ("secrets: ['a b']", "#/secrets/0", "names of secrets"),
        ("retry_on: [Item-Error]", "#/retry_on/0", "kinds of error"),
        ("review: maybe", "#/review", "true or false"),
        ("input_schema: ../schema.json", "#/input_schema", "beside the manifest"),
        ("ui_schema: ui.yaml", "#/ui_schema", "a .json file"),
        ("queue: Heavy Jobs", "#/queue", "the name of a queue"),
        ("Timeout_S: 5", "#/Timeout_S", "did you mean 'timeout_s'?"),
        ("<<: {a: 1}", "#/<<", "is not a known key"),
    ],
)
def test_wrong_value_is_explained_in_plain_words(line: str, path: str, part: str) -> None:
    key = line.partition(":")[0]
    kept = [each for each in GOOD.splitlines() if not each.startswith(f"{key}:")]

    problems = problems_of("\n".join([*kept, line]))

    assert list(problems) == [f"manifest.yaml{path}"]
    assert part in problems[f"manifest.yaml{path}"]


@pytest.mark.parametrize(
    ("text", "path", "part"),
    [
        (GOOD + "tags: [a\n", "manifest.yaml:6", "is not valid YAML"),
        (GOOD + "title: Again\n", "manifest.yaml:5", "'title' is given twice"),
        (GOOD + "owner: &team A\n", "manifest.yaml:5", "anchors (&) and aliases (*) are not allowed"),
        (GOOD + "owner: *team\n", "manifest.yaml:5", "anchors (&) and aliases (*) are not allowed"),
        (GOOD + "owner: !!python/name:os.system x\n", "manifest.yaml:5", "is not allowed"),
        (GOOD + "priority: " + "9" * 5000 + "\n", "manifest.yaml:5", "cannot be read"),
        (GOOD + "? [a, b]\n: c\n", "manifest.yaml:5", "a key must be plain text"),
        (GOOD + 'owner: "\\ud800"\n', "manifest.yaml", "half of a character"),
        (GOOD + "owner: \x07\n", "manifest.yaml:5", "has a character that YAML does not allow"),
        ("---\n" + GOOD + "---\na: b\n", "manifest.yaml:6", "is not valid YAML"),
        ("[" * 3000, "manifest.yaml", "nested too deeply"),
        ("- a\n", "manifest.yaml", "must consist of `key: value` lines"),
        ("", "manifest.yaml", "must consist of `key: value` lines"),
        ("a: " + "x" * 70_000, "manifest.yaml", "is larger than 65536 bytes"),
    ],
)
def test_unreadable_yaml_is_reported_with_its_place(text: str, path: str, part: str) -> None:
    problems = problems_of(text)

    assert list(problems) == [path]
    assert part in problems[path]


@pytest.mark.parametrize(
    ("text", "path", "part"),
    [
        ('{\n"id": }', "manifest.json:2", "is not valid JSON"),
        (
            '{"id": "a1", "version": "1.0.0", "title": "A", "title": "B", "entrypoint": "m:f"}',
            "manifest.json",
            "twice",
        ),
        ('{"cpus": NaN}', "manifest.json", "NaN is not JSON"),
        ('{"cpus": 1e999}', "manifest.json", "too large a number"),
        ("[" * 100_000, "manifest.json", "larger than"),
        ("[" * 60_000, "manifest.json", "nested too deeply"),
        ("[]", "manifest.json", "must consist of"),
    ],
)
def test_unreadable_json_is_reported_with_its_place(text: str, path: str, part: str) -> None:
    problems = problems_of(text, "manifest.json")

    assert list(problems) == [path]
    assert part in problems[path]


def test_text_that_is_not_utf8_is_reported_with_its_line() -> None:
    with pytest.raises(InvalidError) as caught:
        read_manifest(b"id: a\ntitle: \xff\n", "manifest.yaml")

    assert [problem.path for problem in caught.value.problems] == ["manifest.yaml:2"]
