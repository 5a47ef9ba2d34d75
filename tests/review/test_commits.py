"""Transactions that share a commit: nobody is told that something is on the disk which is not."""

import threading

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import OperationalError

from builder.review.commits import SharedCommits
from builder.review.problems import Busy
from builder.review.store import Store
from builder.review.tables import account

PERSON = {"role": "annotator", "active": True, "created_at": 1.0}


def test_what_a_full_disk_undid_is_not_acknowledged(new_store: Store) -> None:
    """SQLite undoes all of the transaction, also what another wrote who is waiting for its commit."""
    commits = SharedCommits(new_store.engine)
    committing = threading.Lock()
    too_much = PERSON | {"name": "ben", "password": "x" * 100_000}

    def fill_the_disk() -> None:
        with pytest.raises(OperationalError, match="full"), commits.transaction() as connection:
            pages = connection.scalar(text("PRAGMA page_count"))
            connection.execute(text(f"PRAGMA max_page_count = {pages}"))
            connection.execute(insert(account).values(too_much))
        committing.release()

    filling = threading.Thread(target=fill_the_disk)
    with pytest.raises(Busy, match="undid"), commits.transaction() as connection:
        connection.execute(insert(account).values(PERSON | {"name": "ada"}))
        # Holds our commit back until the other has had its turn.
        shared = commits._open
        assert shared is not None
        shared.committing = committing
        committing.acquire()
        filling.start()
    filling.join()
    with new_store.reading() as reading:
        assert reading.scalars(select(account.c.name)).all() == []
    with commits.transaction() as connection:
        connection.execute(text("PRAGMA max_page_count = 1000000"))
        connection.execute(insert(account).values(PERSON | {"name": "ada"}))
    with new_store.reading() as reading:
        assert reading.scalars(select(account.c.name)).all() == ["ada"]
