"""What can go wrong with a database, as one sentence each. What was to be kept stays with the caller, who may try again."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

Kind = Literal[
    "address", "driver", "locked", "full", "unreachable", "read-only", "damaged", "newer", "missing", "failed"
]


class ArchiveProblem(Exception):
    """The archive cannot do what it was asked for. The message is one sentence; `kind` tells programs which."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind = kind


_KEPT = "nothing that was kept before is lost, and what was not kept can be tried again"

# By SQLSTATE (PostgreSQL) or by words of the message (SQLite, and connections that never came about).
_STATES: dict[str, tuple[Kind, str]] = {
    "55P03": ("locked", "Somebody else is holding the database {place}; try again in a moment."),
    "57014": ("locked", "The database {place} took too long; try again in a moment."),
    "40P01": ("locked", "Somebody else is holding the database {place}; try again in a moment."),
    "53100": ("full", f"The disk of the database {{place}} is full: {_KEPT} when there is room."),
    "53300": ("unreachable", "The database {place} has no connection left for us; try again in a moment."),
    "25006": ("read-only", "The database {place} may only be read."),
    "42501": ("read-only", "The user of the database {place} may not write there."),
    "28P01": ("unreachable", "The database {place} refuses this user or password."),
    "28000": ("unreachable", "The database {place} refuses this user or password."),
    "3D000": ("unreachable", "The server has no database at {place}; create it first (createdb)."),
    "57P01": ("unreachable", "The database {place} was stopped; try again when it is back."),
    "57P03": ("unreachable", "The database {place} is just starting; try again in a moment."),
}
_WORDS: tuple[tuple[str, Kind, str], ...] = (
    (r"database (table )?is locked", "locked", "Somebody else is holding the database {place}; try again in a moment."),
    (r"database or disk is full|disk I/O error", "full", f"There is no room to write {{place}}: {_KEPT} when there is."),
    (r"readonly database", "read-only", "The database {place} may only be read; write access is needed."),
    (r"not a database|malformed|file is encrypted", "damaged", "The file {place} is not a database of Paso, or is damaged; name another one with PASO_DATABASE_URL."),
    (r"unable to open database file", "unreachable", "The file {place} cannot be opened; its folder must exist and be writable."),
    (r"password authentication failed|no password supplied|role \".*\" does not exist", "unreachable", "The database {place} refuses this user or password."),
    (r"database \".*\" does not exist", "unreachable", "The server has no database at {place}; create it first (createdb)."),
    (r"too many clients|remaining connection slots", "unreachable", "The database {place} has no connection left for us; try again in a moment."),
    (r"connection|server closed|could not (connect|translate|receive)|timeout expired|consuming input failed|name resolution", "unreachable", "The database {place} does not answer; check its address and that it runs."),
)  # fmt: skip


@contextmanager
def complaining(url: URL) -> Iterator[None]:
    """Errors of the database that are not ours become an ArchiveProblem; a mistake of ours flies."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:  # the latter from a connection that is still being made
        problem = complaint(error, url)
        if problem is None:
            raise
        raise problem from error


def complaint(error: BaseException, url: URL) -> ArchiveProblem | None:
    """The sentence for an error; None when it is no such thing."""
    original = error.orig if isinstance(error, DBAPIError) else error
    place = _place(url)
    state = getattr(original, "sqlstate", None)
    if state in _STATES:
        kind, sentence = _STATES[state]
        return ArchiveProblem(kind, sentence.format(place=place))
    said = str(original)
    for words, kind, sentence in _WORDS:
        if re.search(words, said, re.IGNORECASE):
            return ArchiveProblem(kind, sentence.format(place=place))
    return None


def _place(url: URL) -> str:
    """The address as it may be shown: without a password."""
    return url.database or "" if url.drivername == "sqlite" else url.set(drivername="postgresql").render_as_string()
