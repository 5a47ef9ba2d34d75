"""From what an extractor found on a spaCy document to quotations in the form of `quotestance extract`.

Extractors return their findings in many shapes: triples of spans and lists of tokens (textacy), dictionaries
with offsets in strings (GenderGapTracker), spans with extension attributes, span groups. All of them are
taken, by what they have and not by their class, so this needs no spaCy:

    line_of(identifier, doc, text, textacy.extract.direct_quotations(doc))
    line_of(identifier, doc, text, doc._.quotations)
    line_of(identifier, doc, text)                      # span groups
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from builder.errors import UsageError
from builder.records import rounded

ROLES = ("content", "cue", "source")


@dataclass(frozen=True, slots=True)
class Names:
    """What an extractor calls the parts of a quotation; the first name that it has counts."""

    content: tuple[str, ...] = ("content", "quote_index", "quote", "quotation")
    cue: tuple[str, ...] = ("cue", "verb_index", "verb")
    source: tuple[str, ...] = ("source", "speaker_index", "speaker")
    confidence: tuple[str, ...] = ("confidence",)

    def role_of(self, name: str) -> str | None:
        """The role that goes by this name, in capitals or not."""
        return next((role for role in ROLES if name.lower() in map(str.lower, getattr(self, role))), None)


USUAL_NAMES = Names()


def line_of(
    identifier: str, doc: Any, text: str, found: Iterable[Any] | None = None, names: Names = USUAL_NAMES
) -> dict[str, Any]:
    """The line of one document, whose text must be `text` to the letter; for `found`, see `quotations_of`.

    Raises:
        UsageError: the texts differ, or something found is no quotation; the document is named.
    """
    if doc.text != text:
        raise UsageError(f"document {identifier!r}: {_difference(doc.text, text)}")
    try:
        return {"id": identifier, "quotations": quotations_of(doc, found, names)}
    except UsageError as error:
        raise UsageError(f"document {identifier!r}: {error}") from error


def _difference(ours: str, theirs: str) -> str:
    """Where two texts part, in words."""
    same = zip(ours, theirs, strict=False)
    at = next((at for at, (one, other) in enumerate(same) if one != other), min(len(ours), len(theirs)))
    return (
        f"its text is not that of the corpus: from character {at} on it is {ours[at : at + 20]!r}, "
        f"not {theirs[at : at + 20]!r}"
    )


def quotations_of(
    doc: Any, found: Iterable[Any] | None = None, names: Names = USUAL_NAMES
) -> list[dict[str, Any]]:
    """The quotations found on a document, in the order of its text; offsets count its code points.

    Args:
        doc: a spaCy `Doc`.
        found: quotations: objects or dictionaries whose parts have one of the `names`, triples of (source,
            cue, content), or spans of content, whose extension attributes name cue and source. A part is a
            span, a token, a [start, end] of characters (also as a string), a list of these, or nothing.
            If `found` is not given, the document's span groups are read: a span's role is the name of
            its group or its label, and spans with the same span id make one quotation.
        names: what the parts are called.

    Raises:
        UsageError: something found is no quotation on this document.
    """
    parts = _in_span_groups(doc, names) if found is None else (_parts(one, names) for one in found)
    quotations = [_quotation(doc, one) for one in parts]
    return sorted(quotations, key=lambda one: one["content"])


def _in_span_groups(doc: Any, names: Names) -> Iterator[dict[str, Any]]:
    linked: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for group, spans in doc.spans.items():
        for span in spans:
            role = names.role_of(group) or names.role_of(span.label_)
            if role is None:
                continue
            if span.id:
                linked[span.id].setdefault(role, []).append(span)
            elif role == "content":
                yield {"content": span}
            else:
                raise UsageError(
                    f"the {role} {span.text!r:.200} has no span id that says to which content it belongs"
                )
    yield from linked.values()


def _parts(one: Any, names: Names) -> dict[str, Any]:
    """The parts of one quotation by role, with its confidence, as they came."""
    get = _getter(one)
    parts = {field: _first(get, getattr(names, field)) for field in (*ROLES, "confidence")}
    if _is_span(one):
        parts["content"] = one
    elif all(part is None for part in parts.values()) and isinstance(one, (tuple, list)) and len(one) == 3:
        parts["source"], parts["cue"], parts["content"] = one
    if all(part is None for part in parts.values()):
        raise UsageError(f"this is no quotation: {one!r:.200}")
    return parts


def _getter(one: Any) -> Callable[[str], Any]:
    if _is_span(one):
        return lambda name: one._.get(name) if one._.has(name) else None
    if isinstance(one, Mapping):
        return one.get
    return lambda name: getattr(one, name, None)


def _first(get: Callable[[str], Any], names: Iterable[str]) -> Any:
    return next((value for name in names if (value := get(name)) is not None), None)


def _quotation(doc: Any, parts: Mapping[str, Any]) -> dict[str, Any]:
    quotation: dict[str, Any] = {role: _joined(doc.text, _spans(doc, parts.get(role))) for role in ROLES}
    if not quotation["content"]:
        given = {name: part for name, part in parts.items() if part is not None}
        raise UsageError(f"a quotation without content: {given!r:.200}")
    confidence = parts.get("confidence")
    if confidence is not None:
        quotation["confidence"] = _confidence(confidence)
    return quotation


def _confidence(value: Any) -> float:
    try:
        confidence = float(value)
    except (TypeError, ValueError) as error:
        raise UsageError(f"a confidence that is no number: {value!r:.200}") from error
    if not 0 <= confidence <= 1:
        raise UsageError(f"a confidence that is not between 0 and 1: {confidence}")
    return rounded(confidence)


def _spans(doc: Any, part: Any) -> list[tuple[int, int]]:
    """The spans of one part of a quotation, in whatever shape it came."""
    if part is None or part == "":
        return []
    if _is_span(part) or _is_token(part):
        return [_of_own(doc, part)]
    if isinstance(part, str):
        offsets = _OFFSETS.fullmatch(part)
        if not offsets:
            raise UsageError(f"text instead of offsets: {part!r:.200}")
        return [_checked(doc, int(offsets[1]), int(offsets[2]))]
    if isinstance(part, Iterable):
        members = list(part)
        if len(members) == 2 and all(type(one) is int for one in members):
            return [_checked(doc, *members)]
        return [span for one in members for span in _spans(doc, one)]
    raise UsageError(f"neither spans nor tokens nor offsets: {part!r:.200}")


_OFFSETS = re.compile(r"\s*[(\[]\s*(\d+)\s*,\s*(\d+)\s*[)\]]\s*")


def _is_span(one: Any) -> bool:
    return hasattr(one, "start_char") and hasattr(one, "end_char")


def _is_token(one: Any) -> bool:
    return hasattr(one, "idx") and hasattr(one, "doc")


def _of_own(doc: Any, one: Any) -> tuple[int, int]:
    """The place of a span or token, which must be of this document and not, say, of a sentence made one."""
    if one.doc is not doc and one.doc.text != doc.text:
        raise UsageError(f"{one.text!r:.200} is a part of another document: {one.doc.text!r:.200}")
    return (one.start_char, one.end_char) if _is_span(one) else (one.idx, one.idx + len(one))


def _checked(doc: Any, start: int, end: int) -> tuple[int, int]:
    if not 0 <= start <= end <= len(doc.text):
        raise UsageError(f"[{start}, {end}] is not within its {len(doc.text)} characters")
    return start, end


def _joined(text: str, spans: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Spans in order, those with nothing but blanks between them joined: tokens make fragments."""
    joined: list[list[int]] = []
    for start, end in sorted(spans):
        if start == end:
            continue
        if joined and (start <= joined[-1][1] or text[joined[-1][1] : start].isspace()):
            joined[-1][1] = max(end, joined[-1][1])
        else:
            joined.append([start, end])
    return joined
