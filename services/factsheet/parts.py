"""The parts of a sheet: matches by cohort, occupational groups, outcomes, and further numbers."""

from sqlalchemy import select

from db.models import Milestone, MilestoneKind, Survey, SurveyQuestion
from services.counting.figure import Figure
from services.factsheet import wording
from services.factsheet.model import Item, Section
from services.factsheet.question import Question
from services.scopes import CohortChoice
from services.wording import counted, day, first_upper

#: Cohorts after which the first one is history, and the years since say more.
_RECENT = 4


def cohorts(asked: Question) -> Section:
    """The matches started in each cohort up to the sheet's."""
    counted = asked.by_cohort("started_matches")
    items = tuple(
        Item(asked.named(cohort), counted[cohort.id], is_subject=cohort == asked.cohort) for cohort in asked.cohorts
    )
    name = "Matches started, by cohort"
    return Section(name, items, note=f"{name}.", name=name)


def sentence(asked: Question, headline: Figure) -> str:
    """What the headline counts, and how it compares with the cohort before."""
    if not headline.value:
        return f"No match of {wording.cohort_named(asked.named(asked.cohort))} had started by {day(asked.as_of)}."
    if asked.before is None:
        return f"{asked.words.matched}."
    is_over = asked.cohort.ends_on <= asked.as_of
    grown = wording.growth(asked.total("growth", asked.cohort), asked.named(asked.before), is_over=is_over)
    return f"{asked.words.matched}{grown}."


def outcomes(asked: Question) -> Section:
    """What became of the mentees of this cohort, or of the one before while too few of this one were reached."""
    # While a cohort runs, those reached are the ones who left early, most of them for work.
    own = asked.cohort if asked.cohort.ends_on <= asked.as_of else None
    about = [cohort for cohort in (own, asked.before) if cohort] or [asked.cohort]
    of = [(cohort, asked.figure("employed", cohort)) for cohort in about]
    enough = [pair for pair in of if pair[1].value is not None and (pair[1].base or 0) >= asked.clocks.percent_base]
    known = [pair for pair in of if pair[1].value is not None]
    cohort, employed = (enough or known or of)[0]
    name = asked.named(cohort)
    if employed.value is None:
        asks = "How many" if employed.is_nearly_all else "Not yet known: how many"
        return Section(f"{asks} {name} mentees found work", (), absent=employed.absent, name="Outcomes")
    in_field = asked.figure("employed_in_field", cohort)
    rates = [Item("Found employment", employed, is_subject=True)]
    if in_field.value is not None:
        rates.append(Item("Found employment directly in their field", in_field))
    reached = f"{'About ' if employed.protected else ''}{employed.base:,}"
    return Section(
        wording.outcome(employed, name, employed.objective),
        tuple(rates),
        note=f"{reached} mentees of the {name} cohort reached, as of {day(employed.as_of)}.",
        objective=employed.objective,
        name="Outcomes",
    )


def panels(asked: Question) -> tuple[Section, ...]:
    """The first cohort while it is near, later the years since it, and what this cohort's surveys say."""
    first = asked.cohorts[0]
    if len(asked.cohorts) <= _RECENT:
        earlier = [_first(asked, first)] if asked.before else []
    else:
        earlier = [_since(asked, first)]
    own = [surveys(asked, asked.cohort)] if asked.cohort.ends_on <= asked.as_of else []
    said = [*earlier, *own]
    return tuple(section for section in said if section.items)


def _first(asked: Question, first: CohortChoice) -> Section:
    name = asked.named(first)
    in_field, started = asked.figure("employed_in_field", first), asked.total("started_matches", first)
    own = surveys(asked, first)
    items = (Item("of mentees reached employed in their field", in_field), *own.items)
    shown = tuple(item for item in items if item.figure.value is not None)
    finding = (
        own.finding
        if in_field.value is None
        else f"{first_upper(wording.share(in_field))} {name} mentees reached found work in their field"
    )
    matches = f"{first_upper(counted(started.count, 'match', 'matches'))}."
    answered = ["Surveys: share of those who answered."] if own.items else []
    note = " ".join([matches, *answered, *_awards(asked)])
    return Section(finding, shown, note=note, name=f"The {name}" if name != first.name else f"The {name} cohort")


def _since(asked: Question, first: CohortChoice) -> Section:
    """Totals of all cohorts: they are exact everywhere."""
    to_date, mentors = asked.total("matches_to_date", None), asked.total("mentors", None)
    since = f"since {first.starts_on.year}"
    items = (Item(f"{to_date.unit} {since}", to_date), Item(f"mentors {since}", mentors))
    finding = f"{mentors.text} mentors have made {to_date.text} {to_date.unit} {since}"
    return Section(finding, items, note=" ".join(_awards(asked)), name=f"Since {first.starts_on.year}")


def surveys(asked: Question, cohort: CohortChoice) -> Section:
    """What those of a cohort who answered agree to."""
    name = f"Surveys of {asked.named(cohort)}"
    codes = asked.session.scalars(
        select(SurveyQuestion.code)
        .join(Survey, Survey.id == SurveyQuestion.survey_id)
        .where(Survey.cohort_id == cohort.id)
        .order_by(SurveyQuestion.id)
    ).all()
    items, said = [], []
    for code in dict.fromkeys(codes):
        side, what, figure = _answer(asked, cohort, f"survey:{code}")
        if figure.value is not None:
            items.append(Item(f"of {side} {what[:1].lower()}{what[1:]}", figure))
            said.append((figure.value, f"{first_upper(what)}: {wording.share(figure)} {side} who answered"))
    finding = max(said)[1] if said else ""
    return Section(finding, tuple(items), name=name)


def _answer(asked: Question, cohort: CohortChoice, name: str) -> tuple[str, str, Figure]:
    """Who answered, what they agreed to, and how many did."""
    label = asked.label(name)
    side, mark, what = label.partition(": ")
    figure = asked.figure(name, cohort)
    return (side.lower(), what, figure) if mark else ("participants", label, figure)


def _awards(asked: Question) -> list[str]:
    named = asked.session.scalars(
        select(Milestone.name)
        .where(
            Milestone.programme_id == asked.programme_id,
            Milestone.kind == MilestoneKind.AWARD,
            Milestone.on_day <= asked.as_of,
        )
        .order_by(Milestone.on_day)
    )
    return [f"{name}." for name in named]
