"""The archive itself: every method is one transaction, and when it returns, what it did is on the disk.

A file is SQLite with a write-ahead log, synchronised at every commit (`synchronous=FULL`): a process that is killed loses
nothing that was acknowledged. Writers queue for some seconds; who waits longer is told that the file is locked.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    create_engine,
    delete,
    event,
    func,
    insert,
    or_,
    select,
    union,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Row
from sqlalchemy.exc import NoSuchModuleError

from designer.archive import shelf
from designer.archive.address import address
from designer.archive.complaints import ArchiveProblem, complaining
from designer.archive.migrating import migrate
from designer.archive.records import Execution, Filter, Listed, OwnPrices, Page, Result, Version, Workflow
from designer.archive.schema import (
    as_bytes,
    as_text,
    clean,
    digest,
    executions,
    pack,
    pack_tape,
    prices,
    tapes,
    texts,
    unpack,
    unpack_tape,
    workflows,
)

PATIENCE_SECONDS = 5
"""How long a writer waits for another one, and a server may take to answer."""
SWEEP = 0x73776565
"""The lock of PostgreSQL that keeps those who sweep apart from those who write."""
MANY = 500
"""Rows of one statement: databases limit how many values one may bring."""


def open_archive(told: str | None = None, *, patience: float = PATIENCE_SECONDS) -> Archive:
    """The archive at an address, by default that of the environment, else the user's own file; made where there is none.

    Raises ArchiveProblem.
    """
    url = address(told)
    try:
        engine = _sqlite(url, patience) if url.drivername == "sqlite" else _postgres(url, patience)
    except (ImportError, NoSuchModuleError):
        raise ArchiveProblem(
            "driver", "PostgreSQL needs the package psycopg, which is not installed: pip install 'paso[postgres]'."
        ) from None
    with complaining(url):
        migrate(engine)
    return Archive(engine)


class Archive:
    """Holds the connections. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def place(self) -> str:
        """Where it is, without a password."""
        url = self._engine.url
        return url.database or "" if url.drivername == "sqlite" else url.render_as_string()

    def close(self) -> None:
        self._engine.dispose()

    # Executions

    def keep(self, owner: str, made: Iterable[Execution]) -> list[int]:
        """Keeps executions, all or none, and gives their numbers."""
        new = list(made)
        numbers: list[int] = []
        with self._writing() as connection:
            _keep_texts(connection, _texts_of(new))
            for start in range(0, len(new), MANY):
                part = new[start : start + MANY]
                rows = [{"owner": owner, **_row(one)} for one in part]
                given = connection.scalars(
                    insert(executions).returning(executions.c.id, sort_by_parameter_order=True), rows
                ).all()
                numbers += given
                replies = [
                    {"execution": number, "replies": pack_tape(one.tape)}
                    for number, one in zip(given, part, strict=True)
                ]
                connection.execute(insert(tapes), replies)
        return numbers

    def executions(self, owner: str, wanted: Filter = Filter()) -> Page:  # noqa: B008  # frozen
        """The executions of an owner as rows."""
        conditions = _conditions(owner, wanted)
        order = _ORDERS[wanted.order]
        query = (
            select(*(executions.c[name] for name in _LISTED), executions.c.about)
            .where(*conditions)
            .order_by(order.desc() if wanted.descending else order.asc(), executions.c.id.desc())
            .limit(wanted.limit)
            .offset(wanted.offset)
        )
        with self._reading() as connection:
            total = connection.scalar(select(func.count()).select_from(executions).where(*conditions)) or 0
            rows = tuple(_listed(row) for row in connection.execute(query))
        return Page(rows, total)

    def counts(self, owner: str, wanted: Filter = Filter()) -> dict[tuple[str, str], int]:  # noqa: B008  # frozen
        """How many executions there are, by workflow and status. Limit and offset do not count."""
        query = (
            select(executions.c.workflow, executions.c.status, func.count())
            .where(*_conditions(owner, wanted))
            .group_by(executions.c.workflow, executions.c.status)
            .order_by(executions.c.workflow)
        )
        with self._reading() as connection:
            return {(row[0], row[1]): row[2] for row in connection.execute(query)}

    def execution(self, owner: str, number: int) -> Execution:
        """One execution with its texts and its tape. Raises ArchiveProblem “missing”."""
        query = (
            select(executions, tapes.c.replies)
            .join(tapes, tapes.c.execution == executions.c.id)
            .where(executions.c.owner == owner, executions.c.id == number)
        )
        with self._reading() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                raise ArchiveProblem("missing", f"There is no execution {number} here; it may have been deleted.")
            bodies = _bodies(connection, [row.definition, row.input, row.mocks])
        return _execution(row, bodies)

    def delete(self, owner: str, numbers: Sequence[int]) -> int:
        """Deletes executions; says how many there were."""
        gone = 0
        with self._writing(sweeping=True) as connection:
            for start in range(0, len(numbers), MANY):
                part = numbers[start : start + MANY]
                gone += connection.execute(
                    delete(executions).where(executions.c.owner == owner, executions.c.id.in_(part))
                ).rowcount
        return gone

    # Workflows of one's own

    def put_workflow(self, owner: str, workflow: Workflow, seen: str = "") -> Workflow:
        """Keeps a workflow under its number (a new one: 0) and answers with it as it is kept, number and name included.

        `seen`: digest of what the writer believes to stand there; what somebody else wrote meanwhile becomes a version.
        """
        with self._writing() as connection:
            return shelf.put(connection, owner, workflow, seen)

    def add_workflows(self, owner: str, new: Sequence[tuple[Workflow, Sequence[Version]]]) -> list[Workflow]:
        """Keeps new workflows with their earlier texts (the last first), all or none; taken names get a number."""
        with self._writing() as connection:
            kept = []
            for workflow, earlier in new:
                kept.append(shelf.put(connection, owner, replace(workflow, number=0), ""))
                shelf.add_versions(connection, kept[-1].number, earlier[: shelf.MOST_VERSIONS][::-1])
        return kept

    def workflows(self, owner: str) -> tuple[Workflow, ...]:
        """All workflows of an owner, the last changed first."""
        with self._reading() as connection:
            return shelf.every(connection, owner)

    def workflow(self, owner: str, number: int) -> Workflow:
        """One workflow. Raises ArchiveProblem “missing”."""
        with self._reading() as connection:
            found = shelf.one(connection, owner, number)
        if found is None:
            raise _no_workflow(number)
        return found

    def versions(self, owner: str, number: int) -> tuple[Version, ...]:
        """The earlier texts of a workflow, the last first."""
        with self._reading() as connection:
            return shelf.earlier(connection, owner, number)

    def rename_workflow(self, owner: str, number: int, name: str) -> str:
        """The name that it got; one that is taken gets a number. Raises ArchiveProblem “missing”."""
        with self._writing() as connection:
            given = shelf.rename(connection, owner, number, name)
        if given is None:
            raise _no_workflow(number)
        return given

    def delete_workflows(self, owner: str, numbers: Sequence[int]) -> int:
        """Takes workflows away; says how many there were. Their executions stay, and for a month they can come back."""
        with self._writing() as connection:
            return shelf.remove(connection, owner, numbers)

    def bring_back_workflows(self, owner: str, numbers: Sequence[int]) -> int:
        """Deleted workflows, back under their numbers; says how many."""
        with self._writing() as connection:
            return shelf.bring_back(connection, owner, numbers)

    # Prices of one's own

    def put_prices(self, owner: str, region: str, text: str) -> None:
        """Keeps a table of prices in the place of a region's."""
        with self._writing() as connection:
            shelf.put_prices(connection, owner, region, text)

    def prices(self, owner: str) -> tuple[OwnPrices, ...]:
        """The owner's own tables."""
        with self._reading() as connection:
            return shelf.own_prices(connection, owner)

    def delete_prices(self, owner: str, region: str) -> bool:
        """Gives a region its table back; says whether there was another."""
        with self._writing() as connection:
            return shelf.remove_prices(connection, owner, region)

    def forget(self, owner: str) -> None:
        """Deletes all that an owner keeps."""
        with self._writing(sweeping=True) as connection:
            for table in (executions, workflows, prices):
                connection.execute(delete(table).where(table.c.owner == owner))

    @contextmanager
    def _writing(self, *, sweeping: bool = False) -> Iterator[Connection]:
        """A transaction that writes. One that sweeps texts away is alone: nobody may be about to refer to them."""
        writer = self._engine.execution_options(paso_writes=True)
        with complaining(self._engine.url), writer.begin() as connection:
            if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
                lock = func.pg_advisory_xact_lock if sweeping else func.pg_advisory_xact_lock_shared
                connection.execute(select(lock(SWEEP)))
            yield connection
            if sweeping:
                _sweep(connection)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """One snapshot: what a list and its total say belongs together."""
        with complaining(self._engine.url), self._engine.begin() as connection:
            yield connection


