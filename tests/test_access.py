"""Who may do what: the matrix written out again cell by cell, and how fast a change of it bites."""

import datetime as dt

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import Account, LoginSession, Role
from services import audit, clock
from services.access import OPERATOR, Actor, Permission, authorise, signed_in, visible_mentees
from services.errors import NotAllowed, SignedOut
from tests import make

ROLES = (Role.ADMINISTRATOR, Role.COORDINATOR, Role.COACH, Role.MANAGER, Role.PRESENTER)
YES, NO = True, False
#: In the order of ROLES.
TABLE = {
    Permission.REVIEW_MATCHES: (NO, YES, NO, NO, NO),
    Permission.DECIDE_MATCHES: (NO, YES, NO, NO, NO),
    Permission.PROPOSE_MATCHES: (NO, YES, NO, NO, NO),
    Permission.SET_WEIGHTS: (NO, YES, NO, NO, NO),
    Permission.KEEP_SPECIALITIES: (NO, YES, NO, NO, NO),
    Permission.SET_PROGRAMME: (YES, YES, NO, NO, NO),
    Permission.IMPORT_FILES: (YES, YES, NO, NO, NO),
    Permission.SEE_OWN_AGENCY: (NO, NO, YES, NO, NO),
    Permission.SEE_PEOPLE: (NO, YES, NO, NO, NO),
    Permission.READ_FILES: (NO, YES, YES, NO, NO),
    Permission.EDIT_PEOPLE: (NO, YES, NO, NO, NO),
    Permission.ERASE_PEOPLE: (NO, YES, NO, NO, NO),
    Permission.TAKE_OUT_FILES: (NO, YES, NO, NO, NO),
    Permission.SEE_CASELOAD: (NO, YES, NO, NO, NO),
    Permission.LOG_CONTACTS: (NO, YES, YES, NO, NO),
    Permission.HAND_OVER: (NO, YES, NO, NO, NO),
    Permission.FOLLOW_UP: (NO, YES, YES, NO, NO),
    Permission.KEEP_SURVEYS: (NO, YES, NO, NO, NO),
    Permission.KEEP_EVENTS: (NO, YES, NO, NO, NO),
    Permission.TAKE_ATTENDANCE: (NO, YES, YES, NO, NO),
    Permission.SEE_MILESTONES: (YES, YES, YES, YES, YES),
    Permission.SEE_FIGURES: (YES, YES, NO, YES, NO),
    Permission.SEE_EXACT_FIGURES: (NO, YES, NO, NO, NO),
    Permission.SEE_ROWS: (NO, YES, NO, NO, NO),
    Permission.SEE_FACT_SHEET: (YES, YES, NO, YES, NO),
    Permission.OPEN_STAGE_LINKS: (YES, YES, NO, NO, YES),
    Permission.KEEP_CONSENTS: (NO, YES, NO, NO, NO),
    Permission.MANAGE_ACCOUNTS: (YES, NO, NO, NO, NO),
    Permission.CHANGE_OWN_PASSWORD: (YES, YES, YES, YES, YES),
    Permission.READ_TRAIL: (YES, NO, NO, NO, NO),
    Permission.SEND_MAIL: (NO, NO, NO, NO, NO),
}
CELLS = [(role, what, may) for what, row in TABLE.items() for role, may in zip(ROLES, row, strict=True)]


def change(session: Session, kind: type, number: int, **given: object) -> None:
    session.query(kind).filter_by(id=number).update(given)
    audit.record(session, OPERATOR, "changed for a test", kind.__tablename__, number)


def test_the_table_here_has_every_role_and_every_permission() -> None:
    assert set(TABLE) == set(Permission)
    assert set(ROLES) == set(Role)


@pytest.mark.parametrize(("role", "what", "may"), CELLS, ids=lambda cell: getattr(cell, "name", str(cell)))
def test_each_role_may_exactly_what_the_matrix_says(
    session: Session, role: Role, what: Permission, *, may: bool
) -> None:
    actor = make.actor(session, role)
    assert actor.may(what) is may
    if may:
        assert authorise(session, actor, what) == actor
    else:
        with pytest.raises(NotAllowed, match="Your account may not"):
            authorise(session, actor, what)


@pytest.mark.parametrize("what", Permission)
def test_nobody_without_a_role_may_anything(session: Session, what: Permission) -> None:
    nobody = Actor("nobody")
    assert not nobody.may(what)
    with pytest.raises(SignedOut):
        authorise(session, nobody, what)


