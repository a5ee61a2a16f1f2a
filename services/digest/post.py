"""The way to the mail server, and what is certain of a mail when the way breaks."""

import smtplib
import ssl
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from services.digest.settings import MailSettings, Security
from services.errors import ServiceError

_SECONDS = 30
_LATER = "What was not sent goes with the next run."
_REFUSES = 400


class Refused(ServiceError):
    """The server takes this one mail not; it was not sent."""


class Broken(ServiceError):
    """The server cannot be used (any more); the mail in hand was certainly not sent."""


class Unsure(ServiceError):
    """The connection broke while the server took a mail, which may have been sent."""


class Post:
    """A connection to the mail server, open within its block. Raises `Broken` where it cannot be opened."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    def __enter__(self) -> Self:
        try:
            self._server = self._connected()
        except smtplib.SMTPAuthenticationError:
            raise Broken(
                f"The mail server refuses the name or the password in MATCHDESK_SMTP_USER and _PASSWORD. {_LATER}"
            ) from None
        except smtplib.SMTPNotSupportedError:
            raise Broken(
                "The mail server does not offer what MATCHDESK_SMTP_SECURITY and MATCHDESK_SMTP_USER ask of it. "
                f"Mend them. {_LATER}"
            ) from None
        except ssl.SSLError:
            raise Broken(
                "The connection to the mail server cannot be made safe: check MATCHDESK_SMTP_SECURITY, and that its "
                f"certificate is of MATCHDESK_SMTP_HOST. {_LATER}"
            ) from None
        except OSError:  # SMTPException is one
            raise Broken(
                "The mail server does not answer. Check MATCHDESK_SMTP_HOST and MATCHDESK_SMTP_PORT, and that it "
                f"runs. {_LATER}"
            ) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._server.quit()
        except (OSError, smtplib.SMTPException):  # it is gone already
            self._server.close()

    def send(self, message: EmailMessage) -> None:
        """Hand one mail over. Raises `Refused`, `Broken` or `Unsure`, which differ in what is certain."""
        try:
            self._taken(self._server.mail(self._settings.sender))
            self._taken(self._server.rcpt(str(message["To"])))
        except (OSError, smtplib.SMTPException) as error:
            raise self._gone() from error
        try:
            self._taken(self._server.data(message.as_bytes()))
        except smtplib.SMTPDataError as error:  # before any of it was sent
            raise self._refused() from error
        except (OSError, smtplib.SMTPException) as error:
            message_ = f"The mail server went away while it took a mail, which may have arrived. {_LATER}"
            raise Unsure(message_) from error

    def _connected(self) -> smtplib.SMTP:
        given = self._settings
        safe = ssl.create_default_context()
        if given.security is Security.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(given.host, given.port, timeout=_SECONDS, context=safe)
        else:
            server = smtplib.SMTP(given.host, given.port, timeout=_SECONDS)
        try:
            if given.security is Security.STARTTLS:
                server.starttls(context=safe)
            if given.user:
                server.login(given.user, given.password.get_secret_value())
            server.ehlo_or_helo_if_needed()
        except BaseException:
            server.close()
            raise
        return server

    def _taken(self, answer: tuple[int, bytes]) -> None:
        if answer[0] >= _REFUSES:
            raise self._refused()

    def _refused(self) -> ServiceError:
        try:
            self._server.rset()
        except (OSError, smtplib.SMTPException):
            return self._gone()
        return Refused(f"The mail server refused a mail. {_LATER}")

    def _gone(self) -> Broken:
        return Broken(f"The mail server went away before all was sent. {_LATER}")
