"""The links that open the stage: a screen's and a phone's, kept by nobody, ended at once, made on Milestones."""

import datetime as dt
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest

from db.models import DisplayToken, Event, Role, TrailEntry
from db.settings import Settings
from services import audit, cancelling, clock, events, reading, transaction
from services.access import OPERATOR
from services.errors import Invalid, NotAllowed, NotFound, SignedOut
from services.stage import links, occasions
from tests import coached, make
from tests.pages import Open, opened, signed_in
from tests.test_door import draft

__all__ = ["opened"]
MILESTONES = "pages/story/milestones.py"
MAY_OPEN = {Role.COORDINATOR, Role.PRESENTER, Role.ADMINISTRATOR}


@pytest.fixture
def cohort(any_desk: str):
    with transaction() as session:
        return coached.programme_and_cohort(session)[1]


def recognition(session: Session, cohort, **given) -> str:
    """A recognition event of tomorrow, unless said otherwise; its ref."""
    usual = {"kind": "recognition", "name": "Recognition evening", "day": make.today() + dt.timedelta(days=1)}
    return events.make(session, cohort.programme_id, draft(cohort.name, **{**usual, **given}), by=OPERATOR).ref


def link(hours: int = 12, event: str | None = None) -> tuple[links.Link, str, str]:
    with transaction() as session:
        return links.make_link(session, by=OPERATOR, label="Council chamber", hours=hours, event_ref=event)


def sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def test_a_link_has_a_token_for_the_screen_and_one_for_the_phone_and_neither_is_kept(cohort) -> None:
    made, screen, remote = link()
    with reading() as session:
        row = session.query(DisplayToken).one()
        assert (row.token_hash, row.remote_hash) == (sha256(screen), sha256(remote))
        assert [shown.ref for shown in links.links(session, by=OPERATOR)] == [made.ref]
        kept = repr([vars(row), vars(made)])
    assert screen != remote
    assert screen not in kept
    assert remote not in kept


def test_the_addresses_lead_to_the_stage_and_carry_nothing_but_the_token(cohort) -> None:
    _, screen, remote = link()
    for address, path, token in (
        (links.address(screen), "/", screen),
        (links.remote_address(remote), "/remote", remote),
    ):
        parts = urlsplit(address)
        assert (parts.scheme, parts.netloc, parts.path) == ("http", "localhost:8502", path)
        assert parse_qs(parts.query) == {"token": [token]}


