"""The README and docs/ say what is so: commands run, links lead somewhere, words stand on the screen."""

import os
import re
import shlex
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
import typer
from sqlalchemy import text
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from db.session import engine_for
from db.settings import ROOT, Settings, settings
from db.stage import can_read, look, stage_engine
from services.__main__ import app
from services.digest.settings import MailSettings
from tests.databases import run_sql, server_at

DOCS = ROOT / "docs"
OPERATING = DOCS / "operating"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
FOR_PEOPLE = [DOCS / f"{who}.md" for who in ("coordinator", "coach", "manager", "presenter", "administrator")]
ADMINISTRATOR = (DOCS / "administrator.md").read_text()
#: Variables of the environment that are no settings of the desk: of its scripts, and of what it is built on.
OTHERS = {"MATCHDESK_ENV", "MATCHDESK_HOME", "STREAMLIT_SERVER_ALLOWED_HOSTS"}
KNOWN = {str(field.validation_alias) for kind in (Settings, MailSettings) for field in kind.model_fields.values()}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(text: str) -> list[str]:
    """What stands between fences."""
    return re.findall(r"^```\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def block_with(text: str) -> str:
    (found,) = [block for block in blocks(ADMINISTRATOR) if text in block]
    return found


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        path, _, heading = target.partition("#")
        linked = (page.parent / path) if path else page
        assert linked.exists(), target
        if heading:
            headings = re.findall(r"^#+ (.+)$", linked.read_text(), re.MULTILINE)
            assert heading in [one.lower().replace(" ", "-") for one in headings], target


def test_every_picture_is_shown_somewhere_and_says_in_words_what_it_shows() -> None:
    shown = {
        (page.parent / path).resolve(): alt
        for page in PAGES
        for alt, path in re.findall(r"!\[([^]]*)\]\(([^)]+)\)", page.read_text())
    }
    assert sorted(path.name for path in shown) == sorted(path.name for path in (DOCS / "pictures").iterdir())
    assert [path for path, alt in shown.items() if len(alt) < 20] == []
    assert [path.name for path in shown if path.stat().st_size > 150_000] == []


@pytest.mark.parametrize("page", FOR_PEOPLE, ids=name)
def test_words_in_bold_stand_on_the_screen(page: Path) -> None:
    sources = [*(ROOT / "pages").rglob("*.py"), *(ROOT / "pages").rglob("*.js"), *(ROOT / "services").rglob("*.py")]
    said = re.sub(r"\s+", " ", "\n".join(path.read_text() for path in sources))
    bold = {" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", page.read_text(), re.DOTALL)}
    assert len(bold) > 5
    assert {words for words in bold if words not in said} - {"bold"} == set()


def test_every_setting_stands_in_the_table_and_nothing_else_does() -> None:
    table = ADMINISTRATOR.partition("## Every setting")[2].partition("\n## ")[0]
    names = re.compile(r"`((?:MATCHDESK|DATABASE|STREAMLIT)_\w+)`")
    told = {one for line in table.splitlines() if line.startswith("| `") for one in names.findall(line.split("|")[1])}
    assert told == KNOWN | {"STREAMLIT_SERVER_ALLOWED_HOSTS"}


@pytest.mark.parametrize("path", [*PAGES, *sorted(OPERATING.iterdir())], ids=name)
def test_no_page_names_a_setting_that_there_is_not(path: Path) -> None:
    named = re.findall(r"\b(?:MATCHDESK_[A-Z_]+[A-Z]|DATABASE_URL)\b", path.read_text())
    assert set(named) <= KNOWN | OTHERS


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_that_is_named_exists_with_its_options(page: Path) -> None:
    text = page.read_text()
    lines = [line for block in blocks(text) for line in block.splitlines()]
    named = [*re.findall(r"`([^`\n]+)`", text), *lines]
    for words in named:
        for said in re.findall(r"(?:^|(?<!-u) |/bin/)matchdesk ((?!matchdesk\b)[a-z].*)", words):
            _check(said)
        for module in re.findall(r"-m (tests\.[\w.]+)", words):
            assert find_spec(module), words
        for target in re.findall(r"^make (?!-)([\w-]+)", words):
            assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE), words


