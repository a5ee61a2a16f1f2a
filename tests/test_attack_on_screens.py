"""All that a manager, the public and a room are shown, read together: no protected number narrows to two values."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal

import openpyxl
import pypdf
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from db.models import CountingRule, Division, Placement, ProgrammeKind, Role
from services import behind, placements, shown
from services.access import Actor
from services.counting.figure import Figure, Scope, per_cent
from services.counting.waiting import Ending
from services.exports.pdf import pdf
from services.exports.slides import slides
from services.exports.workbook import workbook
from services.factsheet.build import sheet as build_sheet
from services.factsheet.model import Mode
from tests import make
from tests.attack_screens import Attack, screens, shares, statuses, walk
from tests.crowds import FAST, QUARTERS, Crowd, Fates, crowd, crowds
from tests.worlds import build

#: Figures that are exact for everyone: totals, and a median that divides nobody.
PUBLIC = {
    *("matches_to_date", "started_matches", "distinct_mentees", "mentees_started", "growth", "time_to_match"),
    *("mentors", "repeat_mentors", "mentors_over_ten", "returning_mentors", "partners"),
    *("mentees_ready", "mentees_proposed", "mentees_approved", "placed", "placed_of_committed"),
}


def attack(session: Session, of: Crowd) -> Attack:
    build(session, of.world)
    return Attack(session, 1, make.actor(session, Role.MANAGER), of.days)


#: All ended, 18 and 12 of 30 at the low end of what prints alike; one was matched again; all who could, came twice.
TIGHT = Fates(18, {Ending.OTHER: 12}, 0, 1, (18, 5, 6), {"told_a_friend": (1, 30, 29)}, {"mentee": (2, 29, 28)})
#: As many answers of mentors as there are mentors; nearly all have ended.
FULL = Fates(12, {Ending.POOR_FIT: 11}, 1, 0, (12, 10, 1), {"told_a_friend": (2, 24, 23), "positive": (1, 24, 23)})
#: The programme counts completed matches, in public.
COUNTED = Fates(19, {Ending.OTHER: 11, Ending.HIRED_IN_FIELD: 1}, 0, 0, (19, 0, 0))
#: Two mentees matched again: 29 of them, 31 matches, and 28 prints as 30.
AGAIN = Fates(28, {Ending.OTHER: 3}, 0, 2, (28, 0, 0))
HARD = [
    crowd([TIGHT], (QUARTERS[0], QUARTERS[1])),
    crowd([TIGHT, FULL], (QUARTERS[1], QUARTERS[2]), clocks=FAST),
    crowd([COUNTED], (QUARTERS[0], QUARTERS[2]), rule=CountingRule.COMPLETED_MATCHES),
    crowd([FULL], (QUARTERS[0], QUARTERS[2]), clocks={"smallest_cell": 3, "percent_base": 5}),
    crowd([AGAIN], (QUARTERS[1], QUARTERS[2])),
]

often = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@often
@given(any_crowd=crowds())
def test_how_matches_stand_keeps_three_values(one_engine: Engine, any_crowd: Crowd) -> None:
    matches_keep_three(one_engine, any_crowd)


@pytest.mark.parametrize("hard", HARD, ids=("tight", "two", "counted", "full", "again"))
def test_hard_programmes_keep_three_values(one_engine: Engine, hard: Crowd) -> None:
    matches_keep_three(one_engine, hard)
    shares_keep_three(one_engine, hard)


def matches_keep_three(one_engine: Engine, of: Crowd) -> None:
    with Session(one_engine) as session:
        attacked = attack(session, of)
        alone, known, wanted = statuses(attacked)
        narrow = known.narrow(wanted)
        public = [terms for terms, _ in alone.narrow(terms for terms, _ in narrow)] if narrow else []
        assert [found for found in narrow if found[0] not in public] == []


@often
@given(any_crowd=crowds())
def test_shares_of_people_keep_three_values(one_engine: Engine, any_crowd: Crowd) -> None:
    shares_keep_three(one_engine, any_crowd)


def shares_keep_three(one_engine: Engine, of: Crowd) -> None:
    with Session(one_engine) as session:
        for said, (low, high), possible in shares(attack(session, of)):
            assert high - low >= min(2, possible - 1), said


@often
@given(of=crowds())
def test_nothing_that_is_shown_carries_a_protected_number(one_engine: Engine, of: Crowd) -> None:
    with Session(one_engine) as session:
        attacked = attack(session, of)
        public = {*PUBLIC, of.world.rows["programme"][0]["counting_rule"].value}  # what it counts, it counts in public
        parts = [part for screen in screens(attacked) for part in walk(screen)]
    told = [part for part in parts if isinstance(part, Figure)]
    assert [figure for figure in told if not is_fit(figure, public)] == []
    charted = {part for part in parts if isinstance(part, float) and part % 1 > 0}  # shares and medians
    assert charted <= {float(figure.value or 0) for figure in told}


def is_fit(figure: Figure, public: set[str]) -> bool:
    """Exact and public; or in steps of five, its share made of nothing else, and silent on its first day."""
    if figure.name in public and not figure.protected:
        return True
    numbers = [figure.numerator, figure.base, figure.value if figure.unit not in ("%", "hours") else None]
    plain = all(number is None or number % 5 == 0 for number in numbers)
    share = figure.unit != "%" or figure.value is None or figure.value == per_cent(figure.numerator, figure.base)
    # A group's bar is of the cohort's matches, which are public from their first day.
    return figure.protected and plain and share and (figure.period.first is None or figure.name == "started_matches")


@pytest.mark.parametrize("many", [2, 21])
def test_of_a_placement_cohort_three_numbers_of_permanent_people_look_alike(session: Session, many: int) -> None:
    """A manager is shown one cohort and the programme; whatever differs there tells how many stayed, and who hired."""
    hired = make.today() - dt.timedelta(days=150)
    make.programme(session)
    programme = make.programme(session, kind=ProgrammeKind.PLACEMENT)
    cohort, other = (make.cohort(session, programme, target=target) for target in (many, None))
    group, manager = make.group(session), make.actor(session, Role.MANAGER)
    for of, people in ((cohort, many), (other, 21)):
        hosts = [make._keep(session, Division(name=f"Division {of.id} {number}")) for number in range(3)]
        for number in range(people):
            mentee, host = make.mentee(session, group), hosts[number % 3].id
            row = Placement(cohort_id=of.id, mentee_id=mentee.id, division_id=host, hired_on=hired)
            make._keep(session, row).permanent_on = hired if of is other and number < 13 else None
    rows = session.scalars(select(Placement).where(Placement.cohort_id == cohort.id).order_by(Placement.id)).all()
    alike: dict[str, list[int]] = {}
    for stayed in range(max(0, many - 13), many + 1):  # fewer print like the fewest of these
        for number, row in enumerate(rows):
            row.permanent_on = hired if number < stayed else None
        session.flush()
        shown_now = repr(list(placement_screens(session, programme.id, cohort.id, manager)))
        assert "Division" not in shown_now
        alike.setdefault(shown_now, []).append(stayed)
    assert min(map(len, alike.values())) >= min(3, many + 1), list(alike.values())


def placement_screens(session: Session, programme_id: int, cohort_id: int, by: Actor) -> Iterator[object]:
    for scope in (Scope(programme_id, make.today(), cohort_id), Scope(programme_id, make.today())):
        yield from walk(placements.placed(session, scope, by=by))
        yield from walk(shown.split(session, scope, "permanent", "division", by=by))
    yield from walk(behind.behind(session, scope, "permanent", by=by))


@pytest.mark.parametrize(("year", "day"), [(2006, dt.date(2006, 9, 21)), (2013, dt.date(2015, 3, 2))])
def test_a_public_sheet_as_a_file_holds_no_number_that_is_not_on_it(staffed, staff, year: int, day: dt.date) -> None:
    sheet = build_sheet(staffed, by=staff[Role.MANAGER], cohort=str(year), as_of=day, mode=Mode.PUBLIC)
    parts = [*walk(sheet), sheet.status, *(part.text for part in walk(sheet) if isinstance(part, Figure))]
    on_it = {number for part in parts for number in numbers(part)}
    reader = pypdf.PdfReader(io.BytesIO(pdf(sheet)))
    pages = {str(number) for number in range(1, len(reader.pages) + 1)}
    assert set(numbers(" ".join(page.extract_text() for page in reader.pages))) <= on_it | pages
    deck, book = slides(sheet), workbook(sheet)
    said = set(numbers(" ".join(texts(deck)))) | {number for inner in embedded(deck) for number in cells(inner)}
    assert said - on_it <= {str(number) for number in range(1, 9)}  # pages, and places in a chart
    assert cells(book) - on_it <= {str((d - dt.date(1899, 12, 30)).days) for d in walk(sheet) if type(d) is dt.date}
    for packed in (book, *embedded(deck)):
        with zipfile.ZipFile(io.BytesIO(packed)) as parts:
            told = " ".join(parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels")))
        assert not re.search(r'hidden="1"|state="(?:very)?[Hh]idden"|<comment|<f>', told)


def numbers(part: object) -> Iterator[str]:
    """Every number in a text, or the number itself, as print has it."""
    if isinstance(part, str):
        yield from (f"{float(found.replace(',', '')):.6g}" for found in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", part))
    elif isinstance(part, int | float | Decimal) and not isinstance(part, bool):
        yield f"{float(part):.6g}"
    elif isinstance(part, dt.date):
        yield from (str(part.day), str(part.year))


def embedded(deck: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(deck)) as parts:
        return [parts.read(name) for name in parts.namelist() if name.endswith(".xlsx")]


def texts(deck: bytes) -> Iterator[str]:
    """What is written, charted, or told to those who hear it, in any part of the slides."""
    with zipfile.ZipFile(io.BytesIO(deck)) as parts:
        for name in parts.namelist():
            if re.fullmatch(r"ppt/(slides|notesSlides|charts)/[^/]+\.xml|docProps/core\.xml", name):
                part = parts.read(name).decode()
                yield from re.findall(r"<(?:a:t|c:v|dc:\w+)>([^<]*)<", part)
                yield from re.findall(r' descr="([^"]*)"', part)


def cells(book: bytes) -> set[str]:
    """The numbers of every cell of every tab."""
    found = set()
    for tab in openpyxl.load_workbook(io.BytesIO(book)).worksheets:
        for row in tab.iter_rows(values_only=True):
            found |= {number for cell in row if not isinstance(cell, dt.datetime) for number in numbers(cell)}
    return found
