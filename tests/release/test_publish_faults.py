"""Whatever goes wrong while a version is published, the repository is at a whole version, and it can go on.

More of the same, for every single request and with Xet, is measured by `python -m eval publish`.
"""

from pathlib import Path

import pytest

from builder.release.outgoing import Outgoing, read_outgoing
from eval.faults import FAULTS, requests_of, trials
from eval.hub.releases import write_invented
from eval.hub.routes import Fault

# The Hub's library uploads files in a way that the HTTP library below it would rather not see.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning")


@pytest.fixture
def before(tmp_path: Path) -> Outgoing:
    return read_outgoing(write_invented(tmp_path, "1.0.0", shards=1))


@pytest.fixture
def release(tmp_path: Path) -> Outgoing:
    return read_outgoing(write_invented(tmp_path, "1.1.0", shards=2))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_kind_of_request_leaves_the_old_version_or_the_new(
    fault: Fault, before: Outgoing, release: Outgoing
) -> None:
    names = set(requests_of(before, release, xet=False))
    assert {"POST preupload", "PUT upload", "POST commit", "POST tag", "GET resolve"} <= names
    found = trials(before, release, xet=False, faults=[fault], requests=names)
    assert {one.request for one in found} == names
    assert [one for one in found if one.wrong] == []
    assert any(one.failed for one in found)  # the faults did hit


def test_a_fault_while_the_repository_is_created_is_survived_as_well(release: Outgoing) -> None:
    found = trials(None, release, xet=False, requests=["POST create", "POST tag"])
    assert len(found) == 2 * len(FAULTS)
    assert [one for one in found if one.wrong] == []