# Connections ---------------------------------------------------------------------------------------------------------


def _sqlite(url: URL, patience: float) -> Engine:
    try:
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ArchiveProblem("unreachable", f"The folder of {url.database} cannot be made: {error.strerror}.") from None
    engine = create_engine(url, connect_args={"timeout": patience})

    @event.listens_for(engine, "connect")
    def _settle(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # transactions begin where we say, below, and not where the driver guesses
        _write_ahead(connection, patience)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        """Who will write takes the lock at once: a reader that turns writer could find it taken, and fail without waiting."""
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE" if connection.get_execution_options().get("paso_writes") else "BEGIN"
        )

    return engine


def _write_ahead(connection: sqlite3.Connection, patience: float) -> None:
    """Readers and a writer side by side. A fresh file changes over while nobody else has it open, and SQLite does not wait
    for that by itself: where two programs come at once, the second asks again.
    """
    ends = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > ends:
                raise
            time.sleep(0.02)


def _postgres(url: URL, patience: float) -> Engine:
    options = f"-c lock_timeout={int(patience * 1000)} -c synchronous_commit=on"
    arguments = {"connect_timeout": max(2, int(patience)), "options": options, **url.query}
    return create_engine(url.set(query={}), connect_args=arguments, pool_pre_ping=True, pool_size=5, max_overflow=10)


