"""Historic matches laid beside the database: who is known, what is recorded already, and what a rule forbids."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import OPEN, Match, MatchState, Mentee, Mentor, Programme
from services.imports.matches import Historic, Side
from services.imports.people import chunks
from services.imports.rows import Reading


@dataclass(frozen=True)
class Someone:
    """A mentor or mentee the desk knows: id, group, and their places and open matches."""

    id: int
    group_id: int
    capacity: int = 1
    open_matches: int = 0


@dataclass
class History:
    """Checked matches by what becomes of them, and the people in them whom the desk knows, by address."""

    new: list[Historic] = field(default_factory=list)
    unchanged: list[Historic] = field(default_factory=list)
    mentors: dict[str, Someone] = field(default_factory=dict)
    mentees: dict[str, Someone] = field(default_factory=dict)
    new_cohorts: list[str] = field(default_factory=list)

    def cohorts(self) -> dict[str, int]:
        """Good rows by cohort."""
        return dict(Counter(match.cohort for match in (*self.new, *self.unchanged)))

    def groups(self) -> dict[str, dict[str, int]]:
        """Good rows by cohort and occupational group."""
        counted: dict[str, Counter[str]] = defaultdict(Counter)
        for match in (*self.new, *self.unchanged):
            counted[match.cohort][match.group] += 1
        return {cohort: dict(groups) for cohort, groups in counted.items()}


def sort(
    session: Session,
    programme: Programme | None,
    checked: Sequence[tuple[Historic, Reading]],
    refuse: Callable[[Reading], None],
) -> History:
    """Tell recorded matches from new ones; refuse those that a rule of the database would stop."""
    history = History(
        mentors=_known(session, Mentor, [match.mentor for match, _ in checked]),
        mentees=_known(session, Mentee, [match.mentee for match, _ in checked]),
    )
    recorded, busy, never = _recorded(session, programme, history)
    order = {row: position for position, row in enumerate(_by_day(checked))}
    places: Counter[str] = Counter({key: mentor.open_matches for key, mentor in history.mentors.items()})
    for match, reading in sorted(checked, key=lambda pair: order[pair[0].row]):
        mentor, mentee = history.mentors.get(match.mentor.key), history.mentees.get(match.mentee.key)
        ids = (mentor.id if mentor else 0, mentee.id if mentee else 0)
        if (*ids, match.started_on) in recorded:
            history.unchanged.append(match)
            continue
        if match.mentee.key in busy:
            sentence = "This mentee has an open match. Close it first, then bring in this row."
            reading.refuse("open match", sentence, "mentee_email")
        elif ids in never:
            reading.refuse("never again", "This pair was declined for good and cannot be matched.", "mentee_email")
        elif match.state is MatchState.ACTIVE and mentor and places[match.mentor.key] >= mentor.capacity:
            sentence = "This mentor has no free place for an active match. Raise their places first."
            reading.refuse("no free place", sentence, "mentor_email")
        if reading.problems:
            refuse(reading)
            continue
        history.new.append(match)
        if match.state is MatchState.ACTIVE:
            busy.add(match.mentee.key)
            places[match.mentor.key] += 1
    return history


def _by_day(checked: Sequence[tuple[Historic, Reading]]) -> list[str]:
    """Rows as they happened, active ones last: what is closed never stands in the way."""
    happened = sorted((match.state is MatchState.ACTIVE, match.started_on, at) for at, (match, _) in enumerate(checked))
    return [checked[at][0].row for *_, at in happened]


def _known(session: Session, table: type[Mentor] | type[Mentee], sides: Sequence[Side]) -> dict[str, Someone]:
    is_mentor = table is Mentor
    open_matches: dict[int, int] = Counter()
    if is_mentor:
        open_matches = Counter(session.scalars(select(Match.mentor_id).where(Match.state.in_(OPEN))))
    found = {}
    for chunk in chunks(sorted({side.key for side in sides})):
        for row in session.execute(select(table.__table__).where(table.email_key.in_(chunk))).mappings():
            capacity = row["capacity"] if is_mentor else 1
            found[row["email_key"]] = Someone(row["id"], row["group_id"], capacity, open_matches[row["id"]])
    return found


def _recorded(
    session: Session, programme: Programme | None, history: History
) -> tuple[set[tuple[int, int, object]], set[str], set[tuple[int, int]]]:
    """Matches there already (mentor, mentee, first day), mentees with an open one, pairs declined for good."""
    recorded: set[tuple[int, int, object]] = set()
    busy: set[str] = set()
    never: set[tuple[int, int]] = set()
    address = {mentee.id: key for key, mentee in history.mentees.items()}
    asked = select(
        Match.mentor_id, Match.mentee_id, Match.started_on, Match.state, Match.never_again, Match.programme_id
    )
    for chunk in chunks(sorted(address)):
        for match in session.execute(asked.where(Match.mentee_id.in_(chunk))):
            pair = (match.mentor_id, match.mentee_id)
            if match.never_again:
                never.add(pair)
            if programme and match.programme_id == programme.id:
                recorded.add((*pair, match.started_on))
                if match.state in OPEN:
                    busy.add(address[match.mentee_id])
    return recorded, busy, never
