"""The migrations of review databases, run by Alembic: one file a step, the oldest first."""
