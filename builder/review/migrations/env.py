"""Runs migrations on the connection that `builder.review.schema` gives; Alembic executes this file."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
context.run_migrations()
