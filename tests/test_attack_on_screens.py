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
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.models import Role
from db.session import engine_for
from services.counting import figures
from services.counting.figure import Figure, per_cent
from services.exports.pdf import pdf
from services.exports.slides import slides
from services.exports.workbook import workbook
from services.factsheet.build import sheet as build_sheet
from services.factsheet.model import Mode
from tests import make
from tests.attack_screens import Attack, screens, shares, statuses, walk
from tests.crowds import Crowd, crowds
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


def attack(session: Session, crowd: Crowd) -> Attack:
    build(session, crowd.world)
    return Attack(session, 1, make.actor(session, Role.MANAGER), crowd.days)


often = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@often
@given(crowd=crowds())
def test_how_matches_stand_keeps_three_values(engine: Engine, crowd: Crowd) -> None:
    with Session(engine) as session:
        attacked = attack(session, crowd)
        alone, known, wanted = statuses(attacked)
        narrow = known.narrow(wanted)
        public = [terms for terms, _ in alone.narrow(terms for terms, _ in narrow)] if narrow else []
        assert [found for found in narrow if found[0] not in public] == []


@often
@given(crowd=crowds())
def test_shares_of_people_keep_three_values(engine: Engine, crowd: Crowd) -> None:
    with Session(engine) as session:
        for said, (low, high), possible in shares(attack(session, crowd)):
            assert high - low >= min(2, possible - 1), said


@often
@given(crowd=crowds())
def test_nothing_that_is_shown_carries_a_protected_number(engine: Engine, crowd: Crowd) -> None:
    with Session(engine) as session:
        attacked = attack(session, crowd)
        secrets = protected_numbers(attacked)
        for screen in screens(attacked):
            for part in walk(screen):
                if isinstance(part, Figure):
                    assert is_fit(part), part
                elif isinstance(part, float):
                    assert part not in secrets, (type(screen), part)


def is_fit(figure: Figure) -> bool:
    """Exact and public; or in steps of five, its share made of nothing else, and silent on its first day."""
    if figure.name in PUBLIC and not figure.protected:
        return True
    numbers = [figure.numerator, figure.base, figure.value if figure.unit not in ("%", "hours") else None]
    plain = all(number is None or number % 5 == 0 for number in numbers)
    share = figure.unit != "%" or figure.value is None or figure.value == per_cent(figure.numerator, figure.base)
    # A group's bar is of the cohort's matches, which are public from their first day.
    return figure.protected and plain and share and (figure.period.first is None or figure.name == "started_matches")


def protected_numbers(attacked: Attack) -> set[float]:
    """Exact shares that no manager may see."""
    found: set[float] = set()
    for day in attacked.days:
        for cohort in (None, *attacked.cohorts):
            for name in figures.names():
                figure = figures.figure(attacked.session, attacked.scope(day, cohort), name)
                if name not in PUBLIC and isinstance(figure.value, Decimal) and figure.unit == "%":
                    found.add(float(figure.value))
    return {share for share in found if share % 1}


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
