"""A run that is killed anywhere and started again leaves the same bytes as one that never was."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from eval.resources import CONFIG, write_articles

SHARDS, DOCUMENTS = 6, 4
# How many files a run may have finished when it is killed: from gathering to the last stage.
POINTS = (1, 15, 28, 52)


def command(folder: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "builder",
        "build",
        str(folder / "config.toml"),
        "-w",
        str(folder / "workspace"),
    ]


def contents(folder: Path) -> dict[str, bytes]:
    root = folder / "workspace"
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def prepare(folder: Path) -> Path:
    folder.mkdir()
    write_articles(folder / "articles.jsonl", SHARDS * DOCUMENTS)
    (folder / "config.toml").write_text(CONFIG.format(documents=DOCUMENTS, workers=2))
    return folder


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = prepare(tmp_path_factory.mktemp("undisturbed") / "run")
    subprocess.run(command(folder), check=True, capture_output=True)
    return contents(folder)


def start_and_wait(folder: Path, finished: int) -> subprocess.Popen[bytes]:
    """A run in a process group of its own, as soon as it has finished so many files."""
    process = subprocess.Popen(
        command(folder), start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while process.poll() is None and len(list((folder / "workspace").rglob("*.json"))) < finished:
        time.sleep(0.002)
    return process


@pytest.mark.parametrize("finished", POINTS)
def test_a_killed_process_group_is_resumed_to_the_same_bytes(
    tmp_path: Path, undisturbed: dict[str, bytes], finished: int
) -> None:
    folder = prepare(tmp_path / "run")
    process = start_and_wait(folder, finished)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    before = contents(folder)
    assert "releases" not in {name.split("/")[0] for name in before}
    subprocess.run(command(folder), check=True, capture_output=True)
    assert contents(folder) == undisturbed


def test_a_killed_worker_is_replaced_and_the_run_ends_with_the_same_bytes(
    tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    folder = prepare(tmp_path / "run")
    process = start_and_wait(folder, finished=9)
    killed = kill_a_worker(process)
    assert process.wait() == 0
    assert killed
    assert contents(folder) == undisturbed


def kill_a_worker(process: subprocess.Popen[bytes]) -> bool:
    """Kills a worker of a run as soon as there is one; False if the run ended without any."""
    workers = wait_for_workers(process)
    for worker in workers[:1]:
        worker.kill()
    return bool(workers)


def wait_for_workers(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The workers of a run as soon as there are any; none if it ended without."""
    workers: list[psutil.Process] = []
    while not workers and process.poll() is None:
        run = psutil.Process(process.pid)
        # The run's own children are the servers that workers are forked from.
        workers = sorted(set(run.children(recursive=True)) - set(run.children()), key=lambda one: one.pid)
        time.sleep(0.002)
    return workers


def test_no_worker_outlives_a_killed_run(tmp_path: Path) -> None:
    folder = prepare(tmp_path / "run")
    process = start_and_wait(folder, finished=1)
    workers = wait_for_workers(process)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(workers, timeout=60)
    assert workers
    assert not alive
