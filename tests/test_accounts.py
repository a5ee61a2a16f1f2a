"""Accounts: made, changed and closed by administrators, on the page and at the command line."""

import json

import bcrypt
import pytest
from typer.testing import CliRunner

from db.models import Account, Role
from services import accounts, passwords, reading, transaction
from services.__main__ import app
from services.access import OPERATOR, Actor, signed_in
from services.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError
from tests import make

WORDS = "seven green kettles"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_ROUNDS", 4)


def create(session, by: Actor = OPERATOR, **given) -> accounts.AccountLine:
    asked = {"username": "cora", "name": "Cora Lindqvist", "role": Role.COORDINATOR, "password": WORDS, **given}
    return accounts.create(session, by=by, **asked)


def run(*words: str, typed: str = WORDS + "\n"):
    return CliRunner().invoke(app, ["account", *words], input=typed)


def test_an_account_keeps_its_password_as_a_hash(session) -> None:
    made = create(session, password=f"  {WORDS} ")
    kept = session.get(Account, made.id).password_hash
    assert bcrypt.checkpw(passwords.prepared(WORDS).encode(), kept.encode())


@pytest.mark.parametrize("password", ["", "fourteen chars", " " * 40, "x" * 1001])
def test_a_short_or_endless_password_is_refused(session, password: str) -> None:
    with pytest.raises(Invalid, match="at least 15 characters"):
        create(session, password=password)


def test_no_part_of_a_long_password_is_ignored(session) -> None:
    kept = passwords.hashed("李" * 64 + "a").encode()
    assert bcrypt.checkpw(passwords.prepared("李" * 64 + "a").encode(), kept)
    assert not bcrypt.checkpw(passwords.prepared("李" * 64 + "b").encode(), kept)


def test_two_ways_to_write_a_letter_are_one_password() -> None:
    assert passwords.prepared("Jose\u0301 and his kettles") == passwords.prepared("Jos\u00e9 and his kettles")


@pytest.mark.parametrize("username", ["", "a", "two words", "josé", "x" * 101, "-a"])
def test_a_username_that_is_hard_to_type_is_refused(session, username: str) -> None:
    with pytest.raises(Invalid, match="username"):
        create(session, username=username)


def test_a_username_is_taken_in_any_case(session) -> None:
    create(session)
    with pytest.raises(Conflict, match="already"):
        create(session, username=" CORA ")


def test_a_coach_needs_a_known_agency(session) -> None:
    make.agency(session, "Northview")
    with pytest.raises(Invalid, match="say which"):
        create(session, role=Role.COACH)
    with pytest.raises(NotFound, match="Northview"):
        create(session, role=Role.COACH, agency="Southview")
    assert create(session, role=Role.COACH, agency="northview").agency == "Northview"


def test_only_coaches_have_an_agency(session) -> None:
    make.agency(session, "Northview")
    with pytest.raises(Invalid, match="Only coaches"):
        create(session, agency="Northview")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_touches_accounts(session, role: Role) -> None:
    by = make.actor(session, role)
    for act in (
        lambda: create(session, by),
        lambda: accounts.accounts(session, by),
        lambda: accounts.disable(session, by=by, username="x"),
        lambda: accounts.set_role(session, by=by, username="x", role=Role.ADMINISTRATOR),
        lambda: accounts.set_password(session, by=by, username="x", password=WORDS),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_an_administrator_lists_accounts_by_username(session) -> None:
    by = make.actor(session, Role.ADMINISTRATOR, username="zoe")
    create(session, by)
    assert [line.username for line in accounts.accounts(session, by)] == ["cora", "zoe"]


def test_closing_an_account_ends_its_sign_ins(session) -> None:
    cora = make.actor(session, username="cora")
    accounts.disable(session, by=OPERATOR, username="Cora")
    assert signed_in(session, cora.login_ref) is None


def test_a_new_password_ends_the_sign_ins_made_with_the_old_one(session) -> None:
    cora = make.actor(session, username="cora")
    accounts.set_password(session, by=OPERATOR, username="cora", password=WORDS)
    assert signed_in(session, cora.login_ref) is None


def test_another_role_holds_from_the_next_click(session) -> None:
    cora = make.actor(session, username="cora")
    accounts.set_role(session, by=OPERATOR, username="cora", role=Role.MANAGER)
    assert signed_in(session, cora.login_ref).role is Role.MANAGER


def test_the_last_administrator_stays(session) -> None:
    create(session, username="ada", role=Role.ADMINISTRATOR)
    with pytest.raises(Conflict, match="last administrator"):
        accounts.disable(session, by=OPERATOR, username="ada")
    with pytest.raises(Conflict, match="last administrator"):
        accounts.set_role(session, by=OPERATOR, username="ada", role=Role.MANAGER)
    create(session, username="bea", role=Role.ADMINISTRATOR)
    accounts.disable(session, by=OPERATOR, username="ada")


def test_an_unknown_account_is_not_found(session) -> None:
    with pytest.raises(NotFound, match="«nobody»"):
        accounts.disable(session, by=OPERATOR, username="nobody")


@pytest.mark.parametrize(
    ("programmes", "shown"), [([], False), ([True], True), ([True, False], False), ([False], False)]
)
def test_passwords_are_shown_in_a_demo_and_nowhere_else(session, monkeypatch, programmes, shown) -> None:
    known = (("cora", "Cora", Role.COORDINATOR, WORDS), ("gone", "G", Role.COACH, WORDS))
    monkeypatch.setattr(accounts, "DEMO_ACCOUNTS", known)
    create(session)
    for is_demo in programmes:
        make.programme(session, is_demo=is_demo)
    assert [account.username for account in accounts.demo_accounts(session)] == (["cora"] if shown else [])


def test_the_first_administrator_is_made_at_the_command_line(desk: str) -> None:
    done = run("create", "--username", "ada", "--name", "Ada", "--role", "administrator", "--password-stdin")
    assert (done.exit_code, done.stdout) == (0, "Ada can sign in as «ada», administrator.\n")
    listed = json.loads(run("list", "--json").stdout)
    assert [(line["username"], line["role"]) for line in listed] == [("ada", "administrator")]


def test_a_password_is_asked_for_twice(desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([WORDS, WORDS + "!"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))
    done = run("create", "--username", "ada", "--name", "Ada", "--role", "administrator")
    assert done.exit_code == 1
    assert "differ" in done.stderr
    with reading() as session:
        assert accounts.is_empty(session)


def test_the_command_line_changes_and_closes_accounts(desk: str) -> None:
    with transaction() as session:
        create(session)
    assert run("role", "--username", "cora", "--role", "manager").exit_code == 0
    assert run("password", "--username", "cora", "--password-stdin", typed="another long passphrase\n").exit_code == 0
    assert run("disable", "--username", "cora").exit_code == 0
    assert "cora: Cora Lindqvist, manager, closed" in run("list").stdout


def test_a_refusal_at_the_command_line_is_one_sentence(desk: str) -> None:
    done = run("disable", "--username", "nobody")
    assert done.exit_code == 1
    assert done.stderr == "There is no account «nobody». See: matchdesk account list\n"


def test_refusals_never_repeat_a_password(session) -> None:
    with pytest.raises(ServiceError) as refused:
        create(session, password="hunter2")
    assert "hunter2" not in str(refused.value)
