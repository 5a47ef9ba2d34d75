"""Transactions of one process that reach the disk together.

A database of one writer waits for the disk at every commit. Transactions that come while another is
on its way there are run one after the other in one transaction of the database, each within a
savepoint of its own, and wait for one flush instead of each for its own. Nobody goes on before what
they wrote is on the disk.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from builder.review.problems import Busy


class SharedCommits:
    """The one writer of a process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()  # held by who reads and writes, and by who commits
        self._open: _Shared | None = None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that is on the disk when the block ends, or undone if it raises."""
        with self._turn:
            shared = self._open = self._open or _Shared(self._engine)
            shared.members += 1
            failed = True
            try:
                with _savepoint(shared.connection):
                    yield shared.connection
                failed = False
            finally:
                if failed:
                    shared.members -= 1
                    self._end_if_over(shared)
        self._commit(shared)

    def _end_if_over(self, shared: "_Shared") -> None:
        """Lets go of the database where all who shared a transaction have failed, or it undid all of them."""
        if shared.members == 0 or not _is_in_transaction(shared.connection):
            self._open = None
            shared.undo()

    def _commit(self, shared: "_Shared") -> None:
        # Who comes first commits for all; that waits its turn, and all who came before it have theirs.
        with shared.committing:
            if not shared.ended:
                with self._turn:
                    self._open = None
                    shared.commit()
        if shared.error is not None:
            raise shared.error


class _Shared:
    """A transaction that several share."""

    def __init__(self, engine: Engine) -> None:
        self.connection = engine.connect()
        try:
            self._transaction = self.connection.begin()
        except BaseException:
            self.connection.close()
            raise
        self.committing = threading.Lock()
        self.members = 0
        self.ended = False
        self.error: SQLAlchemyError | Busy | None = None

    def commit(self) -> None:
        """Flushes what all of them wrote; what goes wrong is kept for each to raise."""
        self.ended = True
        try:
            self._transaction.commit()
        except SQLAlchemyError as error:
            self.error = error
        finally:
            self.connection.close()

    def undo(self) -> None:
        """Undoes what is left of it; whoever waits for its commit is told."""
        self.ended = True
        if self.members:
            self.error = Busy("the database undid what was written; try again")
        self._transaction.rollback()
        self.connection.close()


@contextmanager
def _savepoint(connection: Connection) -> Iterator[None]:
    """What is undone alone if the block raises; in plain words, for it is begun with every request."""
    connection.exec_driver_sql("SAVEPOINT shared")
    try:
        yield
    except BaseException:
        if _is_in_transaction(connection):
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT shared")
            connection.exec_driver_sql("RELEASE SAVEPOINT shared")
        raise
    connection.exec_driver_sql("RELEASE SAVEPOINT shared")


def _is_in_transaction(connection: Connection) -> bool:
    """Whether it still is: SQLite by itself undoes the whole of one where, say, the disk is full."""
    return bool(connection.connection.driver_connection.in_transaction)  # type: ignore[union-attr] # SQLite's
