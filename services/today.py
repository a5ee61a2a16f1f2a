"""What needs a coordinator on this day, the worst first."""

import datetime as dt
from dataclasses import dataclass, field

import pandas as pd
from sqlalchemy.orm import Session

from services import caseload, follow_up, programmes, proposals, queue, today_lines
from services.access import Actor, Permission, authorise
from services.counting import figures, pending, running, week
from services.counting.figure import Scope
from services.engine.unmatched import NO_FREE_PLACE, PLACES_TAKEN
from services.errors import NotFound
from services.follow_up import Due
from services.programmes import Clocks
from services.proposals import Plan
from services.today_lines import in_order
from services.wording import counted, first_upper

#: Lines on the page; the rest stands in the lists that the counts open.
_MOST = 200
#: Whose move a line is when it is the reader's.
YOU = today_lines.YOU
_WEEK = dt.timedelta(days=7)
#: The figures that counts are of.
_FIGURES = {
    "uncovered": "uncovered",
    "check_in": "contacts_overdue",
    "quiet": "quiet",
    "to_close": "to_close",
}


@dataclass(frozen=True, eq=False)
class Needs:
    """What needs someone now."""

    #: kind (of `today_lines.KINDS`), days (its age), who, why, move (whose), ref (of the match, of a follow-up the
    #: mentee's, else empty); the worst first.
    lines: pd.DataFrame
    #: How many there are of each kind, and the age of the oldest in days; a match can be of several.
    counts: dict[str, tuple[int, int]]
    #: Lines there are in all, and those whose move is the coordinator's.
    total: int
    yours: int
    #: What each count counts, in a sentence.
    rules: dict[str, str]
    #: The first thing to say, after the counts.
    lead: str
    #: group, mentees, oldest (days), why: mentees whom no mentor could take, by the reason.
    unmatched: pd.DataFrame
    #: mentee, group, waiting_days, reason, change, why (the reason beside the group): the same, person by person.
    people: pd.DataFrame
    #: Mentees who wait behind others, and for whom *Propose matches* would find a mentor.
    behind: int
    proposable: int
    #: words, age, matches: decisions by days waited.
    bands: pd.DataFrame
    #: starts, name, place, invited: events of the week to come.
    coming: pd.DataFrame
    #: decided, check_ins, completed: in the week that was.
    done: dict[str, int] = field(default_factory=dict)
    #: Follow-ups to be made, and those of them past their day.
    follow_ups: tuple[int, int] = (0, 0)


@dataclass(frozen=True, eq=False)
class Late:
    """What is late on a day, whoever waits for a mentor: of `Needs`, its lines (all of them), counts and rules."""

    lines: pd.DataFrame
    counts: dict[str, tuple[int, int]]
    rules: dict[str, str]


def needs(session: Session, *, by: Actor, programme_id: int) -> Needs:
    """All of it, today. One plan is made, and kept nowhere. Raises `NotAllowed`."""
    authorise(session, by, Permission.REVIEW_MATCHES)
    clocks = programmes.clocks(session, programme_id)
    scope = Scope(programme_id, programmes.today(session, programme_id))
    waiting = queue.queue(session, by=by, programme_id=programme_id).rows
    of_running = _looked_after(session, by, scope)
    due = follow_up.due(session, by=by, programme_id=programme_id, as_of=scope.as_of)
    plan = _plan(session, by, programme_id)
    people = _without(plan)
    frame = in_order(
        [
            *today_lines.pending(session, waiting, _wanted(plan), clocks, scope.as_of),
            *today_lines.running(session, of_running, clocks, scope.as_of),
            *today_lines.follow_ups(due),
            *(today_lines.without_mentor(row) for row in people.itertuples()),
        ]
    )
    counts = _counts(waiting, frame, of_running, due)
    asked = waiting[waiting["age"] != "held"]
    return Needs(
        lines=frame.head(_MOST),
        counts=counts,
        total=len(frame),
        yours=int((frame["move"] == YOU).sum()),
        rules=_rules(clocks, due),
        lead=_lead(frame, counts, clocks),
        unmatched=_grouped(people),
        people=people,
        behind=0 if plan is None else len(plan.unmatched) - len(people),
        proposable=0 if plan is None else len(plan.pairs),
        bands=pd.DataFrame(pending.bands(asked["days"], clocks), columns=["words", "age", "matches"]),
        coming=week.coming(session, scope, scope.as_of + _WEEK),
        done=week.done(session, scope, scope.as_of - _WEEK),
        follow_ups=(len(due.rows), due.overdue),
    )


def late(session: Session, *, by: Actor, programme_id: int, as_of: dt.date | None = None) -> Late:
    """What is late today, or on a day to come if nothing is done until then. Raises `NotAllowed`."""
    authorise(session, by, Permission.REVIEW_MATCHES)
    clocks = programmes.clocks(session, programme_id)
    scope = Scope(programme_id, as_of or programmes.today(session, programme_id))
    waiting = queue.queue(session, by=by, programme_id=programme_id, as_of=scope.as_of).rows
    of_running = _looked_after(session, by, scope)
    due = follow_up.due(session, by=by, programme_id=programme_id, as_of=scope.as_of)
    frame = in_order(
        [
            *today_lines.pending(session, waiting, set(), clocks, scope.as_of),
            *today_lines.running(session, of_running, clocks, scope.as_of),
            *today_lines.follow_ups(due),
        ]
    )
    return Late(frame, _counts(waiting, frame, of_running, due), _rules(clocks, due))


