"""Bringing a database to the tables of this version, from nothing or from an older one."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from builder.errors import WorkspaceError
from builder.review.tables import REVISION

# Any constant: processes that start together must agree on it, and nothing else may use it.
MIGRATION_LOCK = 7_106_813


def migrate(connection: Connection, to: str = REVISION) -> None:
    """Runs the migrations that a database lacks, all or none of them.

    Raises:
        WorkspaceError: a later version of this program made the database.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
    config = Config()
    config.set_main_option("script_location", str(files("builder.review").joinpath("migrations")))
    config.attributes["connection"] = connection
    known = {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in known:
        raise WorkspaceError(
            f"the review database is of version {found}, this program knows {REVISION}: install a newer one"
        )
    command.upgrade(config, to)
