"""The digest on its way: signed in over STARTTLS, and stopped where the way is not safe."""

import datetime as dt
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from db.models import Role
from services import clock
from services.digest import layout
from services.digest.letters import Letter
from services.digest.post import Broken, Post
from services.digest.settings import MailSettings, mail_settings
from tests import make
from tests.mailbox import Box, running

NAME, PASSWORD = "desk", "kettle window amber"


@dataclass
class Guard:
    """Takes one name and password, and remembers what it was told."""

    told: list[tuple[str, str]]

    def __call__(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: LoginPassword
    ) -> AuthResult:
        said = (given.login.decode(), given.password.decode())
        self.told.append(said)
        return AuthResult(success=said == (NAME, PASSWORD), handled=False)


def certificate(folder: Path, of: x509.GeneralName) -> Path:
    """A certificate of that host, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server of a test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - dt.timedelta(days=1))
        .not_valid_after(clock.now() + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([of]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


def safe(file: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


@pytest.fixture
def guard() -> Guard:
    return Guard([])


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate of this machine, which this machine trusts."""
    file = certificate(tmp_path, x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return file


def settings_of(box: Box, monkeypatch: pytest.MonkeyPatch, **more: str) -> MailSettings:
    said = {
        "MATCHDESK_SMTP_SECURITY": "starttls",
        "MATCHDESK_SMTP_USER": NAME,
        "MATCHDESK_SMTP_PASSWORD": PASSWORD,
        **more,
    }
    for name, value in box.settings(**said).items():
        monkeypatch.setenv(name, value)
    return mail_settings()


def mail(settings: MailSettings) -> None:
    """One mail, handed over."""
    letter = Letter(1, "cora", "cora@example.org", Role.COORDINATOR, make.today(), ())
    with Post(settings) as post:
        post.send(layout.message(letter, settings.sender))


def test_a_mail_goes_over_starttls_after_signing_in(
    trusted: Path, guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Box()
    with running(box, tls_context=safe(trusted), require_starttls=True, authenticator=guard, auth_required=True):
        mail(settings_of(box, monkeypatch))
    assert box.to == ["cora@example.org"]
    assert guard.told == [(NAME, PASSWORD)]


def test_a_wrong_password_is_a_sentence_that_tells_it_not_and_nothing_is_sent(
    trusted: Path, guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Box()
    with running(box, tls_context=safe(trusted), require_starttls=True, authenticator=guard, auth_required=True):
        settings = settings_of(box, monkeypatch, MATCHDESK_SMTP_PASSWORD="granite ledger")
        with pytest.raises(Broken, match="refuses the name or the password") as refused:
            mail(settings)
    assert "granite" not in f"{refused.value}{settings!r}"
    assert box.mails == []
    assert guard.told
    assert set(guard.told) == {(NAME, "granite ledger")}


@pytest.mark.parametrize("fault", ["a stranger's", "of another host"])
def test_a_certificate_that_is_not_the_hosts_gets_no_password(
    tmp_path: Path, guard: Guard, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    named = (
        x509.DNSName("mail.example")
        if fault == "of another host"
        else x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    )
    file = certificate(tmp_path, named)
    if fault == "of another host":
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    box = Box()
    with running(box, tls_context=safe(file), require_starttls=True, authenticator=guard, auth_required=True):
        settings = settings_of(box, monkeypatch)
        with pytest.raises(Broken, match="cannot be made safe"):
            mail(settings)
    assert (box.mails, guard.told) == ([], [])


def test_a_server_without_starttls_gets_no_password(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    box = Box()
    with running(box, authenticator=guard, auth_require_tls=False):
        settings = settings_of(box, monkeypatch)
        with pytest.raises(Broken, match="does not offer"):
            mail(settings)
    assert (box.mails, guard.told) == ([], [])
