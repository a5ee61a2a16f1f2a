"""The digest goes out once, whatever a mail server and other runs do meanwhile."""

import datetime as dt
import json
import os
import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.models import Account, Mailing, Role, TrailEntry
from db.session import unit_of_work
from db.settings import ROOT
from services import audit, clock, reading, transaction
from services.access import OPERATOR
from services.digest import letters, once
from services.digest.letters import Letter
from tests import make
from tests.mailbox import Box, running
from tests.sending import box, desk_of_coaches, run, stored, written

__all__ = ["box"]


@pytest.mark.usefixtures("demo_desk")
def test_the_demos_digest_goes_out_once_and_a_second_run_sends_nothing(box: Box) -> None:
    expected = [letter.to for letter in written()]
    with running(box):
        first, second = run(), run()
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert box.to == expected == ["cora@example.org", "dev@example.org", "farah@example.org", "luis@example.org"]
    assert f"Sent {len(expected)} of {len(expected)}." in first.output
    assert f"Sent 0 of {len(expected)}, {len(expected)} before" in second.output
    assert stored() == [(True, False)] * len(expected)
    with reading() as session:
        trail = session.scalars(select(TrailEntry).where(TrailEntry.action == "mail sent")).all()
        assert len(trail) == len(expected)
        assert audit.verify(session) == []
        assert not re.search(r"@|Lindqvist|Nazari", str([entry.detail for entry in trail]))


def test_a_server_that_is_down_leaves_a_sentence_and_all_goes_with_the_next_run(session: Session, box: Box) -> None:
    desk_of_coaches(session)
    audit.close(session)
    session.commit()
    down = run()
    assert (down.exit_code, down.stderr.count("\n")) == (1, 1)
    assert "does not answer" in down.stderr
    assert stored() == []
    with running(box):
        assert run().exit_code == 0
    assert len(box.mails) == 4
    assert run().exit_code == 0  # nothing is left, so nobody asks the server, which is down again


def test_one_refused_address_holds_up_nobody_and_is_tried_again(session: Session, box: Box) -> None:
    desk_of_coaches(session)
    audit.close(session)
    session.commit()
    box.refused = {"coach1@example.org"}
    with running(box):
        first = run()
        assert first.exit_code == 1
        assert "refused one mail" in first.stderr
        assert "coach1" not in first.output
        assert box.to == ["coach0@example.org", "coach2@example.org", "cora@example.org"]
        box.refused = set()
        assert run().exit_code == 0
    assert box.to[3:] == ["coach1@example.org"]
    assert stored() == [(True, False)] * 4


def test_a_server_that_hangs_up_between_mails_gets_the_rest_at_the_next_run(session: Session, box: Box) -> None:
    desk_of_coaches(session)
    audit.close(session)
    session.commit()
    box.hang_up_before = 2
    with running(box):
        first = run()
    assert first.exit_code == 1
    assert "went away before all was sent" in first.stderr
    assert len(box.mails) == 2
    box.hang_up_before = None
    with running(box):
        assert run().exit_code == 0
    assert sorted(box.to) == sorted(set(box.to))
    assert len(box.to) == 4


