"""The one user of `st.session_state`: where a visitor's Session is kept between runs of the script.

The address carries what a reload or a link must keep: `?lang=es&workflow=…&scenario=…`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

import streamlit as st

from designer import texts
from designer.session import Session

KEY = "paso"
WANTED = "paso-wanted-page"
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


def address(current: Session) -> dict[str, str]:
    """What a link to this place must carry."""
    place = {"lang": current.language}
    if current.workflow:
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


def go_to(page: str) -> None:
    """Asks for another page; for callbacks, after which the shell goes there."""
    st.session_state[WANTED] = page


def wanted_page() -> str | None:
    """The page asked for, told once."""
    found: str | None = st.session_state.pop(WANTED, None)
    return found
