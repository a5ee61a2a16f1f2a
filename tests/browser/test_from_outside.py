"""The two addresses that issue no page: the door of an event and a link to a survey, asked by hand and with malice."""

import http.client
import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from db.models import Mentee, Role
from db.settings import settings
from pages.ui.site import ANSWER, PLACES
from services import events, invitations, sign_in, survey_links, transaction
from services.cookies import link_of
from tests import asked, coached, make
from tests.browser.conftest import Address, make_account, served
from tests.browser.sockets import ask
from tests.test_door import draft, stamp
from tests.test_surveys import token_of


@dataclass
class Stage:
    """A desk with a coach, an event of theirs and one of others, and a link to a survey."""

    address: Address
    mine: str
    foreign: str
    person: str
    token: str
    cookies: dict[str, str]
    name: str


@pytest.fixture(scope="module")
def there(sqlite_template, tmp_path_factory) -> Iterator[Stage]:
    path = tmp_path_factory.mktemp("outside") / "desk.db"
    source, copy = sqlite3.connect(sqlite_template), sqlite3.connect(path)
    source.backup(copy)
    source.close()
    copy.close()
    url = f"sqlite:///{path}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        settings.cache_clear()
        with transaction() as session:
            programme, cohort = coached.programme_and_cohort(session)
            ours, theirs = (coached.coach(session, make.agency(session)) for _ in range(2))
            (own,), (other,) = (coached.running(session, cohort, whose) for whose in (ours, theirs))
            cora = make.actor(session)
            agency = ours.agency_id
            refs = []
            for match in (own, other):
                refs.append(events.make(session, programme.id, draft(cohort.name), by=cora).ref)
                invitations.invite(session, refs[-1], [session.get_one(Mentee, match.mentee_id).ref], by=cora)
            who = session.get_one(Mentee, own.mentee_id)
            person, name = who.ref, who.last_name
            asked.ended(session, cohort, ago=20)
            (made, *_) = survey_links.make(session, asked.survey(session, cora, cohort).id, by=cora)
        make_account("mo", Role.MANAGER)
        cookies = {}
        with transaction() as session:
            for username in ("farah", "gone"):
                make.account(session, Role.COACH, username=username, agency_id=agency)
        for username in ("mo", "farah", "gone"):
            with transaction() as session:
                knock = sign_in.knock(session, username)
                sign_in.admit(session, knock, browser=username, next_path="/")
                entered = sign_in.redeem(session, username)
                assert entered
                cookies[username] = entered.token
        with transaction() as session:
            sign_in.revoke(session, cookies["gone"])
        with served(url) as address:
            yield Stage(address, *refs, person, token_of(made), cookies, name)
    settings.cache_clear()


