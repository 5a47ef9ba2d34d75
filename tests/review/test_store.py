"""Databases are made, brought up to date, and refused by name where they cannot be used."""

import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select, text

from builder.errors import RunError, UsageError, WorkspaceError
from builder.review.entering import submit, undo
from builder.review.queue import claim
from builder.review.schema import migrate
from builder.review.sessions import signing_key
from builder.review.store import Store, _engine, create_store, database_url, open_store
from builder.review.tables import account, metadata, stance
from eval.queue_items import CAMPAIGN, answer, fill


def test_the_migrations_make_the_tables_that_the_program_uses(store: Store) -> None:
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_older_database_is_brought_up_to_date_with_what_it_holds(
    kind: str, new_database: Callable[[str], str]
) -> None:
    url = new_database(kind)
    older = Store(_engine(url))
    with older.writing() as connection:
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        migrate(connection, "0001")
        person = {"name": "ada", "role": "annotator", "active": True, "created_at": 1.0}
        connection.execute(insert(account).values(person))
    older.close()

    opened = open_store(url)
    with opened.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.scalars(select(account.c.name)).all() == ["ada"]
    assert len(signing_key(opened)) == 32
    opened.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_stances_of_an_older_database_are_counted_as_if_they_had_been_from_the_start(
    kind: str, new_database: Callable[[str], str]
) -> None:
    url = new_database(kind)
    store = open_store(url)
    _, (ada, ben) = fill(store, 3, 2, overlap=2)
    for actor in (ada, ben, ada):
        held = claim(store, actor, CAMPAIGN)
        assert held is not None
        submit(store, actor, held.lease.token, answer(held.item))
    undo(store, ada, CAMPAIGN)  # the last one holds no longer
    columns = [one for one in stance.c if one.name != "id"]
    wanted = select(*columns).order_by(stance.c.answer_id, stance.c.target)
    with store.reading() as connection:
        before = connection.execute(wanted).all()
    assert len(before) == 4  # two answers of two targets
    with store.writing() as connection:
        stance.drop(connection)
        connection.execute(text("DROP INDEX ix_item_counts"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    store.close()
    opened = open_store(url)
    with opened.reading() as connection:
        assert connection.execute(wanted).all() == before
    opened.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_newer_database_is_refused(kind: str, new_database: Callable[[str], str]) -> None:
    url = new_database(kind)
    store = open_store(url)
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(WorkspaceError, match="of version 9999, this program knows"):
        open_store(url)


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    barrier, keys = threading.Barrier(4), set()

    def start() -> None:
        barrier.wait()
        opened = create_store(database_url(tmp_path, None))
        keys.add(signing_key(opened))
        opened.close()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 1


def test_sqlite_is_as_durable_as_it_can_be_and_private(tmp_path: Path) -> None:
    store = create_store(database_url(tmp_path, None))
    with store.writing() as connection:
        settings = [connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")]
    store.close()
    assert settings == ["wal", 2]  # 2 is FULL
    assert stat.S_IMODE((tmp_path / "review.sqlite").stat().st_mode) == 0o600


def test_a_transaction_that_fails_takes_no_other_with_it(new_store: Store) -> None:
    """Two share a commit: what the one wrote is there, what the other wrote is not."""
    inside = threading.Event()

    def fail() -> None:
        with pytest.raises(ZeroDivisionError), new_store.writing() as connection:
            connection.execute(insert(account).values(name="b", role="", active=True, created_at=1.0))
            inside.set()
            raise ZeroDivisionError

    failing = threading.Thread(target=fail)
    with new_store.writing() as connection:
        failing.start()
        connection.execute(insert(account).values(name="a", role="", active=True, created_at=1.0))
    failing.join()
    assert inside.is_set()
    with new_store.reading() as connection:
        assert connection.scalars(select(account.c.name)).all() == ["a"]


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("mysql://host/name", UsageError),
        ("nonsense", UsageError),
        ("sqlite:////nowhere/at/all.sqlite", UsageError),
        ("postgresql://nobody@127.0.0.1:1/none", RunError),
    ],
)
def test_a_database_that_cannot_be_opened_is_named(url: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        open_store(url)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "review.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(RunError, match="cannot be used"):
        open_store(database_url(tmp_path, None))


def test_what_was_acknowledged_is_in_the_file(tmp_path: Path) -> None:
    store = create_store(database_url(tmp_path, None))
    fill(store, 3, 1)
    # Read past this process: as another would find it after a power cut.
    with sqlite3.connect(tmp_path / "review.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM item WHERE rank < 3").fetchone() == (3,)
    connection.close()
    store.close()
