"""Who is there: the sign-in form, the account behind a browser, the way out."""

import secrets
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st
import streamlit_authenticator as stauth
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.models import AuthenticationModel

from pages.ui import password, site
from services import accounts, cookies, reading, sign_in, transaction
from services.access import Actor, signed_in
from services.errors import ServiceError
from services.passwords import prepared

# Constants without data: the browser goes to a route of serve.py, which writes the cookie that no script can read.
_GO_IN = '<meta http-equiv="refresh" content="0; url=/auth/enter">'
_GO_OUT = '<meta http-equiv="refresh" content="0; url=/auth/leave">'
_ANSWER = "answer_token"
#: Whom this run of the script, which has a thread of its own, found behind the browser before it came to the page.
_HERE: ContextVar[Actor | None] = ContextVar("here", default=None)


def current() -> Actor | None:
    """The account behind this browser as the database knows it now; None when nobody is signed in."""
    login_ref, actor = st.user.get("sub"), None
    if isinstance(login_ref, str):
        with reading() as session:
            actor = signed_in(session, login_ref)
    _HERE.set(actor)
    return actor


def require() -> Actor:
    """The actor of a page that is served only to someone signed in; the run ends when they no longer are."""
    actor = _HERE.get() or current()
    _HERE.set(None)  # a part that later runs by itself asks anew
    if actor is None:
        st.warning("You have been signed out. Load the page again to sign in.")
        st.stop()
    return actor


def answer_token() -> str | None:
    """What a person's link to a survey carries; a tab stays with the link that it was opened by.

    Also after its connection broke: the address says which link it is, and what it opens with is in the cookie.
    """
    if _ANSWER not in st.session_state:
        link, token = st.query_params.get("link"), st.query_params.get("token")
        st.session_state[_ANSWER] = token or cookies.answer_of(st.context.cookies.get(cookies.ANSWER), link)
        st.query_params.from_dict({"link": link} if link and not token else {})
    token = st.session_state[_ANSWER]
    return token if isinstance(token, str) else None


def sign_in_form() -> None:
    """The form, and in a demo its accounts; a right password sends the browser on to the page it asked for."""
    door = _Door()
    with st.container(horizontal_alignment="center"):
        st.space("large")
        st.image(site.logo(), width=170, alt="Match Desk")
        with st.container(width=400, key="door"):
            _Form(door).login(fields={"Form name": "Sign in", "Login": "Sign in"}, key="sign_in")
            said = st.empty()
            _below_the_form(door)
    if door.refusal:
        said.error(door.refusal, icon=":material/error:")
    elif door.is_open:
        # The library's own mark; the browser is about to load the page anew, signed in by its cookie.
        st.session_state["authentication_status"] = None
        said.success("Signing in …", icon=":material/check:")
        _go(_GO_IN)


def account_menu(actor: Actor) -> None:
    """Whose desk this is, and the way out: it ends the sign-in in every tab of this browser."""
    asked = "password" if password.is_asked() else "nothing"  # in its key, so that it shuts when the question opens
    with st.popover(
        actor.name, icon=":material/account_circle:", type="tertiary", width="stretch", key=f"account_{asked}"
    ):
        st.markdown(f"Signed in as {actor.role}.")
        st.button("Change your password", icon=":material/key:", key="password_ask", on_click=password.ask)
        leaves = st.button("Sign out", icon=":material/logout:")
    if leaves:
        _go(_GO_OUT)


def _below_the_form(door: "_Door") -> None:
    with reading() as session:
        nobody_yet = accounts.is_empty(session)
        demo = accounts.demo_accounts(session)
    if nobody_yet:
        st.info("Nobody has an account yet. Make the first administrator at the command line of the server:")
        st.code("matchdesk account create --username NAME \\\n  --name 'FULL NAME' --role administrator", language=None)
    elif demo:
        _demo(door, demo)
    else:
        st.markdown(":gray[No account, or the password lost? An administrator of the programme can help.]")


def _demo(door: "_Door", known: list[accounts.DemoAccount]) -> None:
    with st.container(border=True):
        st.markdown("**A demo with made-up people.** Have a look as")
        with st.container(horizontal=True, gap="small"):
            for account in known:
                first_name = account.name.partition(" ")[0]
                if st.button(f"{account.role.capitalize()} {first_name}", key=f"as_{account.username}"):
                    door.login(account.username, account.password)
        with st.expander("Names and passwords"):
            for account in known:
                st.markdown(f"**{account.role.capitalize()}** `{account.username}`")
                st.code(account.password, language=None)


def _go(constant: str) -> None:
    # st.html drops <meta>, and no native call leads the same tab to an address outside the pages.
    st.markdown(constant, unsafe_allow_html=True)


def _wanted_path() -> str:
    query = urlencode([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])
    return urlsplit(st.context.url or "/").path + (f"?{query}" if query else "")


class _Door(AuthenticationModel):
    """The library's check of a password, against our accounts, with our count of tries."""

    def __init__(self) -> None:
        super().__init__({"usernames": {}}, auto_hash=False, secret_key=secrets.token_hex(32))
        self.refusal: str | None = None
        self.is_open = False

    def login(self, username: str, password: str, *limits: Any, **options: Any) -> bool:
        """Whether these two belong together; `refusal` says why not."""
        if not (username and password):
            self.refusal = "Type your username and your password."
            return False
        return bool(super().login(username, password, *limits, **options))

    def check_credentials(self, username: str, password: str) -> bool:
        """As much work for a name without an account as for any other, and never inside a transaction."""
        with transaction() as session:
            knock = sign_in.knock(session, username, st.context.ip_address)
        if knock.is_locked:
            self.refusal = sign_in.TOO_MANY
            return False
        self.credentials["usernames"] = {username: {"name": username, "password": knock.password_hash}}
        if not super().check_credentials(username, prepared(password)):
            self.refusal = sign_in.WRONG
            return False
        try:
            with transaction() as session:
                browser = st.context.cookies.get(cookies.BROWSER)
                sign_in.admit(session, knock, browser=browser, next_path=_wanted_path())
        except ServiceError as refused:
            self.refusal = str(refused)
            return False
        self.is_open = True
        return True


class _Form(stauth.Authenticate):
    """The library's form without its cookie: that one a script could read, and nobody could take back."""

    def __init__(self, door: _Door) -> None:  # the library's own would draw the cookie's frame
        self.path = None
        self.attrs = {"login_sleep_time": 0}
        self.cookie_controller = _NoCookie()
        self.authentication_controller = AuthenticationController(door.credentials, auto_hash=False)
        self.authentication_controller.authentication_model = door


class _NoCookie:
    def get_cookie(self) -> None:
        """Nobody is known by the library's cookie."""

    def set_cookie(self) -> None:
        """The cookie is written by `/auth/enter`."""
