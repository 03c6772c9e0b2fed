"""Check a TLS certificate or chain before it goes live. Nothing is fetched and nothing leaves the machine."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cert_checks import (
    Finding,
    check_all,
    check_key,
    days_left,
    describe_key,
    describe_signature,
    is_authority,
    is_self_signed,
    name_of,
    names_in,
    order_chain,
)
from cert_reading import Found, read_certificates, read_key
from cert_report import html_report
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

MOST_CERTIFICATES = 50
MOST_BYTES = 1024 * 1024


def run(inputs: dict[str, Any], ctx: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    if inputs.get("as_of"):
        now = datetime.fromisoformat(inputs["as_of"]).replace(tzinfo=UTC)
    found = load(inputs, ctx)
    ctx.progress(30, f"{len(found.certificates)} certificates read")
    if len(found.certificates) > MOST_CERTIFICATES:
        raise ValueError(f"There are more than {MOST_CERTIFICATES} certificates. Check one chain at a time.")

    chain = order_chain(found.certificates)
    findings = check_all(
        found.certificates,
        chain,
        host_names=[host_of(name) for name in inputs.get("host_names", [])],
        warn_days=inputs.get("warn_days", 30),
        now=now,
    )
    key, private_key = found.key, "not given"
    if pasted := inputs.get("private_key", "").strip():
        key = read_key(pasted.encode(), inputs.get("passphrase", ""))
    if key is not None:
        private_key, wrong = check_key(key, chain)
        findings = [*wrong, *findings]
    for finding in findings:
        level = "info" if finding.severity == "note" else finding.severity
        ctx.log(
            " ".join(part for part in (finding.certificate, finding.finding, finding.advice) if part),
            level=level,
        )

    ctx.progress(70, "Writing the report")
    severities = {finding.severity for finding in findings}
    result = {
        "status": "error" if "error" in severities else "warning" if "warning" in severities else "ok",
        "summary": summary(chain[0], findings, now),
        "certificates": [describe(each, place, now) for place, each in enumerate(chain, start=1)],
        "findings": [asdict(finding) for finding in findings],
        "private_key": private_key,
    }
    folder = Path(tempfile.mkdtemp(dir=ctx.workdir))
    (folder / "report.html").write_text(html_report(result, f"{now:%Y-%m-%d %H:%M} UTC"), encoding="utf-8")
    sent = [each for each in chain if each is chain[0] or not is_self_signed(each)]
    (folder / "chain.pem").write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in sent))
    ctx.artifact(folder / "report.html")
    ctx.artifact(folder / "chain.pem")
    ctx.progress(100, result["summary"])
    return result


def load(inputs: dict[str, Any], ctx: Any) -> Found:
    if inputs.get("source", "paste") == "paste":
        content = inputs["certificates"].encode()
    else:
        path = Path(ctx.workdir, inputs["file"])
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("The file is larger than 1 MB: that is no certificate.")
        content = path.read_bytes()
    found = read_certificates(content, inputs.get("passphrase", ""))
    if found.key is not None:
        ctx.log("A private key stands beside the certificates: treat this file as a secret.", level="warning")
    return found


def host_of(text: str) -> str:
    """The host of what people paste: `https://www.example.org/path` is meant as `www.example.org`."""
    text = text.strip()
    return (urlsplit(text).hostname or text) if "://" in text else text


def describe(certificate: x509.Certificate, place: int, now: datetime) -> dict[str, Any]:
    """A certificate in one row of the result."""
    role = "server" if place == 1 and not is_authority(certificate) else "authority"
    return {
        "place": place,
        "role": "root" if role == "authority" and is_self_signed(certificate) else role,
        "subject": name_of(certificate.subject),
        "issuer": name_of(certificate.issuer),
        "names": ", ".join(names_in(certificate)),
        "valid_from": f"{certificate.not_valid_before_utc:%Y-%m-%d}",
        "valid_until": f"{certificate.not_valid_after_utc:%Y-%m-%d}",
        "days_left": days_left(certificate, now),
        "key": describe_key(certificate),
        "signature": describe_signature(certificate),
        "serial_number": f"{certificate.serial_number:x}",
        "sha256": certificate.fingerprint(SHA256()).hex(),
    }


def summary(certificate: x509.Certificate, findings: list[Finding], now: datetime) -> str:
    errors = [finding for finding in findings if finding.severity == "error"]
    name, left = name_of(certificate.subject), days_left(certificate, now)
    state = f"{left} days left" if certificate.not_valid_after_utc > now else "expired"
    if errors:
        return f"{name}: {state}, {len(errors)} {'error' if len(errors) == 1 else 'errors'}"
    return f"{name}: {state}, no errors"