@pytest.mark.parametrize("what", Permission)
def test_the_command_line_on_the_server_may_everything(session: Session, what: Permission) -> None:
    assert authorise(session, OPERATOR, what) is OPERATOR


def test_a_disabled_account_is_signed_out_at_its_next_click(session: Session) -> None:
    cora = make.actor(session)
    change(session, Account, cora.account_id, disabled_at=clock.now())
    with pytest.raises(SignedOut, match="nothing was changed"):
        authorise(session, cora, Permission.DECIDE_MATCHES)


@pytest.mark.parametrize("ending", ["revoked_at", "expires_at"])
def test_a_login_revoked_or_past_its_time_is_signed_out(session: Session, ending: str) -> None:
    cora = make.actor(session)
    login = session.query(LoginSession).filter_by(ref=cora.login_ref).one()
    change(session, LoginSession, login.id, **{ending: clock.now() - dt.timedelta(seconds=1)})
    with pytest.raises(SignedOut):
        authorise(session, cora, Permission.DECIDE_MATCHES)


def test_a_login_ends_on_the_second(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    cora = make.actor(session)
    ends = session.query(LoginSession).filter_by(ref=cora.login_ref).one().expires_at
    monkeypatch.setattr(clock, "now", lambda: ends - dt.timedelta(seconds=1))
    assert signed_in(session, cora.login_ref) == cora
    monkeypatch.setattr(clock, "now", lambda: ends)
    assert signed_in(session, cora.login_ref) is None


def test_a_changed_role_bites_although_the_page_still_holds_the_old_one(session: Session) -> None:
    cora = make.actor(session)
    change(session, Account, cora.account_id, role=Role.MANAGER)
    assert cora.may(Permission.DECIDE_MATCHES)
    with pytest.raises(NotAllowed, match="may not decide matches"):
        authorise(session, cora, Permission.DECIDE_MATCHES)
    assert authorise(session, cora, Permission.SEE_MILESTONES).role is Role.MANAGER


def test_a_made_up_actor_gains_nothing(session: Session) -> None:
    coach, cora = make.actor(session, Role.COACH), make.actor(session)
    for forged in (
        Actor(coach.name, coach.account_id, Role.ADMINISTRATOR, None, coach.login_ref),
        Actor(cora.name, cora.account_id, Role.COORDINATOR, None, coach.login_ref),
        Actor(cora.name, cora.account_id, Role.COORDINATOR, None, None),
        Actor(cora.name, cora.account_id, Role.COORDINATOR, None, "0" * 16),
    ):
        with pytest.raises(NotAllowed):
            authorise(session, forged, Permission.DECIDE_MATCHES)


def test_a_coach_knows_of_the_own_agencys_mentees_only(session: Session) -> None:
    group, ours, theirs = make.group(session), make.agency(session), make.agency(session)
    coach, other = (make.actor(session, Role.COACH, agency_id=agency.id) for agency in (ours, theirs))
    mine = make.mentee(session, group, agency_id=ours.id)
    foreign = make.mentee(session, group, agency_id=theirs.id)
    unsent = make.mentee(session, group)
    assert session.scalars(visible_mentees(coach)).all() == [mine]
    assert session.scalars(visible_mentees(other)).all() == [foreign]
    assert session.scalars(visible_mentees(make.actor(session)).order_by("id")).all() == [mine, foreign, unsent]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.PRESENTER, Role.ADMINISTRATOR])
def test_no_other_role_knows_of_any_mentee(session: Session, role: Role) -> None:
    make.mentee(session, make.group(session))
    assert session.scalars(visible_mentees(make.actor(session, role))).all() == []


@pytest.mark.parametrize(("role", "agency"), [(Role.COACH, None), (Role.MANAGER, 1)])
def test_coaches_and_only_coaches_belong_to_an_agency(session: Session, role: Role, agency: int | None) -> None:
    make.agency(session)
    with pytest.raises(IntegrityError, match="coach_has_agency"), session.begin_nested():
        make.account(session, role, agency_id=agency)


def test_a_coach_whose_agency_withdraws_its_agreement_is_signed_out(session: Session) -> None:
    agency = make.agency(session)
    coach = make.actor(session, Role.COACH, agency_id=agency.id)
    assert signed_in(session, coach.login_ref)
    agency.agreement_on = None
    audit.record(session, OPERATOR, "changed for a test", "agency", agency.id)
    session.flush()
    assert signed_in(session, coach.login_ref) is None
