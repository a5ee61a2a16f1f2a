"""All that a manager, the public and a room are shown, read together: no protected number narrows to two values."""

import datetime as dt
import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pypdf
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.models import CountingRule, Role
from db.session import engine_for
from services.counting.figure import Figure, per_cent
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


@pytest.fixture(scope="module")
def engine(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One database for all examples; each is forgotten."""
    path = tmp_path_factory.mktemp("attack") / "desk.db"
    shutil.copy(sqlite_template, path)
    found = engine_for(f"sqlite:///{path}")
    yield found
    found.dispose()


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
def test_how_matches_stand_keeps_three_values(engine: Engine, any_crowd: Crowd) -> None:
    matches_keep_three(engine, any_crowd)


@pytest.mark.parametrize("hard", HARD, ids=("tight", "two", "counted", "full", "again"))
def test_hard_programmes_keep_three_values(engine: Engine, hard: Crowd) -> None:
    matches_keep_three(engine, hard)
    shares_keep_three(engine, hard)


def matches_keep_three(engine: Engine, of: Crowd) -> None:
    with Session(engine) as session:
        attacked = attack(session, of)
        alone, known, wanted = statuses(attacked)
        narrow = known.narrow(wanted)
        public = [terms for terms, _ in alone.narrow(terms for terms, _ in narrow)] if narrow else []
        assert [found for found in narrow if found[0] not in public] == []


@often
@given(any_crowd=crowds())
def test_shares_of_people_keep_three_values(engine: Engine, any_crowd: Crowd) -> None:
    shares_keep_three(engine, any_crowd)


def shares_keep_three(engine: Engine, of: Crowd) -> None:
    with Session(engine) as session:
        for said, (low, high), possible in shares(attack(session, of)):
            assert high - low >= min(2, possible - 1), said


@often
@given(of=crowds())
def test_nothing_that_is_shown_carries_a_protected_number(engine: Engine, of: Crowd) -> None:
    with Session(engine) as session:
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
