"""How well extracted quotations, their sources and speakers agree with annotated ones.

One-to-one matching throughout. A quotation is *exact* if its letters and digits are those of the
gold one, *found* if each side shares at least half of its words with the other (best pairs first,
by their Jaccard coefficient), and *joint* if it is found and the sources meet or are both absent.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from builder.measure import expected_calibration_error

from .names import name_words, same_person
from .spans import CountedText, Kind

UNKNOWN = "?"  # in the labels: no reader could tell
ROLES = ("source", "cue", "content")


@dataclass(frozen=True, slots=True)
class SpeakerLabel:
    """Who a source is: the fullest name in the article, and the kind of speaker."""

    name: str
    kind: str


@dataclass(slots=True)
class Tally:
    """Counts over documents, all together and by kind of quotation."""

    overall: Counter[str] = field(default_factory=Counter)
    by_kind: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    by_role: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    confidences: list[tuple[float, bool]] = field(default_factory=list)


def score(
    gold: Iterable[Mapping[str, Any]],
    predicted: Mapping[str, Sequence[Mapping[str, Any]]],
    speakers: Mapping[tuple[str, str], SpeakerLabel] | None = None,
) -> dict[str, Any]:
    """The figures, in percent with one decimal (`ece` with four, as a share).

    Args:
        gold: documents with `id`, `text` and `attributions` of `id`, `source`, `cue` and `content`.
        predicted: quotations by document id, in the form of `quotestance extract`; a document
            that is missing has none.
        speakers: who the gold sources are, by document's and attribution's id.
    """
    tally = Tally()
    documents = 0
    for document in gold:
        documents += 1
        _count(document, predicted.get(document["id"], ()), speakers or {}, tally)
    return _figures(documents, tally, with_speakers=bool(speakers))


@dataclass(frozen=True, slots=True)
class Attribution:
    """One quotation of either side, as far as it counts.

    `letters`, `words` and `source` are positions in the text; `said_by` is the gold label, `given` the
    quotation as it came, with its spans.
    """

    letters: frozenset[int]
    words: frozenset[int]
    source: frozenset[int]
    kind: Kind
    said_by: SpeakerLabel | None = None
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def person(self) -> str | None:
        """The gold name, if it is a person's and known."""
        label = self.said_by
        return label.name if label and label.kind == "person" and label.name != UNKNOWN else None


def read_attributions(
    text: CountedText,
    rows: Iterable[Mapping[str, Any]],
    speakers: Mapping[str, SpeakerLabel] | None = None,
) -> list[Attribution]:
    """The quotations of one document that have a letter of content; `speakers` are by the ids of rows."""
    read = []
    for row in rows:
        letters = text.letters(row["content"])
        if letters:
            source = text.letters(row.get("source") or ())
            said_by = speakers.get(row["id"]) if speakers else None
            read.append(Attribution(letters, text.words(letters), source, text.kind(letters), said_by, row))
    return read


def match(gold: Sequence[Attribution], ours: Sequence[Attribution]) -> dict[int, int]:
    """Which of ours (by position) each found gold quotation has."""
    candidates = []
    for i, one in enumerate(gold):
        for j, other in enumerate(ours):
            shared = len(one.words & other.words)
            if shared and 2 * shared >= max(len(one.words), len(other.words)):
                candidates.append((-shared / len(one.words | other.words), i, j))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(candidates):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def same_source(one: Attribution, other: Attribution) -> bool:
    """Whether the sources of two quotations meet, or are both absent."""
    return bool(one.source & other.source) or not (one.source or other.source)


def _count(
    document: Mapping[str, Any],
    quotations: Sequence[Mapping[str, Any]],
    speakers: Mapping[tuple[str, str], SpeakerLabel],
    tally: Tally,
) -> None:
    text = CountedText(document["text"])
    labels = {of: label for (where, of), label in speakers.items() if where == document["id"]}
    gold = read_attributions(text, document["attributions"], labels)
    ours = read_attributions(text, quotations)
    people = sorted(
        {label.name for label in labels.values() if label.kind == "person" and label.name != UNKNOWN}
    )
    _count_exact(gold, ours, tally)
    _count_words(gold, ours, tally)
    _count_roles(text, document["attributions"], quotations, tally)
    pairs = match(gold, ours)
    right = set()
    for number, one in enumerate(gold):
        _count_asked(one, tally)
        if number in pairs and _count_found(one, ours[pairs[number]], people, tally):
            right.add(pairs[number])
    tally.confidences += [
        (one.given["confidence"], number in right)
        for number, one in enumerate(ours)
        if one.given.get("confidence") is not None
    ]


def _count_exact(gold: Sequence[Attribution], ours: Sequence[Attribution], tally: Tally) -> None:
    for side, name in ((gold, "gold"), (ours, "pred")):
        tally.overall[name] += len(side)
        for one in side:
            tally.by_kind[one.kind][name] += 1
    available = Counter(one.letters for one in ours)
    for one in gold:
        if available[one.letters]:
            available[one.letters] -= 1
            tally.overall["exact"] += 1
            tally.by_kind[one.kind]["exact"] += 1  # the same letters are of the same kind on both sides


