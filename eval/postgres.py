"""A PostgreSQL of its own for a measurement or a test: in a temporary folder, on no network."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

BINARIES = Path("/usr/lib/postgresql")  # where Debian's packages put them, by version
OWNERS = ("postgres", "nobody")  # whom root starts it as: it refuses to be run by root


def missing() -> str | None:
    """Why there can be no cluster on this machine, or None where there can."""
    return None if _folder_of_binaries() else "PostgreSQL is not installed (apt-get install postgresql)"


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of a database in a new cluster, which is gone when the block ends.

    Raises:
        RuntimeError: PostgreSQL is not installed.
    """
    binaries = _folder_of_binaries()
    if binaries is None:
        raise RuntimeError(missing())
    folder = Path(tempfile.mkdtemp(prefix="quotestance-"))
    owner = _owner()
    if owner is not None:
        shutil.chown(folder, owner)
    data = folder / "data"
    try:
        _run(
            [binaries / "initdb", "-D", data, "-U", "review", "-A", "trust", "-E", "UTF8", "--no-sync"], owner
        )
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c max_connections=100"
        control = [binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        _run([*control, "-o", options, "start"], owner)
        try:
            yield f"postgresql://review@/postgres?host={folder}"
        finally:
            _run([*control, "-m", "immediate", "stop"], owner)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _folder_of_binaries() -> Path | None:
    found = sorted(BINARIES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    other = shutil.which("initdb")
    return Path(other).parent if other else None


def _owner() -> str | None:
    """Whom the cluster must belong to: somebody else where this process is root."""
    if os.geteuid() != 0:
        return None
    users = {one.pw_name for one in pwd.getpwall()}
    return next(one for one in OWNERS if one in users)


def _run(command: Sequence[object], owner: str | None) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        user=owner,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C", **os.environ},
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr or done.stdout}")
