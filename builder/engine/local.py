"""Runs a stage over its shards, or any other task over its jobs, on this machine, in worker processes.

A worker that dies takes the whole pool of `concurrent.futures` with it. Therefore no more jobs
are handed out than there are workers: when the pool breaks, the guilty job is one of those few.
Each of them is tried again alone; one that kills its worker again is named in the error, after
all other jobs are finished.
"""

import os
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, islice
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from typing import Any

import pyarrow as pa

from builder.engine.stage import Stage, Work, is_done, run_shard
from builder.engine.workspace import Progress, Workspace, silent
from builder.errors import QuotestanceError, RunError, WorkerDied

# Read by OpenMP, MKL and OpenBLAS when they are loaded: a process computes in one thread.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

_task: "Task"  # of this process, if it is a worker


def run_stage(
    workspace: Workspace, stage: Stage, shards: Sequence[str], workers: int, progress: Progress = silent
) -> int:
    """Brings every shard of a stage up to date and removes shards that are no longer there.

    Returns:
        How many shards had to be run; the others were proved done by their markers.

    Raises:
        WorkerDied: a shard killed its worker twice.
        RunError: the stage failed on a shard.
    """
    workspace.prune(stage.name, shards)
    pending = [shard for shard in shards if not is_done(workspace, stage, shard)]
    finished = len(shards) - len(pending)
    progress(stage.name, finished, len(shards))
    task = Task(stage.name, stage.start, partial(_run, workspace.root, stage))
    jobs = ((shard, shard) for shard in pending)
    # A broken pool ends all its workers, whatever they were writing.
    for _ in run_jobs(task, jobs, min(workers, len(pending)), died=workspace.sweep):
        finished += 1
        progress(stage.name, finished, len(shards))
    return len(pending)


def worker_count(configured: int) -> int:
    """The number of processes to use: as configured, or one per core that this process may use."""
    return configured or len(os.sched_getaffinity(0))


@dataclass(frozen=True, slots=True)
class Task:
    """What worker processes do: `start` is called once in each of them, `call` with what it gave and a job.

    Both must be picklable, as a module's function or a `functools.partial` of one is.
    """

    name: str
    start: Callable[[], Any]
    call: Callable[[Any, Any], Any]


Job = tuple[str, Any]
"""A job's name and what it is."""


def run_jobs(
    task: Task, jobs: Iterable[Job], workers: int, died: Callable[[], object] = lambda: None
) -> Iterator[Any]:
    """What a task gives for each of some jobs, in the order in which they are done.

    `jobs` are taken as workers become free: no more are held than there are workers. `died` is called when
    a worker died, and with it the others.

    Raises:
        WorkerDied: jobs killed their worker twice; they are named when the rest is done.
    """
    waiting, dead = iter(jobs), []
    while first := next(waiting, None):
        waiting = chain([first], waiting)
        suspects = yield from _until_broken(task, waiting, workers, died)
        for suspect in suspects:
            dead += yield from _until_broken(task, iter([suspect]), 1, died)
    if dead:
        raise WorkerDied(task.name, sorted(name for name, _ in dead))


def _until_broken(
    task: Task, waiting: Iterator[Job], workers: int, died: Callable[[], object]
) -> Generator[Any, None, list[Job]]:
    """Does jobs of `waiting` until there are no more or a worker died.

    Returns:
        The jobs that were being done when the worker died, in the order of their names.
    """
    running: dict[Future[Any], Job] = {}
    broken: list[Job] = []
    with _executor(task, workers) as executor:
        while not broken:
            for job in islice(waiting, workers - len(running)):
                running[executor.submit(_do, job[1])] = job
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                job = running.pop(future)
                try:
                    given = future.result()
                except BrokenProcessPool:
                    broken = [job, *running.values()]
                    break
                except BaseException:
                    executor.shutdown(cancel_futures=True)
                    raise
                yield given
    if broken:
        died()
    return sorted(broken, key=lambda job: job[0])


def _executor(task: Task, workers: int) -> ProcessPoolExecutor:
    # Forked from a server process that has imported the task's module and started no thread: as
    # safe as a spawned worker, without importing everything again in each worker of each stage.
    os.environ.update(ONE_THREAD)
    context = get_context("forkserver")
    context.set_forkserver_preload([_module_of(task.start)])
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=(task,))


def _module_of(start: Callable[[], Work]) -> str:
    return str((start.func if isinstance(start, partial) else start).__module__)


def _start_worker(task: Task) -> None:
    global _task  # noqa: PLW0603 - a worker has one task, which is sent to it once and not with every job
    _task = task
    pa.set_cpu_count(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Ends this worker when its parent is gone: a killed run must leave no worker behind."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _do(job: Any) -> Any:
    return _task.call(_started(), job)


@cache
def _started() -> Any:
    """What the worker's task starts with, such as loaded models."""
    return _task.start()


def _run(root: Path, stage: Stage, work: Work, shard: str) -> None:
    try:
        run_shard(Workspace(root), stage, work, shard)
    except QuotestanceError:
        raise
    except Exception as error:
        raise RunError(
            f"stage {stage.name} failed on shard {shard}: {type(error).__name__}: {error}"
        ) from error
