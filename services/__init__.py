"""What the desk can do. `transaction()` and `reading()` are the only doors from a page to the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from db.session import unit_of_work
from services import audit
from services.errors import Conflict, Invalid, Unreachable
from services.person import ERASED

_WEIGHTS = "Someone else saved weights a moment ago. Look at them before you save yours."
_COACH = "Someone else gave this match another coach a moment ago. Nothing was moved; look at the plan again."
_UNREADABLE = "This holds a letter or a number that cannot be looked up or stored. Mend it and try again."
_BUSY = "The database is busy. Nothing was saved; try again in a moment."
_DAYS = "The days are out of order. A match is proposed, decided, started and ended, in this order; mend the day."

#: What a refused statement carries, and the sentence a coordinator reads; the first that fits is told.
_SENTENCES = {
    "uq_match_one_open_per_mentee": "This mentee already has an open match. Close that one first.",
    "match.programme_id, match.mentee_id": "This mentee already has an open match. Close that one first.",
    "uq_fit_weights_programme_id_version": _WEIGHTS,
    "fit_weights.programme_id, fit_weights.version": _WEIGHTS,
    "uq_match_coach_match_id_seq": _COACH,
    "match_coach.match_id, match_coach.seq": _COACH,
    "hand-over: the match has another coach": _COACH,
    "hand-over: the coach has no free place": "A coach has no free place for that any more. Nothing was moved; look at "
    "the plan again.",
    "hand-over: the coach has left": "A coach has left and takes no match. Choose another coach.",
    "hand-over: nobody covers": "A coach cannot cover their own absence. Choose another coach.",
    "erased: an open match": "There is an open match of this person. Close it first.",
    "erased: nothing is written": "The data of one of the two has been erased; no note of their match is kept now.",
    "erased: nothing is kept": ERASED,
    "rule 2": "This mentor has no free place any more. Choose another mentor, or raise the number of places.",
    "rule 3: the reason for an override stays": "The reason why this pair was matched across groups stays with it.",
    "rule 3": "Mentor and mentee have different occupational groups. Give a reason to match them all the same.",
    "rule 4": "This pair was declined for good and is not proposed again.",
    "rule 5: the days are out of order": _DAYS,
    "decided_after_proposed": _DAYS,
    "started_after_decided": _DAYS,
    "ended_after_started": _DAYS,
    "rule 5: a step is recorded": "A step of this match is recorded already. Take that one back first.",
    "rule 5: steps are of": "Only a match that has started has steps. Start it first.",
    "rule 5": "The day lies in the future. Choose today or an earlier day.",
    "rule 6: the step was": "Someone else recorded this step a moment ago. Look at it again.",
    "match_mark": "Someone else recorded this step a moment ago. Look at it again.",
    "rule 6": "Someone else decided this match a moment ago. Look at it again before you decide.",
}


def sentence_for(error: DBAPIError) -> str:
    """The sentence for a statement that the database refused."""
    said = str(error.orig)
    for mark, sentence in _SENTENCES.items():
        if mark in said:
            return sentence
    if isinstance(error, IntegrityError):
        return "Someone else changed this a moment ago. Nothing was saved; look at it again."
    return _BUSY


@contextmanager
def transaction() -> Iterator[Session]:
    """One user action: all of it is stored with its trail, or none of it.

    Raises `Conflict` when the database refuses because of a rule or a race, `Invalid` for what it cannot hold.
    """
    try:
        with unit_of_work() as session:
            yield session
            audit.close(session)
    except (IntegrityError, OperationalError) as error:
        # What PostgreSQL says of a row that breaks a rule may hold the whole row; that stands in no log.
        raise Conflict(sentence_for(error)) from (None if isinstance(error, IntegrityError) else error)
    except (InterfaceError, PoolTimeout) as error:
        raise Conflict(_BUSY) from error
    except DataError:
        raise Invalid(_UNREADABLE) from None


@contextmanager
def reading() -> Iterator[Session]:
    """A look at the database that writes nothing and holds up nobody.

    Raises `Unreachable` when the database does not answer, `Invalid` for what it cannot look up.
    """
    try:
        with unit_of_work(read_only=True) as session:
            yield session
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        if "readonly" in str(error):  # a fault of ours, not an outage
            raise
        message = "The database does not answer. Nothing is lost; look again in a moment."
        raise Unreachable(message) from error
    except DataError:
        raise Invalid(_UNREADABLE) from None
