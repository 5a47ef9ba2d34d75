"""Fixtures from which the tests make releases."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from builder.config import Config, parse_config
from builder.release.write import ReleaseSummary, write_release
from builder.review.decisions import ImportedDecision
from eval.hub.routes import Hub
from eval.hub.server import running
from tests.release.corpus import Configured, Corpus, Release


@pytest.fixture
def corpus() -> Corpus:
    return Corpus()


@pytest.fixture
def configured() -> Configured:
    """Makes a configuration; keyword arguments are keys of its `release` table."""

    def make(
        targets: Sequence[str] = ("bridge",), dataset: dict[str, Any] | None = None, **release: Any
    ) -> Config:
        named = {"name": "harbour", "license": "cc-by-4.0", **(dataset or {})}
        return parse_config(
            {
                "dataset": named,
                "inputs": [{"path": "articles"}],
                "targets": [{"id": one, "name": f"the {one}"} for one in targets],
                "release": release,
            },
            Path("harbour.toml"),
        )

    return make


@pytest.fixture
def release(corpus: Corpus, configured: Configured, tmp_path: Path) -> Release:
    def make(decisions: Sequence[ImportedDecision] = (), config: Config | None = None) -> ReleaseSummary:
        tables = corpus.written(tmp_path / "workspace", decisions)
        return write_release(
            tables, config or configured(), "1.0.0", tmp_path / "releases", {"config": "f00"}
        )

    return make


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A hub on this machine, without any repository."""
    with running() as hub:
        yield hub
