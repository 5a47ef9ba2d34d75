"""Which of many texts share runs of words: only these can be the same, and have to be compared.

The runs of all texts are hashed and sorted, and each text is paired with those that follow it among the
texts of a run. The runs lie in the database, which spills them to disk, and are sorted a part after another;
of a text itself only its length and its signature are held: 64 bits, of which each of its words sets one.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from builder.engine.database import Database

RUN = 4  # words

SIMILARITY = 0.7  # of the sets of words (Jaccard): as between near-duplicate articles by default
CONTAINMENT = 0.9  # share of the shorter one's runs that the longer one has

# Among the texts that share a run each is paired with this many that follow it: with all of them where they
# are few, and never quadratically where they are many.
NEIGHBOURS = 2

# Texts that are the same share several runs, but of a short one a changed word can leave only one, and of a
# very short one only a shorter run.
LEAST_SHARED = 2
SHORT = 10  # words
SHORT_RUN = 3

TEXTS_AT_ONCE = 10_000
RUNS_AT_ONCE = 2_000_000  # that are sorted together: their memory does not grow with the corpus

ROUNDING = 1e-6  # what two ways of computing the same share may differ by, and more
BITS = 64  # of a signature
FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no two words become the same by it

Array = npt.NDArray[Any]

TABLES = """
    create table slot (run ubigint, number integer);
    create table pair (one integer, other integer);
"""
SOME_TEXTS = "select words from said where number between $first and $last order by number"
SOME_SLOTS = "select run, number from slot where run % $parts::ubigint = $part"
LIKELY = f"""
    create table likely as
    select one, other from pair
    join said as a on a.number = one join said as b on b.number = other
    group by one, other having count(*) >= {LEAST_SHARED} or min(least(a.length, b.length)) <= {SHORT}
"""  # noqa: S608 - constants of this program


@dataclass(frozen=True, slots=True)
class Texts:
    """Of all texts, by their numbers, the length in words and the signature."""

    length: Array
    signature: Array

    def may_be_same(self, one: Array, other: Array) -> Array:
        """Which pairs of texts are the same, as far as lengths and signatures tell; of the others none is.

        A bit that only one of two texts has stands for at least one word that the other has not. With d such
        words among a and b the similarity is at most (a + b - d) / (a + b + d). And as long as one run is
        shared, a text has no more words that the other has not than it has such runs: that which a word first
        ends in is its own, or that which it first begins.
        """
        first, second = self.signature[one], self.signature[other]
        ours, theirs = np.bitwise_count(first & ~second), np.bitwise_count(second & ~first)
        a, b = self.length[one], self.length[other]
        similar = ours + theirs <= (1 - SIMILARITY) / (1 + SIMILARITY) * (a + b) + ROUNDING
        return similar | (ours <= _most_missing(a)) | (theirs <= _most_missing(b))


def _most_missing(length: Array) -> Array:
    """How many runs of texts of some lengths, and so words, can be missing in others that contain them."""
    return (1 - CONTAINMENT) * (length - RUN + 1) + ROUNDING


def find_likely(database: Database) -> None:
    """Makes the table `likely`: the pairs `one` and `other` of texts that have to be compared.

    The table `said` holds the `words` of each text, with a blank between them, their number as `length`, and
    the text's own `number`, from 0 on.
    """
    database.execute(TABLES)
    texts = _lay_down_runs(database)
    ((runs,),) = database.execute("select count(*) from slot").fetchall()
    parts = runs // RUNS_AT_ONCE + 1
    for part in range(parts):
        slots = database.sql(SOME_SLOTS, params={"parts": parts, "part": part}).to_arrow_table()
        one, other = _pairs(slots["run"].to_numpy(), slots["number"].to_numpy())
        likely = texts.may_be_same(one, other)
        _insert(database, "pair", one=one[likely], other=other[likely])
    database.execute(LIKELY)
    database.execute("drop table slot; drop table pair")


def _lay_down_runs(database: Database) -> Texts:
    """Fills the table `slot` with the runs of all texts."""
    ((count,),) = database.execute("select count(*) from said").fetchall()
    texts = Texts(np.zeros(count, np.int32), np.zeros(count, np.uint64))
    for first in range(0, count, TEXTS_AT_ONCE):
        last = min(first + TEXTS_AT_ONCE, count) - 1
        found = database.sql(SOME_TEXTS, params={"first": first, "last": last}).to_arrow_table()
        some, word = read_texts(found["words"].combine_chunks())
        texts.length[first : last + 1], texts.signature[first : last + 1] = some.length, some.signature
        number = np.repeat(np.arange(first, last + 1, dtype=np.int32), some.length)
        short = np.repeat(some.length <= SHORT, some.length)
        for run, whose in (_runs(word, number, RUN), _runs(word[short], number[short], SHORT_RUN)):
            _insert(database, "slot", run=run, number=whose)
    return texts


def read_texts(texts: pa.StringArray) -> tuple[Texts, Array]:
    """What is held of some texts, and the hashes of all their words, one text after the other."""
    split = pc.split_pattern(texts, " ")
    length, word = split.value_lengths().to_numpy(), _hashes(split.flatten())
    signature = np.bitwise_or.reduceat(np.uint64(1) << word % np.uint64(BITS), np.cumsum(length) - length)
    return Texts(length, signature), word


def _hashes(words: pa.StringArray) -> Array:
    encoded = words.dictionary_encode()
    hashed: Array = np.array([_hash(word) for word in encoded.dictionary.to_pylist()], np.uint64)
    found: Array = hashed[encoded.indices.to_numpy()]
    return found


def _hash(word: str) -> int:
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _runs(word: Array, number: Array, length: int) -> tuple[Array, Array]:
    """The hashes of all runs of so many words, and the number of the text that each is in."""
    starts = max(len(word) - length + 1, 0)
    run = np.full(starts, length, np.uint64)
    for place in range(length):
        run = run * FACTOR + word[place : place + starts]
    within = number[:starts] == number[length - 1 :]  # and not from the end of a text into the next one
    return run[within], number[:starts][within]


def _pairs(run: Array, number: Array) -> tuple[Array, Array]:
    """Each text with those that follow it in a run, as often as they do."""
    order = np.lexsort((number, run))
    run, number = run[order], number[order]
    new = np.ones(len(run), np.bool_)
    new[1:] = (run[1:] != run[:-1]) | (number[1:] != number[:-1])  # a text may have a run twice
    run, number = run[new], number[new]
    same = [(step, run[step:] == run[:-step]) for step in range(1, NEIGHBOURS + 1)]
    one = np.concatenate([number[:-step][shared] for step, shared in same])
    other = np.concatenate([number[step:][shared] for step, shared in same])
    return one, other


def _insert(database: Database, table: str, **columns: Array) -> None:
    database.register("new_rows", pa.table(columns))
    database.execute(f"insert into {table} from new_rows")
    database.unregister("new_rows")