def _looked_after(session: Session, by: Actor, scope: Scope) -> pd.DataFrame:
    """The running matches, and why nobody looks after one (`alone`, else "")."""
    rows = running.standing(session, scope)
    nobodys = caseload.uncovered(session, by=by, programme_id=scope.programme_id, as_of=scope.as_of)
    why = dict(zip(nobodys["match_id"], nobodys["why"], strict=True))
    return rows.assign(alone=[why.get(int(match), "") for match in rows["match_id"]])


def _plan(session: Session, by: Actor, programme_id: int) -> Plan | None:
    try:
        return proposals.propose(session, by=by, programme_id=programme_id)
    except NotFound:  # no cohort yet: nobody is to be matched into anything
        return None


def _wanted(plan: Plan | None) -> set[str]:
    """Groups in which somebody waits for a place."""
    if plan is None:
        return set()
    return set(plan.unmatched.loc[plan.unmatched["code"].isin([NO_FREE_PLACE, PLACES_TAKEN]), "group"])


def _without(plan: Plan | None) -> pd.DataFrame:
    """Whom no mentor could take, and why; who only waits behind others is not among them."""
    columns = ["mentee", "group", "waiting_days", "reason", "change"]
    if plan is None:
        return pd.DataFrame(columns=[*columns, "why"])
    people = plan.unmatched.loc[plan.unmatched["code"] != PLACES_TAKEN, columns].reset_index(drop=True)
    people["why"] = [_short(group, reason) for group, reason in zip(people["group"], people["reason"], strict=True)]
    return people


def _grouped(people: pd.DataFrame) -> pd.DataFrame:
    found = [
        (group, len(rows), int(rows["waiting_days"].max()), why)
        for (group, why), rows in people.groupby(["group", "why"], sort=False)
    ]
    frame = pd.DataFrame(found, columns=["group", "mentees", "oldest", "why"])
    return frame.sort_values(["mentees", "oldest"], ascending=False, ignore_index=True)


def _short(group: str, reason: str) -> str:
    """The reason beside the name of the group."""
    return first_upper(reason.removeprefix(f"No mentor of {group} can be proposed: ").removesuffix("."))


def _counts(
    waiting: pd.DataFrame, lines: pd.DataFrame, of_running: pd.DataFrame, due: Due
) -> dict[str, tuple[int, int]]:
    """As the figures of the same name count them, and not line by line."""
    today = due.today
    late = waiting.loc[waiting["age"] == pending.Age.OVERDUE.value, "days"]
    owed = of_running.loc[of_running["overdue"], "owed_on"]
    silent = of_running.loc[of_running["quiet"], "silent"]
    nobodys = of_running.loc[of_running["alone"] != "", "silent"]
    ran = of_running.loc[of_running["to_close"], "started_on"]
    alone = lines.loc[lines["kind"] == "no_mentor", "days"]
    return {
        "decision": (len(late), int(max(late, default=0))),
        "uncovered": (len(nobodys), int(max(nobodys, default=0))),
        "check_in": (len(owed), max(((today - day).days for day in owed), default=0)),
        "quiet": (len(silent), int(max(silent, default=0))),
        "to_close": (len(ran), max(((today - day).days for day in ran), default=0)),
        "follow_up": (due.overdue, int(max(due.rows["days"], default=0))),
        "no_mentor": (len(alone), int(max(alone, default=0))),
    }


def _rules(clocks: Clocks, due: Due) -> dict[str, str]:
    return {
        "decision": f"Pending matches proposed more than {clocks.pending_overdue_days} days ago.",
        **{kind: figures.FIGURES[name].rule for kind, name in _FIGURES.items()},
        "follow_up": f"Follow-ups past their day. {due.rule}",
        "no_mentor": "Mentees to whom no mentor could be proposed now, even if nobody else were waiting.",
    }


def _lead(lines: pd.DataFrame, counts: dict[str, tuple[int, int]], clocks: Clocks) -> str:
    many, oldest = counts["decision"]
    if many:
        who = str(lines.loc[(lines["kind"] == "decision") & (lines["days"] == oldest), "who"].iloc[0]).partition(",")[0]
        have = "match has" if many == 1 else "matches have"
        most = f"the oldest is {who}’s, at {oldest} days" if many > 1 else f"it is {who}’s, at {oldest} days"
        limit = clocks.pending_overdue_days
        return (
            f"{first_upper(counted(many, '', '').strip())} {have} waited more than {limit} days for a decision; {most}."
        )
    if counts["check_in"][0]:
        late = counted(counts["check_in"][0], "check-in is", "check-ins are")
        return f"No decision is overdue. {first_upper(late)} overdue, the latest by {counts['check_in'][1]} days."
    return "No decision and no check-in is overdue."
