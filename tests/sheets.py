"""A fact sheet made by hand, as the City printed it in 2006: say what matters."""

import datetime as dt
from typing import Any

from services.counting.figure import Figure, Period, per_cent
from services.factsheet import wording
from services.factsheet.model import Item, Line, Mode, Part, Section, Sheet

AS_OF = dt.date(2006, 9, 21)
#: Group, mentors, whether it is new.
GROUPS = (
    ("Accounting and finance", 17, False),
    ("Information technology", 16, False),
    ("Social work and social policy", 16, True),
    ("Engineering", 11, False),
    ("Human resources", 8, False),
    ("Facility management", 3, False),
    ("Communications and event planning", 2, True),
    ("Urban planning", 2, True),
    ("Public health", 1, True),
    ("Purchasing", 1, False),
)
COHORTS = (("2004 pilot", 29), ("2005", 40), ("2006", 77))


def count(value: int | None, unit: str = "matches", **given: Any) -> Figure:
    return Figure(value, unit, "Every match that started counts.", Period(dt.date(2004, 2, 2), AS_OF), AS_OF, **given)


def rate(numerator: int, base: int, **given: Any) -> Figure:
    return Figure(
        per_cent(numerator, base),
        "%",
        "Of those reached.",
        Period(dt.date(2004, 2, 2), AS_OF),
        AS_OF,
        numerator=numerator,
        base=base,
        base_unit="mentees reached",
        **given,
    )


def groups(rows: tuple[tuple[str, int | None, bool], ...] = GROUPS) -> Section:
    """None as a number prints "<11"."""
    items = (
        Item(name, count(n, "mentors"), shown="" if n is not None else "<11", is_subject=new, mark="new" if new else "")
        for name, n, new in rows
    )
    found = wording.groups(len(rows), sum(new for *_, new in rows))
    return Section(
        found, tuple(items), "77 mentors, by group.", "not in the 2005 programme", name="Occupational groups"
    )


def cohorts(rows: tuple[tuple[str, int], ...] = COHORTS) -> Section:
    items = tuple(Item(name, count(n), is_subject=name == rows[-1][0]) for name, n in rows)
    return Section("Matches started, by cohort", items, "Matches started, by cohort.", name="Matches started by cohort")


def sheet(**given: Any) -> Sheet:
    employed = rate(25, 38, objective=60)
    made: dict[str, Any] = {
        "organisation": "City of Toronto",
        "programme": "Profession to Profession",
        "subtitle": "Mentoring Immigrants Program",
        "cohort": "2006",
        "as_of": AS_OF,
        "mode": Mode.AS_PUBLISHED,
        "counted_on": dt.date(2026, 11, 22),
        "headline": Item("Matches started", count(77), is_subject=True),
        "sentence": "City staff matched with skilled immigrants, 93 per cent more than in 2005.",
        "cohorts": cohorts(),
        "groups": groups(),
        "outcomes": Section(
            wording.outcome(employed, "2005", 60),
            (
                Item("Found employment", employed, is_subject=True),
                Item("Found employment directly in their field", rate(21, 38)),
            ),
            "38 mentees of the 2005 cohort reached.",
            objective=60,
            name="Outcomes",
        ),
        "panels": (
            Section(
                "Nine in ten mentors would do it again",
                (
                    Item("of mentees rated it positive", rate(20, 22)),
                    Item("of mentors would do it again", rate(18, 20)),
                ),
                "29 matches. Silver award, Public Sector Quality Fair.",
                name="The 2004 pilot",
            ),
        ),
        "background": ("Established in 2004 as a pilot project.",),
        "how": (Part("Orientation", "For all participants."), Part("Coaches", "For the whole length of the match.")),
        "published": (
            Line("2006 program", "Mentors matched", "77", "77", "matches", AS_OF, holds=True),
            Line("2005 program", "Found employment", "66 %", "65 %", "24 of 37", AS_OF, holds=False),
        ),
        "source": "fact sheet of 21 September 2006",
        "partners": "Community partners: CASIP and The Mentoring Partnership.",
        "rule": "A match counts once it has started; 92.5 is printed as 93.",
        "basis": "Recomputed on 22 November 2026 from 146 matches of the cohorts 2004 to 2006",
    }
    return Sheet(**{**made, **given})
