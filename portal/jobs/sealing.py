"""Seals inputs that must not be stored in clear, with one key per installation."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from portal.errors import ConflictError

KEY_FILE = "secret.key"


class Seal:
    """Encrypts and decrypts parameters."""

    def __init__(self, key: str) -> None:
        digest = hashlib.sha256(key.encode()).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(digest))

    def close(self, parameters: dict[str, Any]) -> bytes:
        """Return the parameters encrypted."""
        return self._fernet.encrypt(json.dumps(parameters).encode())

    def open(self, sealed: bytes) -> dict[str, Any]:
        """Return the parameters in clear; raise `ConflictError` when they were sealed with another key."""
        try:
            opened: dict[str, Any] = json.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            raise ConflictError(
                "This job's secret inputs were sealed with another key (PORTAL_SECRET_KEY changed?). "
                "Send the parameters again."
            ) from None
        return opened


def open_seal(key: str | None, data_dir: Path) -> Seal:
    """Return the seal for `key`, or for a key that is generated once into the data folder."""
    return Seal(key if key is not None else _stored_key(data_dir / KEY_FILE))


def _stored_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _create_whole(path, Fernet.generate_key().decode() + "\n")
    return path.read_text().strip()


def _create_whole(path: Path, text: str) -> None:
    """Create the file with all its text at once; when another process was faster, theirs stays."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # readable by its owner only
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    try:
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)
