"""What each role sees first."""

import streamlit as st

from pages.ui import cohort, panels
from pages.ui.needs import around
from pages.ui.scope import Chosen
from pages.ui.text import plain
from pages.ui.words import spelled
from services import cohorts, follow_up, milestones, owed, people, programmes, queue, reading
from services.access import Actor

_AGES = {
    "overdue": (":red[:material/error:] Overdue", "More than 28 days since the proposal"),
    "due": (":orange[:material/schedule:] Due", "15 to 28 days since the proposal"),
    "fresh": (":gray[:material/circle:] Fresh", "Up to 14 days since the proposal"),
    "held": (":gray[:material/pause:] On hold", "Put aside until a day that has not come"),
}


def standing(actor: Actor, chosen: Chosen | None) -> None:
    """One plain sentence that says how the programme stands, on the chosen day or this one."""
    about = {"as_of": chosen.as_of, "programme_id": chosen.programme.id} if chosen else {}
    with reading() as session:
        now = milestones.standing(session, by=actor, **about)
    count = f"{now.figure.text} {now.figure.unit}"
    when = "to date" if chosen is None or chosen.is_today else f"by {chosen.day}"
    st.markdown(f"**{count}** {when}, {spelled(now.to_go)} to go to **{now.next_number:,}**. :gray[{now.figure.rule}]")


def as_of(actor: Actor, chosen: Chosen) -> None:
    """A day that is past, in figures: what waited for a decision, and how the running matches were looked after."""
    st.markdown(":gray[What needs you stands here for today. Of an earlier day there are the figures.]")
    with reading() as session:
        ages = queue.ages(session, by=actor, programme_id=chosen.programme.id, as_of=chosen.as_of)
    st.header(f"Decisions that waited on {chosen.day}", anchor=False)
    with st.container(key="cards"), st.grid(4, min_column_width=170):
        for age, (label, rule) in _AGES.items():
            many, oldest = ages[age]
            below = f"oldest {oldest} days" if many else "none"
            with st.container(border=True):
                st.metric(label, many, below, delta_color="off", delta_arrow="off", help=rule)
    _care(actor, chosen)


def _care(actor: Actor, chosen: Chosen) -> None:
    """How the running matches are looked after, on the chosen day; each figure opens to its rows."""
    with reading() as session:
        found = [
            figure
            for figure in cohorts.care(session, chosen.of_programme, by=actor)
            if figure.name != "support_contacts_kept"  # which is of all years
        ]
    if found:
        st.header("Running matches", anchor=False)
        cohort.care(found, opens=True)
    panels.rows_behind(actor, chosen.of_programme)


def _week(week: owed.Owed) -> None:
    """What a coach owes, in one line that leads to it."""
    late, soon = (week.many(urgency, mine=week.is_coach) for urgency in (owed.OVERDUE, owed.DUE))
    label = f"**My week**: {spelled(late) if late else 'no'} check-in{'' if late == 1 else 's'} overdue, "
    st.page_link(
        "pages/desk/caseload.py", label=f"{label}{spelled(soon) if soon else 'none'} due", icon=":material/checklist:"
    )


def own_people(actor: Actor) -> None:
    """A coach's own agency: who waits, and who is matched."""
    with reading() as session:
        programme = programmes.main(session)
        mine = people.own_agency(session, by=actor, programme_id=programme.id)
        due = follow_up.due(session, by=actor, programme_id=programme.id)
        week = owed.owed(session, by=actor, programme_id=programme.id)
    _week(week)
    around.follow_ups(len(due.rows), due.overdue)
    st.header(f"Your agency’s people, {len(mine)}", anchor=False)
    if mine.empty:
        st.markdown("Nobody of your agency waits or is in a match now.")
        return
    shown = mine.assign(mentee=mine["mentee"].map(plain)).rename(columns=str.capitalize)
    since = {"Since": st.column_config.DateColumn(format="D MMM YYYY")}
    st.dataframe(
        shown, hide_index=True, height="content", column_config=since, alt="Mentees of your agency, longest wait first"
    )
