"""The digest: who gets which mail, and what stands in it."""

import datetime as dt
import json
import re

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.models import Account, Agency, Match, Mentee, Mentor, Role
from db.settings import settings as desk_settings
from services import caseload_access, follow_up, owed, programmes, reading
from services.access import OPERATOR, addressee, authorise
from services.counting import figures
from services.counting.figure import Scope
from services.digest import layout, letters
from services.errors import NotAllowed, SignedOut
from tests import asked, coached, make
from tests.mailbox import Box, body, running
from tests.sending import box, desk_of_coaches, run, stored, written

__all__ = ["box"]

#: By the parts of a coordinator's mail: the figures that they are.
FIGURES = {
    "without a coach": "uncovered",
    "check-ins overdue": "contacts_overdue",
    "quiet": "quiet",
    "to close": "to_close",
}


@pytest.mark.usefixtures("demo_desk")
def test_no_name_stands_in_a_subject_or_on_the_terminal(box: Box) -> None:
    with running(box):
        done = run()
    for mail in box.mails:
        assert re.fullmatch(r"Match Desk: (?:[\d,]+ [a-z -]+?(?:, | and |$))+", mail["Subject"])
        assert mail["To"] in box.to
        assert mail["Auto-Submitted"] == "auto-generated"
    dry = run("--dry-run")
    with reading() as session:
        people = session.execute(select(Mentee.last_name, Mentee.first_name)).all()
        staff = session.execute(select(Account.name, Account.email)).all()
    for text in (done.output, dry.output, *(mail["Subject"] for mail in box.mails)):
        said = set(re.findall(r"\w+", text))
        assert not said.intersection({last for last, _ in people})
        assert not any(name in text or str(address) in text for name, address in staff)


@pytest.mark.usefixtures("demo_desk")
def test_every_number_of_a_mail_is_that_of_the_figures_and_of_the_page() -> None:
    with reading() as session:
        programme = programmes.main(session)
        scope = Scope(programme.id, programmes.today(session, programme.id))
        for letter in letters.write(session, by=OPERATOR).letters:
            (chapter,) = letter.chapters
            many = {part.short: part.many for part in chapter.parts}
            if letter.role is Role.COORDINATOR:
                assert {short: many.get(short, 0) for short in FIGURES} == {
                    short: figures.figure(session, scope, name).count for short, name in FIGURES.items()
                }
            else:
                reader = addressee(session, letter.account_id)
                rows = owed.owed(session, by=reader, programme_id=programme.id).rows
                mine = rows[rows["is_mine"]]["urgency"].value_counts()
                to_ask = follow_up.due(session, by=reader, programme_id=programme.id)
                assert many.pop("follow-ups overdue", 0) == to_ask.overdue
                many.pop("follow-ups due this week", None)
                assert many == {
                    short: int(mine[urgency]) for urgency, (_, short) in letters._OWED.items() if urgency in mine.index
                }
                assert 0 < len(chapter.parts[0].lines) <= letters.MOST


def _names() -> Select[str]:
    return select(Mentee.first_name + " " + Mentee.last_name)


@pytest.mark.usefixtures("demo_desk")
def test_a_coachs_mail_names_nobody_of_another_agency(box: Box) -> None:
    with running(box):
        run()
    with reading() as session:
        programme = programmes.main(session)
        day = programmes.today(session, programme.id)
        for mail in box.mails:
            account = session.scalars(select(Account).where(Account.email == mail["To"])).one()
            if account.role is not Role.COACH:
                continue
            said = body(mail) + body(mail, "html")
            own = caseload_access.matches(addressee(session, account.id), programme.id, day)
            theirs = set(session.scalars(own.with_only_columns(Match.ref)))
            refs = set(re.findall(r"match=(\w+)", said))
            assert refs
            assert refs <= theirs
            visible = Mentee.id.in_(own.with_only_columns(Match.mentee_id))
            ours, others = (set(session.scalars(_names().where(one))) for one in (visible, ~visible))
            assert ours & set(re.findall(r"- (.+?) with ", said))
            assert not [name for name in others - ours if f"{name} with" in said]
            agencies = session.scalars(select(Agency.name).where(Agency.id != account.agency_id))
            assert not [name for name in agencies if name in said]


@pytest.mark.usefixtures("demo_desk")
def test_links_lead_into_the_desk_and_every_one_to_a_match_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHDESK_URL", "https://desk.example/")
    desk_settings.cache_clear()
    with reading() as session:
        refs = set(session.scalars(select(Match.ref)))
    for letter in written():
        links = re.findall(r"https?://\S+", layout.text(letter))
        assert all(link.startswith("https://desk.example/") for link in links)
        assert set(re.findall(r"match=(\w+)", " ".join(links))) <= refs
        assert {link.split("/")[3].partition("?")[0] for link in links} <= {
            *("caseload", "matches", "match-review", "outcomes")
        }


