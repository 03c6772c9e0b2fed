"""Sealing: what is encrypted comes back only with the same key, and the key file is its owner's alone."""

from __future__ import annotations

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.errors import ConflictError
from portal.jobs.sealing import KEY_FILE, Seal, open_seal

INPUTS = {"password": "hunter2", "nested": [{"ü": None}], "n": 1.5}


def test_sealed_inputs_come_back_as_they_were() -> None:
    assert Seal("key").open(Seal("key").close(INPUTS)) == INPUTS


def test_sealed_inputs_do_not_show_what_they_hold() -> None:
    assert b"hunter2" not in Seal("key").close(INPUTS)


def test_same_inputs_are_sealed_differently_each_time() -> None:
    assert Seal("key").close(INPUTS) != Seal("key").close(INPUTS)


def test_another_key_does_not_open_them() -> None:
    sealed = Seal("key").close(INPUTS)
    with pytest.raises(ConflictError):
        Seal("another key").open(sealed)


def test_damaged_text_is_not_opened() -> None:
    sealed = bytearray(Seal("key").close(INPUTS))
    sealed[20] ^= 1
    with pytest.raises(ConflictError):
        Seal("key").open(bytes(sealed))


def test_generated_key_is_kept_and_found_again(tmp_path: Path) -> None:
    sealed = open_seal(None, tmp_path / "data").close(INPUTS)
    assert open_seal(None, tmp_path / "data").open(sealed) == INPUTS


def test_key_file_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    open_seal(None, tmp_path)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_configured_key_is_used_and_no_file_is_made(tmp_path: Path) -> None:
    sealed = open_seal("configured", tmp_path).close(INPUTS)
    assert Seal("configured").open(sealed) == INPUTS
    assert list(tmp_path.iterdir()) == []


def test_many_that_make_the_key_at_once_agree_on_one(tmp_path: Path) -> None:
    makers = 8
    for round_number in range(30):
        folder = tmp_path / str(round_number)
        folder.mkdir()
        start = threading.Barrier(makers)

        def sealed(folder: Path = folder, start: threading.Barrier = start) -> bytes:
            start.wait()
            return open_seal(None, folder).close({})

        with ThreadPoolExecutor(makers) as pool:
            texts = [each.result() for each in [pool.submit(sealed) for _ in range(makers)]]
        assert [open_seal(None, folder).open(text) for text in texts] == [{}] * makers
        assert [path.name for path in folder.iterdir()] == [KEY_FILE]
