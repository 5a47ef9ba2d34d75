"""Peak memory and reading time do not grow with a file, a line, a cell or a bomb.

Each case is read in a process of its own, which reports how far its memory rose above what it held
before. The limit of a document is 2 MB; every input is far larger.
"""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

PROGRAM = """
import json, sys
from pathlib import Path
import builder.ingest.warc
from builder.config import IngestConfig, InputConfig
from builder.ingest.read import read
from builder.ingest.sources import batches, discover
def peak():
    # Of this program alone; what getrusage counts begins with the size of the process that started it.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
before = peak()
sources, rejects = discover([InputConfig(path=sys.argv[1])], Path())
reasons = [one.reason for one in rejects]
documents = 0
for batch in batches(sources):
    for one in read(batch, IngestConfig(document_mb=2)):
        if hasattr(one, "reason"):
            reasons.append(one.reason)
        else:
            documents += 1
print(json.dumps({"documents": documents, "reasons": reasons, "risen": peak() - before}))
"""
GOOD = b'{"text": "The river rose."}\n'
LONG = 100_000_000  # bytes


def long_line() -> Iterator[bytes]:
    yield GOOD + b'{"text": "'
    for _ in range(LONG // 1_000_000):
        yield b"word " * 200_000
    yield b'"}\n' + GOOD


def written(path: Path, pieces: Iterator[bytes]) -> None:
    with path.open("wb") as stream:
        stream.writelines(pieces)


def write_plain_line(path: Path) -> None:
    written(path, long_line())


def write_zstd_lines(path: Path) -> None:
    # Each piece differs in content, so that no stretch of it is a bomb.
    with zstandard.ZstdCompressor().stream_writer(path.open("wb")) as stream:
        stream.write(GOOD + b'{"text": "')
        for number in range(LONG // 800_000):
            stream.write(" ".join(str(number * 100_000 + n) for n in range(100_000)).encode())
        stream.write(b'"}\n' + GOOD)


def write_gzip_bomb(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(GOOD)
        for _ in range(300):
            stream.write(bytes(1_000_000))


def write_zstd_bomb(path: Path) -> None:
    with zstandard.ZstdCompressor().stream_writer(path.open("wb")) as stream:
        for _ in range(1000):
            stream.write(bytes(1_000_000))


def write_bomb_in_archive(path: Path) -> None:
    page = gzip.compress(bytes(200_000_000), compresslevel=1)
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + page
    head = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {len(block)}\r\n\r\n".encode()
    path.write_bytes((head + block + b"\r\n\r\n") * 2)


def write_lying_archive(path: Path) -> None:
    path.write_bytes(
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\nHTTP/1.1 200 OK\r\n"
    )


def write_parquet_of_repeats(path: Path) -> None:
    """A dictionary makes one long value every row's."""
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 100, pa.int32()), pa.array(["word " * 390_000]))
    pq.write_table(pa.table({"text": text}), path, store_schema=False)


def write_long_cell(path: Path) -> None:
    pq.write_table(pa.table({"text": ["word " * 14_000_000]}), path, compression="zstd", use_dictionary=False)


CASES: dict[str, tuple[Callable[[Path], None], int, list[str], int]] = {
    "line.jsonl": (write_plain_line, 2, ["too-large"], 30),
    "line.jsonl.zst": (write_zstd_lines, 2, ["too-large"], 40),
    "line.txt": (write_plain_line, 0, ["too-large"], 30),
    "bomb.jsonl.gz": (write_gzip_bomb, 1, ["decompression-bomb"], 60),
    "bomb.jsonl.zst": (write_zstd_bomb, 0, ["decompression-bomb"], 100),  # a slice may become 32 MB
    "bomb.html.gz": (write_gzip_bomb, 0, ["decompression-bomb"], 60),
    "bomb.html.zst": (write_zstd_bomb, 0, ["decompression-bomb"], 100),
    "bomb.warc": (write_bomb_in_archive, 0, ["decompression-bomb"] * 2, 60),
    "lying.warc": (write_lying_archive, 0, ["too-large"], 30),
    "repeats.parquet": (write_parquet_of_repeats, 100, [], 150),
    "cell.parquet": (write_long_cell, 0, ["decompression-bomb"], 60),
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize("name", CASES)
def test_memory_stays_within_bounds(tmp_path: Path, name: str) -> None:
    write, documents, reasons, megabytes = CASES[name]
    write(tmp_path / name)
    command = [sys.executable, "-c", PROGRAM, str(tmp_path / name)]
    done = subprocess.run(command, capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert (found["documents"], found["reasons"]) == (documents, reasons)
    assert found["risen"] < megabytes
