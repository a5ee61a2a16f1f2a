"""What the environment says: one database, one public address."""

import secrets
from functools import cache
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Read once from the environment; `DATABASE_URL` and `MATCHDESK_URL` are all that most installations set."""

    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    #: The address people type; its origin is the only one whose requests are served.
    public_url: str = Field(default="http://localhost:8501", validation_alias="MATCHDESK_URL")
    #: Keys the hashes of names and addresses of failed sign-ins. Set it where several processes serve one database;
    #: otherwise each start makes its own, and counting starts anew.
    secret: str = Field(
        default_factory=lambda: secrets.token_hex(32), validation_alias="MATCHDESK_SECRET", min_length=32
    )
    port: int = Field(default=8501, validation_alias="MATCHDESK_PORT", ge=1, le=65535)

    @field_validator("database_url")
    @classmethod
    def _with_driver(cls, url: str) -> str:
        if not url:
            return f"sqlite:///{ROOT / 'data' / 'matchdesk.db'}"
        for prefix in ("postgresql://", "postgres://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url


@cache
def settings() -> Settings:
    """The settings of this process; `settings.cache_clear()` reads the environment again."""
    return Settings()