def test_a_mail_that_may_have_arrived_is_not_sent_again_and_not_forgotten(
    session: Session, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = dt.datetime.combine(make.today(), dt.time(16), dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: noon)
    desk_of_coaches(session)
    audit.close(session)
    session.commit()
    box.hang_up_at = 2
    with running(box):
        first = run()
        assert first.exit_code == 1
        assert "may have arrived" in first.stderr
        box.hang_up_at = None
        assert run().exit_code == 0
    assert len(box.to) == len(set(box.to)) == 4
    assert stored() == [(True, False), (False, False), (True, False), (True, False)]
    monkeypatch.setattr(clock, "now", lambda: noon + dt.timedelta(minutes=11))
    later = run()
    assert later.exit_code == 1
    assert "One mail was begun earlier today and never confirmed" in later.stderr


def test_two_runs_at_once_send_each_mail_once(any_desk: str) -> None:
    with transaction() as session:
        desk_of_coaches(session, 5)
    box = Box()
    with running(box):
        environment = {**os.environ, "DATABASE_URL": any_desk, **box.settings()}
        command = [sys.executable, "-m", "services", "digest", "--json"]
        started = [
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(2)
        ]
        told = [one.communicate(timeout=60) for one in started]
    assert [one.returncode for one in started] == [0, 0], told
    assert sorted(box.to) == sorted(set(box.to))
    assert len(box.to) == 6
    said = [json.loads(out) for out, _ in told]
    assert sum(one["sent"] for one in said) == 6
    assert sum(one["before"] for one in said) == 6


OUTCOMES = st.lists(st.sampled_from(["sent", "refused", "lost", "died"]), max_size=6)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(outcomes=OUTCOMES)
def test_however_runs_end_nobody_gets_a_mail_twice(drafting_engine, outcomes: list[str]) -> None:
    with Session(drafting_engine) as session:
        who = make.account(session, email="a@example.org")
        letter = Letter(who.id, who.username, "a@example.org", who.role, make.today(), ())
        arrived = 0
        for outcome in outcomes:
            number = once.claim(session, letter, by=OPERATOR)
            free = outcome if number is not None else "not claimed"
            assert (number is not None) == (arrived == 0)
            if free == "sent":
                once.confirm(session, number, by=OPERATOR)
            elif free == "refused":
                once.give_back(session, number, by=OPERATOR)
            arrived += free in ("sent", "lost", "died")  # of the last two it may have, so it counts
            session.flush()
        left = once.unsent(session, [letter], by=OPERATOR)
        assert left == ([] if arrived else [letter])
        assert arrived <= 1


def test_a_mail_that_was_sent_stays_sent(any_desk: str) -> None:
    with transaction() as session:
        who = make.account(session, email="a@example.org")
        letter = Letter(who.id, who.username, "a@example.org", who.role, make.today(), ())
        number = once.claim(session, letter, by=OPERATOR)
        once.confirm(session, number, by=OPERATOR)
    for spoil in (
        lambda row, _: setattr(row, "sent_at", None),
        lambda row, session: session.delete(row),
    ):
        with pytest.raises(DBAPIError, match=r"stays sent|kept for good"), unit_of_work() as session:
            spoil(session.get(Mailing, number), session)


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": Role.PRESENTER}, {"agency": True}])
def test_whoever_changed_since_a_mail_was_written_does_not_get_it(session: Session, change: dict[str, object]) -> None:
    desk_of_coaches(session, 1)
    letter = next(one for one in letters.write(session, by=OPERATOR).letters if one.role is Role.COACH)
    account = session.get_one(Account, letter.account_id)
    if "disabled" in change:
        account.disabled_at = clock.now()
    elif "role" in change:
        account.role, account.agency_id, account.coach_id = Role.PRESENTER, None, None
    else:
        account.agency_id, account.coach_id = make.agency(session).id, None
    session.flush()
    audit.record(session, OPERATOR, "changed for a test", "account", account.id)
    assert once.claim(session, letter, by=OPERATOR) is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"MATCHDESK_SMTP_HOST": ""}, "MATCHDESK_SMTP_HOST"),
        ({"MATCHDESK_SMTP_PORT": "ninety"}, "MATCHDESK_SMTP_PORT"),
        ({"MATCHDESK_MAIL_FROM": "nobody"}, "MATCHDESK_MAIL_FROM"),
        ({"MATCHDESK_SMTP_HOST": "mail.example.org"}, "on this machine only"),
    ],
)
@pytest.mark.usefixtures("demo_desk")
def test_settings_that_are_wrong_are_named_without_their_values(
    box: Box, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str
) -> None:
    for name, value in {**given, "MATCHDESK_SMTP_PASSWORD": "kettle window"}.items():
        monkeypatch.setenv(name, value)
    done = run()
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert said in done.stderr
    assert "kettle" not in done.stderr
    assert "ninety" not in done.stderr
    assert box.mails == []
    assert stored() == []
