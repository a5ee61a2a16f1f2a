"""What each column of each table is to a person. A column that is on no list here fails a test.

It goes with an erasure, it stays because something is counted by it, or it is about nobody who is mentored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, null, or_, select

from db.models import (
    ERASED,
    Attempt,
    Attendance,
    CheckIn,
    Cover,
    Match,
    MatchCoach,
    MatchMark,
    MatchTransition,
    Mentee,
    MenteeSpeciality,
    Mentor,
    MentoringSession,
    MentorSpeciality,
    Outcome,
    OwnWords,
    PersonMerge,
    Placement,
    SurveyLink,
    SurveyResponse,
    TwoPeople,
)


@dataclass(frozen=True)
class Part:
    """The rows of one table that are about a person."""

    table: type[Any]
    #: What a row is called.
    one: str
    many: str
    #: By column, what stands there after an erasure; `{kind}` and `{ref}` are the person's.
    erased: Mapping[str, Any] = field(default_factory=dict)
    #: Columns that stay: references, days, and what figures count or divide by.
    stays: frozenset[str] = frozenset()
    #: The rows themselves go, with all their columns.
    goes: bool = False
    #: What is erased of a row, as a note is called; and what stays of it, after the rows in a sentence.
    said: tuple[str, str] = ("note", "notes")
    kept: str = ""


def _stays(columns: str) -> frozenset[str]:
    return frozenset(columns.split())


#: Of every person. The reference says nothing, and is all that they are called by afterwards.
_NAMELESS = {"first_name": ERASED, "last_name": "{kind} {ref}", "email": "", "email_key": "erased {ref}"}
_NOTHING = dict.fromkeys(
    ("phone", "title", "years_experience", "withdrawn_reason", "withdrawn_note", "no_speciality_on"), None
)
PEOPLE: dict[type[Any], Part] = {
    Mentor: Part(
        Mentor,
        "entry",
        "entries",
        {
            **_NAMELESS,
            **_NOTHING,
            **{name: [] for name in ("languages", "helps_with", "wish_agencies", "not_agencies")},
            **dict.fromkeys(("office", "volunteer_since", "available_from", "available_until", "licence"), None),
            **dict.fromkeys(("wish_years_from", "wish_years_to"), None),
            **dict.fromkeys(("limit_years_from", "limit_years_to", "limit_km"), None),
        },
        _stays("id ref group_id division_id capacity withdrawn_on"),
    ),
    Mentee: Part(
        Mentee,
        "entry",
        "entries",
        {
            **_NAMELESS,
            **_NOTHING,
            **{name: [] for name in ("languages", "goals")},
            **dict.fromkeys(("coach_id", "goal", "licence_sought", "area"), None),
        },
        _stays("id ref group_id agency_id country_of_education ready_on withdrawn_on"),
    ),
}
_NOTE = {"note": None}
#: What hangs on a person: first what goes, then what stays without a word of it.
PARTS: tuple[Part, ...] = (
    Part(MentorSpeciality, "speciality", "specialities", goes=True),
    Part(MenteeSpeciality, "speciality", "specialities", goes=True),
    Part(OwnWords, "remark in own words", "remarks in own words", goes=True),
    Part(SurveyLink, "link to a survey", "links to surveys", goes=True),
    Part(TwoPeople, "mark as two people", "marks as two people", goes=True),
    Part(
        Match,
        "match",
        "matches",
        {"override_reason": ERASED, "fit_detail": null()},
        _stays(
            "id ref programme_id cohort_id mentor_id mentee_id group_id state version proposed_on proposed_at "
            "proposed_by_id decided_on started_on ended_on hold_until reason never_again fit weights_version"
        ),
        said=("reason or explanation of a match", "reasons and explanations of matches"),
        kept="cohort, days, state, and why it ended",
    ),
    Part(
        MatchTransition,
        "step of a match",
        "steps of matches",
        _NOTE,
        _stays("id match_id seq from_state to_state on_day at by_id by_name reason hold_until never_again undoes_seq"),
        said=("note on a step", "notes on steps"),
        kept="day, state, reason on the list, and by whom",
    ),
    Part(
        MatchMark,
        "mark of a match",
        "marks of matches",
        _NOTE,
        _stays("id match_id step seq on_day at by_id by_name undoes_seq"),
        said=("note on a mark", "notes on marks"),
        kept="day, and by whom",
    ),
    Part(
        MatchCoach,
        "coach of a match",
        "coaches of matches",
        {},
        _stays("id match_id seq coach_id on_day at by_id by_name undoes_seq"),
        kept="who, and from when",
    ),
    Part(
        Cover, "cover of a match", "covers of matches", {}, _stays("absence_id match_id coach_id"), kept="who, and when"
    ),
    Part(
        CheckIn,
        "check-in",
        "check-ins",
        _NOTE,
        _stays("id match_id coach_id on_day contact mode health"),
        said=("note of a check-in", "notes of check-ins"),
        kept="day, with whom, how, and the health",
    ),
    Part(
        Attempt,
        "attempt to reach somebody",
        "attempts to reach somebody",
        _NOTE,
        _stays("id match_id coach_id on_day mode"),
        said=("note of an attempt", "notes of attempts"),
        kept="day and how",
    ),
    Part(MentoringSession, "meeting", "meetings", {}, _stays("id match_id on_day minutes"), kept="day and minutes"),
    Part(
        Attendance,
        "invitation",
        "invitations",
        {},
        _stays("id event_id mentor_id mentee_id attended walked_in tapped_at"),
        kept="event, and whether they came",
    ),
    Part(
        SurveyResponse,
        "answer",
        "answers",
        {"words": None},
        _stays("id question_id mentor_id mentee_id on_day agrees"),
        said=("answer in words", "answers in words"),
        kept="day, question, and whether they agree",
    ),
    Part(
        Outcome, "follow-up", "follow-ups", {}, _stays("id mentee_id cohort_id on_day finding"), kept="day and finding"
    ),
    Part(
        Placement,
        "placement",
        "placements",
        {},
        _stays("id cohort_id mentee_id division_id hired_on permanent_on"),
        kept="division and days",
    ),
    Part(
        PersonMerge,
        "merged entry",
        "merged entries",
        {},
        _stays("id ref mentor_id mentee_id merged_at was_id"),
        kept="reference",
    ),
)
#: Free text of tables whose rows are about nobody who is mentored, by table.
OTHERS: dict[str, frozenset[str]] = {
    "absence": _stays("ref"),
    "mailing": _stays("kind"),
    "login_session": _stays("ref token_hash"),
    "login_ticket": _stays("browser_hash next_path"),
    "login_attempt": _stays("key"),
    # staff and coaches, whose accounts are closed and not erased
    "account": _stays("username name email password_hash"),
    "coach": _stays("name email"),
    # organisations, lists, settings
    "agency": _stays("name not_divisions"),
    "cohort": _stays("name"),
    "display_token": _stays("ref token_hash remote_hash label"),
    "division": _stays("name"),
    "event": _stays("ref name place"),
    "fit_weights": _stays("weights note"),
    "group_alias": _stays("folded"),
    "import_run": _stays("sha256 kind"),
    "milestone": _stays("name"),
    "occupational_group": _stays("name"),
    "place": _stays("name"),
    "programme": _stays("name organisation timezone"),
    "programme_setting": _stays("name value"),
    "speciality": _stays("name"),
    "stage_finding": _stays("value words"),
    "survey": _stays("name"),
    "survey_question": _stays("code wording"),
    # its rows go with the consent, found by the name they hold (`services.stage.consents.follow`)
    "stage_name": _stays("ref name occupation consent"),
    # numbers, states and names of fields only, as it outlives an erasure
    "trail": _stays("by_name action entity detail previous_hash hash"),
    # what is left of an erasure
    "erasure": _stays("ref kind"),
}


def parts(who: Mentor | Mentee) -> tuple[Part, ...]:
    """What can hang on this kind of person."""
    column = column_of(who)
    return tuple(
        part
        for part in PARTS
        if hasattr(part.table, "match_id")
        or hasattr(part.table, column)
        or part.table is (MentorSpeciality if isinstance(who, Mentor) else MenteeSpeciality)
    )


def column_of(who: Mentor | Mentee) -> str:
    """The column in which other tables have this person."""
    return "mentor_id" if isinstance(who, Mentor) else "mentee_id"


def matches_of(who: Mentor | Mentee) -> Select[Any]:
    """The numbers of a person's matches, whatever their state."""
    return select(Match.id).where(getattr(Match, column_of(who)) == who.id)


def about(part: Part, who: Mentor | Mentee) -> ColumnElement[bool]:
    """Whether a row of a part is about a person."""
    table = part.table
    if hasattr(table, "person_id"):
        return _is(table.person_id == who.id)
    whose = [column for column in (column_of(who), f"other_{column_of(who)}") if hasattr(table, column)]
    if whose:
        return or_(*(getattr(table, column) == who.id for column in whose))
    return _is(table.match_id.in_(matches_of(who)))


def filled(part: Part, who: Mentor | Mentee) -> ColumnElement[bool]:
    """Whether a row of a part holds something that would be erased."""
    return and_(about(part, who), or_(*(getattr(part.table, column).is_not(null()) for column in part.erased)))


def _is(holds: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = holds
    return found
