"""The right side: one person, and everything that happened with them."""

import pandas as pd
import streamlit as st

from pages.ui import words
from pages.ui.people import edit, erase, pick, withdraw
from pages.ui.text import md
from services.access import Actor
from services.people_past import Happened, PastMatch
from services.people_profile import Profile

#: Matches and lines that stand there at once; the rest comes when it is asked for.
_MATCHES, _LINES = 4, 12


def head(person: Profile, *, by: Actor) -> None:
    """Who it is, where they stand, how to reach them, and what can be done."""
    with st.container(key="people_back"):
        st.button(
            "Back to the list", icon=":material/arrow_back:", type="tertiary", key="person_close", on_click=pick.put,
            kwargs={pick.PERSON: None},
        )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.header(md(person.name), anchor=False, width="content")
        st.badge(person.kind.value.capitalize(), color="gray")
        if person.withdrawn is None and person.erased is None:
            st.badge(person.standing, icon=_icon(person.standing), color=_colour(person.standing))
    if person.erased:
        on, why = person.erased
        st.markdown(
            f":gray-badge[:material/delete_forever: Erased]  {words.day(on)}, because {md(why)}. What is counted is "
            "kept under the reference; nothing of it can be changed."
        )
        return
    reach = " · ".join(md(part) for part in (person.email, person.phone) if part)
    st.markdown(f":gray[{reach}]")
    if person.withdrawn:
        on, reason, note = person.withdrawn
        because = f", {md(reason[:1].lower() + reason[1:])}" if reason else ""
        st.markdown(f":red-badge[:material/logout: Withdrawn]  {words.day(on)}{because}. {md(note, 400)}")
    if person.is_merged:
        st.markdown(":gray-badge[:material/merge: Merged]  The link was to an entry that was merged into this one.")
    _acts(person, by)


def _acts(person: Profile, by: Actor) -> None:
    with st.container(horizontal=True, gap="xsmall", key="person_acts"):
        st.button(
            "Edit", icon=":material/edit:", key="person_edit", on_click=pick.put, kwargs={pick.ASKS: pick.EDIT}
        )  # fmt: skip
        if person.withdrawn:
            st.button(
                "Take part again", icon=":material/undo:", key="person_back", on_click=withdraw.back,
                args=(person.ref,), kwargs={"by": by},
            )  # fmt: skip
        else:
            st.button(
                "Withdraw", icon=":material/logout:", key="person_withdraw", on_click=pick.put,
                kwargs={pick.ASKS: pick.WITHDRAW},
            )  # fmt: skip
        asked = pick.value(pick.ASKS) or "nothing"  # in its key, so that it shuts when a question opens over the page
        with st.popover("More", icon=":material/more_horiz:", key=f"person_more_{asked}"):
            _rarer(person, by)


def _rarer(person: Profile, by: Actor) -> None:
    st.button(
        "Duplicates", icon=":material/merge:", key="person_merge", on_click=pick.put, type="tertiary",
        kwargs={pick.VIEW: pick.DUPLICATES}, help="Look for other entries of the same person, and merge them",
    )  # fmt: skip
    st.download_button(
        "Download their file", data=lambda: erase.file_of(person.ref, by=by), file_name="personal_file.xlsx",
        mime=erase.XLSX, icon=":material/download:", key="person_file", on_click="ignore", type="tertiary",
        help="Everything that is kept of them, as a workbook; the trail keeps that it was taken out",
    )  # fmt: skip
    st.button(
        "Erase", icon=":material/delete_forever:", key="person_erase", on_click=pick.put, type="tertiary",
        kwargs={pick.ASKS: pick.ERASE}, help="Says first what goes and what stays",
    )  # fmt: skip


def questions(person: Profile, *, by: Actor) -> None:
    """What is asked over the page: the address says it, so that a reload asks again."""
    asked = None if person.erased else pick.value(pick.ASKS)
    if asked == pick.EDIT:
        edit.open_for(person.ref, by=by)
    elif asked == pick.WITHDRAW and person.withdrawn is None:
        withdraw.open_for(person.ref, by=by)
    elif asked == pick.ERASE:
        erase.open_for(person.ref, by=by)


def facts(person: Profile) -> None:
    """What is known of them."""
    lines = [("Occupation", person.group), *person.facts]
    told = pd.DataFrame([(f"**{label}**", md(said, 600)) for label, said in lines], columns=["About", "As kept"])
    st.table(told, border="horizontal", hide_index=True)


def matches(person: Profile) -> None:
    """Every match, open ones first; each opens to what happened in it, and leads to its card."""
    st.markdown(f"**Matches, {len(person.matches)}**")
    if not person.matches:
        st.markdown(":gray[None yet.]")
    whole = len(person.matches) <= _MATCHES or st.toggle("Show all matches", key=f"all_matches_{person.ref}")
    for match in person.matches if whole else person.matches[:_MATCHES]:
        _match(match)


def _match(match: PastMatch) -> None:
    with st.expander(f"**{md(match.partner)}**, {md(match.cohort)}, {md(match.standing)}", expanded=match.is_open):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.page_link(
                "pages/desk/match_review.py",
                label=f"Card of the match with {md(match.partner)}",
                icon=":material/arrow_forward:",
                query_params={"match": match.ref},
            )
            st.button(
                f"Profile of {md(match.partner)}", type="tertiary", key=f"to_{match.ref}", on_click=pick.put,
                kwargs={pick.PERSON: match.partner_ref},
            )  # fmt: skip
            if match.held:
                st.markdown(f":gray[{md(match.held)}]", width="content")
        _lines(match.happened, f"all_of_{match.ref}")


def beside(person: Profile) -> None:
    """Events, surveys, follow-ups."""
    st.markdown("**Beside the matches**")
    if person.beside:
        _lines(person.beside, f"all_beside_{person.ref}")
    else:
        st.markdown(":gray[Nothing yet.]")


def _lines(happened: tuple[Happened, ...], key: str) -> None:
    table = st.container()
    whole = len(happened) <= _LINES or st.toggle(f"Show all {len(happened)}", key=key)
    told = [
        (words.day(one.on), md(one.what, 300) + (f"\\\n:gray[{md(one.note, 500)}]" if one.note else ""))
        for one in (happened if whole else happened[:_LINES])
    ]
    table.table(pd.DataFrame(told, columns=["Day", "What happened"]), border="horizontal", hide_index=True)


def _icon(standing: str) -> str:
    waits = standing.startswith(("Waiting", "Pending"))
    return ":material/schedule:" if waits else ":material/circle:" if "free" in standing else ":material/check:"


def _colour(standing: str) -> str:
    return "orange" if standing.startswith(("Waiting", "Pending")) else "green" if "free" in standing else "blue"
