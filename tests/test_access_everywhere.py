"""The work around a match, function by function and role by role; and what is foreign answers like what is missing."""

import ast
import importlib
from collections.abc import Callable, Iterator
from typing import Any, Self

import pytest
from sqlalchemy import event as statements
from sqlalchemy.orm import Session

from db.models import Mentee, Role
from db.settings import ROOT
from services import audit, door, events, follow_up
from services.access import Actor
from services.door import Tap
from services.errors import NotAllowed, NotFound, ServiceError
from services.exports.calendar import calendar
from tests import asked, coached, make
from tests.test_door import held, stamp

NOBODY: frozenset[Role] = frozenset()
COORDINATOR = frozenset({Role.COORDINATOR})
COACHES = frozenset({Role.COORDINATOR, Role.COACH})
STAGING = frozenset({Role.COORDINATOR, Role.PRESENTER, Role.ADMINISTRATOR})
SETTERS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
FIGURES = frozenset({Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR})
#: Every function of these modules that takes a session, and the roles that may; nobody: the command line alone.
MAY: dict[str, dict[str, frozenset[Role]]] = {
    "services.events": {
        **dict.fromkeys(("gatherings", "one", "invited"), COACHES),
        **dict.fromkeys(("make", "change"), COORDINATOR),
    },
    "services.cancelling": dict.fromkeys(("cancel", "restore"), COORDINATOR),
    "services.invitations": dict.fromkeys(("preview", "invite", "take_back", "choices"), COORDINATOR),
    "services.two_people": dict.fromkeys(("mark", "take_back"), COORDINATOR),
    "services.people_duplicates": dict.fromkeys(("likely", "told_apart"), COORDINATOR),
    "services.door": dict.fromkeys(("door", "look", "take"), COACHES),
    "services.exports.calendar": {"calendar": COACHES},
    "services.surveys": dict.fromkeys(("of_cohort", "named", "open_one", "edit", "results"), COORDINATOR),
    "services.survey_links": dict.fromkeys(("people", "make", "end"), COORDINATOR),
    "services.follow_up": dict.fromkeys(("due", "record", "last", "take_back"), COACHES),
    "services.placing": {
        **dict.fromkeys(("participants", "add", "change", "remove"), COORDINATOR),
        "commit_to": frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    },
    "services.placements": {"placed": FIGURES},
    "services.shown": dict.fromkeys(("sees_exact", "several", "by_cohort", "split", "by_side"), FIGURES),
    "services.privacy.erasing": dict.fromkeys(("preview", "erase", "carry_out"), COORDINATOR),
    "services.privacy.personal_file": {"take_out": COORDINATOR},
    "services.privacy.retention": {
        **dict.fromkeys(("outlook", "save"), SETTERS),
        **dict.fromkeys(("due", "erase"), COORDINATOR),
    },
    "services.reads": {"note": COACHES},
    "services.privacy.replay": dict.fromkeys(("listed", "again"), COORDINATOR),
    "services.stage.links": dict.fromkeys(("links", "make_link", "revoke_link"), STAGING),
    "services.stage.occasions": dict.fromkeys(("upcoming", "find"), STAGING),
    "services.stage.findings": {"publish": STAGING},
    "services.stage.consents": {
        **dict.fromkeys(("candidates", "names", "record", "revoke", "follow", "empty_past"), COORDINATOR),
        "follow_roster": SETTERS,
    },
    "services.setup.agencies": dict.fromkeys(("agencies", "divisions", "save"), SETTERS),
    "services.setup.coaches": dict.fromkeys(("coaches", "save"), SETTERS),
    "services.setup.groups": dict.fromkeys(("groups", "usual", "save", "remove"), SETTERS),
    "services.setup.cohorts": dict.fromkeys(("cohorts", "save"), SETTERS),
    "services.setup.milestones": dict.fromkeys(("milestones", "save"), SETTERS),
    "services.setup.reminders": dict.fromkeys(("reminders", "save"), SETTERS),
    "services.setup.steps": {"lacking": frozenset(Role), "steps": ADMINISTRATOR},
    "services.accounts": {
        **dict.fromkeys(
            (
                *("create", "hand_out", "accounts", "disable", "reopen", "set_role", "set_email", "set_password"),
                "renew_password",
            ),
            ADMINISTRATOR,
        ),
        **dict.fromkeys(("is_empty", "demo_accounts"), frozenset(Role)),  # asked before anybody is known
    },
    "services.own_password": dict.fromkeys(("knock", "change"), frozenset(Role)),
    "services.trail": dict.fromkeys(("choices", "entries", "state", "size"), ADMINISTRATOR),
    "services.digest.letters": {"write": NOBODY},
    "services.digest.once": dict.fromkeys(("unsent", "claim", "confirm", "give_back", "unsure"), NOBODY),
}