@pytest.mark.parametrize(
    ("said", "stage"),
    [
        ({}, "http://localhost:8502"),
        ({"MATCHDESK_URL": "https://desk.city.example"}, "https://desk.city.example:8502"),
        ({"MATCHDESK_URL": "http://127.0.0.1:8651/", "MATCHDESK_STAGE_PORT": "9001"}, "http://127.0.0.1:9001"),
        ({"MATCHDESK_STAGE_URL": "https://stage.city.example"}, "https://stage.city.example"),
    ],
)
def test_the_stage_stands_beside_the_desk_unless_it_is_named(monkeypatch, said: dict[str, str], stage: str) -> None:
    for name in ("MATCHDESK_URL", "MATCHDESK_STAGE_URL", "MATCHDESK_STAGE_PORT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    assert Settings().stage_url == stage


def test_a_link_that_was_ended_opens_neither_screen_nor_phone_at_once(cohort) -> None:
    made, _, _ = link()
    with transaction() as session:
        links.revoke_link(session, made.ref, by=OPERATOR)
        links.revoke_link(session, made.ref, by=OPERATOR)
    with reading() as session:
        assert links.links(session, by=OPERATOR) == []
        assert session.query(DisplayToken.revoked_at).scalar() is not None


def test_a_link_runs_out_by_itself(cohort, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _, _ = link(hours=4)
    assert made.expires_at - made.created_at < dt.timedelta(hours=4, seconds=1)
    later = clock.now() + dt.timedelta(hours=4, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with reading() as session:
        assert links.links(session, by=OPERATOR) == []


def test_making_and_ending_a_link_leaves_its_trail_without_its_label(cohort) -> None:
    with transaction() as session:
        ref = recognition(session, cohort)
        number = session.query(Event.id).scalar()
    made, _, _ = link(event=ref)
    with transaction() as session:
        links.revoke_link(session, made.ref, by=OPERATOR)
    with reading() as session:
        rows = session.query(TrailEntry).filter_by(entity="display_token").order_by(TrailEntry.seq).all()
        assert [(row.action, row.detail) for row in rows] == [
            ("open stage link", {"hours": 12, "event": number}),
            ("revoke stage link", {}),
        ]
        assert audit.verify(session) == []


@pytest.mark.parametrize(("label", "hours"), [("", 12), ("   ", 12), ("x" * 81, 12), ("Hall", 0), ("Hall", 337)])
def test_a_link_needs_a_name_and_an_end(cohort, label: str, hours: int) -> None:
    with pytest.raises(Invalid), transaction() as session:
        links.make_link(session, by=OPERATOR, label=label, hours=hours)


def test_a_link_shows_names_of_a_recognition_event_to_come_and_of_no_other(cohort) -> None:
    with transaction() as session:
        ref = recognition(session, cohort)
        refused = [
            recognition(session, cohort, kind="workshop"),
            recognition(session, cohort, day=make.today() - dt.timedelta(days=2)),
            recognition(session, coached.programme_and_cohort(session)[1]),  # of another programme
            cancelled := recognition(session, cohort),
            "0" * 16,
        ]
        cancelling.cancel(session, cancelled, 0, by=OPERATOR)
        assert [one.ref for one in occasions.upcoming(session, by=OPERATOR)] == [ref]
    for other in refused:
        with pytest.raises(NotFound, match="no such recognition event"):
            link(event=other)
    made, _, _ = link(event=ref)
    tomorrow = make.today() + dt.timedelta(days=1)
    assert made.names_of == f"Recognition evening, {tomorrow.day} {tomorrow:%B %Y}"
    with reading() as session:
        number = session.query(Event.id).filter_by(ref=ref).scalar()
        assert [one.names_of for one in links.links(session, by=OPERATOR)] == [made.names_of]
        assert session.query(DisplayToken.event_id).scalar() == number


@pytest.mark.parametrize("role", Role)
def test_who_may_open_links(desk: str, role: Role) -> None:
    with transaction() as session:
        make.cohort(session)
        who = make.actor(session, role)
    deeds = (
        lambda s: links.links(s, by=who),
        lambda s: occasions.upcoming(s, by=who),
        lambda s: links.make_link(s, by=who, label="Hall"),
        lambda s: links.revoke_link(s, "0", by=who),
    )
    for deed in deeds:
        refused = False
        try:
            with transaction() as session:
                deed(session)
        except (NotAllowed, NotFound) as no:
            refused = isinstance(no, NotAllowed)
        assert refused is (role not in MAY_OPEN)


def test_an_ended_sign_in_opens_no_link(desk: str) -> None:
    with transaction() as session:
        make.cohort(session)
        who = make.actor(session)
        session.execute(text("UPDATE login_session SET revoked_at = created_at"))
        with pytest.raises(SignedOut):
            links.make_link(session, by=who, label="Hall")


def codes(page: AppTest) -> list[str]:
    return [code.value for code in page.code]


def click(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click()
    return page.run()


def test_the_milestones_page_shows_both_links_once_as_text_and_as_qr_codes(opened: Open) -> None:
    page = opened(MILESTONES, Role.PRESENTER)
    assert page.header[0].value == "Stage"  # for presenters it stands at the top
    page.text_input[0].input("Hall *A*")
    event = next(box for box in page.selectbox if box.label == "Whose names may it show?")
    assert event.value is None
    with reading() as session:
        event.select(occasions.upcoming(session, by=OPERATOR)[0].ref)
    click(page, "Open the stage")
    assert not page.exception
    screen, remote = codes(page)
    assert screen.startswith("http://localhost:8502/?token=")
    assert remote.startswith("http://localhost:8502/remote?token=")
    pictures = [image for group in page.get("image") for image in group.proto.imgs]
    assert [image.alt for image in pictures] == [
        "QR code that opens the stage for Hall *A*",
        "QR code that opens the page that turns the scenes for Hall *A*",
    ]
    assert [button.proto.url for button in page.get("link_button")] == [screen, remote]
    assert any("Recognition event" in words.value for words in page.markdown if "**Hall" in words.value)
    page.run()
    assert codes(page) == []


def test_a_link_ends_with_one_click_on_the_page(opened: Open) -> None:
    page = opened(MILESTONES, Role.ADMINISTRATOR)
    page.text_input[0].input("Hall")
    click(page, "Open the stage")
    click(page, "End")
    assert not page.exception
    assert codes(page) == []
    with reading() as session:
        assert links.links(session, by=OPERATOR) == []


def test_a_link_without_a_screen_is_refused_in_a_sentence(opened: Open) -> None:
    page = click(opened(MILESTONES, Role.PRESENTER), "Open the stage")
    assert any("Name the screen" in warning.value for warning in page.warning)
    assert codes(page) == []


@pytest.mark.parametrize("role", [Role.COACH, Role.MANAGER])
def test_a_coach_and_a_manager_are_offered_no_links(desk: str, role: Role) -> None:
    with transaction() as session:
        make.cohort(session)
    page = signed_in(role, MILESTONES)
    assert not page.text_input
    assert not any(button.label == "Open the stage" for button in page.button)
