"""What is asked again within one reading is answered once: all that a reading is told is of one moment."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import pandas as pd
from sqlalchemy.orm import Session

from db.session import KNOWN

_P = ParamSpec("_P")
_T = TypeVar("_T")
_Question = Callable[Concatenate[Session, _P], _T]


def once_a_reading(answer: _Question[_P, _T]) -> _Question[_P, _T]:
    """A question that a reading asks the database at most once; a transaction, which may write, asks each time.

    What is given to it must be hashable. Nothing outlives the reading, so nobody sees what another has asked.
    """

    @wraps(answer)
    def asked(session: Session, *given: _P.args, **named: _P.kwargs) -> _T:
        known: dict[Any, Any] | None = session.info.get(KNOWN)
        if known is None:
            return answer(session, *given, **named)
        question = (answer, given, tuple(named.items()))
        if question not in known:
            known[question] = answer(session, *given, **named)
        return cast("_T", _apart(known[question]))

    return cast("_Question[_P, _T]", asked)


def _apart(found: object) -> object:
    """A frame or a dictionary that may be written to without changing what is told the next time."""
    if isinstance(found, pd.DataFrame):
        return found.copy(deep=False)  # pandas copies what is written to
    return dict(found) if isinstance(found, dict) else found
