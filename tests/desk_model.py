"""What coordinators' acts do to people and matches, in plain Python: no table, no query, no trigger."""

import copy
import datetime as dt
from dataclasses import dataclass, field, replace

OPEN = ("proposed", "on_hold", "approved", "active")
PENDING = ("proposed", "on_hold")
ENDED = ("completed", "ended_early")
#: After these early ends nobody waits for another mentor.
SETTLED = ("hired_in_field", "hired_elsewhere", "mentee_withdrew", "relocated")
CHOSE, MADE_ROOM = "Another mentor was chosen", "The place was needed for another proposal"
STEPS = ("orientation", "first_meeting", "agreement")
#: Acts that record a step of a running match, and so change no state.
RECORDED = ("record", "take_back", "undo of a record")
REST, WITHIN = dt.timedelta(days=30), dt.timedelta(hours=24)


@dataclass
class Who:
    """A mentor or a mentee."""

    ref: str
    kind: str
    group: str
    #: Places of a mentor.
    capacity: int = 0
    #: Day since which a mentee waits.
    ready: dt.date | None = None
    withdrawn: dt.date | None = None
    erased: bool = False


@dataclass(frozen=True)
class Stand:
    """How a match stands."""

    state: str = "proposed"
    decided: dt.date | None = None
    started: dt.date | None = None
    ended: dt.date | None = None
    hold_until: dt.date | None = None
    never: bool = False
    reason: str | None = None
    orientation: dt.date | None = None
    first_meeting: dt.date | None = None
    agreement: dt.date | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def pending(self, until: dt.date | None = None) -> "Stand":
        return Stand("on_hold" if until else "proposed", hold_until=until)

    def declined(self, on: dt.date, reason: str, *, never: bool = False) -> "Stand":
        return Stand("declined", decided=on, reason=reason, never=never)

    def turned_down(self, reason: str) -> "Stand":
        return Stand("declined_by_mentor", decided=self.decided, reason=reason)

    def is_in_order(self, proposed: dt.date, today: dt.date) -> bool:
        """Rule 5, with the recorded steps."""
        days = [day for day in (proposed, self.decided, self.started, self.ended, today) if day]
        met = [day for day in (self.started, self.first_meeting, self.agreement, self.ended) if day]
        around = [day for day in (self.orientation, self.ended) if day]
        no_start = not self.started and (self.orientation or self.first_meeting or self.agreement)
        return days == sorted(days) and met == sorted(met) and around == sorted(around) and not no_start


@dataclass
class Act:
    """What one coordinator did at once: how each match stood before, and the matches it made."""

    what: str
    by: int
    at: dt.datetime
    before: dict[int, Stand]
    made: tuple[int, ...] = ()
    #: How it left them.
    after: dict[int, Stand] = field(default_factory=dict)


@dataclass
class Pair:
    """A match, by the numbers of its people."""

    ref: str
    mentor: int
    mentee: int
    group: str
    override: bool
    proposed: dt.date
    stand: Stand = field(default_factory=Stand)
    #: The last act that touched it, and the last that moved it: a recorded step moves nothing.
    act: Act | None = None
    moved: Act | None = None


