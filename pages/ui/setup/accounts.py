"""Parts of the accounts page: the list, a form for one, and a password that is shown once."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import panels
from pages.ui.acts import shown_once
from pages.ui.setup.acting import act, key
from pages.ui.text import md, plain
from services import accounts
from services.access import Actor
from services.accounts import ROLES, AccountLine

_NEW, _SHOWN = "A new account", "account_password"
_MANY, _TALL = 18, 640


def password_once() -> None:
    """The password that was just made, until anything else is clicked."""
    if made := shown_once(_SHOWN):
        username, password = made
        with st.container(border=True, width=560, key="password_once"):
            st.markdown(
                f":green[:material/key:] **Password of {md(username)}.** Hand it over now: it is shown this once, and "
                "nobody can look it up later."
            )
            st.code(password, language=None)


def listed(known: Sequence[AccountLine]) -> None:
    """Every account by username."""
    shown = pd.DataFrame(
        {
            "Username": [one.username for one in known],
            "Name": [one.name for one in known],
            "Role": [one.role.capitalize() for one in known],
            "State": ["Closed" if one.disabled_at else "Open" for one in known],
            "Agency": [one.agency or "" for one in known],
            "E-mail": [one.email or "" for one in known],
        }
    )
    column = st.column_config.TextColumn
    st.dataframe(
        panels.cells(shown),
        hide_index=True,
        height="content" if len(shown) <= _MANY else _TALL,
        column_config={
            "Username": column(width=84),
            "Name": column(width=130),
            "Role": column(width=96),
            "State": column(width=60),
            "Agency": column(width=176),
            "E-mail": column(width=142, help="Where the desk writes to"),
        },
        alt="The accounts by username",
    )


def form(actor: Actor, known: Sequence[AccountLine], homes: Mapping[str, bool]) -> None:
    """One account, new or there already. `homes`: of each agency, whether it has a data agreement."""
    by_name = {one.username: one for one in known}
    old = st.selectbox("Account", [_NEW, *by_name], format_func=plain, key=key("account_chosen"))
    now = by_name.get(old)
    of = key(f"account {old}")
    if now is None:
        name = st.text_input("Name", max_chars=120, placeholder="First and last name", key=f"{of} name")
        username = st.text_input(
            "Username", max_chars=100, key=f"{of} username", help="What is typed at sign-in; letters without accents"
        )
    names = list(ROLES)
    role = st.selectbox(
        "Role", names, index=names.index(now.role if now else "coordinator"), format_func=str.capitalize,
        key=f"{of} role", help="  \n".join(f"{one.capitalize()}: {told}" for one, told in ROLES.items()),
    )  # fmt: skip
    st.markdown(f":small[:gray[{ROLES[role]}]]")
    home = None
    if role == "coach":
        home = _home(of, now, homes)
    email = st.text_input(
        "E-mail", (now and now.email) or "", max_chars=200, key=f"{of} email",
        help="Where the desk writes what is due; leave it empty for no mail",
    )  # fmt: skip
    if now is None:
        if st.button("Make the account", type="primary", key="make_account"):
            act(lambda session: _made(session, actor, username, name, role, home, email))
        st.markdown(":small[:gray[A password is made with it and shown once.]]")
        return
    _changes(actor, now, role, home, email)


def _home(of: str, now: AccountLine | None, homes: Mapping[str, bool]) -> str | None:
    """The agency of a coach, and what still keeps its coaches out."""
    names = list(homes)
    at = names.index(now.agency) if now and now.agency in homes else None
    home = st.selectbox("Agency", names, index=at, format_func=plain, placeholder="Choose", key=f"{of} agency")
    if home is not None and homes[home]:
        return home
    said = "Enter the agency first" if not homes else "Without the day of its data agreement nobody of it gets in"
    if home is not None or not homes:
        st.page_link(
            "pages/setup/programme.py",
            label=said,
            icon=":material/arrow_forward:",
            query_params={"view": "Agencies"},
        )
    return home


def _made(session: Any, actor: Actor, username: str, name: str, role: str, home: str | None, email: str) -> str:
    line, password = accounts.hand_out(
        session, by=actor, username=username, name=name, role=role, agency=home, email=email
    )
    st.session_state[_SHOWN] = (line.username, password)
    return f"{line.name} can sign in as {line.username}."


def _changes(actor: Actor, now: AccountLine, role: str, home: str | None, email: str) -> None:
    with st.container(horizontal=True, gap="small"):
        if st.button("Save", type="primary", key="save_account"):
            act(lambda session: _saved(session, actor, now, role, home, email))
        if not now.disabled_at and st.button(
            "New password", icon=":material/key:", key="new_password", help="Ends every sign-in of this account"
        ):
            act(lambda session: _renewed(session, actor, now))
        if now.disabled_at and st.button("Open again", key="reopen_account"):
            act(lambda session: _reopened(session, actor, now))
        if not now.disabled_at and st.button(
            "Close the account", icon=":material/block:", key="close_account", help="Signs them out at once"
        ):
            act(lambda session: _closed(session, actor, now))


def _saved(session: Any, actor: Actor, now: AccountLine, role: str, home: str | None, email: str) -> str:
    # the address first: a coach is put among the coaches by it
    if email.strip() != (now.email or ""):
        accounts.set_email(session, by=actor, username=now.username, email=email)
    if (role, home) != (now.role, now.agency):
        accounts.set_role(session, by=actor, username=now.username, role=role, agency=home)
    return f"{now.name} is changed."


def _renewed(session: Any, actor: Actor, now: AccountLine) -> str:
    st.session_state[_SHOWN] = (now.username, accounts.renew_password(session, by=actor, username=now.username))
    return f"{now.name} has a new password."


def _closed(session: Any, actor: Actor, now: AccountLine) -> str:
    accounts.disable(session, by=actor, username=now.username)
    return f"{now.name} cannot sign in any more."


def _reopened(session: Any, actor: Actor, now: AccountLine) -> str:
    accounts.reopen(session, by=actor, username=now.username)
    return f"{now.name} can sign in again, with the password they had."
