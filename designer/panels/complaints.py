"""What the archive cannot do, said in the reader's language; what was run stays with the session meanwhile."""

from __future__ import annotations

import streamlit as st

from designer.archive import ArchiveProblem
from designer.texts import Texts, plain
from designer.theme import N_

KINDS = {
    "address": N_("PASO_DATABASE_URL is no address of a database that executions can be kept in."),
    "driver": N_("PostgreSQL needs a package that is not installed."),
    "locked": N_("Somebody else is holding the database; try again in a moment."),
    "full": N_("There is no room left to write the database."),
    "unreachable": N_("The database does not answer; check its address and that it runs."),
    "read-only": N_("The database may only be read; write access is needed."),
    "damaged": N_("The file of the database is none, or is damaged; name another one with PASO_DATABASE_URL."),
    "newer": N_("The database was written by a newer version of Paso; this version leaves it alone."),
    "missing": N_("This is not there any more; it may have been deleted."),
    "failed": N_("The database could not do this."),
}
"""By `ArchiveProblem.kind`."""


def complaint(problem: ArchiveProblem, t: Texts) -> None:
    """The sentence, and the archive's own words behind it."""
    st.warning(
        f"{t(KINDS[problem.kind])} {t('Nothing is lost: what you run stays in this session until it can be kept.')}\n\n"
        f":small[{plain(problem)}]",
        icon=":material/database_off:",
    )