def test_follow_ups_are_told_to_the_agencys_coaches_by_name_and_to_coordinators_as_a_count(session: Session) -> None:
    programme, cohort = coached.programme_and_cohort(session)
    ours, theirs = (coached.coach(session, make.agency(session)) for _ in range(2))
    late, this_week, later = (asked.ended(session, cohort, ours, ago=ago)[0] for ago in (200, 180, 160))
    asked.ended(session, cohort, theirs, ago=210)
    for k, coach in enumerate((ours, theirs)):
        given = {"agency_id": coach.agency_id, "coach_id": coach.id, "email": f"coach{k}@example.org"}
        make.account(session, Role.COACH, **given)
    make.account(session, email="cora@example.org")
    mine, _, coordinators = letters.write(session, by=OPERATOR).letters
    people = [session.get(Mentee, match.mentee_id) for match in (late, this_week, later)]
    assert mine.subject == "Match Desk: 1 follow-ups overdue and 1 follow-ups due this week"
    parts = mine.chapters[0].parts
    assert [[line.who for line in part.lines] for part in parts] == [
        [f"{one.first_name} {one.last_name}"] for one in people[:2]
    ]
    assert [part.lines[0].link.partition("/outcomes")[2] for part in parts] == [
        f"?mentee={one.ref}" for one in people[:2]
    ]
    assert "days late" in parts[0].lines[0].why
    (part,) = coordinators.chapters[0].parts
    assert (part.title, part.many, part.lines) == ("Follow-ups overdue", 2, ())
    assert part.link.endswith("/outcomes")
    assert part.many == follow_up.due(session, by=make.actor(session), programme_id=programme.id).overdue
    far = letters.write(session, by=OPERATOR, on_day=make.today() + dt.timedelta(days=25)).letters[0]
    assert {part.short: part.many for part in far.chapters[0].parts} == {"follow-ups overdue": 3}


def test_whom_nothing_is_due_who_is_closed_and_who_has_no_address_get_none(session: Session, box: Box) -> None:
    _, cohort = coached.programme_and_cohort(session)
    busy, idle = (coached.coach(session, make.agency(session)) for _ in range(2))
    coached.running(session, cohort, busy, 1)
    coached.running(session, cohort, idle, 1, days=3)
    of_busy = {"agency_id": busy.agency_id, "coach_id": busy.id}
    make.account(session, Role.COACH, **of_busy, email="busy@example.org")
    make.account(session, Role.COACH, **of_busy)
    gone = make.account(session, Role.COACH, **of_busy, email="closed@example.org")
    gone.disabled_at = gone.created_at
    make.account(session, Role.COACH, agency_id=idle.agency_id, coach_id=idle.id, email="idle@example.org")
    for role in (Role.MANAGER, Role.ADMINISTRATOR, Role.PRESENTER):
        make.account(session, role, email=f"{role.value}@example.org")
    found = letters.write(session, by=OPERATOR)
    assert [letter.to for letter in found.letters] == ["busy@example.org"]
    assert (found.nothing_due, found.no_address) == (1, 1)
    session.get(Agency, busy.agency_id).agreement_on = None
    session.flush()
    assert letters.write(session, by=OPERATOR).letters == ()


def test_a_name_that_looks_like_html_is_escaped_and_stays_one_line(session: Session) -> None:
    desk_of_coaches(session, 1)
    mentee = session.scalars(select(Mentee)).first()
    mentee.first_name, mentee.last_name = "<img src=x>\u202e\x1b", 'O"Neil & Co\nBcc: x@example.org'
    session.flush()
    letter = letters.write(session, by=OPERATOR).letters[0]
    made = layout.message(letter, "desk@example.org")
    html = body(made, "html")
    assert "<img" not in html
    assert "&lt;img src=x&gt; O&#34;Neil &amp; Co Bcc: x@example.org" in html
    assert '- <img src=x> O"Neil & Co Bcc: x@example.org with' in body(made)
    assert made["Bcc"] is None


@pytest.mark.usefixtures("demo_desk")
def test_a_dry_run_sends_and_stores_nothing_and_names_people_only_when_asked() -> None:
    dry, shown = run("--dry-run"), run("--dry-run", "--show")
    assert (dry.exit_code, shown.exit_code) == (0, 0)
    assert "2 to coaches, 2 to coordinators." in dry.output
    assert "Nothing was sent." in dry.output
    assert "farah@example.org" in shown.output
    assert "with" in shown.output
    assert stored() == []
    said = json.loads(run("--dry-run", "--json").output)
    assert said == {"coaches": 2, "coordinators": 2, "nothing_due": 0, "no_address": 0}


@pytest.mark.usefixtures("demo_desk")
def test_a_day_to_come_can_be_looked_at_and_no_other_day_is_sent(box: Box) -> None:
    far = f"{make.DEMO_DAY.replace(year=make.DEMO_DAY.year + 1)}"
    assert f"Mails of {far}" in run("--dry-run", "--day", far).output
    for words, said in (
        (("--day", far), "Only today's digest is sent"),
        (("--dry-run", "--day", "2020-01-01"), "has passed"),
        (("--show",), "goes with --dry-run"),
    ):
        refused = run(*words)
        assert refused.exit_code == 1
        assert said in refused.stderr
    assert box.mails == []


def test_only_the_command_line_sends_mail_and_an_addressee_may_no_more_than_the_account(session: Session) -> None:
    cora, maya = make.actor(session), make.actor(session, Role.MANAGER)
    for actor in (cora, maya, make.actor(session, Role.ADMINISTRATOR), addressee(session, cora.account_id)):
        with pytest.raises(NotAllowed):
            letters.write(session, by=actor)
    reader = addressee(session, maya.account_id)
    with pytest.raises(NotAllowed):
        owed.owed(session, by=reader, programme_id=1)
    account = session.get(Account, cora.account_id)
    reader = addressee(session, account.id)
    account.disabled_at = account.created_at
    session.flush()
    assert addressee(session, account.id) is None
    with pytest.raises(SignedOut):
        authorise(session, reader, next(iter(letters.Permission)))


def test_mentors_are_named_as_little_as_mentees(session: Session) -> None:
    desk_of_coaches(session, 1)
    letter = letters.write(session, by=OPERATOR).letters[0]
    mentor = session.scalars(select(Mentor)).first()
    assert mentor.last_name in layout.text(letter)
    assert mentor.last_name not in letter.subject
    assert letter.subject == "Match Desk: 2 overdue"
