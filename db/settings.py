"""What the environment says: one database, one public address."""

import os
import secrets
from contextlib import suppress
from functools import cache, cached_property
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings

ROOT = Path(__file__).resolve().parent.parent


def kept_secret(path: Path) -> str:
    """The secret in a file, made on first use, so that the count of wrong passwords survives a restart."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        ours = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        ours.touch(mode=0o600)
        ours.write_text(secrets.token_hex(32))
        with suppress(FileExistsError):  # another process of this installation was first; its secret holds
            os.link(ours, path)
        ours.unlink()
    return path.read_text()


class Settings(BaseSettings):
    """Read once from the environment; `DATABASE_URL` and `MATCHDESK_URL` are all that most installations set."""

    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    #: The address people type; its origin is the only one whose requests are served.
    public_url: str = Field(default="http://localhost:8501", validation_alias="MATCHDESK_URL")
    #: Where people open the stage; unless set, the same host at the stage's port.
    stage_url: str = Field(default="", validation_alias="MATCHDESK_STAGE_URL")
    stage_port: int = Field(default=8502, validation_alias="MATCHDESK_STAGE_PORT", ge=1, le=65535)
    #: What the stage's process reads: a role of PostgreSQL that may read its view only. For SQLite the same file.
    stage_database_url: str = Field(default="", validation_alias="MATCHDESK_STAGE_DATABASE_URL")
    given_secret: str | None = Field(default=None, validation_alias="MATCHDESK_SECRET", min_length=32)
    port: int = Field(default=8501, validation_alias="MATCHDESK_PORT", ge=1, le=65535)

    @cached_property
    def secret(self) -> str:
        """Keys the hashes of names and addresses of failed sign-ins.

        It is set where several machines serve one database; otherwise the installation keeps its own beside its data,
        and only a process that asks for it reads the file: the stage, a user of its own, may not.
        """
        return self.given_secret or kept_secret(ROOT / "data" / "secret")

    @field_validator("database_url", "stage_database_url")
    @classmethod
    def _with_driver(cls, url: str) -> str:
        for prefix in ("postgresql://", "postgres://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url

    @model_validator(mode="after")
    def _from_others(self) -> Self:
        """What follows from other settings unless it is set."""
        if not self.database_url:
            self.database_url = f"sqlite:///{ROOT / 'data' / 'matchdesk.db'}"
        if not self.stage_database_url and self.database_url.startswith("sqlite"):
            self.stage_database_url = self.database_url
        if not self.stage_url:
            public = urlsplit(self.public_url)
            self.stage_url = f"{public.scheme}://{public.hostname}:{self.stage_port}"
        return self


@cache
def settings() -> Settings:
    """The settings of this process; `settings.cache_clear()` reads the environment again."""
    return Settings()
