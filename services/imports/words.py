"""Words as people type them: made clean to store, folded to compare, read as dates, numbers and addresses."""

import datetime as dt
import enum
import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from email_validator import EmailNotValidError, validate_email

# Kept: the joiners of Persian, Indic scripts and emoji. Gone: controls, byte order marks, direction overrides.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACES = re.compile(r"\s+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_DROPPED = re.compile("['’ʼ`´.]")
_BETWEEN = re.compile(r"[^\w]+|_+")
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d"})

_SIGNS = "=+-@|%＝＋－＠"
_CALL = re.compile(r"^[+\-@]\s*(?:[A-Za-z.]{2,}\s*\(|[^|]*\|[^!]*!)")

_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_NUMERIC = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:,? \d{1,2}:\d{2}.*)?$")
_DAY_FIRST = re.compile(r"^(?:[^\W\d]+,? )?(\d{1,2})(?:st|nd|rd|th)?[-/ .]*([^\W\d]+)\.?[-/ ,]*(\d{4}|\d{2})$")
_MONTH_FIRST = re.compile(r"^(?:[^\W\d]+,? )?([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janv janvier",
            "feb february fevr fevrier",
            "mar march mars",
            "apr april avr avril",
            "may mai",
            "jun june juin",
            "jul july juil juillet",
            "aug august aout",
            "sep sept september septembre",
            "oct october octobre",
            "nov november novembre",
            "dec december decembre",
        ),
        1,
    )
    for name in names.split()
}
_SERIAL_ZERO = dt.date(1899, 12, 30)  # spreadsheets count a 29 February 1900 that never was
_LAST_MONTH = 12
#: Two-digit years from here on are of the last century.
_LAST_CENTURY = 70
#: Whole numbers below this are exact as floats.
_EXACT = 1e15
_SERIALS = range(10_000, 80_000)


def clean(value: object) -> str:
    """Text as it should have been typed: composed, on one line, without what nobody can see."""
    text = value if isinstance(value, str) else plain(value)
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    elif "  " not in text:
        return text.strip()
    return _SPACES.sub(" ", text).strip()


