"""The rows behind each figure of the work around a match: contacts, gatherings, ends, findings, placements."""

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tests.reference_matches import Line, per_match
from tests.reference_rows import HIRED, Asked

DAY = dt.timedelta(days=1)


def hours(asked: Asked) -> list[Line]:
    met = {m.id: [s.minutes for s in asked.sessions(m)] for m in asked.completed()}
    return [Line((match,), measure=Fraction(sum(minutes), 60)) for match, minutes in met.items() if minutes]


def attendance(kind: str) -> Callable[[Asked], list[Line]]:
    def lines(asked: Asked) -> list[Line]:
        meant = [e for e in asked.within("event") if e.kind == kind and e.cancelled_at is None]
        held = {e.id for e in meant if asked.local_day(e.starts_at) <= asked.day}
        return [
            Line((a.mentor_id, a.mentee_id), a.attended)
            for a in asked.rows["attendance"]
            if a.event_id in held and a.attended is not None and not a.walked_in
        ]

    return lines


def health_good(asked: Asked) -> list[Line]:
    seen = [m for m in asked.active() if asked.check_ins(m)]
    return per_match(seen, lambda m: asked.check_ins(m)[-1].health == "good")


def quiet_days(asked: Asked, match: Any) -> int:
    contacts = [match.started_on, *(row.on_day for row in asked.check_ins(match) + asked.sessions(match))]
    return (asked.day - max(contacts)).days


def quiet(asked: Asked) -> list[Line]:
    return per_match(asked.active(), lambda m: quiet_days(asked, m) >= asked.clocks.quiet_act_days)


def watched(asked: Asked) -> list[Line]:
    clocks = asked.clocks
    return per_match(asked.active(), lambda m: clocks.quiet_watch_days <= quiet_days(asked, m) < clocks.quiet_act_days)


def windows(asked: Asked, match: Any) -> list[tuple[dt.date, dt.date]]:
    """First and last day of each planned contact; the first window has the match's first day too."""
    offsets = sorted({*asked.clocks.check_in_days, asked.clocks.closing_day})
    firsts = [0, *(offset + 1 for offset in offsets[:-1])]
    return [(match.started_on + a * DAY, match.started_on + b * DAY) for a, b in zip(firsts, offsets, strict=True)]


def owed_on(asked: Asked, match: Any) -> dt.date | None:
    """The planned day of the first contact that neither a check-in of its window nor a later one has kept."""
    for first, last in windows(asked, match):
        if not any(c.on_day >= first for c in asked.check_ins(match)):
            return last
    return None


def contacts_overdue(asked: Asked) -> list[Line]:
    return per_match(asked.active(), lambda m: (owed := owed_on(asked, m)) is not None and owed < asked.day)


def contacts_due(asked: Asked) -> list[Line]:
    return per_match(
        asked.active(),
        lambda m: (owed := owed_on(asked, m)) is not None and asked.day <= owed <= asked.day + 7 * DAY,
    )


def to_close(asked: Asked) -> list[Line]:
    return per_match(asked.active(), lambda m: (asked.day - m.started_on).days > asked.clocks.closing_day)


def support_contacts_kept(asked: Asked) -> list[Line]:
    return [
        Line((m.id, last), any(first <= c.on_day <= last for c in asked.check_ins(m)))
        for m in asked.started()
        for first, last in windows(asked, m)
        if last <= asked.day and (m.ended_on is None or m.ended_on >= last)
    ]


def ended_early(asked: Asked) -> list[Line]:
    ended = {m.id for m in asked.ended_early() if m.reason not in HIRED}
    return per_match(asked.started(), lambda m: m.id in ended)


def hired_early(asked: Asked) -> list[Line]:
    hired = {m.id for m in asked.ended_early() if m.reason in HIRED}
    return per_match(asked.started(), lambda m: m.id in hired)


def employed(*findings: str) -> Callable[[Asked], list[Line]]:
    def lines(asked: Asked) -> list[Line]:
        latest = {o.mentee_id: o.finding for o in asked.outcomes()}
        return [Line((mentee,), latest[mentee] in findings) for mentee in sorted(latest)]

    return lines


def employed_in_field_12m(asked: Asked) -> list[Line]:
    found: dict[int, bool] = {}
    for m in asked.completed():
        for o in asked.outcomes():
            if o.mentee_id == m.mentee_id and m.ended_on <= o.on_day <= m.ended_on + 365 * DAY:
                found[o.mentee_id] = found.get(o.mentee_id, False) or o.finding == "employed_in_field"
    return [Line((mentee,), hit) for mentee, hit in sorted(found.items())]


def survey(asked: Asked, code: str) -> list[Line]:
    surveys = {s.id for s in asked.within("survey")}
    questions = {q.id for q in asked.rows["survey_question"] if q.survey_id in surveys and q.code == code}
    return [
        Line((r.mentor_id, r.mentee_id), r.agrees)
        for r in asked.until_day(asked.rows["survey_response"])
        if r.question_id in questions and r.agrees is not None
    ]


def placed(asked: Asked) -> list[Line]:
    hired = [p for p in asked.within("placement") if p.hired_on <= asked.day]
    return [Line((p.id,), p.permanent_on is not None and p.permanent_on <= asked.day) for p in hired]
