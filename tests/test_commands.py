"""What every command says when the database cannot do what it asks."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from db.settings import settings
from services.__main__ import app

MAKE = ["programme", "create", "--name", "P", "--organisation", "C"]
COMMANDS = (["propose"], ["verify-audit"], ["account", "list"], MAKE)


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch):
    def run(url: str, *words: str) -> tuple[int, str]:
        monkeypatch.setenv("DATABASE_URL", url)
        settings.cache_clear()
        done = CliRunner().invoke(app, list(words))
        return done.exit_code, done.stderr.strip()

    yield run
    settings.cache_clear()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_database_without_tables_is_named_as_such(says, tmp_path: Path, words: list[str]) -> None:
    status, said = says(f"sqlite:///{tmp_path / 'new.db'}", *words)
    assert (status, said) == (1, "The database has no tables yet, or those of another version. Run: matchdesk migrate")


@pytest.mark.parametrize("words", [*COMMANDS, ["migrate"]], ids=" ".join)
def test_a_server_that_does_not_run_is_one_sentence(says, words: list[str]) -> None:
    status, said = says("postgresql://nobody@127.0.0.1:1/desk", *words)
    assert (status, said) == (1, "The database does not answer. Check DATABASE_URL, and that its server runs.")
