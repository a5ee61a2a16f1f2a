"""The Events page as coordinators and coaches open it."""

from db.models import Role
from services.event_access import NO_SUCH
from tests.pages import opened, words  # noqa: F401  a fixture

PAGE = "pages/desk/events.py"


def test_a_coordinator_sees_what_comes_and_opens_an_event_and_its_door(opened) -> None:  # noqa: F811
    page = opened(PAGE)
    coming = [button for button in page.button if (button.key or "").startswith("owed_event_")]
    assert len(coming) > 1
    coming[0].click().run()
    assert not page.exception
    assert {metric.label for metric in page.metric} >= {"Invited", "Came"}
    page.button(key="event_invite").click().run()
    assert not page.exception
    door = opened(PAGE, event=page.query_params["event"], door="1")
    assert not door.exception
    assert NO_SUCH not in words(door)


def test_a_cancelled_event_has_no_door_until_that_is_taken_back(opened) -> None:  # noqa: F811
    page = opened(PAGE)
    (is_cancelled,) = [button for button in page.button if ":red-badge[Cancelled]" in button.label]
    assert "Networking breakfast" in is_cancelled.label
    is_cancelled.click().run()
    assert not page.exception
    assert "people were invited." in words(page)
    assert not {"event_door", "event_invite", "event_change"} & {button.key for button in page.button}
    assert not page.metric
    ref = page.query_params["event"]
    assert "This event is cancelled." in words(opened(PAGE, event=ref, door="1"))
    page.button(key="event_restore").click().run()
    assert "Takes place after all: " in words(page)
    assert "event_door" in {button.key for button in page.button}


def test_an_event_of_nobody_says_so_and_a_coach_makes_none(opened) -> None:  # noqa: F811
    assert NO_SUCH in words(opened(PAGE, Role.COACH, event="0" * 16))
    page = opened(PAGE, Role.COACH)
    assert "new_event" not in {button.key for button in page.button}
    assert "No event of your people is planned." in words(page)
