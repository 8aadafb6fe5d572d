"""Where the archive is: a file that needs nothing from the user, or the server that one variable names.

`PASO_DATABASE_URL` may be `postgresql://user:password@host:5432/paso` or `sqlite:////path/to/file`; without it the file
is `paso.sqlite3` in the folder in which the system keeps what programs keep for a user.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from designer.archive.complaints import ArchiveProblem

VARIABLE = "PASO_DATABASE_URL"
FILE = "paso.sqlite3"


def data_folder(
    environment: Mapping[str, str] = os.environ, system: str = sys.platform, home: Path | None = None
) -> Path:
    """`$XDG_DATA_HOME/paso` or `~/.local/share/paso`, and what answers to it on Windows and macOS."""
    home = home or Path.home()
    if system == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "paso"
    if system == "darwin":
        return home / "Library" / "Application Support" / "paso"
    told = environment.get("XDG_DATA_HOME", "")
    return (Path(told) if told.startswith("/") else home / ".local" / "share") / "paso"


def address(told: str | None = None, environment: Mapping[str, str] = os.environ) -> URL:
    """The address told, that of the environment, or the file. Raises ArchiveProblem when it is none."""
    text = told or environment.get(VARIABLE, "").strip()
    if not text:
        return URL.create("sqlite", database=str(data_folder(environment) / FILE))
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ArchiveProblem("address", f"{VARIABLE} is no address of a database; {_EXAMPLES}.") from None
    kind = url.drivername.partition("+")[0]
    if kind in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if kind == "sqlite":
        return url.set(drivername="sqlite")
    raise ArchiveProblem("address", f"{VARIABLE} names {kind!r}, which Paso does not keep things in; {_EXAMPLES}.")


_EXAMPLES = "postgresql://user:password@host:5432/paso and sqlite:////path/to/file are"
