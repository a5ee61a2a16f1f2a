"""Words made clean, folded, and read as addresses, days, numbers and languages."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.imports import words

TEXT = some.text(max_size=60)


@given(TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert words.fold(words.fold(text)) == words.fold(text)


@given(TEXT)
def test_clean_text_is_one_line_that_can_be_stored_and_cleaned_again(text: str) -> None:
    clean = words.clean(text)
    assert words.clean(clean) == clean
    assert not set("\n\r\t\0\ufeff") & set(clean)
    assert clean == clean.strip()


@given(TEXT)
def test_no_text_at_all_breaks_a_reader(text: str) -> None:
    for read in (words.date, words.whole, words.email, words.languages, words.names, words.is_formula):
        read(text)


@given(some.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
def test_a_day_survives_every_way_of_writing_it(day: dt.date) -> None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d", "%d %B %Y", "%B %d, %Y", "%d-%b-%Y", "%A, %d %B %Y"):
        assert words.date(day.strftime(form)) == day
    assert words.date(day.strftime("%m/%d/%Y"), words.DateOrder.MONTH_FIRST) == day


@given(some.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31)))
def test_a_short_year_is_of_this_age(day: dt.date) -> None:
    assert words.date(day.strftime("%d/%m/%y")) == day


@given(some.dates(dt.date(1930, 1, 1), dt.date(2100, 12, 31)))
def test_a_serial_number_of_a_spreadsheet_is_a_day(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    assert words.date(serial) == words.date(float(serial)) == words.date(str(serial)) == day


@given(some.emails())
def test_an_address_has_one_key_whatever_its_capitals_and_blanks(address: str) -> None:
    read = words.email(f" \u200b{address}\ufeff ")
    loud = words.email(address.upper())
    if read and loud:
        assert words.email_key(read) == words.email_key(loud)
        assert words.email_key(read) == words.email_key(read).casefold()


@pytest.mark.parametrize(
    "text", ["", "see notes", "a at b.ca", "a@b.ca; c@d.ca", "a@b", "@b.ca", "a@b..ca", "x" * 320 + "@b.ca", "a b@c.ca"]
)
def test_what_is_no_single_address_is_none(text: str) -> None:
    assert words.email(text) is None


@pytest.mark.parametrize("text", ["Ana <a@b.ca>", "mailto:a@b.ca", "a@\u200bb.ca", "\ufeffa@b.ca "])
def test_an_address_is_found_in_its_wrapping(text: str) -> None:
    assert words.email(text) == "a@b.ca"


@pytest.mark.parametrize(
    ("one", "other"),
    [("José", "Jose\u0301"), ("İSTANBUL", "istanbul"), ("Straße", "STRASSE"), ("Łódź", "lodz"), ("I.T.", "it"),
     ("Comms & Events", "comms and events"), ("Planning (urban)", "planning, URBAN"), ("Ｆｕｌｌ", "full")],
)  # fmt: skip
def test_spellings_of_one_word_fold_to_the_same(one: str, other: str) -> None:
    assert words.fold(one) == words.fold(other)


@pytest.mark.parametrize(
    "text", ["Korean, Polish", "Korean; Polish", "Korean / Polish", "Korean and Polish", "Korean\nPolish"]
)
def test_languages_are_parted_by_any_sign(text: str) -> None:
    assert words.languages(text) == ["Korean", "Polish"]


def test_a_language_is_listed_once() -> None:
    assert words.languages("Farsi, farsi; - , Tamil") == ["Farsi", "Tamil"]


@pytest.mark.parametrize(
    "text", ["=1+1", " =1", "\t=1", "'=1", '"=1', "＝1+1", "\u00a0=1", "@SUM(A1)", "+SUM(A1)", "-cmd|' /C calc'!A0"]
)
def test_what_a_spreadsheet_would_calculate_is_a_formula(text: str) -> None:
    assert words.is_formula(text)


@pytest.mark.parametrize("text", ["+1 (416) 555-0100", "- none", "a=b", "3 - 4", "@ the library", "", "-"])
def test_plain_text_is_no_formula(text: str) -> None:
    assert not words.is_formula(text)
