"""`matchdesk import` as a person or a program runs it; where it counts, in a process of its own."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from typer.testing import CliRunner, Result

from db.models import ImportRun, Mentee, Mentor, TrailEntry
from db.session import unit_of_work
from services import audit, reading, transaction
from services.__main__ import app
from tests import asked, coached, files, make

COMMAND = [sys.executable, "-m", "services"]
ROOT = Path(__file__).parent.parent
ROSTER = ROOT / "tests" / "rosters" / "mentors_city.xlsx"


def run(*words: object, url: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": url}
    return subprocess.run(
        [*COMMAND, *map(str, words)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def bring_in(*words: object) -> Result:
    """The command `import` in this process: a process of its own reads all libraries for two seconds."""
    return CliRunner().invoke(app, ["import", *map(str, words)])


def test_a_preview_prints_json_on_a_database_that_was_never_migrated(tmp_path: Path) -> None:
    done = run("import", ROSTER, "--preview", "--json", url=f"sqlite:///{tmp_path}/new.db")
    said = json.loads(done.stdout)
    assert (done.returncode, said["kind"], said["good"], len(said["refused"])) == (0, "mentors", 107, 9)
    assert "went from empty" in done.stderr


def test_a_map_file_names_columns_and_an_apply_stores_them(desk: str, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(files.csv(("Who", "Box", "Trade"), ["Al Bo", "a@b.ca", "Law"]))
    (tmp_path / "map.json").write_text('{"Who": "name", "Box": "email", "Trade": "group"}')
    words = [tmp_path / "list.csv", "--kind", "mentors", "--map", tmp_path / "map.json", "--apply", "--json"]
    done = bring_in(*words)
    assert (done.exit_code, json.loads(done.stdout)["added"]) == (0, 1)


def test_answers_go_to_the_survey_that_is_named(desk: str, tmp_path: Path) -> None:
    with transaction() as session:
        programme, cohort = coached.programme_and_cohort(session)
        later = make.cohort(session, programme)
        cora = make.actor(session)
        (match,) = asked.ended(session, cohort, ago=20)
        address = session.get_one(Mentee, match.mentee_id).email
        for one in (cohort, later):
            asked.survey(session, cora, one)
        full = f"Mentees, at the end, {cohort.name}"
    (tmp_path / "answers.csv").write_bytes(files.csv(("E-mail", "Day", "positive"), [address, make.today(), "yes"]))
    words = [tmp_path / "answers.csv", "--apply", "--json", "--survey"]
    done = bring_in(*words, full)
    assert (done.exit_code, json.loads(done.stdout)["added"]) == (0, 1), done.stderr
    for name, says in (("Mentees, at the end", "Several cohorts"), ("Mayors", "no survey «Mayors»")):
        refused = bring_in(*words, name)
        assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
        assert says in refused.stderr
    assert "goes with answers" in bring_in(*words, full, "--kind", "mentors").stderr


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"Name,Occupation,Max. mentees\nAl Bo,Law,2\n"])
def test_a_file_that_cannot_be_used_is_one_sentence_and_status_one(desk: str, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "list.csv").write_bytes(content)
    done = bring_in(tmp_path / "list.csv", "--preview", "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1


def test_a_programme_is_made_on_the_command_line(desk: str) -> None:
    words = ("programme", "create", "--name", "P2P", "--organisation", "The City")
    assert run(*words, url=desk).returncode == 0
    again = run(*words, url=desk)
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    assert "already" in again.stderr


def test_a_kill_in_the_middle_of_an_apply_leaves_nothing_and_the_next_stores_all(any_desk: str, tmp_path: Path) -> None:
    big = tmp_path / "big.csv"
    big.write_bytes(files.csv(files.MENTORS, *files.mentors(3_000, name="Al Bo")))
    environment = {**os.environ, "DATABASE_URL": any_desk}
    running = subprocess.Popen(
        [*COMMAND, "import", str(big), "--apply"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    assert running.stderr
    for line in running.stderr:
        if line.startswith("1000 of 3000"):
            break
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert counts() == [0, 0, 0]
    assert run("import", big, "--apply", url=any_desk).returncode == 0
    assert counts() == [3_000, 1, 2]
    with reading() as session:
        assert audit.verify(session) == []
    if any_desk.startswith("sqlite"):
        with unit_of_work(read_only=True) as session:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"


def counts() -> list[int]:
    with reading() as session:
        return [
            session.scalar(select(func.count()).select_from(table)) or 0 for table in (Mentor, ImportRun, TrailEntry)
        ]
