"""The pages of the desk: their addresses, and who may open each."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.ui import look
from services.access import Actor, Permission
from services.setup.steps import Lack

_STATIC = Path(__file__).parents[2] / "static"
ICON = str(_STATIC / "icon.svg")


@dataclass(frozen=True)
class Place:
    """A page: its script, its address and the permission that opens it; None: any account does.

    `needs`: what it has nothing to show without.
    """

    script: str
    title: str
    address: str
    icon: str
    permission: Permission | None = None
    needs: Lack | None = None

    def is_open_to(self, actor: Actor | None) -> bool:
        """Whether this actor may open the page."""
        return actor is not None and (self.permission is None or actor.may(self.permission))


#: Opened by a person's own link, without an account; in no menu.
ANSWER = Place("pages/answer/questions.py", "Questions", "answer", ":material/checklist:")
#: In the order of the side bar; the first is where the desk opens.
PLACES = (
    Place("pages/desk/today.py", "Today", "today", ":material/today:"),
    Place(
        "pages/desk/match_review.py",
        "Match review",
        "match-review",
        ":material/fact_check:",
        Permission.REVIEW_MATCHES,
        Lack.PEOPLE,
    ),
    Place(
        "pages/desk/matches.py",
        "Matches",
        "matches",
        ":material/handshake:",
        Permission.REVIEW_MATCHES,
        Lack.MATCHES,
    ),
    Place("pages/desk/people.py", "People", "people", ":material/groups:", Permission.SEE_PEOPLE, Lack.PROGRAMME),
    Place(
        "pages/desk/caseload.py",
        "Caseload",
        "caseload",
        ":material/diversity_3:",
        Permission.LOG_CONTACTS,
        Lack.MATCHES,
    ),
    Place("pages/desk/cohorts.py", "Cohorts", "cohorts", ":material/bar_chart:", Permission.SEE_FIGURES, Lack.COHORT),
    Place("pages/desk/events.py", "Events", "events", ":material/event:", Permission.TAKE_ATTENDANCE, Lack.COHORT),
    Place("pages/desk/follow_up.py", "Outcomes", "outcomes", ":material/work:", Permission.FOLLOW_UP, Lack.MATCHES),
    Place(
        "pages/story/milestones.py",
        "Milestones",
        "milestones",
        ":material/flag:",
        Permission.SEE_MILESTONES,
        Lack.MATCHES,
    ),
    Place(
        "pages/story/fact_sheet.py",
        "Fact sheet",
        "fact-sheet",
        ":material/description:",
        Permission.SEE_FACT_SHEET,
        Lack.MATCHES,
    ),
    Place("pages/setup/weights.py", "Weights", "weights", ":material/tune:", Permission.SET_WEIGHTS, Lack.COHORT),
    Place(
        "pages/setup/specialities.py",
        "Specialities",
        "specialities",
        ":material/category:",
        Permission.KEEP_SPECIALITIES,
        Lack.PROGRAMME,
    ),
    Place("pages/setup/programme.py", "Programme", "programme", ":material/settings:", Permission.SET_PROGRAMME),
    Place("pages/setup/imports.py", "Import", "import", ":material/upload_file:", Permission.IMPORT_FILES),
    Place(
        "pages/setup/accounts.py",
        "Accounts",
        "accounts",
        ":material/manage_accounts:",
        Permission.MANAGE_ACCOUNTS,
    ),
    Place("pages/setup/audit.py", "Audit", "audit", ":material/history:", Permission.READ_TRAIL),
)


def pages(actor: Actor | None) -> dict[StreamlitPage, Place]:
    """Every page, so that each address is known to everybody; those this actor may not open are in no menu."""
    return {
        st.Page(
            place.script,
            title=place.title,
            icon=place.icon,
            url_path=place.address,
            default=place is PLACES[0],
            visibility="visible" if place.is_open_to(actor) and place is not ANSWER else "hidden",
        ): place
        for place in (*PLACES, ANSWER)
    }


def is_bare() -> bool:
    """Whether the address is of the page without a menu; `st.navigation` tells only after the menu is drawn."""
    return urlsplit(st.context.url or "").path.strip("/") == ANSWER.address


def logo() -> str:
    """The wordmark for the theme this viewer sees."""
    return str(_STATIC / f"logo_{'d' if look.is_dark() else 'l'}.svg")


def nothing_here() -> None:
    """What is shown in place of a page that an account may not open; it does not say what would be there."""
    st.title("Nothing here for your account", anchor=False)
    st.write("Choose a page from the menu. An administrator can tell you what your account is for.")