def _count_words(gold: Sequence[Attribution], ours: Sequence[Attribution], tally: Tally) -> None:
    in_gold = frozenset().union(*(one.words for one in gold))
    in_ours = frozenset().union(*(one.words for one in ours))
    tally.overall.update(gold_words=len(in_gold), pred_words=len(in_ours), both_words=len(in_gold & in_ours))


def _count_roles(
    text: CountedText, gold: Iterable[Mapping[str, Any]], ours: Iterable[Mapping[str, Any]], tally: Tally
) -> None:
    """Counts fragments of each role; the same fragment in two quotations counts once."""
    for role in ROLES:
        in_gold = {text.letters([span]) for row in gold for span in row.get(role) or ()} - {frozenset()}
        in_ours = {text.letters([span]) for row in ours for span in row.get(role) or ()} - {frozenset()}
        tally.by_role[role].update(gold=len(in_gold), pred=len(in_ours), right=len(in_gold & in_ours))


def _count_asked(one: Attribution, tally: Tally) -> None:
    tally.overall["without_source"] += not one.source
    tally.overall["people"] += one.person is not None


def _count_found(one: Attribution, ours: Attribution, people: Sequence[str], tally: Tally) -> bool:
    """Counts a found quotation; whether it is joint."""
    joint = same_source(one, ours)
    tally.overall.update(
        found=1,
        joint=joint,
        with_source_found=bool(one.source),
        source_met=joint and bool(one.source),
        no_source_right=joint and not one.source,
    )
    tally.by_kind[one.kind].update(found=1, joint=joint)
    tally.by_kind[ours.kind]["joint_pred"] += joint
    speaker = ours.given.get("speaker") or {}
    if one.said_by and one.said_by.name != UNKNOWN:
        tally.overall.update(labelled_found=1, kind_right=speaker.get("kind") == one.said_by.kind)
    if one.person is not None:
        name = speaker.get("name") or ""
        right = same_person(name, one.person, people)
        full = name_words(name) == name_words(one.person)
        tally.overall.update(people_found=1, people_right=right, people_full=full, people_named=bool(name))
        tally.by_kind[one.kind].update(people_found=1, people_right=right)
    return joint


def _figures(documents: int, tally: Tally, *, with_speakers: bool) -> dict[str, Any]:
    n = tally.overall
    figures: dict[str, Any] = {
        "documents": documents,
        "gold": n["gold"],
        "pred": n["pred"],
        "exact": _three(n["exact"], n["pred"], n["gold"]),
        "words": _three(n["both_words"], n["pred_words"], n["gold_words"]),
        "found": _three(n["found"], n["pred"], n["gold"]),
        "joint": _three(n["joint"], n["pred"], n["gold"]),
        "source_given_found": _percent(n["source_met"], n["with_source_found"]),
        "role": {role: _three(c["right"], c["pred"], c["gold"]) for role, c in tally.by_role.items()},
        "no_source": _percent(n["no_source_right"], n["without_source"]),
        "kind": {kind: _of_kind(c) for kind, c in sorted(tally.by_kind.items())},
    }
    if tally.confidences:
        figures |= _of_confidence(tally.confidences)
    if with_speakers:
        figures["speaker"] = _of_speakers(tally)
    return figures


def _of_kind(count: Counter[str]) -> dict[str, Any]:
    return {
        "gold": count["gold"],
        "pred": count["pred"],
        "found_recall": _percent(count["found"], count["gold"]),
        "exact_f1": _f1(count["exact"], count["pred"], count["exact"], count["gold"]),
        "joint_f1": _f1(count["joint_pred"], count["pred"], count["joint"], count["gold"]),
    }


def _of_confidence(confidences: Sequence[tuple[float, bool]]) -> dict[str, float]:
    """Calibration error, and the joint precision of the more confident half."""
    error = expected_calibration_error([one for one, _ in confidences], [right for _, right in confidences])
    surest = sorted(confidences, key=lambda one: -one[0])[: len(confidences) // 2]
    return {"ece": round(error, 4), "top_half": _percent(sum(right for _, right in surest), len(surest))}


def _of_speakers(tally: Tally) -> dict[str, Any]:
    n = tally.overall
    return {
        "person_gold": n["people"],
        "recall": _percent(n["people_right"], n["people"]),
        "accuracy_given_found": _percent(n["people_right"], n["people_found"]),
        "full_name_given_found": _percent(n["people_full"], n["people_found"]),
        "kind_given_found": _percent(n["kind_right"], n["labelled_found"]),
        "accuracy_when_named": _percent(n["people_right"], n["people_named"]),
        "by_kind_given_found": {
            kind: _percent(count["people_right"], count["people_found"])
            for kind, count in sorted(tally.by_kind.items())
        },
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / max(whole, 1), 1)


def _three(right: int, predicted: int, gold: int) -> dict[str, float]:
    """Precision, recall and F1."""
    f1 = _f1(right, predicted, right, gold)
    return {"p": _percent(right, predicted), "r": _percent(right, gold), "f1": f1}


def _f1(right_predicted: int, predicted: int, right_gold: int, gold: int) -> float:
    """F1 where the right ones may count differently on the two sides, as when sorted by kind."""
    precision, recall = right_predicted / max(predicted, 1), right_gold / max(gold, 1)
    return round(200 * precision * recall / (precision + recall), 1) if precision + recall else 0.0
