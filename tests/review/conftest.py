"""Review databases for the tests: SQLite in a folder, and a PostgreSQL that runs for the session."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from builder.review.store import Store, create_store, database_url
from eval.postgres import cluster, missing


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a cluster, in which a database of the tables of today is the template of others."""
    if reason := missing():
        pytest.skip(reason)
    with cluster() as url:
        made = make_url(url).set(database="template_of_tests")
        _execute(url, "CREATE DATABASE template_of_tests")
        create_store(made.render_as_string()).close()
        yield url


@pytest.fixture
def new_database(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], str]:
    """The URL of a database with tables and nothing in them; called with "sqlite" or "postgresql"."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            url = database_url(tmp_path, None)
            create_store(url).close()
            return url
        cluster_url: str = request.getfixturevalue("postgres")
        name = f"test_{abs(hash(tmp_path)):x}"
        _execute(cluster_url, f"CREATE DATABASE {name} TEMPLATE template_of_tests")
        return make_url(cluster_url).set(database=name).render_as_string()

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> Iterator[Store]:
    """An empty review database of each kind."""
    opened = create_store(new_database(request.param))
    yield opened
    opened.close()


@pytest.fixture
def new_store(new_database: Callable[[str], str]) -> Iterator[Store]:
    """An empty review database where the kind of database makes no difference."""
    opened = create_store(new_database("sqlite"))
    yield opened
    opened.close()


def _execute(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
