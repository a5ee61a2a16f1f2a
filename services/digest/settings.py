"""How the desk sends mail, as the environment says it."""

import enum
from typing import Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings

from services.errors import Invalid
from services.imports import words

_HERE = ("localhost", "127.0.0.1", "::1")


class Security(enum.StrEnum):
    """How what is sent is kept from others on the way."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class MailSettings(BaseSettings):
    """The server that takes mail, and in whose name it is sent."""

    host: str = Field(validation_alias="MATCHDESK_SMTP_HOST", min_length=1)
    port: int = Field(default=587, validation_alias="MATCHDESK_SMTP_PORT", ge=1, le=65535)
    user: str = Field(default="", validation_alias="MATCHDESK_SMTP_USER")
    password: SecretStr = Field(default=SecretStr(""), validation_alias="MATCHDESK_SMTP_PASSWORD")
    security: Security = Field(default=Security.STARTTLS, validation_alias="MATCHDESK_SMTP_SECURITY")
    sender: str = Field(validation_alias="MATCHDESK_MAIL_FROM")

    @field_validator("sender")
    @classmethod
    def _is_an_address(cls, sender: str) -> str:
        address = words.email(sender)
        if address is None or not address.isascii():
            message = "no address"
            raise ValueError(message)
        return address

    @model_validator(mode="after")
    def _is_kept_from_others(self) -> Self:
        """People are named in these mails: in the open they go no further than this machine."""
        if self.security is Security.NONE and self.host not in _HERE:
            message = "open"
            raise ValueError(message)
        return self


_OPEN = (
    "MATCHDESK_SMTP_SECURITY=none is for a mail server on this machine only, as the mails name people. "
    "Use starttls or tls."
)


def mail_settings() -> MailSettings:
    """Read from the environment now. Raises `Invalid` with the names of what is missing or wrong, never a value."""
    try:
        return MailSettings()
    except ValidationError as error:
        wrong = [str(fault["loc"][0]) for fault in error.errors(include_input=False) if fault["loc"]]
        if not wrong:
            raise Invalid(_OPEN) from None
        message = (
            f"Mail cannot be sent before these are set rightly: {', '.join(wrong)}. docs/administrator.md says how."
        )
        raise Invalid(message) from None
