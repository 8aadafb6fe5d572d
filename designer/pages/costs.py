"""Costs."""

from designer.session import Session
from designer.texts import Texts


def render(session: Session, t: Texts) -> None:
    pass
