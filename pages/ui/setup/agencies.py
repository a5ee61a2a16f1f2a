"""The view of the agencies and their coaches."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import panels
from pages.ui.setup.acting import act, key
from pages.ui.text import plain
from services import reading
from services.access import Actor
from services.setup import agencies, coaches

_NEW_AGENCY, _NEW_COACH = "A new agency", "A new coach"
_MANY, _TALL = 16, 563


def view(actor: Actor) -> None:
    """Agencies above, coaches below, each with a form beside the list."""
    with reading() as session:
        known = agencies.agencies(session, by=actor)
        divisions = agencies.divisions(session, by=actor)
        working = coaches.coaches(session, by=actor)
    listed, form = st.columns([2.4, 1], gap="large")
    with listed, st.container(key="panel_agencies"):
        st.header(_many(len(known), "agency", "agencies"), anchor=False)
        if len(known):
            _agencies(known)
        else:
            st.markdown("Enter the partner agencies here, or let the first file of mentees bring them.")
    with form, st.container(key="panel_agency"):
        st.header("Add or change an agency", anchor=False)
        _agency(actor, known, divisions)
    if known.empty:
        return
    listed, form = st.columns([2.4, 1], gap="large")
    with listed, st.container(key="panel_coaches"):
        st.header(_many(len(working), "coach", "coaches"), anchor=False)
        if len(working):
            _coaches(working)
        else:
            st.markdown(
                "A coach’s account, made under Accounts, puts them here; those who do not use the desk are added here."
            )
    with form, st.container(key="panel_coach"):
        st.header("Add or change a coach", anchor=False)
        _coach(actor, known, working)


def _many(number: int, one: str, many: str) -> str:
    return f"No {one} yet" if not number else f"{number:,} {one if number == 1 else many}"


def _table(shown: pd.DataFrame, alt: str, columns: dict[str, Any]) -> None:
    height = "content" if len(shown) <= _MANY else _TALL
    st.dataframe(panels.cells(shown), hide_index=True, height=height, column_config=columns, alt=alt, placeholder="")  # type: ignore[call-overload]


def _agencies(known: pd.DataFrame) -> None:
    day = st.column_config.DateColumn(format="D MMM YYYY", width=96)
    shown = pd.DataFrame(
        {
            "Agency": known["name"],
            "Agreement": known["agreement_on"],
            "Partner since": known["since"],
            "Until": known["until"],
            "Limits": [_limits(row) for row in known.itertuples()],
            "Coaches": known["coaches"],
        }
    )
    columns = {
        "Agency": st.column_config.TextColumn(width=196),
        **dict.fromkeys(("Agreement", "Partner since", "Until"), day),
        "Limits": st.column_config.TextColumn(width=132, help="Pairs beyond them are not proposed"),
        "Coaches": st.column_config.NumberColumn(width=70, help="Those who have not left"),
    }
    _table(shown, "The partner agencies, by name", columns)
    if without := int(known["agreement_on"].isna().sum()):
        whose = "One agency has" if without == 1 else f"{without} agencies have"
        st.markdown(f":material/lock: {whose} no data agreement: nobody of them can sign in.")


def _limits(one: Any) -> str:
    near = [f"within {int(one.limit_km)} km"] if one.limit_km else []
    return "; ".join([*near, *(f"not {name}" for name in one.not_divisions)])


def _agency(actor: Actor, known: pd.DataFrame, divisions: tuple[str, ...]) -> None:
    names = dict(zip(known["name"], known["id"], strict=True))
    old = st.selectbox("Agency", [_NEW_AGENCY, *names], format_func=plain, key=key("agency_chosen"))
    now = None if old == _NEW_AGENCY else known[known["name"] == old].iloc[0]
    of = key(f"agency {old}")
    with st.form(of, border=False, enter_to_submit=False):
        name = st.text_input("Name", "" if now is None else now["name"], max_chars=120, key=f"{of} name")
        days = [
            st.date_input(label, None if now is None else _day(now[field]), help=told, format="YYYY-MM-DD",
                          min_value="1990-01-01", max_value="2100-12-31", key=f"{of} {field}")
            for label, field, told in (
                ("Data agreement signed on", "agreement_on", "Without it none of its coaches can sign in"),
                ("Partner since", "since", "Counted among the partners from this day on"),
                ("No partner from", "until", "From this day on it counts no more and its coaches cannot sign in"),
            )
        ]  # fmt: skip
        farthest = st.number_input(
            "Sends nobody farther than", 1, agencies.FARTHEST_KM, _whole(now), placeholder="any distance, in km",
            help="Kilometres from where the mentee lives to the mentor’s office", key=f"{of} km",
        )  # fmt: skip
        away = st.multiselect(
            "Sends nobody to", divisions, [] if now is None else now["not_divisions"], format_func=plain,
            placeholder="every division is open", help="Divisions in which none of its mentees can be mentored",
            key=f"{of} divisions",
        )  # fmt: skip
        wanted = st.form_submit_button("Save the agency", type="primary")
    if wanted:
        terms = agencies.Terms(name, *days, farthest, tuple(away))
        number = None if now is None else int(now["id"])
        act(lambda session: agencies.save(session, terms, by=actor, agency_id=number))


def _whole(now: Any) -> int | None:
    return None if now is None or not now["limit_km"] else int(now["limit_km"])


def _day(value: Any) -> Any:
    return None if pd.isna(value) else value


def _coaches(working: pd.DataFrame) -> None:
    gone = [not pd.isna(day) for day in working["left_on"]]
    shown = pd.DataFrame(
        {
            "Coach": [f"{name} (left)" if left else name for name, left in zip(working["name"], gone, strict=True)],
            "Agency": working["agency"],
            "E-mail": working["email"],
            "Places": working["places"],
            "Account": ["Yes" if there else "No" for there in working["signs_in"]],
        }
    )
    columns = {
        "Coach": st.column_config.TextColumn(width=170),
        "Agency": st.column_config.TextColumn(width=190),
        "E-mail": st.column_config.TextColumn(width=190),
        "Places": st.column_config.NumberColumn(width=64, help="Matches that they can carry at once"),
        "Account": st.column_config.TextColumn(width=70, help="Whether they can sign in"),
    }
    _table(shown, "The coaches, by agency and name", columns)


def _coach(actor: Actor, known: pd.DataFrame, working: pd.DataFrame) -> None:
    names = {f"{one.name}, {one.agency}": one for one in working.itertuples()}
    old = st.selectbox("Coach", [_NEW_COACH, *names], format_func=plain, key=key("coach_chosen"))
    now = names.get(old)
    of = key(f"coach {old}")
    homes = dict(zip(known["name"], known["id"], strict=True))
    with st.form(of, border=False, enter_to_submit=False):
        name = st.text_input("Name", now.name if now else "", max_chars=120, key=f"{of} name")
        home = now.agency if now else None
        if now is None:
            home = st.selectbox("Agency", list(homes), format_func=plain, key=f"{of} agency")
        email = st.text_input("E-mail", now.email if now else "", max_chars=200, key=f"{of} email")
        places = st.number_input(
            "Places", 0, coaches.MOST_PLACES, now.places if now else coaches.PLACES, key=f"{of} places",
            help="Matches that they can carry at once",
        )  # fmt: skip
        wanted = st.form_submit_button("Save the coach", type="primary")
    if wanted:
        terms = coaches.Terms(name, int(homes[home]), email, int(places))
        number = int(now.id) if now else None
        act(lambda session: coaches.save(session, terms, by=actor, coach_id=number))
