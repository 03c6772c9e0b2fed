"""What is wrong with a certificate, a chain, or a key, and what to do about it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cert_reading import fingerprint_of_key
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

# The longest lifetime that browsers accept, by the day of issue (CA/Browser Forum, ballot SC-081v3).
LONGEST_DAYS = (
    (datetime(2029, 3, 15, tzinfo=UTC), 47),
    (datetime(2027, 3, 15, tzinfo=UTC), 100),
    (datetime(2026, 3, 15, tzinfo=UTC), 200),
    (datetime(2020, 9, 1, tzinfo=UTC), 398),
)


@dataclass(frozen=True)
class Finding:
    """Something worth knowing: `severity` is error, warning or note."""

    severity: str
    certificate: str
    finding: str
    advice: str = ""


def name_of(name: x509.Name) -> str:
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string() or "(no name)"


def names_in(certificate: x509.Certificate) -> list[str]:
    """The names and addresses a certificate is valid for."""
    extension = _extension(certificate, x509.SubjectAlternativeName)
    if extension is None:
        return []
    addresses = [str(address) for address in extension.get_values_for_type(x509.IPAddress)]
    return [*extension.get_values_for_type(x509.DNSName), *addresses]


def _extension(certificate: x509.Certificate, kind: Any) -> Any:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, ValueError):
        return None


def is_authority(certificate: x509.Certificate) -> bool:
    constraints = _extension(certificate, x509.BasicConstraints)
    return bool(constraints and constraints.ca)


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def is_self_signed(certificate: x509.Certificate) -> bool:
    return certificate.subject == certificate.issuer and is_issued_by(certificate, certificate)


def days_left(certificate: x509.Certificate, now: datetime) -> int:
    return (certificate.not_valid_after_utc - now).days


def _public_key(certificate: x509.Certificate) -> Any:
    """The key, or None when it is of a kind that the library does not know."""
    try:
        return certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None


def describe_key(certificate: x509.Certificate) -> str:
    key = _public_key(certificate)
    if key is None:
        return "unknown kind"
    if isinstance(key, rsa.RSAPublicKey | dsa.DSAPublicKey):
        return f"{'RSA' if isinstance(key, rsa.RSAPublicKey) else 'DSA'} {key.key_size} bits"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}"
    return type(key).__name__.removesuffix("PublicKey")


def describe_signature(certificate: x509.Certificate) -> str:
    try:
        algorithm = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return "unknown"
    return algorithm.name.upper() if algorithm else "built in"


def order_chain(certificates: list[x509.Certificate]) -> list[x509.Certificate]:
    """From the server's certificate to the last issuer that is at hand."""
    issuers = [a for a in certificates if any(a != b and is_issued_by(b, a) for b in certificates)]
    ends = [each for each in certificates if each not in issuers]
    servers = [each for each in ends if not is_authority(each)]
    chain = [(servers or ends or certificates)[0]]
    while not is_self_signed(chain[-1]):
        following = [each for each in certificates if each not in chain and is_issued_by(chain[-1], each)]
        if not following:
            break
        chain.append(max(following, key=lambda each: each.not_valid_after_utc))
    return chain


def check_all(
    certificates: list[x509.Certificate],
    chain: list[x509.Certificate],
    *,
    host_names: list[str],
    warn_days: int,
    now: datetime,
) -> list[Finding]:
    """Everything there is to say, errors first."""
    found = [
        *check_server(chain[0], host_names),
        *(finding for each in chain for finding in check_one(each, warn_days, now)),
        *check_chain(certificates, chain),
    ]
    return sorted(
        dict.fromkeys(found), key=lambda finding: ("error", "warning", "note").index(finding.severity)
    )


def check_one(certificate: x509.Certificate, warn_days: int, now: datetime) -> Iterator[Finding]:
    """Validity and strength of any certificate."""
    name, left = name_of(certificate.subject), days_left(certificate, now)
    if certificate.not_valid_after_utc <= now:
        yield Finding("error", name, f"Expired {-left} days ago.", "Get a new one.")
    elif certificate.not_valid_before_utc > now:
        day = certificate.not_valid_before_utc.date()
        yield Finding("error", name, f"Not valid before {day}.", "Wait, or check the clock of who issued it.")
    elif left < warn_days:
        yield Finding("warning", name, f"Expires in {left} days.", "Renew it in time.")
    key = _public_key(certificate)
    if isinstance(key, dsa.DSAPublicKey):
        yield Finding("error", name, "The key is of type DSA, which browsers refuse.", "Use RSA or EC.")
    elif isinstance(key, rsa.RSAPublicKey) and key.key_size < 2048:
        yield Finding("error", name, f"The RSA key has only {key.key_size} bits.", "Use 2048 or more.")
    elif isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size < 256:
        yield Finding("error", name, f"The curve {key.curve.name} is too weak.", "Use secp256r1 or larger.")
    # A root is trusted for being known, not for its signature.
    if describe_signature(certificate) in ("MD5", "SHA1") and not is_self_signed(certificate):
        weak = describe_signature(certificate)
        yield Finding(
            "error", name, f"It is signed with {weak}, which can be forged.", "Have it issued anew."
        )