# Rows and records ----------------------------------------------------------------------------------------------------

_LISTED = ("id", "workflow_type", "status", "started", "duration", "transitions", "caught", "definition", "engine")
_ORDERS: Mapping[str, ColumnElement[Any]] = {
    "number": executions.c.id,
    "started": executions.c.started,
    "name": func.lower(executions.c.name),
    "workflow": func.lower(executions.c.workflow),
    "status": executions.c.status,
    "duration": executions.c.duration,
    "transitions": executions.c.transitions,
    "cost": executions.c.cost,
}


def _conditions(owner: str, wanted: Filter) -> list[ColumnElement[bool]]:
    exact: tuple[tuple[Column[Any], Any, Callable[[Any], Any]], ...] = (
        (executions.c.status, wanted.status, str),
        (executions.c.workflow, wanted.workflow, clean),
        (executions.c.workflow_type, wanted.workflow_type, str),
    )
    conditions: list[ColumnElement[bool]] = [executions.c.owner == owner]
    conditions += [column == made(value) for column, value, made in exact if value is not None]
    if wanted.since is not None:
        conditions.append(executions.c.started >= wanted.since)
    if wanted.until is not None:
        conditions.append(executions.c.started <= wanted.until)
    if wanted.text:
        searched = (executions.c.name, executions.c.workflow, executions.c.scenario, executions.c.error)
        conditions.append(or_(*(column.icontains(clean(wanted.text), autoescape=True) for column in searched)))
    return conditions


def _row(one: Execution) -> dict[str, Any]:
    about = {
        "name": one.name,
        "workflow": one.workflow,
        "scenario": one.scenario,
        "path": one.path,
        "case": one.case,
        "machine": one.machine,
        "seed": one.seed,
        "cost": str(one.cost),
        "result": asdict(one.result),
    }
    return {
        "definition": digest(one.definition),
        "input": digest(one.input),
        "mocks": None if one.mocks is None else digest(one.mocks),
        "about": pack(about),
        "name": clean(one.name),
        "workflow": clean(one.workflow),
        "scenario": clean(one.scenario),
        "workflow_type": one.workflow_type,
        "status": one.result.status,
        "error": None if one.result.error is None else clean(one.result.error),
        "started": one.start,
        "duration": one.result.duration,
        "transitions": one.result.transitions,
        "cost": float(one.cost),
        "caught": one.caught,
        "engine": one.engine,
    }


def _listed(row: Row[*tuple[Any, ...]]) -> Listed:
    about = unpack(row.about)
    return Listed(
        number=row.id,
        name=about["name"],
        workflow=about["workflow"],
        scenario=about["scenario"],
        workflow_type=row.workflow_type,
        status=row.status,
        error=about["result"]["error"],
        start=row.started,
        duration=row.duration,
        transitions=row.transitions,
        cost=Decimal(about["cost"]),
        caught=row.caught,
        definition=row.definition,
        engine=row.engine,
    )


def _execution(row: Row[*tuple[Any, ...]], bodies: Mapping[str, str]) -> Execution:
    about = unpack(row.about)
    cost, result = Decimal(about.pop("cost")), Result(**about.pop("result"))
    return Execution(
        definition=bodies[row.definition],
        input=bodies[row.input],
        mocks=None if row.mocks is None else bodies[row.mocks],
        workflow_type=row.workflow_type,
        start=row.started,
        tape=unpack_tape(row.replies),
        caught=row.caught,
        engine=row.engine,
        number=row.id,
        cost=cost,
        result=result,
        **about,
    )


def _no_workflow(number: int) -> ArchiveProblem:
    return ArchiveProblem("missing", f"There is no workflow {number} of yours here; it may have been deleted.")


def _texts_of(new: Iterable[Execution]) -> Iterator[str | None]:
    for one in new:
        yield from (one.definition, one.input, one.mocks)


def _keep_texts(connection: Connection, wanted: Iterable[str | None]) -> None:
    """Texts that are not there yet. Two writers may bring the same one: who comes second finds it."""
    bodies = {digest(text): as_bytes(text) for text in wanted if text is not None}
    rows = [{"digest": name, "body": body} for name, body in sorted(bodies.items())]  # sorted: no deadlock
    made = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(texts)
    if rows:
        connection.execute(made.on_conflict_do_nothing(index_elements=["digest"]), rows)


def _bodies(connection: Connection, wanted: Iterable[str | None]) -> dict[str, str]:
    names = sorted({name for name in wanted if name is not None})
    found: dict[str, str] = {}
    for start in range(0, len(names), MANY):
        rows = connection.execute(select(texts).where(texts.c.digest.in_(names[start : start + MANY])))
        found |= {row.digest: as_text(row.body) for row in rows}
    return found


def _sweep(connection: Connection) -> None:
    """Texts that nothing refers to any more."""
    columns = (executions.c.definition, executions.c.mocks, executions.c.input)
    used = union(*(select(column).where(column.is_not(None)) for column in columns))
    connection.execute(delete(texts).where(texts.c.digest.not_in(used)))
