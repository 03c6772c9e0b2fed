"""Redaction: secrets leave no trace in what a job says."""

from __future__ import annotations

from typing import Any

import pytest

from portal.worker.redaction import Redaction

MASK = "********"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("no secret", "no secret"),
        ("it is hunter2", f"it is {MASK}"),
        ("hunter2hunter2", MASK * 2),
        ("<hunter2>\nhunter2", f"<{MASK}>\n{MASK}"),
        ("", ""),
    ],
)
def test_text_loses_every_occurrence(text: str, clean: str) -> None:
    assert Redaction(["hunter2"]).text(text) == clean


def test_secret_that_contains_another_leaves_no_remainder() -> None:
    assert Redaction(["pass", "password"]).text("password pass") == f"{MASK} {MASK}"


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("hunter2", MASK),
        (["a", ["hunter2"]], ["a", [MASK]]),
        ({"hunter2": {"x": "my hunter2"}}, {MASK: {"x": f"my {MASK}"}}),
        (None, None),
        (1.5, 1.5),
        (True, True),
    ],
)
def test_value_is_cleaned_to_its_depths(value: Any, clean: Any) -> None:
    assert Redaction(["hunter2"]).value(value) == clean


def test_number_that_is_a_secret_is_masked_too() -> None:
    redaction = Redaction([123456])
    assert redaction.text("pin 123456") == f"pin {MASK}"
    assert redaction.value({"pin": 123456}) == {"pin": MASK}


def test_short_secrets_and_missing_ones_do_not_blot_out_ordinary_words() -> None:
    assert Redaction(["a", "", None, "abc"]).text("abc a None") == "abc a None"


def test_each_line_of_a_secret_of_several_lines_is_masked_since_logs_come_line_by_line() -> None:
    redaction = Redaction(["-----BEGIN KEY-----\nc2VjcmV0\n-----END KEY-----\n"])
    assert redaction.text("c2VjcmV0") == MASK


def test_secrets_inside_of_a_secret_object_or_list_are_masked() -> None:
    redaction = Redaction([{"user": "annabel", "keys": ["hunter2", 123456]}])
    assert redaction.text("annabel hunter2 123456") == f"{MASK} {MASK} {MASK}"
