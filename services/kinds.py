"""The two kinds of people: each has a table of its own."""

import enum

from db.models import Mentee, Mentor


class Kind(enum.StrEnum):
    """Which of the two a person is; it names the table too."""

    MENTOR = "mentor"
    MENTEE = "mentee"


TABLES: dict[Kind, type[Mentor] | type[Mentee]] = {Kind.MENTOR: Mentor, Kind.MENTEE: Mentee}