def functions(module: str) -> Iterator[str]:
    """The public functions of a module that take a session first."""
    for node in ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text()).body:
        named = node.args.args if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") else []
        if named and named[0].arg == "session":
            yield node.name


def given(call: Callable[..., Any]) -> dict[str, Any]:
    """Nothing for everything that must be given, so that whoever is let in goes no further than that."""
    code = call.__code__
    names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    return {name: None for name in names if name != "by"}


@pytest.mark.parametrize("module", MAY)
def test_every_function_is_decided_for_every_role(session: Session, module: str) -> None:
    code = importlib.import_module(module)
    assert set(functions(module)) <= set(MAY[module]), "decide who may, here"
    actors = {role: make.actor(session, role) for role in Role}
    for name in functions(module):
        call = getattr(code, name)
        for role, actor in actors.items():
            assert is_let_in(session, call, actor) is (role in MAY[module][name]), (name, role)


def is_let_in(session: Session, call: Callable[..., Any], actor: Actor) -> bool:
    point = session.begin_nested()
    try:
        call(session, **given(call), by=actor)
    except NotAllowed:
        return False
    except Exception:  # noqa: BLE001 - it went on with nothing, which no function can use
        return True
    finally:
        point.rollback()
    return True


class Counted:
    """How many statements a block sends."""

    def __init__(self, session: Session) -> None:
        self.engine, self.many = session.get_bind(), 0

    def __enter__(self) -> Self:
        statements.listen(self.engine, "before_cursor_execute", self._count)
        return self

    def __exit__(self, *_: object) -> None:
        statements.remove(self.engine, "before_cursor_execute", self._count)

    def _count(self, *_: object) -> None:
        self.many += 1


ASKS: dict[str, Callable[[Session, str, Actor], object]] = {
    "one": lambda session, ref, by: events.one(session, ref, by=by),
    "invited": lambda session, ref, by: events.invited(session, ref, by=by),
    "door": lambda session, ref, by: door.door(session, ref, by=by),
    "look": lambda session, ref, by: door.look(session, ref, by=by),
    "take": lambda session, ref, by: door.take(session, ref, [Tap(person="0" * 16, came=True, at=stamp())], by=by),
    "calendar": lambda session, ref, by: calendar(session, ref, by=by),
}


@pytest.mark.parametrize("ask", ASKS)
def test_a_foreign_event_answers_like_none_in_words_and_in_work(session: Session, ask: str) -> None:
    it = held(session)  # its people are of no agency
    farah = coached.signed_in(session, coached.coach(session, make.agency(session)))
    said = [refusal(session, ASKS[ask], ref, farah) for ref in (it.ref, "0" * 16, "", "x" * 500, it.ref.upper() + "'")]
    assert len(set(said)) == 1, said
    assert said[0][0] is NotFound


def refusal(session: Session, ask: Callable[..., object], ref: str, by: Actor) -> tuple[type, str, int]:
    session.expire_all()
    with Counted(session) as counted, pytest.raises(ServiceError) as refused:
        ask(session, ref, by)
    return type(refused.value), str(refused.value), counted.many


def test_two_thousand_taps_of_strangers_are_refused_in_a_few_statements(session: Session) -> None:
    it = held(session)
    taps = [Tap(person=f"{number:016x}", came=True, at=stamp()) for number in range(2_000)]
    with Counted(session) as counted:
        assert len(door.take(session, it.ref, taps, by=it.cora).refused) == len(taps)
    assert counted.many < 20


def test_a_mentee_who_went_to_another_agency_is_named_to_no_coach_who_asked_them_before(session: Session) -> None:
    programme, cohort = coached.programme_and_cohort(session)
    whose = coached.coach(session, make.agency(session))
    (match,) = asked.ended(session, cohort, whose)
    mentee = session.get_one(Mentee, match.mentee_id)
    farah = coached.signed_in(session, whose)
    follow_up.record(session, mentee.ref, "looking", by=farah, programme_id=programme.id)
    audit.close(session)
    assert mentee.last_name in (follow_up.last(session, by=farah) or "")
    mentee.agency_id = make.agency(session).id
    session.flush()
    assert follow_up.last(session, by=farah) is None
    said = []
    for act in (
        lambda: follow_up.take_back(session, by=farah),
        lambda: follow_up.record(session, mentee.ref, "looking", by=farah, programme_id=programme.id),
        lambda: follow_up.record(session, "0" * 16, "looking", by=farah, programme_id=programme.id),
    ):
        with pytest.raises(NotFound) as refused:
            act()
        said.append(str(refused.value))
    assert set(said) == {follow_up.NO_SUCH}
