"""Near-duplicate documents: planted copies join, stories that share boilerplate do not."""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from builder.clusters import near
from builder.clusters.compare import are_near_duplicates
from builder.clusters.minhash import hashes_of
from builder.clusters.near import MOST_FAILURES, cluster
from builder.clusters.signatures import Signature, signatures
from builder.clusters.words import grams_of, words_of
from builder.config import ClusterConfig
from builder.ids import cluster_id
from builder.records import Cluster, Document, Zone, to_table


class Writer:
    """Writes invented prose: frequent words and stock phrases, as the news has them."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - only has to be the same each time
        syllables = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "zen", "dor", "fal", "gri"]
        self.words = [
            "".join(self.chance.choices(syllables, k=self.chance.randint(1, 4))) for _ in range(8000)
        ]
        self.phrases = [self.chance.choices(self.words, k=self.chance.randint(3, 7)) for _ in range(200)]

    def prose(self, length: int) -> list[str]:
        """Words, some of them in stock phrases."""
        found: list[str] = []
        while len(found) < length:
            if self.chance.random() < 0.08:
                found += self.chance.choice(self.phrases)
            else:
                found.append(self.words[min(int(self.chance.paretovariate(0.7)), len(self.words) - 1)])
        return found[:length]


def document(name: str, words: Iterable[str], published: str | None = None) -> Document:
    text = " ".join(words)
    return Document(
        id=name,
        text=text,
        uri=f"{name}.txt",
        url=None,
        title=None,
        published=published,
        site=None,
        author=None,
        agency=None,
        language="en",
        raw_sha256="",
        extractor="test",
        zones=(Zone(0, len(text), "body"),) if text else (),
    )


def clustered(
    folder: Path, documents: Sequence[Document], config: ClusterConfig | None = None, shard: int = 100
) -> list[Cluster]:
    folder.mkdir(parents=True, exist_ok=True)
    files: tuple[list[Path], list[Path]] = [], []
    for start in range(0, len(documents), shard):
        some = documents[start : start + shard]
        for records, kind, paths in zip((signatures(some), some), (Signature, Document), files, strict=True):
            paths.append(folder / f"{kind.__name__}-{start}.parquet")
            pq.write_table(to_table(records, kind), paths[-1])
    return list(cluster(*files, config or ClusterConfig(), 256, folder / "spill"))


def groups(found: Iterable[Cluster]) -> set[frozenset[str]]:
    """The clusters of more than one document."""
    members: dict[str, set[str]] = {}
    for one in found:
        members.setdefault(one.cluster, set()).add(one.member)
    return {frozenset(some) for some in members.values() if len(some) > 1}


WRITER = Writer(1)
STORY = WRITER.prose(400)
NOTICE = WRITER.prose(60)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("the same words in other clothes", [word.upper() + "," for word in STORY]),
        ("another dateline", [*WRITER.prose(6), *STORY]),
        ("another lead", [*WRITER.prose(25), *STORY[30:]]),
        ("the end trimmed by a third", STORY[:270]),
        ("the end trimmed by two thirds", STORY[:135]),
        ("the beginning trimmed", STORY[200:]),
        ("another dateline and a trimmed end", [*WRITER.prose(6), *STORY[:250]]),
        ("a notice of the site at the end", STORY + NOTICE),
        ("a word changed here and there", [word if n % 60 else "other" for n, word in enumerate(STORY)]),
        ("paragraphs of the site's own after it", STORY + WRITER.prose(300)),
    ],
)
def test_a_wire_story_joins_its_copies(tmp_path: Path, what: str, words: list[str]) -> None:
    others = [document(f"d{n}", WRITER.prose(300)) for n in range(3, 9)]
    found = clustered(tmp_path, [document("d1", STORY), document("d2", words), *others])
    assert groups(found) == {frozenset({"d1", "d2"})}, what


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("another story", WRITER.prose(400)),
        ("another story with the same notice", WRITER.prose(200) + NOTICE),
        ("another story that quotes two sentences", WRITER.prose(200) + STORY[100:140] + WRITER.prose(100)),
        ("a story half of which is the background of the other", WRITER.prose(200) + STORY[200:]),
        ("the notice alone", NOTICE[:40]),
        ("nothing", []),
    ],
)
def test_distinct_stories_stay_apart(tmp_path: Path, what: str, words: list[str]) -> None:
    found = clustered(tmp_path, [document("d1", STORY + NOTICE), document("d2", words)])
    assert groups(found) == set(), what


def test_every_document_is_in_one_cluster_and_the_output_is_sorted(tmp_path: Path) -> None:
    documents = [document("d3", STORY), document("d1", []), document("d4", []), document("d2", STORY)]
    assert clustered(tmp_path, documents, shard=3) == [
        Cluster("d1", cluster_id("d1"), "d1"),
        Cluster("d2", cluster_id("d2"), "d2"),
        Cluster("d3", cluster_id("d2"), "d2"),
        Cluster("d4", cluster_id("d4"), "d4"),  # no words are not the same words
    ]
    assert clustered(tmp_path / "none", []) == []


@pytest.mark.parametrize(
    ("documents", "canonical"),
    [
        ([("d1", 0, "2024-03-02"), ("d2", 0, "2024-03-01"), ("d3", 50, None)], "d2"),  # the earliest
        ([("d1", 0, "2024-03-01"), ("d2", 50, "2024-03-01"), ("d3", 90, "2024-03-02")], "d2"),  # the longest
        ([("d1", 0, None), ("d2", 50, None)], "d2"),
        ([("d2", 0, None), ("d1", 0, None)], "d1"),  # the smallest id
        ([("d1", 50, None), ("d2", 0, "2024-03-01")], "d2"),  # a date comes before none
    ],
)
def test_the_canonical_document_is_the_earliest_then_longest_then_smallest(
    tmp_path: Path, documents: list[tuple[str, int, str | None]], canonical: str
) -> None:
    made = [document(name, STORY + NOTICE[:more], published) for name, more, published in documents]
    found = clustered(tmp_path, made)
    assert {(one.cluster, one.canonical) for one in found} == {(cluster_id("d1"), canonical)}


def test_the_configuration_says_how_similar(tmp_path: Path) -> None:
    documents = [document("d1", STORY), document("d2", STORY[:300] + WRITER.prose(60))]
    assert (
        groups(clustered(tmp_path / "a", documents, ClusterConfig(similarity=0.9, containment=0.95))) == set()
    )
    assert (
        groups(clustered(tmp_path / "b", documents, ClusterConfig(similarity=0.5, containment=0.95))) != set()
    )


def planted(seed: int, stories: int) -> tuple[list[Document], dict[str, int]]:
    """Stories with notices, a third of them with copies of many kinds; and which story each is of."""
    writer, documents, story_of = Writer(seed), [], {}
    notices = [writer.prose(60) for _ in range(5)]

    def add(story: int, words: list[str]) -> None:
        documents.append(document(f"d{writer.chance.getrandbits(64):016x}", words))
        story_of[documents[-1].id] = story

    for story in range(stories):
        base = writer.prose(writer.chance.randint(120, 700))
        add(story, base + writer.chance.choice(notices))
        for _ in range(writer.chance.choice([0, 0, 1, 4])):
            words = base[: int(len(base) * writer.chance.uniform(0.35, 1))]
            if writer.chance.random() < 0.5:
                words = writer.prose(writer.chance.randint(3, 15)) + words[writer.chance.randint(0, 10) :]
            for _ in range(writer.chance.randint(0, 4)):
                words[writer.chance.randrange(len(words))] = "changed"
            add(story, words + writer.chance.choice(notices)[: writer.chance.choice([0, 20, 60])])
    return documents, story_of


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Document], dict[str, int], list[Cluster]]:
    documents, story_of = planted(seed=2, stories=250)
    return documents, story_of, clustered(tmp_path_factory.mktemp("corpus"), documents)


def test_no_cluster_holds_two_stories(corpus: tuple[list[Document], dict[str, int], list[Cluster]]) -> None:
    _, story_of, found = corpus
    assert [some for some in groups(found) if len({story_of[member] for member in some}) > 1] == []


def test_nearly_every_pair_of_near_duplicates_is_found(
    corpus: tuple[list[Document], dict[str, int], list[Cluster]],
) -> None:
    documents, _, found = corpus
    hashes = hashes_of(grams_of(words_of(one)) for one in documents)
    grams = {one.id: set(some) for one, some in zip(documents, hashes, strict=True)}
    pairs = [
        pair
        for pair in combinations(sorted(grams), 2)
        if are_near_duplicates(grams[pair[0]], grams[pair[1]], ClusterConfig())
    ]
    assert len(pairs) > 200
    cluster_of = {one.member: one.cluster for one in found}
    assert sum(cluster_of[one] == cluster_of[other] for one, other in pairs) >= 0.99 * len(pairs)


def test_clusters_do_not_depend_on_order_or_shards(
    tmp_path: Path, corpus: tuple[list[Document], dict[str, int], list[Cluster]]
) -> None:
    documents, _, found = corpus
    shuffled = sorted(documents, key=lambda one: one.id[::-1])
    assert clustered(tmp_path, shuffled, shard=37) == found


def test_other_documents_change_no_cluster(
    tmp_path: Path, corpus: tuple[list[Document], dict[str, int], list[Cluster]]
) -> None:
    documents, _, found = corpus
    others, _ = planted(seed=3, stories=20)
    ids = {one.id for one in documents}
    assert [one for one in clustered(tmp_path, [*documents, *others]) if one.member in ids] == found


def same(base: list[str], _: int) -> list[str]:
    return base


def nearly_same(base: list[str], number: int) -> list[str]:
    return [*base[:150], f"page {number}", *base[150:]]


def alike_but_not_enough(base: list[str], number: int) -> list[str]:
    return [f"unique{number}x{n}" for n in range(100)] + base


@pytest.mark.parametrize(
    ("make", "clusters", "comparisons"),
    # the same words are compared never; each page once; each at most until it failed often
    [(same, 1, 0), (nearly_same, 1, 800), (alike_but_not_enough, 800, 800 * MOST_FAILURES)],
)
def test_many_pages_alike_are_not_compared_all_with_all(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[list[str], int], list[str]],
    clusters: int,
    comparisons: int,
) -> None:
    counted: Counter[str] = Counter()

    def counting(one: set[int], other: set[int], config: ClusterConfig) -> bool:
        counted["comparisons"] += 1
        return are_near_duplicates(one, other, config)

    monkeypatch.setattr(near, "are_near_duplicates", counting)
    base = Writer(4).prose(300)
    found = clustered(tmp_path, [document(f"d{n:04}", make(base, n)) for n in range(800)], shard=400)
    assert len({one.cluster for one in found}) == clusters
    assert counted["comparisons"] <= comparisons


PROGRAM = """
import json, random, sys
from pathlib import Path
import pyarrow.parquet as pq
from builder.clusters.minhash import BANDS
from builder.clusters.near import cluster
from builder.clusters.signatures import Signature
from builder.config import ClusterConfig
from builder.records import to_table
folder, count = Path(sys.argv[1]), int(sys.argv[2])
chance, files = random.Random(1), []
for start in range(0, count, 1000):
    some = []
    for n in range(start, start + 1000):
        bits = [62 if chance.random() > 0.1 else 9 for _ in range(BANDS)]
        bands = tuple(chance.getrandbits(some) for some in bits)
        some.append(Signature(f"d{n:08}", None, 3000, f"{n:064}", 500, bands))
    files.append(folder / f"{start}.parquet")
    pq.write_table(to_table(some, Signature), files[-1])
def memory(kind):
    return int(Path("/proc/self/status").read_text().split(kind)[1].split()[0]) // 1024
Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
before = memory("VmRSS:")
found = sum(1 for _ in cluster(files, [], ClusterConfig(), 128, folder / "spill"))
print(json.dumps({"found": found, "risen": memory("VmHWM:") - before}))
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="peak memory is read from /proc")
def test_memory_is_bounded_by_the_configuration(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), "20000"]
    done = subprocess.run(command, capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert found["found"] == 20_000
    assert found["risen"] < 128 + 60  # the library's own code, and the arrays of 16 bytes a text
