"""Keeps secret inputs out of everything a job says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from portal.catalog.inputs import MASK

MINIMUM_LENGTH = 4
"""Shorter secrets are not searched for: they would blot out ordinary words."""


class Redaction:
    """Replaces secret values wherever they occur in texts and JSON values."""

    def __init__(self, secrets: Iterable[Any]) -> None:
        texts = {part for secret in secrets for part in _texts(secret)}
        # The longest first, so that a secret that contains another leaves no remainder.
        self._secrets = sorted((text for text in texts if len(text) >= MINIMUM_LENGTH), key=len, reverse=True)

    def text(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text

    def value(self, value: Any) -> Any:
        """Return the JSON value with every string and key cleaned."""
        if not self._secrets:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int | float) and str(value) in self._secrets:
            return MASK
        if isinstance(value, list):
            return [self.value(element) for element in value]
        if isinstance(value, dict):
            return {self.text(key): self.value(element) for key, element in value.items()}
        return value


def _texts(secret: Any) -> Iterator[str]:
    """Yield the texts by which a secret may show itself: whole, by line, by part."""
    if isinstance(secret, dict | list):
        for inner in secret.values() if isinstance(secret, dict) else secret:
            yield from _texts(inner)
    elif secret is not None and not isinstance(secret, bool):
        yield str(secret)
        yield from str(secret).splitlines()