def _check(said: str) -> None:
    """Whether there is such a command, and whether it has these options."""
    command = typer.main.get_command(app)
    for word in re.sub(r"[\[\]]", " ", said).partition("#")[0].split():
        if found := hasattr(command, "commands") and command.get_command(None, word):
            command = found
        elif word.startswith("--"):
            options = {one for parameter in command.params for one in [*parameter.opts, *parameter.secondary_opts]}
            assert word in {*options, "--help"}, said
    assert not hasattr(command, "commands"), said


def run(script: str, **environment: str) -> str:
    """A script of the shell, as somebody without a terminal runs it; stops at the first command that fails."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("MATCHDESK_", "DATABASE_URL", "PG"))}
    done = subprocess.run(
        ["/bin/bash", "-euc", script], cwd=ROOT, env={**inherited, **environment}, text=True,
        capture_output=True, start_new_session=True, check=False, input="",
    )  # fmt: skip
    assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
    return done.stdout


def desk(command: str, said: str = "") -> str:
    """What a command of the desk says, run here."""
    done = CliRunner().invoke(app, shlex.split(command)[1:], input=said)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch):
    """Commands of the desk are of this database from here on."""

    def set_to(url: str) -> None:
        monkeypatch.setenv("DATABASE_URL", url)
        settings.cache_clear()

    yield set_to
    settings.cache_clear()


def test_the_readme_leads_from_an_empty_database_to_a_first_account(tmp_path: Path, use) -> None:
    use(f"sqlite:///{tmp_path / 'new.db'}")
    (block,) = [block for block in blocks((ROOT / "README.md").read_text()) if "account create" in block]
    migrate, account, serve = re.findall(r"^\.venv/bin/(matchdesk .+)$", block, re.MULTILINE)
    desk(migrate)
    desk(f"{account} --password-stdin", said="a long passphrase for tests\n")  # there is no terminal to ask on
    assert desk("matchdesk account list") == "ada: Ada Whitfield, administrator\n"
    assert "Usage" in desk(f"{serve} --help")


@pytest.fixture
def cluster(postgres_server: str):
    """A server whose superuser and whose folder the commands may use; what they made goes."""
    yield make_url(postgres_server)
    run_sql(postgres_server, "DROP DATABASE IF EXISTS docsdesk WITH (FORCE)")
    for role in ("docsdesk_stage", "docsdesk"):
        run_sql(postgres_server, f"DROP ROLE IF EXISTS {role}")
    server_at(make_url(postgres_server)).dispose()


def test_the_database_is_made_backed_up_and_restored_as_the_page_says(cluster, tmp_path: Path, use) -> None:
    """Names of roles and database are changed, as other tests have theirs on the same server."""
    host = cluster.query["host"]
    with server_at(cluster).connect() as connection:
        own = connection.scalar(text("SELECT setting FROM pg_config WHERE name = 'BINDIR'"))
    path = f"{own}:{os.environ['PATH']}"  # dumps are taken by programs of the server's own version

    def role(username: str, password: str) -> str:
        return f"postgresql://{username}:{password}@/docsdesk?host={host}"

    for file in ("roles.sql", "stage_role.sql"):
        (tmp_path / file).write_text(re.sub(r"\bmatchdesk(?=\b|_stage)", "docsdesk", (OPERATING / file).read_text()))
    (tmp_path / "desk.env").write_text(f'DATABASE_URL="{role("docsdesk", "CHANGE-ME-1")}"\n')

    def carry_out(block: str, **other: str) -> list[str]:
        changed = {
            "/etc/matchdesk/desk.env": str(tmp_path / "desk.env"),
            "docs/operating/roles.sql": str(tmp_path / "roles.sql"),
            "docs/operating/stage_role.sql": str(tmp_path / "stage_role.sql"),
            "dropdb matchdesk": "dropdb docsdesk",
            "--owner matchdesk": "--owner docsdesk",
            "template0 matchdesk": "template0 docsdesk",
            "psql ": "psql --quiet --set ON_ERROR_STOP=1 ",
            **other,
        }
        said = []
        for line in re.findall(r"^sudo -u \w+ (.+)$", block, re.MULTILINE):
            for there, here in changed.items():
                line = line.replace(there, here)  # noqa: PLW2901
            is_ours = line.startswith("matchdesk ")
            said.append(desk(line) if is_ours else run(line, PGHOST=host, PGUSER="postgres", PATH=path))
        return said

    use(role("docsdesk", "CHANGE-ME-1"))
    carry_out(block_with("psql < docs/operating/roles.sql"))
    stage = role("docsdesk_stage", "CHANGE-ME-2").replace("postgresql://", "postgresql+psycopg://")
    assert [*look(stage)] == []
    assert not can_read(stage, "account")
    stage_engine(stage).dispose()

    run(f"{OPERATING / 'backup.sh'} {tmp_path}", MATCHDESK_ENV=str(tmp_path / "desk.env"), PATH=path)
    (copy,) = tmp_path.glob("matchdesk-*.dump")
    engine_for(settings().database_url).dispose()
    (tmp_path / "erasures.json").write_text(desk("matchdesk erasures --json"))
    lists = {"COPY.dump": str(copy), "/var/backups/matchdesk/erasures.json": str(tmp_path / "erasures.json")}
    engine_for(settings().database_url).dispose()
    restored = "".join(carry_out(block_with("pg_restore"), **lists))
    engine_for(settings().database_url).dispose()
    assert "already" in restored
    assert "the trail holds" in restored
    assert "erased again" in restored
    assert [*look(stage)] == []
    assert not can_read(stage, "account")
    stage_engine(stage).dispose()


def test_a_copy_of_sqlite_is_whole(sqlite_url: str, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    run(f"{OPERATING / 'backup.sh'} {copies}", DATABASE_URL=sqlite_url)
    (copy,) = copies.iterdir()
    assert (copy.suffix, copy.stat().st_mode & 0o077) == (".db", 0)
    assert look(f"sqlite:///{copy}") == look(sqlite_url)


def test_files_of_settings_are_read_alike_by_the_shell_and_by_systemd() -> None:
    for file in OPERATING.glob("*.env"):
        lines = [line for line in file.read_text().splitlines() if not line.startswith("#")]
        assert [line for line in lines if not re.fullmatch(r'[A-Z_]+="[^"$`\\]+"', line)] == []
    said = run(f'set -a; . {OPERATING / "desk.env"}; echo "$MATCHDESK_URL"')
    assert said.strip() == "https://desk.example"


def test_units_start_what_there_is_as_the_users_that_were_made(tmp_path: Path) -> None:
    units = {path.name: path.read_text() for path in OPERATING.iterdir() if path.suffix in (".service", ".timer")}
    assert len(units) == 4
    for unit, said in units.items():
        for command in re.findall(r"^ExecStart=(.+)$", said, re.MULTILINE):
            assert command.startswith("/opt/matchdesk/.venv/bin/matchdesk ")
            _check(command.partition(" ")[2])
        for user in re.findall(r"^User=(.+)$", said, re.MULTILINE):
            assert re.search(rf"adduser .* {user}$", ADMINISTRATOR, re.MULTILINE)
        (tmp_path / unit).write_text(said.replace("/opt/matchdesk", str(ROOT)))
    if shutil.which("systemd-analyze"):
        run(f"systemd-analyze verify {' '.join(str(tmp_path / unit) for unit in units)}")


def test_the_proxy_says_what_both_servers_need() -> None:
    text = (OPERATING / "nginx.conf").read_text()
    assert text.count("{") == text.count("}")
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    assert set(re.findall(r"proxy_pass http://127\.0\.0\.1:(\d+);", text)) == {
        str(defaults["port"]),
        str(defaults["stage_port"]),
    }
    for said in ("X-Forwarded-For $remote_addr;", "Upgrade $http_upgrade;", "Connection $connection_upgrade;"):
        assert text.count(f"proxy_set_header {said}") == 2
    assert "location = /pulse {" in text
    logged = re.search(r"log_format matchdesk (.+);", text)[1]
    assert not re.search(r"\$(?:request_uri|args|request|http_referer|query_string)\b", logged)
    hosts = re.findall(r'^MATCHDESK_\w*URL="https://(.+)"$', (OPERATING / "desk.env").read_text(), re.MULTILINE)
    assert hosts == re.findall(r"server_name (\S+);", text)


def test_cron_runs_files_that_there_are() -> None:
    lines = [line for line in (OPERATING / "crontab").read_text().splitlines() if re.match(r"\d", line)]
    assert [re.split(r"\s+", line, maxsplit=6)[5] for line in lines] == ["matchdesk"] * 3
    for path in re.findall(r"/opt/matchdesk/(\S+)", "\n".join(lines)):
        assert os.access(ROOT / path, os.X_OK)
    for said in re.findall(r"/usr/local/bin/matchdesk ([\w -]+)", "\n".join(lines)):
        _check(said)
