"""What Alembic runs: the steps, over the connection that `migrating` hands it."""

from alembic import context

from designer.archive.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