def check_server(certificate: x509.Certificate, host_names: list[str]) -> Iterator[Finding]:
    """What only matters for the certificate at the start of the chain."""
    name, names = name_of(certificate.subject), names_in(certificate)
    if is_authority(certificate):
        advice = "Servers need a certificate of their own, issued by it."
        yield Finding("warning", name, "This is the certificate of an authority, not of a server.", advice)
    elif not names:
        advice = "Have it issued with subject alternative names (SAN)."
        yield Finding("error", name, "It names no host: browsers ignore the common name.", advice)
    for host in host_names:
        if not any(covers(pattern, host) for pattern in names):
            yield Finding("error", name, f"Not valid for {host}.", "Have it issued with this name as well.")
    if is_self_signed(certificate) and not is_authority(certificate):
        yield Finding("warning", name, "It is self-signed: clients do not trust it by themselves.")
    usage = _extension(certificate, x509.ExtendedKeyUsage)
    if usage and not {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE} & set(
        usage
    ):
        yield Finding("warning", name, "It is not meant for servers (extended key usage).")
    started = certificate.not_valid_before_utc
    lifetime = (certificate.not_valid_after_utc - started).days
    longest = next((days for day, days in LONGEST_DAYS if started >= day), None)
    if longest and lifetime > longest and not is_authority(certificate) and not is_self_signed(certificate):
        finding = f"It is valid for {lifetime} days; browsers accept {longest} from public authorities."
        yield Finding("note", name, finding, "An in-house authority may issue it like that.")


def check_chain(certificates: list[x509.Certificate], chain: list[x509.Certificate]) -> Iterator[Finding]:
    """Order, gaps and superfluous parts."""
    last = chain[-1]
    for issuer in chain[1:]:
        if not is_authority(issuer):
            yield Finding(
                "error", name_of(issuer.subject), "It issued another one without being an authority."
            )
    if len(set(certificates)) < len(certificates):
        yield Finding(
            "note", "", "The same certificate occurs more than once.", "Use the attached chain.pem."
        )
    if [each for each in dict.fromkeys(certificates) if each in chain] != chain:
        advice = "Some clients fail on that. Use the attached chain.pem."
        yield Finding("warning", "", "The certificates are in the wrong order.", advice)
    for each in dict.fromkeys(certificates):
        if each not in chain:
            name = name_of(each.subject)
            yield Finding(
                "warning", name, "It does not belong to the chain.", "Leave it out, as chain.pem does."
            )
    if len(chain) == 1 and not is_self_signed(last):
        access = _extension(last, x509.AuthorityInformationAccess) or []
        urls = [
            each.access_location.value
            for each in access
            if each.access_method == AuthorityInformationAccessOID.CA_ISSUERS
        ]
        finding = f"The certificate of its issuer, {name_of(last.issuer)}, is not included."
        advice = "Unless that is a root, the server has to send it" + (
            f"; it is at {urls[0]}." if urls else "."
        )
        yield Finding("warning", name_of(last.subject), finding, advice)
    elif is_self_signed(last) and len(chain) > 1:
        yield Finding("note", name_of(last.subject), "The root need not be sent.", "chain.pem leaves it out.")


def covers(pattern: str, host: str) -> bool:
    """Whether a name in a certificate covers a host: `*` stands for exactly one label at the start."""
    try:
        return ipaddress.ip_address(pattern) == ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        host = host.rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        return False
    pattern = pattern.rstrip(".").lower()
    if pattern.startswith("*."):
        return "." in host and host.split(".", 1)[1] == pattern[2:]
    return host == pattern


def check_key(key: Any, chain: list[x509.Certificate]) -> tuple[str, list[Finding]]:
    """Which certificate a private key belongs to."""
    mark = fingerprint_of_key(key)
    known = [each for each in chain if _public_key(each) is not None]
    owners = [each for each in known if fingerprint_of_key(each.public_key()) == mark]
    if owners and owners[0] == chain[0]:
        return "belongs to the certificate", []
    name = name_of(chain[0].subject)
    advice = "Look for the key that was made together with the certificate request."
    if owners:
        finding = f"The private key belongs to {name_of(owners[0].subject)}, not to this certificate."
        return "belongs to another certificate of the chain", [Finding("error", name, finding, advice)]
    finding = "The private key does not belong to this certificate."
    return "does not belong to the certificate", [Finding("error", name, finding, advice)]
