"""Workflows with their scenarios, executions with their tapes, and texts by their digest."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _key(name: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], ["texts.digest"], name=f"fk_{table}_{name}_texts")


def upgrade() -> None:
    op.create_table(
        "texts",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_texts"),
    )
    op.create_table(
        "workflows",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("definition", sa.String(64), nullable=False),
        sa.Column("mocks", sa.String(64)),
        sa.Column("about", sa.LargeBinary, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workflows"),
        _key("definition", "workflows"),
        _key("mocks", "workflows"),
        sa.UniqueConstraint("owner", "name", name="uq_workflows_owner"),
    )
    op.create_table(
        "scenarios",
        sa.Column("workflow", NUMBER, nullable=False),
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("input", sa.String(64), nullable=False),
        sa.Column("about", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("workflow", "place", name="pk_scenarios"),
        sa.ForeignKeyConstraint(
            ["workflow"], ["workflows.id"], name="fk_scenarios_workflow_workflows", ondelete="CASCADE"
        ),
        _key("input", "scenarios"),
    )
    op.create_table(
        "executions",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.Column("definition", sa.String(64), nullable=False),
        sa.Column("input", sa.String(64), nullable=False),
        sa.Column("mocks", sa.String(64)),
        sa.Column("about", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("workflow", sa.String, nullable=False),
        sa.Column("scenario", sa.String, nullable=False),
        sa.Column("workflow_type", sa.String(8), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("error", sa.String),
        sa.Column("started", sa.BigInteger, nullable=False),
        sa.Column("duration", sa.BigInteger, nullable=False),
        sa.Column("transitions", sa.BigInteger, nullable=False),
        sa.Column("cost", sa.Float, nullable=False),
        sa.Column("caught", sa.Boolean, nullable=False),
        sa.Column("engine", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_executions"),
        _key("definition", "executions"),
        _key("input", "executions"),
        _key("mocks", "executions"),
        # Numbers are never given twice: a link to a deleted execution must not lead to another one.
        sqlite_autoincrement=True,
    )
    op.create_index("ix_executions_owner_id", "executions", ["owner", "id"])
    op.create_index("ix_executions_owner_started", "executions", ["owner", "started"])
    op.create_table(
        "tapes",
        sa.Column("execution", NUMBER, autoincrement=False, nullable=False),
        sa.Column("replies", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("execution", name="pk_tapes"),
        sa.ForeignKeyConstraint(
            ["execution"], ["executions.id"], name="fk_tapes_execution_executions", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    for table in ("tapes", "executions", "scenarios", "workflows", "texts"):
        op.drop_table(table)
