"""What speaks for a pair, in a coordinator's words. Country, gender and age are no criteria, and never enter here.

A criterion gets the columns it names and no other, so what may count is read off this list.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from services.engine import points, told
from services.engine.facts import People
from services.engine.points import Points
from services.engine.told import Said


class Criterion(NamedTuple):
    """One row of the review card. `points` has a row for each mentee, or one for all, and a column for each mentor."""

    key: str
    name: str
    #: Columns of the frames that give points.
    of_mentee: tuple[str, ...]
    of_mentor: tuple[str, ...]
    points: Callable[[People, People, tuple[str, ...]], Points]
    #: Of the two rows and the working languages.
    said: Callable[[Any, Any, tuple[str, ...]], Said]


CRITERIA: tuple[Criterion, ...] = (
    Criterion("occupation", "Occupation", ("group", "title"), ("group", "title"), points.occupation, told.occupation),
    Criterion("speciality", "Speciality", ("specialities",), ("specialities",), points.speciality, told.speciality),
    Criterion("experience", "Experience", ("years",), ("years",), points.experience, told.experience),
    Criterion("goals", "Goals", ("goals",), ("helps_with",), points.goals, told.goals),
    Criterion("licensing", "Licence", ("licence_sought",), ("licence",), points.licensing, told.licensing),
    Criterion("languages", "Languages", ("languages",), ("languages",), points.languages, told.languages),
    Criterion("reach", "Office", ("latitude", "longitude"), ("latitude", "longitude"), points.reach, told.reach),
    Criterion(
        "wishes",
        "Mentor's wishes",
        ("years", "agency"),
        ("wish_years_from", "wish_years_to", "wish_agencies"),
        points.wishes,
        told.wishes,
    ),
    Criterion("record", "Mentoring", (), ("completed",), points.record, told.record),
    Criterion("load", "Places", (), ("free", "capacity"), points.load, told.load),
)
