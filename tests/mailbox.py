"""A real mail server on this machine, which takes, refuses or hangs up as a test says."""

import contextlib
import email
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Box:
    """What a server got, and how it behaves."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.to: list[str] = []
        #: Addresses that it refuses.
        self.refused: set[str] = set()
        #: It hangs up when so many mails are in, before the next one's text, or while it has that text.
        self.hang_up_before: int | None = None
        self.hang_up_at: int | None = None
        self.port = 0

    async def handle_RCPT(  # noqa: N802 - the server's own name for it
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.hang_up_before == len(self.mails):
            server.transport.abort()
            return "421 gone"
        if address in self.refused:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))
        self.to += envelope.rcpt_tos
        if self.hang_up_at == len(self.mails):
            server.transport.abort()
        return "250 OK"

    def settings(self, **more: str) -> dict[str, str]:
        """What the environment has to say to send mail here."""
        return {
            "MATCHDESK_SMTP_HOST": "127.0.0.1",
            "MATCHDESK_SMTP_PORT": str(self.port),
            "MATCHDESK_SMTP_SECURITY": "none",
            "MATCHDESK_MAIL_FROM": "desk@example.org",
            **more,
        }


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(box: Box, **given: Any) -> Iterator[Box]:
    """The server, while the block lasts; always on the same port."""
    box.port = box.port or free_port()
    server = Controller(box, hostname="127.0.0.1", port=box.port, **given)
    server.start()
    try:
        yield box
    finally:
        server.stop()


def body(mail: EmailMessage, kind: str = "plain") -> str:
    """The words of a mail, as plain text or HTML."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())
