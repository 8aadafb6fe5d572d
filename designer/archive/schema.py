"""The tables, and how JSON and foreign text go into them.

Texts of executions (definitions, mocks, inputs) stand once each, by their digest: a thousand executions of one workflow
keep it once. A workflow of the library is one packed body, written anew with every change, so that saving leaves nothing behind.
Whatever a run or a user may have written is stored as bytes, because a database need not take every text (PostgreSQL
takes no U+0000, and none takes half a surrogate pair); columns that are searched hold a clean copy.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

from engine.trace import Reply

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Number = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts rows by itself only in an INTEGER column, which has 64 bits there."""

texts = Table(
    "texts",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

workflows = Table(
    "workflows",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("owner", String(80), nullable=False),
    Column("name", String(200), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("deleted", BigInteger),
    Index("ix_workflows_owner", "owner"),
    sqlite_autoincrement=True,
)
"""One of the user's own. `since`: when its definition was written as it stands. `deleted`: when, as long as it can come back."""

versions = Table(
    "versions",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("workflow", Number, ForeignKey("workflows.id", ondelete="CASCADE"), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Index("ix_versions_workflow", "workflow"),
)

prices = Table(
    "prices",
    metadata,
    Column("owner", String(80), primary_key=True),
    Column("region", String(80), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("changed", BigInteger, nullable=False),
)
"""Tables of prices that an owner changed, by the region in whose place they stand."""

executions = Table(
    "executions",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("owner", String(80), nullable=False),
    Column("definition", String(64), ForeignKey("texts.digest"), nullable=False),
    Column("input", String(64), ForeignKey("texts.digest"), nullable=False),
    Column("mocks", String(64), ForeignKey("texts.digest")),
    Column("about", LargeBinary, nullable=False),
    Column("name", String, nullable=False),
    Column("workflow", String, nullable=False),
    Column("scenario", String, nullable=False),
    Column("workflow_type", String(8), nullable=False),
    Column("status", String(12), nullable=False),
    Column("error", String),
    Column("started", BigInteger, nullable=False),
    Column("duration", BigInteger, nullable=False),
    Column("transitions", BigInteger, nullable=False),
    Column("cost", Float, nullable=False),
    Column("caught", Boolean(create_constraint=False), nullable=False),
    Column("engine", String(80), nullable=False),
    Index("ix_executions_owner_id", "owner", "id"),
    Index("ix_executions_owner_started", "owner", "started"),
    sqlite_autoincrement=True,  # a number is never given twice: a link to what was deleted leads nowhere else
)

tapes = Table(
    "tapes",
    metadata,
    Column("execution", Number, ForeignKey("executions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("replies", LargeBinary, nullable=False),
)


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def as_text(body: bytes) -> str:
    return bytes(body).decode("utf-8", "surrogatepass")


def digest(text: str) -> str:
    return hashlib.sha256(as_bytes(text)).hexdigest()


def pack(value: Any) -> bytes:
    """JSON in ASCII: any text survives."""
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def unpack(body: bytes) -> Any:
    return json.loads(bytes(body))


def squeeze(value: Any) -> bytes:
    """JSON, packed small."""
    return zlib.compress(pack(value), 6)


def unsqueeze(body: bytes) -> Any:
    return unpack(zlib.decompress(bytes(body)))


def clean(text: str) -> str:
    """A text that every database takes, to be searched and shown in lists."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def pack_tape(tape: Mapping[str, Reply]) -> bytes:
    """Each reply with what it says; what it leaves open is left out."""
    return pack({key: _said(reply) for key, reply in tape.items()})


def unpack_tape(body: bytes) -> dict[str, Reply]:
    tape = {key: Reply(**said) for key, said in unpack(body).items()}
    return {key: reply._replace(heartbeats=tuple(reply.heartbeats)) for key, reply in tape.items()}


def _said(reply: Reply) -> dict[str, Any]:
    usual = Reply._field_defaults
    return {name: value for name, value in reply._asdict().items() if value is not usual[name]}
