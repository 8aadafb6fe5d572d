"""The library: workflows as one body each with their earlier versions, and tables of prices. What was kept before moves in."""

import hashlib
import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    moved = _kept_before(op.get_bind())
    op.drop_table("scenarios")
    op.drop_table("workflows")
    made = op.create_table(
        "workflows",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("deleted", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_workflows"),
        # Numbers are never given twice: an address that names a deleted workflow must not open another one.
        sqlite_autoincrement=True,
    )
    op.create_index("ix_workflows_owner", "workflows", ["owner"])
    op.create_table(
        "versions",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("workflow", NUMBER, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sa.ForeignKeyConstraint(
            ["workflow"], ["workflows.id"], name="fk_versions_workflow_workflows", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_versions_workflow", "versions", ["workflow"])
    op.create_table(
        "prices",
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("region", sa.String(80), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("owner", "region", name="pk_prices"),
    )
    if moved:
        op.bulk_insert(made, moved)


def _kept_before(connection: sa.Connection) -> list[dict[str, object]]:
    """The workflows of the step before, as this one has them."""

    def text(digest: str) -> str:
        query = sa.text("SELECT body FROM texts WHERE digest = :digest")
        return bytes(connection.scalar(query, {"digest": digest}) or b"").decode("utf-8", "surrogatepass")

    inner: dict[int, list[dict[str, object]]] = {}
    rows = connection.execute(sa.text("SELECT workflow, input, about FROM scenarios ORDER BY workflow, place")).all()
    for workflow, given, about in rows:
        inner.setdefault(workflow, []).append({**json.loads(bytes(about)), "input": text(given)})
    moved: list[dict[str, object]] = []
    rows = connection.execute(sa.text("SELECT id, owner, name, definition, mocks, about, changed FROM workflows")).all()
    for number, owner, name, definition, mocks, about, changed in rows:
        told = {
            "definition": text(definition),
            "path": json.loads(bytes(about))["path"],
            "mocks": None if mocks is None else text(mocks),
            "scenarios": inner.get(number, []),
        }
        packed = json.dumps(told, separators=(",", ":")).encode("ascii")
        moved.append(
            {
                "owner": owner,
                "name": name,
                "body": zlib.compress(packed, 6),
                "digest": hashlib.sha256(packed).hexdigest(),
                "changed": changed,
                "since": changed,
                "deleted": None,
            }
        )
    return moved


def downgrade() -> None:
    raise NotImplementedError("The step before has no room for versions and prices.")
