"""The tables as this Paso needs them: made, or brought up from an older one. A newer archive is left as it is."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from designer.archive.complaints import ArchiveProblem

NEWEST = "0002"
"""The last step in `migrations/versions`."""
FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x7061736F
"""Two programs that start at once do not both bring a PostgreSQL up to date; SQLite locks the file by itself."""


def migrate(engine: Engine) -> None:
    """Brings the tables up to date, in one transaction. Raises ArchiveProblem “newer” for what we do not know."""
    with engine.begin() as connection:
        if _step(connection) == NEWEST:
            return
    with engine.execution_options(paso_writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        step = _step(connection)
        if step == NEWEST:
            return
        _upgrade(connection, step)


def _step(connection: Connection) -> str | None:
    """How far this database is; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    step: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return step


def _upgrade(connection: Connection, step: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    if step is not None:
        try:
            ScriptDirectory.from_config(config).get_revision(step)
        except CommandError:
            raise ArchiveProblem(
                "newer",
                f"This archive was made by a newer Paso (step {step}, and this one knows up to {NEWEST}): update Paso, or "
                "name another database with PASO_DATABASE_URL; nothing in it was changed.",
            ) from None
    command.upgrade(config, "head")
