"""The one user of `st.session_state`: where a visitor's Session is kept between runs of the script.

The address carries what a reload or a link must keep: `?lang=es&workflow=…&scenario=…`, `?lang=es&own=7` for a
workflow of the visitor's library, or `?lang=es&p=…` where a link of `sharing` was opened.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from time import monotonic
from typing import Any, Concatenate, ParamSpec

import streamlit as st

from designer import texts
from designer.session import Session

KEY = "paso"
WANTED = "paso-wanted-page"
COOKIE = "paso_owner"
BESIDE = "paso-beside-"
REPLACED = "paso-replaced-"
ECHO_S = 2.0
"""For how long after a widget got another value the one before is an echo and not typed."""
P = ParamSpec("P")


def session() -> Session:
    """The visitor's Session; a first one in the language of the address, else of the browser."""
    if KEY not in st.session_state:
        wanted = st.query_params.get("lang") or st.context.locale
        st.session_state[KEY] = Session(language=texts.nearest_language(wanted))
    found: Session = st.session_state[KEY]
    return found


def keep(new: Session) -> None:
    st.session_state[KEY] = new


def act(action: Callable[Concatenate[Session, P], Session], *args: P.args, **kwargs: P.kwargs) -> Session:
    """Does an action to the visitor's Session and answers with the new one."""
    new = action(session(), *args, **kwargs)
    keep(new)
    return new


def value(key: str) -> Any:
    """What stands in a widget now; for callbacks, which are called before the script runs again."""
    return st.session_state.get(key)


def show(key: str, what: Any) -> None:
    """A widget shows this from its next drawing on; one that does already is left alone, with what is being typed in it."""
    if key not in st.session_state:
        st.session_state[key] = what
    elif st.session_state[key] != what:
        st.session_state[REPLACED + key] = (st.session_state[key], monotonic())
        st.session_state[key] = what


def heard(key: str, take: Callable[[], None]) -> Callable[[], None]:
    """The callback of a widget that `show` writes into, deaf to echoes.

    A browser tells the values of all widgets whenever it asks for anything. Where it asks before it has seen that a
    widget shows something else (after an undo, say), it tells the value before, which would be taken for typed.
    """

    def callback() -> None:
        before, at = st.session_state.get(REPLACED + key, (None, -ECHO_S))
        if monotonic() - at > ECHO_S or st.session_state.get(key) != before:
            take()

    return callback


def address(current: Session) -> dict[str, str]:
    """What a link to this place must carry."""
    place = {"lang": current.language}
    if current.link and current.link[1] == current.setting:
        place["p"] = current.link[0]
    elif current.own.number:
        place["own"] = str(current.own.number)
    elif current.workflow:
        place["workflow"] = current.workflow
        if current.scenario:
            place["scenario"] = current.scenario
    return place


def asked(name: str) -> str | None:
    """What the address asks for."""
    return st.query_params.get(name)


def tell_address(current: Session) -> None:
    """Writes the place into the address, where it is not there yet."""
    place = address(current)
    if dict(st.query_params) != place:
        st.query_params.from_dict(place)


def here() -> str:
    """The address of the app, without the page's name and what stands behind the question mark."""
    return str(st.context.url or "").partition("?")[0].partition("#")[0].rpartition("/")[0] + "/"


def go_to(page: str) -> None:
    """Asks for another page; for callbacks, after which the shell goes there."""
    st.session_state[WANTED] = page


def wanted_page() -> str | None:
    """The page asked for, told once."""
    found: str | None = st.session_state.pop(WANTED, None)
    return found


# Who it is, and what a page remembers beside the Session --------------------------------------------------------------


def owner() -> str:
    """Under what is kept: the user where the server knows one, else this browser. The archive holds no secret: what
    stands there is made from the cookie and does not lead back to it."""
    user = st.user.get("sub") or st.user.get("email") if st.user.get("is_logged_in") else None
    if user:
        return f"user:{user}"
    return "browser:" + hashlib.sha256(browser().encode()).hexdigest()[:32]


def browser() -> str:
    """What the browser's cookie says; a new one, which the page then leaves in the browser, when it says nothing."""
    told = str(st.context.cookies.get(COOKIE, ""))
    if _TOKEN.fullmatch(told):
        return told
    found: str = st.session_state.setdefault(f"{KEY}-browser", secrets.token_urlsafe(24))
    return found


def recall(name: str, default: Any = None) -> Any:
    """What a page remembers of this visit, such as a table of prices of their own."""
    return st.session_state.get(BESIDE + name, default)


def remember(name: str, what: Any) -> None:
    st.session_state[BESIDE + name] = what


_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