class Desk:
    """Everyone and every match of one programme; people and matches go by the database's numbers."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.mentors: dict[int, Who] = {}
        self.mentees: dict[int, Who] = {}
        self.pairs: dict[int, Pair] = {}
        #: References of merged entries, and where they lead.
        self.leads: dict[str, str] = {}

    def people(self, kind: str) -> dict[int, Who]:
        return self.mentors if kind == "mentor" else self.mentees

    def of(self, kind: str, number: int, *, is_open: bool = False) -> list[int]:
        return [
            n for n, pair in self.pairs.items() if getattr(pair, kind) == number and (pair.stand.is_open or not is_open)
        ]

    def take(self, act: Act, after: dict[int, Stand]) -> None:
        """Every match of an act comes to stand as it says."""
        act.after = {**after, **dict.fromkeys(act.made, Stand())}
        for number, stand in after.items():
            self.pairs[number].stand = stand
        for number in (*after, *act.made):
            self.pairs[number].act = act
            if act.what not in RECORDED:
                self.pairs[number].moved = act

    def undone(self, act: Act) -> dict[int, Stand]:
        """How matches stand when an act is taken back: what it made is void."""
        return {**act.before, **dict.fromkeys(act.made, Stand("void"))}

    def is_whole(self, act: Act) -> bool:
        """Nothing was done to any of its matches since."""
        return all(self.pairs[number].act is act for number in act.after)

    def stands(self, act: Act) -> bool:
        """Its matches stand as it left them, whatever was done and taken back since."""
        return all(self.pairs[number].stand == stand for number, stand in act.after.items())

    def would_break(self, after: dict[int, Stand]) -> list[str]:
        """The rules that these matches would break if they stood so."""
        then = copy.copy(self)
        then.pairs = {n: replace(pair, stand=after.get(n, pair.stand)) for n, pair in self.pairs.items()}
        return then.broken()

    def broken(self) -> list[str]:
        """Every rule that does not hold, and of whom."""
        held = [pair for pair in self.pairs.values() if pair.stand.is_open]
        never = {(pair.mentor, pair.mentee) for pair in self.pairs.values() if pair.stand.never}
        found = [f"rule 5 {pair.ref}" for pair in self.pairs.values() if not self._in_order(pair)]
        for n, mentee in self.mentees.items():
            if sum(pair.mentee == n for pair in held) > 1:
                found.append(f"rule 1 {mentee.ref}")
        for n, mentor in self.mentors.items():
            if sum(pair.mentor == n for pair in held) > mentor.capacity:
                found.append(f"rule 2 {mentor.ref}")
        for pair in held:
            mentor, mentee = self.mentors[pair.mentor], self.mentees[pair.mentee]
            if not pair.override and len({pair.group, mentor.group, mentee.group}) > 1:
                found.append(f"rule 3 {pair.ref}")
            if (pair.mentor, pair.mentee) in never:
                found.append(f"rule 4 {pair.ref}")
            if mentor.withdrawn or mentee.withdrawn:
                found.append(f"withdrawn {pair.ref}")
        return found

    def _in_order(self, pair: Pair) -> bool:
        return pair.stand.state == "void" or pair.stand.is_in_order(pair.proposed, self.today)

    def waiting(self) -> set[int]:
        """Mentees who can be proposed."""
        return {n for n, who in self.mentees.items() if self._waits(n, who)}

    def _waits(self, number: int, who: Who) -> bool:
        stands = [self.pairs[n].stand for n in self.of("mentee", number)]
        served = any(
            stand.is_open or stand.state == "completed" or (stand.state == "ended_early" and stand.reason in SETTLED)
            for stand in stands
        )
        return who.ready is not None and who.ready <= self.today and not who.withdrawn and not served

    def free(self, mentor: int) -> int:
        """Places that nobody holds."""
        return self.mentors[mentor].capacity - len(self.of("mentor", mentor, is_open=True))

    def are_apart(self, mentor: int, mentee: int) -> bool:
        """Whether what was before keeps the engine from proposing two people."""
        for number in self.of("mentor", mentor):
            pair, stand = self.pairs[number], self.pairs[number].stand
            lately = stand.state == "declined" and stand.decided and stand.decided > self.today - REST
            if pair.mentee == mentee and (
                stand.never
                or stand.state in ("declined_by_mentor", *ENDED)
                or (lately and stand.reason not in (CHOSE, MADE_ROOM))
            ):
                return True
        return False

    def could_be_proposed(self, mentor: int, mentee: int) -> bool:
        """Whether a plan may put the two together, places aside."""
        who = self.mentors[mentor]
        alike = who.group == self.mentees[mentee].group
        return alike and not who.withdrawn and not self.are_apart(mentor, mentee)

    def merge(self, kind: str, keep: int, other: int) -> None:
        """The other's matches come to who stays; the other's reference leads to them."""
        people = self.people(kind)
        for number in self.of(kind, other):
            setattr(self.pairs[number], kind, keep)
        gone = people.pop(other)
        self.leads = {old: people[keep].ref if to == gone.ref else to for old, to in self.leads.items()}
        self.leads[gone.ref] = people[keep].ref

    def started(self, as_of: dt.date) -> int:
        """Matches to date."""
        return sum(
            pair.stand.started is not None and pair.stand.started <= as_of and pair.stand.state != "void"
            for pair in self.pairs.values()
        )