def send(
    there: Stage, path: str, body: bytes = b'{"taps": []}', *, method: str = "POST", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """As farah from the desk itself, unless told otherwise; a header of None is left out."""
    usual = {"origin": str(there.address), "cookie": f"desk_session={there.cookies['farah']}"}
    usual |= {"host": urlsplit(there.address).netloc, "content-length": str(len(body))}
    asking = http.client.HTTPConnection("127.0.0.1", urlsplit(there.address).port, timeout=20)
    asking.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in {**usual, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
        if value:
            asking.putheader(name, value)
    asking.endheaders(body)
    answer = asking.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    asking.close()
    return found


def tap(person: str, **given: object) -> bytes:
    return json.dumps({"taps": [{"person": person, "came": True, "at": stamp(), **given}]}).encode()


def test_only_the_desk_itself_with_an_open_sign_in_of_the_right_role_reaches_the_door(there: Stage) -> None:
    door = f"/door/{there.mine}"
    mo, gone = (f"desk_session={there.cookies[who]}" for who in ("mo", "gone"))
    assert send(there, door)[0] == 200
    for origin in ("", "null", "http://evil.example", str(there.address) + ".evil.example", "http://localhost"):
        assert send(there, door, tap(there.person), origin=origin)[0] == 403
    for cookie, status in (("", 401), ("desk_session=x", 401), (f"desk_answer={there.token}", 401), (gone, 401)):
        assert send(there, door, tap(there.person), cookie=cookie)[0] == status
    assert send(there, door, tap(there.person), cookie=mo)[0] == 403
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
        status, headers, said = send(there, door, tap(there.person), method=method, origin="http://evil.example")
        assert status in (200, 405)
        assert b'"here"' not in said
        assert not [name for name in headers if name.startswith("access-control")]
    assert json.loads(send(there, door)[2])["here"] == []  # nothing of all that was stored


def test_a_request_for_another_host_is_told_where_the_desk_is_and_nothing_else(there: Stage) -> None:
    for host in (
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "[::1]",
        "localhost:1@evil.example",
        "x" * 9_000,
        "",
    ):
        for path in ("/", "/healthz", f"/door/{there.mine}"):
            status, _, said = send(there, path, host=host, method="POST" if "door" in path else "GET")
            assert (status, said.decode()) in ((421, f"The desk is at {there.address}"), (400, said.decode())), host
    assert send(there, "/healthz", host="127.0.0.1", method="GET")[0] == 200


def test_a_foreign_event_and_a_foreign_person_answer_like_none(there: Stage) -> None:
    said = [send(there, f"/door/{ref}", tap(there.person)) for ref in (there.foreign, "0" * 16, "x" * 9_000)]
    assert [(status, body) for status, _, body in said] == [(404, said[0][2])] * 3
    assert b"refused" in said[0][2]


WRONG = [
    *(b"", b"null", b"[]", b"[" * 90_000, b'{"taps": 1}', b'{"taps":[{"person":"\xff","came":true,"at":1}]}'),
    *(tap("x" * 17), tap("a\x00"), tap("x", at=-1), tap("x", at=4_102_444_800_001), tap("x", at=1.5)),
    *(tap("x", came="perhaps"), tap("x", at=10**400), b'{"taps":[{"person":"\\ud800","came":true,"at":1}]}'),
    json.dumps({"taps": [{"person": "x", "came": True, "at": 1}] * 2_001}).encode(),
    b'{"taps": []' + b" " * 300_000 + b"}",
]


def test_whatever_is_sent_is_taken_or_refused_in_a_sentence(there: Stage) -> None:
    for body in WRONG:
        status, _, said = send(there, f"/door/{there.mine}", body)
        assert (status, json.loads(said)) == (422, {"refused": "These taps cannot be read. Load the page again."})
    hidden = tap(there.person).replace(b"person", b"\\u0070erson")  # the same word, spelled otherwise
    status, _, said = send(there, f"/door/{there.mine}", hidden, content_type="text/plain")
    assert (status, json.loads(said)["here"]) == (200, [there.person])
    assert send(there, f"/door/{there.mine}", tap(there.person, came=False, at=1))[0] == 200
    assert json.loads(send(there, f"/door/{there.mine}")[2])["here"] == [there.person]  # an old tap undoes no later one


def test_a_link_leaves_the_address_at_once_and_opens_its_page_alone(there: Stage) -> None:
    for path in (f"/answer?token={there.token}", f"/answer/?token={there.token}", f"/%61nswer?token={there.token}"):
        status, headers, said = send(there, path, b"", method="GET", cookie="")
        assert (status, headers["location"], said) == (303, f"/answer?link={link_of(there.token)}", b"")
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"
        kept = headers["set-cookie"].split("; ")
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} < set(kept)
    for hostile in ("//evil.example", "a%0d%0aSet-Cookie:%20desk_session=x", "a;desk_session=x", "x" * 200, ""):
        _, headers, _ = send(there, f"/answer?token={hostile}", b"", method="GET", cookie="")
        assert re.fullmatch(r"/answer\?link=[0-9a-f]{12}", headers["location"])
        assert headers["set-cookie"].startswith("desk_answer=; ")
    cookie = f"desk_answer={there.token}"
    assert "Questions" not in ask(there.address, "x", Cookie=cookie)[1]
    for place in PLACES:
        texts = ask(there.address, "" if place is PLACES[0] else place.address, Cookie=cookie)[1]
        assert "Username" in texts, place.address
    seen = ask(there.address, ANSWER.address, Cookie=cookie)[1]
    assert "Username" not in seen
    assert not any(there.name in text for text in seen)
    assert send(there, "/media/x.csv", b"", method="GET", cookie=cookie)[0] == 403


def test_the_log_holds_no_name_no_token_and_no_failure(there: Stage) -> None:
    """Last of the file: after all that was asked of the server."""
    said = there.address.log()
    assert "Traceback" not in said
    for secret in (there.name, there.token, there.person, *there.cookies.values()):
        assert secret not in said
