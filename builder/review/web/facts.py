"""What people answered, in words: for lists of answers and for comparing them."""

from collections import Counter
from collections.abc import Iterable, Mapping

from builder.quotes.wording import wording
from builder.records import Span
from builder.review.items import ArticleAnswer, Content, Entry, Item, QuotationAnswer, SpeakerName

EXCERPT = 140  # characters of a quotation in a list
CANNOT_TELL = "cannot tell"

Facts = dict[str, str]
"""The field in words, and what was answered in it."""


def facts_of(item: Item, content: Content) -> Facts:
    """An answer, field by field, in words."""
    if isinstance(content, ArticleAnswer):
        words = _told_apart({one.key: _cut(_words(item, one.content)) for one in item.found})
        found = {words[key]: _yes(is_one) for key, is_one in content.found.items() if key in words}
        missed = [f"{_words(item, one.content)} ({_speaker(one.speaker)})" for one in content.missed]
        return found | {"missed": "; ".join(missed) or "nothing"}
    if content.quotation is None:
        return {"quotation": "not a quotation"}
    targets = {target.id: target.name for target in item.targets}
    stances = {targets.get(key, key): label or CANNOT_TELL for key, label in content.stances.items()}
    spans_of = content.quotation
    parts = {"quotation": spans_of.content, "cue": spans_of.cue, "source": spans_of.source}
    spans = {part: _words(item, some) or "none" for part, some in parts.items()}
    return spans | {"speaker": _speaker(content.speaker)} | stances


def differing(answers: Iterable[Facts]) -> list[str]:
    """The fields in which answers differ, in the order in which they first occur."""
    several = list(answers)
    fields = dict.fromkeys(field for one in several for field in one)
    return [field for field in fields if len({one.get(field) for one in several}) > 1]


def summary_of(item: Item, entry: Entry) -> str:
    """What an entry says, in one line."""
    if entry.content is None:
        return ""
    facts = facts_of(item, entry.content)
    return "; ".join(
        value if field == "speaker" or len(facts) == 1 else f"{field}: {value}"
        for field, value in facts.items()
        if field not in ("cue", "source") and (field != "quotation" or _is_told(item, entry.content))
    )


def _is_told(item: Item, content: Content) -> bool:
    """Whether what an answer says of the quotation itself is not what the machine found."""
    if not isinstance(content, QuotationAnswer) or item.quotation is None or content.quotation is None:
        return True
    return content.quotation.content != item.quotation.content


def excerpt_of(item: Item) -> str:
    """What an item is about, in a few words: its quotation, or an article's headline."""
    if item.quotation is None:
        return item.headline or "An article without a headline"
    return _cut(_words(item, item.quotation.content))


def _told_apart(words: Mapping[str, str]) -> dict[str, str]:
    """The same, those that occur more than once with a number behind each but the first."""
    seen: Counter[str] = Counter()
    apart = {}
    for key, some in words.items():
        seen[some] += 1
        apart[key] = some if seen[some] == 1 else f"{some} ({seen[some]})"
    return apart


def _words(item: Item, spans: Iterable[Span]) -> str:
    return wording(item.context.text, spans, item.context.start)


def _speaker(speaker: SpeakerName | None) -> str:
    if speaker is None or not speaker.name:
        return "nobody can tell"
    return f"{speaker.name} ({speaker.kind})"


def _yes(is_one: bool) -> str:
    return "a quotation" if is_one else "not a quotation"


def _cut(words: str) -> str:
    return words if len(words) <= EXCERPT else f"{words[:EXCERPT]} …"
