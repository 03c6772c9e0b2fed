from __future__ import annotations

import pytest

from portal.catalog.requirements import check_requirements


def problems_of(text: str) -> dict[str, str]:
    return {problem.path: problem.message for problem in check_requirements(text.encode())}


HASH = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment\n\n",
        "requests==2.32.3  # why\nPyYAML == 6.0.3\n",
        'uvloop[dev, x]==0.1.0; sys_platform != "win32" and python_version >= "3.11"\n',
        "torch==2.1.0+cpu\nepoch==1!2.0\n",
        f"requests==2.32.3 \\\n    --hash={HASH} \\\n    --hash={HASH}\n    # via x\nidna==3 --hash={HASH}\n",
        'a==1 ; python_version < "3.12"\na==2 ; python_version >= "3.12"\n',
    ],
)
def test_pinned_requirements_are_accepted(text: str) -> None:
    assert problems_of(text) == {}


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("requests", 1, "must be an exact pin, such as requests==1.2.3"),
        ("ok==1\nrequests>=2", 2, "must be an exact pin"),
        ("requests==2.*", 1, "must be an exact pin"),
        ("requests==2,<3", 1, "must be an exact pin"),
        ("requests===2", 1, "must be an exact pin"),
        ("-e .", 1, "options such as -e are not allowed"),
        ("-r other.txt", 1, "options such as -r"),
        ("--index-url https://evil.example", 1, "options such as --index-url"),
        ("x @ https://evil.example/x.whl", 1, "must be a package of the index"),
        ("git+https://evil.example/x", 1, "must be a package of the index"),
        ("./local", 1, "must be an exact pin"),
        ("x==1 --hash=md5:abc", 1, "has a --hash that is not"),
        (f"a==1 --hash={HASH}\nb==2", 2, "needs a --hash"),
        ("x==1\nX==2", 2, "x is given in line 1 already"),
        ("x==1 --config-settings=a", 1, "must be an exact pin"),
        ("x==1; $(rm)", 1, "has a marker that cannot be read"),
        ("ok==1\nx \\\n >=1", 2, "must be an exact pin"),
    ],
)
def test_requirement_that_is_not_pinned_is_refused_with_its_line(text: str, line: int, part: str) -> None:
    problems = problems_of(text)

    assert list(problems) == [f"requirements.txt:{line}"]
    assert part in problems[f"requirements.txt:{line}"]
