"""The layers and habits that everything else leans on, read from the source itself."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.settings import ROOT

CODE = sorted(
    [path for folder in ("db", "services", "pages") for path in (ROOT / folder).rglob("*.py")] + list(ROOT.glob("*.py"))
)

#: What each folder may not import; the longest folder that fits a file decides.
FORBIDDEN = {
    "db": {"services", "pages", "streamlit", "altair", "pandas"},
    "services": {"pages", "streamlit", "altair", "streamlit_authenticator"},
    "services/engine": {"pages", "streamlit", "altair", "sqlalchemy", "db.session"},
    "pages": {"db", "sqlalchemy"},
    "pages/ui/charts": {"db", "sqlalchemy", "streamlit", "services"},
    "": {"db", "sqlalchemy"},
}
#: The servers around the pages name the type of a session, read their addresses, and give the stage its one look.
ALLOWED = {
    "serve.py": {"sqlalchemy.orm", "sqlalchemy.orm.Session", "db.settings", "db.settings.settings"},
    "serve_stage.py": {"db.settings", "db.settings.settings", "db.stage", "db.stage.look"},
}

#: Public functions of services that take a session and ask nobody's leave, each with its reason.
ASKED = "part of commands that have asked"
SIGNING_IN = "before it nobody is known; whoever holds the secret may"
OPEN_DOORS = {
    "services/access.py": {
        "signed_in": "finds out who asks",
        "authorise": "is the question itself",
        "addressee": "finds out who a mail is written to",
    },
    "services/accounts.py": {
        "is_empty": "yes or no, before there is anybody",
        "demo_accounts": "shown on the sign-in page, of a demo only",
    },
    "services/answering.py": dict.fromkeys(("look", "answer"), "the token of the link is the leave"),
    "services/audit.py": {
        "record": "notes what a command that asked has done",
        "close": "the end of every transaction",
        "head": "number and hash only; the command line prints them",
        "verify": "run on the server, where the database itself is at hand",
    },
    "services/caseload_access.py": {"one": ASKED},
    "services/cohort_panels.py": dict.fromkeys(
        ("sizes", "groups", "outcomes", "funnel", "attendance", "endings", "answers"), ASKED
    ),
    "services/demo/absences.py": {"store": ASKED},
    "services/demo/accounts.py": {"store": ASKED},
    "services/demo/facts.py": {"store_lists": ASKED, "store_of": ASKED},
    "services/demo/pending.py": {"store_proposals": ASKED},
    "services/demo/sisters.py": {"store": ASKED},
    "services/demo/store.py": {"rows": ASKED, "settle": ASKED},
    "services/demo/thanked.py": {"store": ASKED},
    "services/demo/work.py": {"store": ASKED},
    "services/event_access.py": {"one": ASKED, "others": ASKED},
    "services/hand_over_plan.py": {"running": ASKED, "options": ASKED},
    "services/imports/answers.py": dict.fromkeys(("asked", "sort", "store"), ASKED),
    "services/imports/facts.py": {"kept": ASKED, "store": ASKED},
    "services/imports/groups.py": {"load": ASKED},
    "services/imports/history.py": {"sort": ASKED},
    "services/imports/lists.py": {"load": ASKED},
    "services/imports/people.py": {"known": ASKED},
    "services/imports/placements.py": dict.fromkeys(("intakes", "sort", "hold", "store"), ASKED),
    "services/imports/plan.py": {"make": ASKED},
    "services/imports/replay.py": {"store": ASKED},
    "services/login_sessions.py": {"end": ASKED},
    "services/match_history.py": {"of": ASKED},
    "services/match_marks.py": dict.fromkeys(("marked", "still", "put"), ASKED),
    "services/match_steps.py": dict.fromkeys(
        ("find", "hold_still", "pending", "now", "take", "who_moved", "said_at", "told"), ASKED
    ),
    "services/milestones.py": {"named": "round numbers of a programme"},
    "services/openings.py": dict.fromkeys(("of_profile", "of_entry", "of_match", "of"), ASKED),
    "services/people_apart.py": dict.fromkeys(("marks", "of", "put", "carry"), ASKED),
    "services/people_fields.py": {"choices": ASKED, "values": ASKED, "write": ASKED},
    "services/people_history.py": {"of": ASKED},
    "services/people_moves.py": {"told": ASKED, "move": ASKED},
    "services/people_search.py": {"search": ASKED},
    "services/people_specialities.py": {"names": ASKED, "put": ASKED},
    "services/people_standing.py": {"standings": ASKED},
    "services/person.py": dict.fromkeys(
        ("find", "kept", "hold", "erasure", "are_kept", "open_matches", "last_change"), ASKED
    ),
    "services/privacy/holds.py": dict.fromkeys(("barred", "held", "last_use", "last_uses"), ASKED),
    "services/pool.py": {"gather": ASKED, "mentors": ASKED, "mentees": ASKED, "terms": ASKED},
    "services/programmes.py": {
        "main": "names and settings only; every page needs them",
        "clocks": "names and settings only; every page needs them",
        "today": "a day",
        "cohort": "names and days only; read by services that have asked",
    },
    "services/setup/settings.py": {"put": ASKED},
    "services/today_lines.py": {"pending": ASKED, "running": ASKED},
    "services/weights.py": {"current": "numbers only; read by services that have asked"},
    "services/sign_in.py": dict.fromkeys(("knock", "admit", "forget", "redeem", "login_ref", "revoke"), SIGNING_IN),
}

#: Words that open a door, and where they are allowed after review.
DANGEROUS = r"unsafe_allow_html|unsafe_allow_javascript|\bpickle\b|yaml\.(?:unsafe_)?load\b|\beval\(|\bexec\("
REVIEWED = {"pages/ui/identity.py": "one constant of our own that leads the tab to the sign-in route"}

#: The one file that caches, and others after review.
CACHING = {"pages/ui/reads.py": "every cached read of the desk"}


def at(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module a file imports, `from a import b` also as `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", CODE, ids=at)
def test_imports_look_down_only(path: Path) -> None:
    folder = max((f for f in FORBIDDEN if at(path).startswith(f"{f}/" if f else "")), key=len)
    wrong = [
        name
        for name in imports(ast.parse(path.read_text()))
        for barred in FORBIDDEN[folder]
        if name == barred or name.startswith(f"{barred}.") or name == "."
    ]
    assert set(wrong) <= ALLOWED.get(at(path), set())


def test_only_the_session_module_commits() -> None:
    committing = {
        at(path)
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    }
    assert committing == {"db/session.py"}


def test_no_page_lies_where_streamlit_would_serve_it_by_itself() -> None:
    assert [path.name for path in (ROOT / "pages").glob("*.py")] == ["__init__.py"]


def doors() -> Iterator[tuple[str, ast.FunctionDef, set[str]]]:
    """Public functions of services that take a session first, with what they call, also through another."""
    for path in sorted((ROOT / "services").rglob("*.py")):
        if at(path).startswith(("services/commands/", "services/counting/")):
            continue  # the command line acts as the operator; counting is part of reads that have asked
        functions = {node.name: node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}
        for name, function in functions.items():
            if not name.startswith("_") and function.args.args and function.args.args[0].arg == "session":
                called = _calls(function)
                yield at(path), function, called.union(*(_calls(functions[n]) for n in called if n in functions))


def _calls(function: ast.FunctionDef) -> set[str]:
    return {ast.unparse(node.func).split(".")[-1] for node in ast.walk(function) if isinstance(node, ast.Call)}


def test_whoever_comes_with_a_session_says_who_asks_and_is_authorised() -> None:
    unasked: dict[str, set[str]] = {}
    for path, function, called in doors():
        named = {argument.arg for argument in [*function.args.args, *function.args.kwonlyargs]}
        if not {"by"} <= named or "authorise" not in called:
            unasked.setdefault(path, set()).add(function.name)
    assert unasked == {path: set(reasons) for path, reasons in OPEN_DOORS.items()}


def test_pages_reach_no_door_that_relies_on_another_having_asked() -> None:
    inner = {path[:-3].replace("/", ".") for path, reasons in OPEN_DOORS.items() if ASKED in reasons.values()}
    outer = [path for path in CODE if not at(path).startswith(("services/", "db/"))]
    reached = {at(path): inner & set(imports(ast.parse(path.read_text()))) for path in outer}
    assert {path: modules for path, modules in reached.items() if modules} == {}


@pytest.mark.parametrize("path", CODE, ids=at)
def test_nothing_runs_or_draws_what_others_wrote(path: Path) -> None:
    found = set(re.findall(DANGEROUS, path.read_text()))
    assert not found or at(path) in REVIEWED, found


@pytest.mark.parametrize("path", CODE, ids=at)
def test_caches_are_in_one_file(path: Path) -> None:
    assert not re.search(r"\bcache_(?:data|resource)\b", path.read_text()) or at(path) in CACHING


@pytest.mark.parametrize("path", [path for path in CODE if at(path).startswith("services/")], ids=at)
def test_services_write_through_the_models_so_that_a_forgotten_trail_shows(path: Path) -> None:
    raw = re.findall(r"text\(\s*f?[\"']+\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE)", path.read_text(), re.IGNORECASE)
    assert raw == []


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_knows_a_machine_or_a_registry() -> None:
    machine = re.compile(r"(?<![\w.])/(?:home|root|work|Users|mnt)/\w|[A-Z]:\\Users")
    # a letter in brackets, so that this line is no find of its own
    registry = re.compile(r"pyp[i]\.org|python[h]osted|np[m]js\.(?:org|com)|artifactory|nexus\.|--(?:extra-)?index-url")
    found = []
    for path in tracked():
        if path == Path(__file__):
            continue
        try:
            said = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{at(path)}: {hit.group()}" for pattern in (machine, registry) for hit in pattern.finditer(said)]
    assert found == []
