"""What lies around the lines: who waits in vain, the week to come, the week that was."""

import pandas as pd
import streamlit as st

from pages.ui import panels
from pages.ui.charts import waiting
from pages.ui.needs import ways
from pages.ui.text import md
from pages.ui.words import spelled
from services.today import Needs


def around(found: Needs) -> None:
    """All of it, beside the lines."""
    if not found.unmatched.empty:
        st.header("Waiting with no possible mentor", anchor=False)
        shown = found.unmatched.head(6)
        table = pd.DataFrame(
            {"Occupation": shown["group"].map(md), "Mentees": shown["mentees"], "Its mentors": shown["why"].map(md)}
        )
        st.table(table, border="horizontal", hide_index=True)
        rest = found.unmatched["mentees"].iloc[6:].sum()
        others = [f"{rest} more in other occupations" if rest else ""]
        others += [f"{found.behind} wait behind others for a place" if found.behind else ""]
        if line := "; ".join(filter(None, others)):
            st.markdown(f":small[:gray[{line[:1].upper()}{line[1:]}.]]")
    proposable(found.proposable)
    coming(found.coming)
    follow_ups(*found.follow_ups)
    if found.bands["matches"].any():
        st.header("Pending matches by days waiting", anchor=False)
        panels.chart(waiting.bands, found.bands, alt=waiting.bands_words(found.bands), key="chart_waiting")
    done = found.done
    st.header("Done in the last seven days", anchor=False)
    decided, logged, completed = done["decided"], done["check_ins"], done["completed"]
    st.markdown(
        f"**{decided:,}** {_plural(decided, 'match')} decided, **{logged:,}** {_plural(logged, 'check-in')} logged, "
        f"**{completed:,}** {_plural(completed, 'match')} completed."
    )


def follow_ups(many: int, overdue: int) -> None:
    """How many mentees are to be asked what became of them, and the way to them."""
    if many:
        late = f", {'all' if overdue == many else spelled(overdue)} of them overdue" if overdue else ""
        label = f"**{spelled(many).capitalize()} {_plural(many, 'follow-up')}** due{late}"
        st.page_link(ways.OUTCOMES, label=label, icon=":material/work:")


def proposable(many: int) -> None:
    """For how many of those who wait a mentor is free, and the way to the plan."""
    if many:
        label = f"**{spelled(many).capitalize()} {_plural(many, 'mentee')}** could be proposed now"
        st.page_link(ways.REVIEW, label=label, icon=":material/auto_awesome:", query_params={"propose": "all"})


def coming(rows: pd.DataFrame) -> None:
    """Events of the week to come."""
    if rows.empty:
        return
    st.header("This week", anchor=False)
    lines = [
        (f"{row.starts:%a} {row.starts.day}", f"**{md(row.name)}**, {md(row.place)}, {row.starts:%H:%M}", row.invited)
        for row in rows.itertuples(index=False)
    ]
    st.table(pd.DataFrame(lines, columns=["Day", "What", "Invited"]), border="horizontal", hide_index=True)


def people(found: Needs) -> None:
    """Who waits with no possible mentor, over the page; the address opens it."""

    @st.dialog("Waiting with no possible mentor", width="large", on_dismiss=_shut)
    def opened() -> None:
        st.markdown(":gray[Longest wait first, with the smallest change that would bring a mentor.]")
        rows = found.people
        table = pd.DataFrame(
            {
                "Mentee": rows["mentee"],
                "Occupation": rows["group"],
                "Days": rows["waiting_days"],
                "Its mentors": rows["why"],
                "What would help": rows["change"],
            }
        )
        widths = {"Mentee": 150, "Occupation": 150, "Days": 44, "Its mentors": 230, "What would help": 546}
        st.dataframe(
            panels.cells(table),
            hide_index=True,
            column_config={head: st.column_config.Column(width=width) for head, width in widths.items()},
            alt="Mentees with no possible mentor, longest wait first",
        )

    opened()


def _shut() -> None:
    st.query_params.pop(ways.UNMATCHED, None)


def _plural(number: int, one: str) -> str:
    return one if number == 1 else f"{one}es" if one.endswith("ch") else f"{one}s"
