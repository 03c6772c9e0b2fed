"""The item as people run it, with certificates made for the purpose."""

import base64
import ipaddress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime(2025, 6, 1, tzinfo=UTC)
ROOT_KEY, MIDDLE_KEY, SERVER_KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
WEAK_KEY = rsa.generate_private_key(65537, 1024)  # noqa: S505 - it has to be found


def certificate(subject, issuer, key, signer, *, ca=False, names=(), days=90, started=DAY, extended=()):
    """A certificate as an authority would issue it."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(4711)
        .not_valid_before(started)
        .not_valid_after(started + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if names:
        alternatives = [
            x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
            for name in names
        ]
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    if extended:
        builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=False)
    return builder.sign(signer, hashes.SHA256())


NAMES = ["www.example.org", "*.shop.example.org", "192.0.2.1"]
ROOT = certificate("Root", "Root", ROOT_KEY, ROOT_KEY, ca=True, days=3650)
MIDDLE = certificate("Middle", "Root", MIDDLE_KEY, ROOT_KEY, ca=True, days=1800)
SERVER = certificate("www.example.org", "Middle", SERVER_KEY, MIDDLE_KEY, names=NAMES)


def pem(*certificates):
    return "".join(each.public_bytes(Encoding.PEM).decode() for each in certificates)


def key_pem(key, passphrase="", form=PrivateFormat.PKCS8):
    protection = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, form, protection).decode()


@pytest.fixture
def check(run_item_folder):
    def run(content, **inputs):
        inputs = {"as_of": "2025-06-11", **inputs}
        if isinstance(content, bytes):
            inputs |= {"source": "upload", "file": "chain.bin"}
            return run_item_folder("certificate-check", inputs, {"chain.bin": content})
        return run_item_folder("certificate-check", {"source": "paste", "certificates": content, **inputs})

    return run


def findings(ran):
    return [(each["severity"], each["finding"]) for each in ran.result()["findings"]]


def test_a_good_chain_is_described_and_put_in_order(check):
    ran = check(pem(SERVER, MIDDLE, ROOT), host_names=["www.example.org"])
    result = ran.result()
    assert (result["status"], result["summary"]) == ("ok", "www.example.org: 80 days left, no errors")
    assert findings(ran) == [("note", "The root need not be sent.")]
    server = result["certificates"][0]
    assert [each["role"] for each in result["certificates"]] == ["server", "authority", "root"]
    assert server["names"] == "www.example.org, *.shop.example.org, 192.0.2.1"
    assert (server["valid_from"], server["valid_until"], server["days_left"]) == (
        "2025-06-01",
        "2025-08-30",
        80,
    )
    assert (server["key"], server["signature"]) == ("EC secp256r1", "SHA256")
    assert ran.file("chain.pem").decode() == pem(SERVER, MIDDLE)
    assert "www.example.org: 80 days left" in ran.file("report.html").decode()


@pytest.mark.parametrize(
    ("chain", "inputs", "expected"),
    [
        ([SERVER, MIDDLE], {"as_of": "2025-09-09"}, ("error", "Expired 10 days ago.")),
        ([SERVER, MIDDLE], {"as_of": "2025-05-01"}, ("error", "Not valid before 2025-06-01.")),
        ([SERVER, MIDDLE], {"as_of": "2025-08-20"}, ("warning", "Expires in 10 days.")),
        ([SERVER, MIDDLE], {"warn_days": 81}, ("warning", "Expires in 80 days.")),
        ([MIDDLE, SERVER], {}, ("warning", "The certificates are in the wrong order.")),
        ([SERVER, SERVER, MIDDLE], {}, ("note", "The same certificate occurs more than once.")),
        ([SERVER], {}, ("warning", "The certificate of its issuer, Middle, is not included.")),
        ([MIDDLE], {}, ("warning", "This is the certificate of an authority, not of a server.")),
        (
            [SERVER, MIDDLE, certificate("Other", "Other", ROOT_KEY, ROOT_KEY, ca=True)],
            {},
            ("warning", "It does not belong to the chain."),
        ),
        (
            [certificate("old", "Middle", SERVER_KEY, MIDDLE_KEY), MIDDLE],
            {},
            ("error", "It names no host: browsers ignore the common name."),
        ),
        (
            [
                certificate("a", "b", SERVER_KEY, MIDDLE_KEY, names=["a.b"]),
                certificate("b", "Root", MIDDLE_KEY, ROOT_KEY),
            ],
            {},
            ("error", "It issued another one without being an authority."),
        ),
        (
            [certificate("self", "self", SERVER_KEY, SERVER_KEY, names=["self"])],
            {},
            ("warning", "It is self-signed: clients do not trust it by themselves."),
        ),
        (
            [certificate("a", "Middle", SERVER_KEY, MIDDLE_KEY, names=["a.b"], days=500), MIDDLE],
            {},
            ("note", "It is valid for 500 days; browsers accept 398 from public authorities."),
        ),
        (
            [
                certificate(
                    "a",
                    "Middle",
                    SERVER_KEY,
                    MIDDLE_KEY,
                    names=["a.b"],
                    extended=[ExtendedKeyUsageOID.CLIENT_AUTH],
                ),
                MIDDLE,
            ],
            {},
            ("warning", "It is not meant for servers (extended key usage)."),
        ),
        (
            [
                certificate("a", "Middle", WEAK_KEY, MIDDLE_KEY, names=["a.b"]),
                MIDDLE,
            ],
            {},
            ("error", "The RSA key has only 1024 bits."),
        ),
        (
            [
                certificate(
                    "a", "Middle", ec.generate_private_key(ec.SECP224R1()), MIDDLE_KEY, names=["a.b"]
                ),
                MIDDLE,
            ],
            {},
            ("error", "The curve secp224r1 is too weak."),
        ),
    ],
)
def test_problems_are_found(check, chain, inputs, expected):
    ran = check(pem(*chain), **inputs)
    assert expected in findings(ran)
    worst = min((severity for severity, _ in findings(ran)), key=["error", "warning", "note"].index)
    assert ran.result()["status"] == ("ok" if worst == "note" else worst)


@pytest.mark.parametrize(
    ("host", "covered"),
    [
        ("www.example.org", True),
        ("WWW.Example.Org.", True),
        ("https://www.example.org:8443/path", True),
        ("a.shop.example.org", True),
        ("192.0.2.1", True),
        ("example.org", False),
        ("shop.example.org", False),
        ("a.b.shop.example.org", False),
        ("192.0.2.2", False),
        ("*", False),
    ],
)
def test_host_names_are_compared_as_browsers_do(check, host, covered):
    ran = check(pem(SERVER, MIDDLE), host_names=[host])
    missing = [finding for _, finding in findings(ran) if finding.startswith("Not valid for")]
    assert bool(missing) is not covered


KEY_INPUTS = {
    "as it is": {"private_key": key_pem(SERVER_KEY)},
    "without line breaks": {"private_key": key_pem(SERVER_KEY).replace("\n", "")},
    "spaces for line breaks": {"private_key": key_pem(SERVER_KEY).replace("\n", " ")},
    "traditional": {"private_key": key_pem(SERVER_KEY, form=PrivateFormat.TraditionalOpenSSL)},
    "encrypted": {"private_key": key_pem(SERVER_KEY, "s3cret pass"), "passphrase": "s3cret pass"},
    "needless passphrase": {"private_key": key_pem(SERVER_KEY), "passphrase": "whatever"},
}


@pytest.mark.parametrize("form", KEY_INPUTS)
def test_a_key_is_recognised_and_shown_nowhere(check, form):
    ran = check(pem(SERVER, MIDDLE), **KEY_INPUTS[form])
    assert ran.result()["private_key"] == "belongs to the certificate"
    secret = key_pem(SERVER_KEY).splitlines()[1]
    written = "".join(path.read_text() for path in ran.workdir.rglob("*") if path.is_file())
    assert secret not in written + str(ran.outcome) + "".join(ran.log)


def test_wrong_keys_are_errors(check):
    other = check(pem(SERVER, MIDDLE), private_key=key_pem(ROOT_KEY))
    assert findings(other)[0] == ("error", "The private key does not belong to this certificate.")
    above = check(pem(SERVER, MIDDLE), private_key=key_pem(MIDDLE_KEY))
    assert findings(above)[0] == ("error", "The private key belongs to Middle, not to this certificate.")


STORE = pkcs12.serialize_key_and_certificates(
    b"shop", SERVER_KEY, SERVER, [MIDDLE], BestAvailableEncryption(b"letmein")
)


@pytest.mark.parametrize(
    ("content", "inputs"),
    [
        (SERVER.public_bytes(Encoding.DER), {}),
        (pem(SERVER).encode(), {}),
        (b"Bag Attributes\n  friendlyName: x\n" + pem(SERVER).encode(), {}),
        (pem(SERVER).replace("\n", "\r\n").encode(), {}),
        (base64.b64encode(SERVER.public_bytes(Encoding.DER)), {}),
        (pkcs7.serialize_certificates([SERVER, MIDDLE], Encoding.DER), {}),
        (pkcs7.serialize_certificates([SERVER, MIDDLE], Encoding.PEM), {}),
        (STORE, {"passphrase": "letmein"}),
    ],
)
def test_every_kind_of_file_is_read(check, content, inputs):
    assert check(content, **inputs).result()["certificates"][0]["subject"] == "www.example.org"


def test_a_key_in_the_file_is_used_and_warned_about(check):
    ran = check(STORE, passphrase="letmein")  # noqa: S106
    assert ran.result()["private_key"] == "belongs to the certificate"
    assert any("treat this file as a secret" in line for line in ran.log)


REQUEST = (
    x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(SERVER_KEY, hashes.SHA256())
)


@pytest.mark.parametrize(
    ("content", "inputs", "sentence"),
    [
        ("hello", {}, "No certificate was found."),
        (b"\x00\x01", {}, "No certificate was found."),
        (key_pem(SERVER_KEY), {}, "There is only a private key. No certificate was found."),
        (REQUEST.public_bytes(Encoding.PEM).decode(), {}, "This is a certificate request (CSR),"),
        (pem(SERVER).replace("M", "!", 1), {}, "A certificate is damaged:"),
        (pem(SERVER)[:300] + pem(SERVER)[-30:], {}, "A certificate is damaged:"),
        (STORE, {"passphrase": "wrong"}, "The file could not be opened."),
        (STORE, {}, "The file could not be opened."),
        (b"0" * 1_100_000, {}, "The file is larger than 1 MB:"),
        (pem(*[SERVER] * 51), {}, "There are more than 50 certificates."),
        (pem(SERVER), {"private_key": "nonsense"}, "The private key could not be read. Check that"),
        (
            pem(SERVER),
            {"private_key": key_pem(SERVER_KEY)[:99]},
            "The private key could not be read. Check that",
        ),
        (pem(SERVER), {"private_key": key_pem(SERVER_KEY, "x")}, "The private key is encrypted."),
        (
            pem(SERVER),
            {"private_key": key_pem(SERVER_KEY, "x"), "passphrase": "y"},
            "The private key could not be read. Check the passphrase, and that",
        ),
    ],
)
def test_mistakes_are_explained_in_a_sentence(check, content, inputs, sentence):
    assert check(content, **inputs).problem().startswith(sentence)


def test_hostile_names_are_text_in_the_report(check):
    hostile = certificate("<script>alert(1)</script>", "x", SERVER_KEY, MIDDLE_KEY, names=["<img src=x>"])
    page = check(pem(hostile)).file("report.html").decode()
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
