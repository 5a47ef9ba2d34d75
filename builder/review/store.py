"""The review database: SQLite in the workspace, or PostgreSQL when a team outgrows it.

A transaction that writes takes the database's one write lock at its start (SQLite, `BEGIN
IMMEDIATE`) or locks the rows that it reads before it decides (PostgreSQL); it is on the disk when
it ends.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from builder.errors import RunError, UsageError
from builder.review.commits import SharedCommits
from builder.review.problems import Busy
from builder.review.tables import REVISION, setting

FILE = "review.sqlite"
SIGNING_KEY = "signing-key"  # the setting that signs sessions
BUSY_SECONDS = 15  # how long a writer waits for others, some hundred times what a transaction takes
POOL = 16  # connections of one server process: as many requests as can usefully wait for a database
SETTLED_BY_ITSELF = ("40001", "40P01")  # PostgreSQL: serialization failure, deadlock detected


class Store:
    """An open review database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        if engine.dialect.name == "sqlite":
            self._reading = engine.execution_options(reads_only=True)
            # Writers of one process queue here and not in SQLite, which lets them sleep and try again.
            self._write: Callable[[], AbstractContextManager[Connection]] = SharedCommits(engine).transaction
        else:
            self._reading = engine.execution_options(isolation_level="REPEATABLE READ")
            self._write = engine.begin

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that changes nothing; it sees one state of the database throughout."""
        with _named_errors(), self._reading.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on the disk when the block ends, or undone if it raises.

        Raises:
            Busy: others held the database for too long; nothing was changed.
        """
        with _named_errors(), self._write() as connection:
            yield connection

    def close(self) -> None:
        """Ends all connections."""
        self.engine.dispose()


def database_url(workspace: Path, database: str | None) -> str:
    """The URL that was asked for, or that of the SQLite file in the workspace."""
    return database or URL.create("sqlite", database=str(workspace.resolve() / FILE)).render_as_string()


def create_store(url: str) -> Store:
    """Opens a database, which is created if it is not there.

    Raises:
        UsageError: the URL is none, or names a database that is not supported or not installed.
        RunError: the database cannot be reached.
    """
    store = Store(_engine(url))
    path = make_url(url).database
    if store.engine.dialect.name == "sqlite" and path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch(mode=0o600)  # it holds the hashes of passwords
    _bring_up_to_date(store)
    return store


def open_store(url: str) -> Store:
    """Opens a database that is there, and brings it to this version's tables.

    Raises:
        UsageError: as for `create_store`, or there is no review database.
        RunError: the database cannot be reached.
        WorkspaceError: a later version of this program made it.
    """
    database = make_url(url).database if url.startswith("sqlite") else None
    if database is not None and not Path(database).exists():
        raise UsageError(f"{database}: no review database here; run: quotestance review init CONFIG")
    store = Store(_engine(url))
    _bring_up_to_date(store)
    return store


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            engine = create_engine(
                parsed, pool_size=POOL, max_overflow=POOL, connect_args={"timeout": BUSY_SECONDS}
            )
            event.listen(engine, "connect", _set_up_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        if parsed.get_backend_name() == "postgresql":
            return create_engine(parsed, pool_size=POOL, max_overflow=POOL, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError) as error:
        raise UsageError(f"--database {url!r}: is no URL of a database that is known") from error
    except ModuleNotFoundError as error:
        raise UsageError(f"{error.name} is not installed: pip install 'quotestance[postgres]'") from error
    raise UsageError(f"--database {url!r}: must begin with postgresql:// or sqlite:///")


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # The driver would begin transactions by itself, and only at the first write.
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _bring_up_to_date(store: Store) -> None:
    try:
        _migrate(store)
    except DBAPIError as error:
        store.close()
        raise RunError(f"{store.engine.url!r}: the database cannot be used: {_first_line(error)}") from error
    except RunError:
        store.close()
        raise


def _migrate(store: Store) -> None:
    with store.reading() as connection:
        found = _revision(connection)
    if found != REVISION:
        from builder.review.schema import migrate  # noqa: PLC0415 - Alembic is needed for nothing else

        with store.writing() as connection:
            migrate(connection)
            _write_signing_key(connection)


def _revision(connection: Connection) -> str | None:
    """The migration that a database was last brought to; None where it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def _write_signing_key(connection: Connection) -> None:
    if connection.scalar(select(setting.c.value).where(setting.c.name == SIGNING_KEY)) is None:
        connection.execute(insert(setting).values(name=SIGNING_KEY, value=secrets.token_hex(32)))


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        state = getattr(error.orig, "sqlstate", None)
        if "database is locked" in str(error.orig) or state in SETTLED_BY_ITSELF:
            raise Busy("the database is held by others; nothing was changed, try again") from error
        raise


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).splitlines()[0] if error.orig and str(error.orig) else str(error)
