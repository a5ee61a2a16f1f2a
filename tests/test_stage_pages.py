"""The two pages of the stage's process: the screen, and the presenter's phone."""

import datetime as dt

import pytest
from streamlit.testing.v1 import AppTest

from db.models import DisplayToken, StageName
from db.settings import ROOT, settings
from db.stage import look
from services import transaction
from services.stage import running
from services.stage.running import Stage
from tests import make, staged
from tests.staged import PHONE, SCREEN
from tests.test_stage_board import started

COOKIES = {"stage_screen": SCREEN, "stage_remote": PHONE}


@pytest.fixture
def stage(desk: str, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A process with one open link, over a desk of three matches."""
    with transaction() as session:
        programme = make.programme(session, name="Profession to Profession")
        cohort = make.cohort(session, programme, name="This year", starts_on=dt.date(2020, 1, 1))
        for day in (1, 2, 3):
            started(session, cohort, dt.date(2020, 1, day))
        staged.opened(session, programme.id)
    made = Stage(lambda: look(settings().database_url))
    made.tick()
    monkeypatch.setattr(running, "running", [made])
    return made


def opened(page: str, monkeypatch: pytest.MonkeyPatch, cookies: dict[str, str] | None = None) -> AppTest:
    """A page as a browser with these cookies opens it."""
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.cookies", COOKIES if cookies is None else cookies)
    app = AppTest.from_file(str(ROOT / "stage.py"), default_timeout=20)
    app.run()
    if page != "live":
        app.switch_page(f"pages/stage/{page}.py").run()
    assert not app.exception
    return app


def said(app: AppTest) -> list[str]:
    return [element.value for element in (*app.title, *app.header, *app.text, *app.markdown, *app.warning, *app.error)]


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def test_the_screen_shows_the_count_and_its_keys_turn_it(stage, monkeypatch) -> None:
    app = opened("live", monkeypatch)
    assert "3" in said(app)
    assert stage.show(SCREEN).scene == "count"
    press(app, "turn_next")
    assert (stage.show(SCREEN).scene, len(app.get("vega_lite_chart"))) == ("years", 1)
    press(app, "turn_partners")
    press(app, "turn_still")
    press(app, "turn_play")
    show = stage.show(SCREEN)
    assert (show.scene, show.is_still, show.is_playing) == ("partners", True, True)


@pytest.mark.parametrize("cookies", [{}, {"stage_screen": "wrong"}, {"stage_screen": PHONE}])
def test_a_screen_without_an_open_link_is_closed_and_says_no_more(stage, monkeypatch, cookies) -> None:
    app = opened("live", monkeypatch, cookies)
    assert said(app)[:1] == ["The stage is closed."]
    assert len(said(app)) == 1
    assert not app.button


def test_the_phone_shows_the_room_and_what_comes_next_and_turns_it(stage, monkeypatch) -> None:
    app = opened("remote", monkeypatch)
    assert said(app)[0] == "The count"
    assert app.button(key="turn_next").label == "Next: The years"
    press(app, "turn_next")
    assert stage.show(SCREEN).scene == "years"
    assert app.button(key="turn_next").label == "Next: The professions"
    press(app, "turn_back")
    press(app, "turn_thanks")
    assert (stage.show(SCREEN).scene, app.button(key="turn_thanks").disabled) == ("thanks", True)


def test_a_phone_with_the_screens_token_turns_nothing(stage, monkeypatch) -> None:
    app = opened("remote", monkeypatch, {"stage_remote": SCREEN})
    assert said(app)[0] == "The stage is closed."
    assert not app.button


def test_a_rehearsal_is_marked_on_the_phone_and_not_in_the_room(stage, monkeypatch) -> None:
    phone = opened("remote", monkeypatch)
    phone.selectbox(key="rehearsal_number").select(10)
    press(phone, "rehearsal_begin")
    assert "**Rehearsal.** The room sees made-up numbers up to 10. Truly it is 3 matches" in phone.error[0].value
    room = opened("live", monkeypatch)
    assert "5" in said(room)
    assert "ehears" not in repr(said(room))
    press(opened("remote", monkeypatch), "rehearsal_end")
    assert "3" in said(opened("live", monkeypatch))
    with transaction() as session:
        assert session.query(make.Match).count() == 3


def test_the_phone_says_when_the_database_does_not_answer(stage, monkeypatch) -> None:
    stage.show(SCREEN).tick(None, is_live=False)
    assert any("does not answer" in sentence for sentence in said(opened("remote", monkeypatch)))
    assert any("Last figures from" in sentence for sentence in said(opened("live", monkeypatch)))


def test_consented_names_are_shown_and_go_at_the_next_look(stage, monkeypatch) -> None:
    with transaction() as session:
        cohort = session.query(make.Cohort).first()
        event = staged.evening(session, cohort.id, "*Zoë* <b>Nguyễn</b>")
        link = session.query(DisplayToken).one()
        link.event_id = event.id
    stage.tick()
    stage.show(SCREEN).turn("thanks")
    assert "*Zoë* <b>Nguyễn</b>" in [text.value for text in opened("live", monkeypatch).text]
    with transaction() as session:
        session.delete(session.query(StageName).one())
        make._keep(session, session.query(DisplayToken).one())
    stage.tick()
    assert "Zoë" not in repr(said(opened("live", monkeypatch)))
