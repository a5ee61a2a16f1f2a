"""Bring a database to the tables and rules of this version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from db.session import engine_for
from db.settings import ROOT, settings


def _config(url: str) -> Config:
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    return config


def newest() -> str:
    """The revision that this version of the desk needs."""
    return ScriptDirectory.from_config(_config("")).get_current_head() or ""


def current(url: str | None = None) -> str | None:
    """The revision a database stands at; None when it has no tables yet."""
    engine = engine_for(url or settings().database_url)
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return version


def upgrade(url: str | None = None) -> tuple[str | None, str]:
    """Apply what is missing; returns the revision before and after."""
    url = url or settings().database_url
    before = current(url)
    command.upgrade(_config(url), "head")
    return before, newest()
