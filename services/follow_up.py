"""What became of mentees: who is to be asked next, recording what they say, and taking the last record back."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Agency, Cohort, Finding, Mentee, OccupationalGroup, Outcome, TrailEntry
from services import audit, clock, programmes
from services.access import Actor, Permission, authorise, visible_mentees
from services.counting import follow_up as counting
from services.counting.figure import Scope
from services.errors import Conflict, Invalid, NotFound
from services.wording import day

RECORDED, TAKEN_BACK = "follow-up recorded", "follow-up taken back"
#: A record can be taken back for so long.
_WITHIN = dt.timedelta(hours=24)
#: Read alike for a mentee who is not there and for one of another agency.
NO_SUCH = "There is no such mentee among yours. Choose one of the list."
#: As people say it. Nobody who was not reached counts in any rate.
FINDINGS = {
    Finding.EMPLOYED_IN_FIELD.value: "In their field",
    Finding.EMPLOYED_ELSEWHERE.value: "Other work",
    Finding.STUDYING.value: "Studying",
    Finding.LOOKING.value: "Looking",
    Finding.UNKNOWN.value: "Not reached",
}
COLUMNS = [
    *("ref", "mentee", "group", "agency", "cohort", "email", "phone"),
    *("ended_on", "months", "due_on", "days", "finding", "tried_on"),
]


@dataclass(frozen=True, eq=False)
class Due:
    """The follow-ups that this actor is to make.

    `rows`: ref, mentee, group, agency, cohort, email, phone, ended_on, months, due_on, days (overdue; below 0: to
    come), finding (the latest known since the match, or ""), tried_on. The longest overdue first.
    """

    rows: pd.DataFrame
    today: dt.date
    rule: str

    @property
    def overdue(self) -> int:
        """How many are past their day."""
        return int((self.rows["days"] > 0).sum())


def due(session: Session, *, by: Actor, programme_id: int, as_of: dt.date | None = None) -> Due:
    """Everyone to be asked now, or on a day to come if nothing is done until then: of a coach the own agency's.

    Raises `NotAllowed`.
    """
    by = authorise(session, by, Permission.FOLLOW_UP)
    today = as_of or programmes.today(session, programme_id)
    owed = counting.owed(session, Scope(programme_id, today))
    people = {
        row.id: row
        for row in session.execute(
            visible_mentees(by)
            .join(OccupationalGroup, OccupationalGroup.id == Mentee.group_id)
            .outerjoin(Agency, Agency.id == Mentee.agency_id)
            .where(Mentee.id.in_([int(one) for one in owed["mentee_id"]]))
            .with_only_columns(
                *(Mentee.id, Mentee.ref, Mentee.first_name, Mentee.last_name, Mentee.email, Mentee.phone),
                *(OccupationalGroup.name.label("group"), Agency.name.label("agency")),
            )
        )
    }
    cohorts = {row.id: row.name for row in session.execute(select(Cohort.id, Cohort.name))}
    lines = [
        (
            *(who.ref, f"{who.first_name} {who.last_name}", who.group, who.agency or "", cohorts[int(one.cohort_id)]),
            *(who.email, who.phone or "", one.ended_on, int(one.months), one.due_on, int(one.days)),
            *(one.finding, one.tried_on),
        )
        for one in owed.itertuples()
        if (who := people.get(int(one.mentee_id))) is not None
    ]
    return Due(pd.DataFrame(lines, columns=COLUMNS), today, counting.RULE)


def record(
    session: Session, ref: str, finding: str, *, by: Actor, programme_id: int, on_day: dt.date | None = None
) -> str:
    """Store what a mentee who is due said, or that they were not reached; gives the sentence that tells it.

    Raises `NotFound`, alike for a mentee of another agency; `Invalid` for a day to come or before the match ended;
    `Conflict` when the mentee is no longer to be asked, as after another's record.
    """
    by = authorise(session, by, Permission.FOLLOW_UP)
    if finding not in FINDINGS:
        raise Invalid("Choose what was found from the list.")
    mentee = session.scalar(visible_mentees(by).where(Mentee.ref == ref).with_for_update(of=Mentee))
    if mentee is None:
        raise NotFound(NO_SUCH)
    today = programmes.today(session, programme_id)
    owed = counting.owed(session, Scope(programme_id, today))
    mine = owed[owed["mentee_id"] == mentee.id]
    name = f"{mentee.first_name} {mentee.last_name}"
    if mine.empty:
        raise Conflict(f"{name} is not to be asked now; somebody may have recorded it a moment ago. Look at the list.")
    ended_on, cohort_id = mine["ended_on"].iloc[0], int(mine["cohort_id"].iloc[0])
    when = on_day or today
    if when > today:
        raise Invalid("The day lies in the future. Choose today or an earlier day.")
    if when < ended_on:
        raise Invalid(f"The match ended on {day(ended_on)}. Choose that day or a later one.")
    row = Outcome(mentee_id=mentee.id, cohort_id=cohort_id, on_day=when, finding=Finding(finding))
    session.add(row)
    session.flush()
    audit.record(session, by, RECORDED, "outcome", row.id, mentee=mentee.id, months=int(mine["months"].iloc[0]))
    return _told(name, row)


def last(session: Session, *, by: Actor) -> str | None:
    """What `take_back` would take back, in words; None when there is nothing."""
    by = authorise(session, by, Permission.FOLLOW_UP)
    row = _last(session, by)
    return None if row is None or not _is_known(session, by, row) else _told(_name(session, row), row)


def take_back(session: Session, *, by: Actor) -> str:
    """Remove this actor's last record, of the last day. Raises `Conflict` when there is none, `NotFound`."""
    by = authorise(session, by, Permission.FOLLOW_UP)
    row = _last(session, by)
    if row is None:
        raise Conflict("There is no follow-up of yours from the last day to take back.")
    if not _is_known(session, by, row):
        raise NotFound(NO_SUCH)
    told = _told(_name(session, row), row)
    audit.record(session, by, TAKEN_BACK, "outcome", row.id, mentee=row.mentee_id)
    session.delete(row)
    session.flush()
    return f"Taken back: {told}"


def _is_known(session: Session, by: Actor, row: Outcome) -> bool:
    """Whether the actor may still know of the mentee, who may have gone to another agency."""
    return session.scalar(visible_mentees(by).where(Mentee.id == row.mentee_id)) is not None


def _name(session: Session, row: Outcome) -> str:
    mentee = session.get_one(Mentee, row.mentee_id)
    return f"{mentee.first_name} {mentee.last_name}"


def _told(name: str, row: Outcome) -> str:
    return f"{name}: {FINDINGS[row.finding.value].lower()}, {day(row.on_day)}."


def _last(session: Session, by: Actor) -> Outcome | None:
    """The newest row that the trail says this account recorded and did not take back; numbers may be used again."""
    acts = session.execute(
        select(TrailEntry.action, TrailEntry.entity_id)
        .where(
            TrailEntry.account_id == by.account_id,
            TrailEntry.at > clock.now() - _WITHIN,
            TrailEntry.action.in_((RECORDED, TAKEN_BACK)),
        )
        .order_by(TrailEntry.seq.desc())
    )
    gone: set[int | None] = set()
    for action, number in acts:
        if action == TAKEN_BACK:
            gone.add(number)
        elif number not in gone:
            return session.get(Outcome, number)
    return None
