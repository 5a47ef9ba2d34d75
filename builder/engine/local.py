"""Runs a stage over its shards on this machine, in worker processes.

A worker that dies takes the whole pool of `concurrent.futures` with it. Therefore no more shards
are handed out than there are workers: when the pool breaks, the guilty shard is one of those few.
Each of them is tried again alone; one that kills its worker again is named in the error, after
all other shards are finished.
"""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import cache, partial
from multiprocessing import connection, get_context, parent_process
from pathlib import Path

import pyarrow as pa

from builder.engine.stage import Stage, Work, is_done, run_shard
from builder.engine.workspace import Progress, Workspace, silent
from builder.errors import QuotestanceError, RunError, WorkerDied

# Read by OpenMP, MKL and OpenBLAS when they are loaded: a process computes in one thread.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


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
    _Pool(workspace, stage, min(workers, len(pending)), progress, finished, len(shards)).run(pending)
    return len(pending)


def worker_count(configured: int) -> int:
    """The number of processes to use: as configured, or one per core that this process may use."""
    return configured or len(os.sched_getaffinity(0))


class _Pool:
    """A pool of workers for one stage that outlives the death of a worker."""

    def __init__(
        self, workspace: Workspace, stage: Stage, workers: int, progress: Progress, finished: int, total: int
    ) -> None:
        self.workspace, self.stage, self.workers = workspace, stage, workers
        self.progress, self.finished, self.total = progress, finished, total

    def run(self, pending: Sequence[str]) -> None:
        """Runs all of `pending`; the shards that kill their worker are named when the rest is done."""
        waiting, dead = list(reversed(pending)), []
        while waiting:
            suspects = self._until_broken(waiting, self.workers)
            for shard in suspects:
                dead += self._until_broken([shard], workers=1)
        if dead:
            raise WorkerDied(self.stage.name, sorted(dead))

    def _until_broken(self, waiting: list[str], workers: int) -> list[str]:
        """Takes shards from the end of `waiting` until it is empty or a worker died.

        Returns:
            The shards that were being run when the worker died, sorted; none if none did.
        """
        running: dict[Future[None], str] = {}
        broken: list[str] = []
        with _executor(self.stage, workers) as executor:
            while (waiting or running) and not broken:
                while waiting and len(running) < workers:
                    shard = waiting.pop()
                    running[executor.submit(_run_in_worker, self.workspace.root, self.stage, shard)] = shard
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    shard = running.pop(future)
                    try:
                        future.result()
                    except BrokenProcessPool:
                        broken = [shard, *running.values()]
                        break
                    except BaseException:
                        executor.shutdown(cancel_futures=True)
                        raise
                    self.finished += 1
                    self.progress(self.stage.name, self.finished, self.total)
        if broken:
            self.workspace.sweep()  # a broken pool ends all its workers, whatever they were writing
        return sorted(broken)


def _executor(stage: Stage, workers: int) -> ProcessPoolExecutor:
    # Forked from a server process that has imported the stage's module and started no thread: as
    # safe as a spawned worker, without importing everything again in each worker of each stage.
    os.environ.update(ONE_THREAD)
    context = get_context("forkserver")
    context.set_forkserver_preload([_module_of(stage.start)])
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker)


def _module_of(start: Callable[[], Work]) -> str:
    return str((start.func if isinstance(start, partial) else start).__module__)


def _start_worker() -> None:
    pa.set_cpu_count(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Ends this worker when its parent is gone: a killed run must leave no worker behind."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _run_in_worker(root: Path, stage: Stage, shard: str) -> None:
    _run(Workspace(root), stage, _started(stage), shard)


@cache
def _started(stage: Stage) -> Work:
    """The stage's work, its models loaded once per worker."""
    return stage.start()


def _run(workspace: Workspace, stage: Stage, work: Work, shard: str) -> None:
    try:
        run_shard(workspace, stage, work, shard)
    except QuotestanceError:
        raise
    except Exception as error:
        raise RunError(
            f"stage {stage.name} failed on shard {shard}: {type(error).__name__}: {error}"
        ) from error
