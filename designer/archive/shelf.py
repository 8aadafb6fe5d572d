"""The library within a transaction of the archive: workflows under numbers that last, their earlier texts, and own prices.

A workflow that is written over leaves its text among the versions when that text stood for a while, or when whoever
writes has not seen it (another tab wrote it): what is typed without a pause is one version, and nobody's text is lost.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from designer.archive.records import OwnPrices, Scenario, Version, Workflow
from designer.archive.schema import clean, pack, prices, squeeze, unsqueeze, versions, workflows

STOOD_MS = 30_000
"""A text that stood this long is a version when the next takes its place."""
MOST_VERSIONS = 20
BRING_BACK_MS = 30 * 86_400_000
"""How long a deleted workflow can be brought back."""
MOST_NAME = 120
_TYPED = ("definition", "path", "mocks", "drafts")
"""What a version keeps."""
_COUNTED = re.compile(r"^(.*\S) (\d{1,6})$", re.DOTALL)


def put(connection: Connection, owner: str, workflow: Workflow, seen: str, now: int | None = None) -> Workflow:
    """Keeps a workflow under its number, or a new one under none, and answers with it as it is kept.

    `seen` is the digest of what the writer believes to stand there. A name that another one has gets a number, and an
    empty one leaves the name as it is. A number that is not there any more gets a new one.
    """
    moment = time.time_ns() // 1_000_000 if now is None else now
    told = _told(workflow)
    packed = digest_of(workflow)
    before = _row(connection, owner, workflow.number, holding=True) if workflow.number else None
    if before is None:
        name = free_name(workflow.name, _names(connection, owner))
        row = {"name": name, "body": squeeze(told), "digest": packed, "changed": moment, "since": moment}
        [number] = connection.execute(insert(workflows).values(owner=owner, **row)).inserted_primary_key or (0,)
        return replace(workflow, name=name, number=number, changed=moment, digest=packed)
    name = before.name
    if workflow.name and clean(workflow.name) != name:
        name = free_name(workflow.name, _names(connection, owner, but=before.id))
    if before.digest == packed and name == before.name:
        return replace(workflow, name=name, changed=before.changed, digest=packed)
    old = {"drafts": {}, **unsqueeze(before.body)}
    other = any(old[name] != told[name] for name in _TYPED)
    if other and (moment - before.since >= STOOD_MS or seen != before.digest):
        add_versions(connection, before.id, [Version(0, before.since, **{name: old[name] for name in _TYPED})])
    since = moment if other else before.since
    row = {"name": name, "body": squeeze(told), "digest": packed, "changed": moment, "since": since}
    connection.execute(update(workflows).where(workflows.c.id == before.id).values(**row))
    return replace(workflow, name=name, changed=moment, digest=packed)


def add_versions(connection: Connection, number: int, earlier: Sequence[Version]) -> None:
    """More versions behind those there are; beyond the last twenty they go."""
    if not earlier:
        return
    rows = [
        {"workflow": number, "body": squeeze({name: getattr(one, name) for name in _TYPED}), "changed": one.changed}
        for one in earlier
    ]
    connection.execute(insert(versions), rows)
    newest = select(versions.c.id).where(versions.c.workflow == number).order_by(versions.c.id.desc())
    kept = connection.scalars(newest.limit(MOST_VERSIONS)).all()
    connection.execute(delete(versions).where(versions.c.workflow == number, versions.c.id < min(kept)))


def every(connection: Connection, owner: str) -> tuple[Workflow, ...]:
    """All of an owner, the last changed first."""
    mine = select(workflows).where(workflows.c.owner == owner, workflows.c.deleted.is_(None))
    rows = connection.execute(mine.order_by(workflows.c.changed.desc(), workflows.c.id.desc()))
    return tuple(map(_workflow, rows))


def one(connection: Connection, owner: str, number: int) -> Workflow | None:
    row = _row(connection, owner, number)
    return None if row is None else _workflow(row)


def earlier(connection: Connection, owner: str, number: int) -> tuple[Version, ...]:
    """The earlier texts of a workflow, the last first."""
    query = (
        select(versions)
        .join(workflows, workflows.c.id == versions.c.workflow)
        .where(workflows.c.owner == owner, workflows.c.id == number, workflows.c.deleted.is_(None))
        .order_by(versions.c.id.desc())
    )
    return tuple(Version(row.id, row.changed, **unsqueeze(row.body)) for row in connection.execute(query))


def remove(connection: Connection, owner: str, numbers: Sequence[int]) -> int:
    """Takes workflows off the shelf, to be brought back for a while; those that were deleted long ago go for good."""
    now = time.time_ns() // 1_000_000
    connection.execute(delete(workflows).where(workflows.c.owner == owner, workflows.c.deleted < now - BRING_BACK_MS))
    mine = (workflows.c.owner == owner, workflows.c.id.in_(numbers), workflows.c.deleted.is_(None))
    return connection.execute(update(workflows).where(*mine).values(deleted=now)).rowcount


def bring_back(connection: Connection, owner: str, numbers: Sequence[int]) -> int:
    """Deleted workflows under their old numbers, and under their names where these are still free."""
    mine = (workflows.c.owner == owner, workflows.c.id.in_(numbers), workflows.c.deleted.is_not(None))
    rows = connection.execute(select(workflows.c.id, workflows.c.name).where(*mine)).all()
    for row in rows:
        name = free_name(row.name, _names(connection, owner))
        connection.execute(update(workflows).where(workflows.c.id == row.id).values(name=name, deleted=None))
    return len(rows)


def rename(connection: Connection, owner: str, number: int, name: str) -> str | None:
    """The name that it got, with a number where another one has the name; None when there is no such workflow."""
    if _row(connection, owner, number) is None:
        return None
    given = free_name(name, _names(connection, owner, but=number))
    connection.execute(update(workflows).where(workflows.c.id == number).values(name=given))
    return given


def digest_of(workflow: Workflow) -> str:
    """Equal for equal content, whatever the name."""
    return sha256(pack(_told(workflow))).hexdigest()


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """The name, or with the next number behind it where it is taken; upper and lower case count alike."""
    name = " ".join(clean(wanted).split())[:MOST_NAME].strip() or "Workflow"
    there = {one.casefold() for one in taken}
    if name.casefold() not in there:
        return name
    counted = _COUNTED.match(name)
    stem, number = (counted[1], int(counted[2])) if counted else (name, 1)
    while True:
        number += 1
        told = f"{stem[: MOST_NAME - 1 - len(str(number))]} {number}"
        if told.casefold() not in there:
            return told


# Prices


def put_prices(connection: Connection, owner: str, region: str, text: str) -> None:
    row = {"body": squeeze(text), "changed": time.time_ns() // 1_000_000}
    mine = (prices.c.owner == owner, prices.c.region == region)
    if not connection.execute(update(prices).where(*mine).values(**row)).rowcount:
        connection.execute(insert(prices).values(owner=owner, region=region, **row))


def own_prices(connection: Connection, owner: str) -> tuple[OwnPrices, ...]:
    rows = connection.execute(select(prices).where(prices.c.owner == owner).order_by(prices.c.region))
    return tuple(OwnPrices(row.region, unsqueeze(row.body), row.changed) for row in rows)


def remove_prices(connection: Connection, owner: str, region: str) -> bool:
    mine = (prices.c.owner == owner, prices.c.region == region)
    return connection.execute(delete(prices).where(*mine)).rowcount > 0


# Rows


def _row(connection: Connection, owner: str, number: int, *, holding: bool = False) -> Row[*tuple[Any, ...]] | None:
    """The row of a workflow that is not deleted; held on a server until the transaction ends, if wanted."""
    query = select(workflows).where(workflows.c.owner == owner, workflows.c.id == number, workflows.c.deleted.is_(None))
    return connection.execute(query.with_for_update() if holding else query).one_or_none()


def _names(connection: Connection, owner: str, but: int = 0) -> set[str]:
    mine = (workflows.c.owner == owner, workflows.c.id != but, workflows.c.deleted.is_(None))
    return set(connection.scalars(select(workflows.c.name).where(*mine)))


def _told(workflow: Workflow) -> dict[str, Any]:
    """What the body holds: all but the name and what the archive gives."""
    told = {name: getattr(workflow, name) for name in _BODY}
    scenarios = [{**asdict(scenario), "title": _plain(scenario.title)} for scenario in workflow.scenarios]
    return {**told, "drafts": dict(workflow.drafts), "scenarios": scenarios}


_GIVEN = ("name", "number", "changed", "digest")
_BODY = tuple(name for name in Workflow.__dataclass_fields__ if name not in _GIVEN)


def _workflow(row: Row[*tuple[Any, ...]]) -> Workflow:
    told = unsqueeze(row.body)
    told["scenarios"] = tuple(
        Scenario(**{**scenario, "made_up": tuple(scenario.get("made_up", ()))}) for scenario in told["scenarios"]
    )
    told["made_up"] = tuple(told.get("made_up", ()))
    return Workflow(name=row.name, number=row.id, changed=row.changed, digest=row.digest, **told)


def _plain(title: Mapping[str, str] | str) -> dict[str, str] | str:
    return title if isinstance(title, str) else dict(title)