def plain(value: object) -> str:
    """A cell's value as a person reads it in the sheet."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return str(value)


def fold(value: object) -> str:
    """Text made to compare: NFKC, case, accents and punctuation gone, `&` read as "and"."""
    text = clean(value)
    if text.isascii():
        return _words(text.casefold())
    for _ in range(4):  # folding can uncover something to fold: "㏂" holds dots
        before = text
        text = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
        text = _words(unicodedata.normalize("NFKC", _ACCENTS.sub("", unicodedata.normalize("NFKD", text))))
        if text == before:
            break
    return text


def _words(text: str) -> str:
    return " ".join(_BETWEEN.sub(" ", _DROPPED.sub("", text.replace("&", " and "))).split())


def is_blank(value: object) -> bool:
    """Whether a cell says nothing: empty, or a lone dash."""
    return clean(value) in {"", "-", "–", "—"}


def is_formula(value: object, *, in_name: bool = False) -> bool:
    """Whether a spreadsheet might calculate this text.

    A name may begin with no sign at all; other text may ("+1 416…", "- none") as long as it calls nothing.
    """
    text = str(value or "").lstrip(" \t\r\n\u00a0\u200b\ufeff'\"") if isinstance(value, str) else ""
    if not text[1:]:
        return False
    if in_name:
        return text[0] in _SIGNS
    return text[0] in "=＝" or bool(_CALL.match(unicodedata.normalize("NFKC", text)))


def email(value: object) -> str | None:
    """The address, or None when it is none. One address a cell; what cannot be seen is dropped."""
    text = "".join(c for c in clean(value) if unicodedata.category(c) != "Cf")
    if named := re.fullmatch(r"[^<>@]*<([^<>]+)>", text):
        text = named[1]
    text = text.strip().removeprefix("mailto:")
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def email_key(address: str) -> str:
    """The address as compared: one person, one address, whatever its capitals."""
    return unicodedata.normalize("NFKC", address).strip().casefold()


def names(value: object, *, family_first: bool = False) -> tuple[str, str]:
    """First and last name out of one cell: "Last, First", or "First Last" with particles kept by the last name.

    `family_first`: without a comma the last name stands first. A single word is a last name.
    """
    text = clean(value)
    last, comma, first = (part.strip() for part in text.partition(","))
    if comma and fold(first) in _TITLES:
        text, comma = last, ""
    if comma:
        return (first, last) if last else ("", first)
    words = text.split(" ")
    if len(words) == 1:
        return "", text
    if family_first:
        return " ".join(words[1:]), words[0]
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


_TITLES = {"phd", "peng", "cpa", "jr", "sr", "mba", "msc", "md", "ca", "pmp", "ii", "iii"}
_PARTICLES = {"de", "da", "do", "dos", "das", "la", "las", "los", "del", "di", "van", "von", "der", "den", "ter"} | {
    "bin", "ibn", "al", "el", "le", "du", "wa", "ter", "y", "e", "st"
}  # fmt: skip


def languages(value: object) -> list[str]:
    """Languages in the order written, each once."""
    found: dict[str, str] = {}
    for part in re.split(r"[,;/|\n+&]|\band\b|\bet\b", str(value or ""), flags=re.IGNORECASE):
        if not is_blank(part):
            found.setdefault(fold(part), clean(part))
    return list(found.values())


def whole(value: object) -> int | None:
    """A whole number, also out of "5 years" or "5.0"; None when there is none."""
    text = clean(value).replace("−", "-")
    text = re.sub(r"(?i)\s*(?:\+|years?|yrs?|ans|mentees?|km|kilomet(?:er|re)s?)\.?$", "", text)
    try:
        number = Decimal(text) if "_" not in text else None
    except InvalidOperation:
        return None
    if number is None or not number.is_finite() or number != number.to_integral_value() or abs(number) > 10**6:
        return None
    return int(number)


_SPAN = re.compile(r"^(?:from |between |de )?(\d{1,3})(?: (?:to|and|a|et) | ?[-–—] ?)(\d{1,3})$")
_AT_LEAST = re.compile(
    r"^(?:(?:at least|from|min|minimum|more than|over|>=|≥|>) ?(\d{1,3})|(\d{1,3}) ?(?:\+|or more|and more))$"
)
_AT_MOST = re.compile(r"^(?:up to|at most|max|maximum|less than|under|<=|≤|<) ?(\d{1,3})$")


def span(value: object) -> tuple[int | None, int | None] | None:
    """Years from and to out of "3 to 10", "5+", "up to 8" or "6"; None when it is none, or runs backwards."""
    text = re.sub(r"\s*(?:years?|yrs?|ans)\b\.?", "", clean(value).casefold()).replace("à", "a").strip()
    if found := _SPAN.match(text):
        first, last = int(found[1]), int(found[2])
        return (first, last) if first <= last else None
    if found := _AT_LEAST.match(text):
        return int(found[1] or found[2]), None
    if found := _AT_MOST.match(text):
        return None, int(found[1])
    return (int(text), int(text)) if re.fullmatch(r"\d{1,3}", text) else None


class DateOrder(enum.Enum):
    """How a column writes 03/04/2026."""

    DAY_FIRST = "day/month/year"
    MONTH_FIRST = "month/day/year"


def date_order(values: Iterable[object]) -> tuple[DateOrder | None, bool]:
    """What a whole column says about its order (None: nothing), and whether any value needed the answer."""
    votes = {DateOrder.DAY_FIRST: 0, DateOrder.MONTH_FIRST: 0}
    asked = False
    for value in values:
        if found := _NUMERIC.match(clean(value)) if isinstance(value, str) else None:
            first, second = int(found[1]), int(found[2])
            asked = asked or first != second
            if first > _LAST_MONTH >= second:
                votes[DateOrder.DAY_FIRST] += 1
            elif second > _LAST_MONTH >= first:
                votes[DateOrder.MONTH_FIRST] += 1
    if not any(votes.values()):
        return None, asked
    return max(votes, key=lambda order: votes[order]), asked


def date(value: object, order: DateOrder = DateOrder.DAY_FIRST) -> dt.date | None:
    """A day out of a cell of any kind: a date, text in many forms, a spreadsheet's serial number."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = clean(value)
    number = re.fullmatch(r"(\d{5})(?:\.\d+)?", text)
    if number:
        return _SERIAL_ZERO + dt.timedelta(days=int(number[1])) if int(number[1]) in _SERIALS else None
    parts = _parts(text, order)
    if parts is None:
        return None
    year, month, day = parts
    try:
        return dt.date(_full_year(year), month, day)
    except ValueError:
        return None


def _parts(text: str, order: DateOrder) -> tuple[str, int, int] | None:
    if found := _ISO.match(text) or _COMPACT.match(text):
        return found[1], int(found[2]), int(found[3])
    if found := _NUMERIC.match(text):
        first, second = int(found[1]), int(found[2])
        return (found[3], second, first) if order is DateOrder.DAY_FIRST else (found[3], first, second)
    if (found := _DAY_FIRST.match(text)) and (month := _MONTHS.get(fold(found[2]))):
        return found[3], month, int(found[1])
    if (found := _MONTH_FIRST.match(text)) and (month := _MONTHS.get(fold(found[1]))):
        return found[3], month, int(found[2])
    return None


def _full_year(year: str) -> int:
    number = int(year)
    if len(year) > len("26"):
        return number
    return 2000 + number if number < _LAST_CENTURY else 1900 + number
