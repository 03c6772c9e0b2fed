"""Certificates and keys from whatever people have: PEM, DER, PKCS #7, PKCS #12, also without line breaks."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
    pkcs7,
    pkcs12,
)

_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_NO_CERTIFICATE = (
    "No certificate was found. Paste the text from BEGIN CERTIFICATE to END CERTIFICATE, "
    "or upload a .pem, .crt, .cer, .der, .p7b, .p12 or .pfx file."
)


@dataclass
class Found:
    """What was in a text or file."""

    certificates: list[x509.Certificate] = field(default_factory=list)
    key: Any = None


def read_certificates(content: bytes, passphrase: str = "") -> Found:
    """Every certificate in `content`, in its order, and the private key that stands with them."""
    found = Found()
    blocks = _BLOCK.findall(content)
    for label, body in blocks:
        if label.endswith(b"PRIVATE KEY"):
            found.key = read_key(_as_pem(label, body), passphrase)
        elif label == b"PKCS7":
            found.certificates += _from_pkcs7(_decoded(body))
        elif label.endswith(b"CERTIFICATE"):
            found.certificates.append(_from_der(_decoded(body)))
        elif label.endswith(b"CERTIFICATE REQUEST"):
            raise ValueError(
                "This is a certificate request (CSR), not a certificate. "
                "Send it to a certification authority; what comes back can be checked here."
            )
    if not blocks:
        found = _from_binary(content, passphrase)
    if not found.certificates:
        raise ValueError(
            _NO_CERTIFICATE if not found.key else f"There is only a private key. {_NO_CERTIFICATE}"
        )
    return found


def _from_binary(content: bytes, passphrase: str) -> Found:
    """A file without BEGIN lines: DER, PKCS #7, PKCS #12, or the bare Base64 of one of them."""
    compact = b"".join(content.split())
    if re.fullmatch(rb"MI[A-Za-z0-9+/]{60,}={0,2}", compact):
        content = _decoded(compact)
    if not content.startswith(b"\x30"):  # every one of them is an ASN.1 sequence
        return Found()
    try:
        return Found([_from_der(content)])
    except ValueError:
        pass
    try:
        return Found(pkcs7.load_der_pkcs7_certificates(content))
    except (ValueError, UnsupportedAlgorithm):
        pass
    try:
        store = pkcs12.load_pkcs12(content, passphrase.encode() or None)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError(
            "The file could not be opened. If it is a .p12 or .pfx file, check the passphrase."
        ) from error
    entries = [store.cert, *store.additional_certs]
    return Found([entry.certificate for entry in entries if entry], store.key)


def _decoded(body: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error as error:
        raise ValueError("A certificate is damaged: a part of its text is missing or was changed.") from error


def _from_der(der: bytes) -> x509.Certificate:
    try:
        certificate = x509.load_der_x509_certificate(der)
        # Parsed only when asked for: better now than in the middle of a check.
        _ = certificate.subject, certificate.issuer, certificate.extensions
        return certificate
    except ValueError as error:
        raise ValueError("A certificate is damaged: a part of its text is missing or was changed.") from error


def _from_pkcs7(der: bytes) -> list[x509.Certificate]:
    try:
        return pkcs7.load_der_pkcs7_certificates(der)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError("The PKCS #7 block holds no certificates that can be read.") from error


def read_key(text: bytes, passphrase: str = "") -> Any:
    """A private key. No message shows any of it."""
    password = passphrase.encode() or None
    block = _BLOCK.search(text)
    try:
        if block is None:
            return load_der_private_key(_decoded(text), password)
        return load_pem_private_key(_as_pem(block[1], block[2]), password)
    except TypeError as error:  # a passphrase is missing, or there is one too many
        if password is None:
            raise ValueError("The private key is encrypted. Enter its passphrase as well.") from None
        return read_key(text) if "not encrypted" in str(error) else _unreadable_key()
    except (ValueError, UnsupportedAlgorithm):
        _unreadable_key(with_passphrase=password is not None)


def _unreadable_key(with_passphrase: bool = False) -> None:
    check = "Check the passphrase, and that" if with_passphrase else "Check that"
    raise ValueError(f"The private key could not be read. {check} the whole text was pasted.") from None


def _as_pem(label: bytes, body: bytes) -> bytes:
    """A block with the line breaks it needs; a password field may have swallowed them."""
    if b"\n" not in body.strip():
        packed = b"".join(body.split())
        body = b"\n" + b"\n".join(packed[at : at + 64] for at in range(0, len(packed), 64)) + b"\n"
    return b"-----BEGIN %s-----%s-----END %s-----\n" % (label, body, label)


def fingerprint_of_key(key: Any) -> bytes:
    """The same for a private key, its public key, and a certificate with it."""
    public = key if not hasattr(key, "public_key") else key.public_key()
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
