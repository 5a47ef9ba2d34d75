"""`python -m eval spacy-docs`: quotations on spaCy documents, in the form of `quotestance extract`.

The documents come as files of spaCy's `DocBin`, so the extractor may live in an environment of its own;
all it takes there is a few lines. What an extractor returns is kept as plain offsets in the user data:

    from spacy.tokens import DocBin
    for doc in docs:                                          # for textacy:
        doc.user_data["quotations"] = [
            {
                "source": [[token.idx, token.idx + len(token)] for token in one.speaker],
                "cue": [[token.idx, token.idx + len(token)] for token in one.cue],
                "content": [[one.content.start_char, one.content.end_char]],
            }
            for one in textacy.extract.direct_quotations(doc)
        ]
    DocBin(docs=docs, store_user_data=True).to_disk("textacy.spacy")

    python -m eval spacy-docs textacy.spacy --quotations quotations -o textacy.jsonl
    python -m eval peers --predictions textacy=textacy.jsonl

GenderGapTracker's dictionaries can be kept as they are. A component that writes span groups needs no
lines at all: without --quotations, the spans of the groups, or with the labels, "content", "cue" and
"source" are read, and those with the same span id make one quotation.

Offsets are code points of `doc.text`, which must be the corpus's text to the letter.
"""

import argparse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from builder.errors import UsageError
from builder.lines import writing_lines

from .polnear import SPLITS, corpus_files, read_rows
from .spacy_quotations import ROLES, Names, line_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("inputs", nargs="+", type=Path, metavar="DOCS", help="files of a DocBin (.spacy)")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the JSONL file to write")
    parser.add_argument(
        "--quotations",
        metavar="NAME",
        help="the extension attribute or key of the user data that holds the quotations, if not span groups",
    )
    parser.add_argument(
        "--ids",
        type=Path,
        metavar="FILE",
        help="the ids of the documents, one a line, in their order; else a document's `user_data['id']` is "
        "taken, or the id of the corpus's document with the same text",
    )
    parser.add_argument("--split", choices=SPLITS, default="dev", help="the part of PolNeAR with the texts")
    parser.add_argument("--texts", type=Path, help="JSONL with `id` and `text`, instead of PolNeAR")
    for role in ROLES:
        parser.add_argument(f"--{role}", metavar="NAME", help=f"what the extractor calls the {role}")


def run(arguments: argparse.Namespace) -> dict[str, object]:
    """Writes the lines; returns how many documents and quotations there are, and how many have which part.

    Raises:
        UsageError: spaCy is not installed, a file is no DocBin, a document is not of the corpus, or
            nothing was found on any document.
    """
    texts = _texts(arguments.texts or corpus_files(arguments.split)[0])
    names = Names(**{role: (name,) for role in ROLES if (name := getattr(arguments, role))})
    docs = [doc for path in arguments.inputs for doc in read_docs(path)]
    lines = [
        line_of(identifier, doc, texts[identifier], _carried(doc, arguments.quotations), names)
        for identifier, doc in _identified(docs, texts, arguments.ids)
    ]
    quotations = [quotation for line in lines for quotation in line["quotations"]]
    if not quotations:
        where = f"called {arguments.quotations!r}" if arguments.quotations else "in span groups or labels"
        raise UsageError(f"no document has a quotation {where}; they have {_what_there_is(docs)}")
    with writing_lines(arguments.output) as write:
        for line in lines:
            write(line)
    return {
        "written": str(arguments.output),
        "documents": len(lines),
        "documents_without_line": len(texts) - len(lines),
        "quotations": len(quotations),
        "with_cue": sum(bool(one["cue"]) for one in quotations),
        "with_source": sum(bool(one["source"]) for one in quotations),
    }


def read_docs(path: Path) -> Iterator[Any]:
    """The spaCy documents of a DocBin file.

    Raises:
        UsageError: spaCy is not installed, or the file cannot be read or is no DocBin.
    """
    try:
        from spacy.tokens import DocBin  # noqa: PLC0415 - needed by this function alone, and optional
        from spacy.vocab import Vocab  # noqa: PLC0415
    except ImportError as error:
        raise UsageError("spaCy is not installed: pip install 'quotestance[peers]'") from error
    try:
        yield from DocBin().from_disk(path).get_docs(Vocab())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, LookupError) as error:  # what unpacking other content ends in
        raise UsageError(f"{path}: is not a file of spaCy's DocBin: {error}") from error


def _texts(path: Path) -> dict[str, str]:
    return {str(row["id"]): str(row["text"]) for row in read_rows(path, ("id", "text"))}


def _identified(docs: list[Any], texts: Mapping[str, str], ids: Path | None) -> Iterator[tuple[str, Any]]:
    """Each document with its id, which is one of the corpus and no other document's."""
    given = _lines(ids) if ids else [doc.user_data.get("id") for doc in docs]
    if len(given) != len(docs):
        raise UsageError(f"{ids}: {len(given)} ids for {len(docs)} documents")
    seen = set()
    for number, (identifier, doc) in enumerate(zip(given, docs, strict=True), 1):
        is_known = isinstance(identifier, str) and identifier in texts
        known = identifier if ids or is_known else _id_of_text(doc.text, texts, number)
        if known not in texts:
            raise UsageError(f"{ids}:{number}: the corpus has no document {known!r}")
        if known in seen:
            raise UsageError(f"document {number} is {known!r}, which stands there twice")
        seen.add(known)
        yield known, doc


def _id_of_text(text: str, texts: Mapping[str, str], number: int) -> str:
    ids = [identifier for identifier, other in texts.items() if other == text]
    if len(ids) != 1:
        problem = f"the corpus has its text {len(ids)} times" if ids else "the corpus has no such text"
        raise UsageError(f"document {number}, {text[:40]!r}: {problem}; name the documents with --ids")
    return ids[0]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error


def _carried(doc: Any, name: str | None) -> Iterable[Any] | None:
    """What a document holds under a name; nothing if it has not got it, None if span groups are asked for."""
    if name is None:
        return None
    extension = ("._.", name, None, None)  # how spaCy keeps `doc._.NAME`, which is not declared here
    carried = doc.user_data.get(name) or doc.user_data.get(extension) or ()
    if not isinstance(carried, (list, tuple)):
        raise UsageError(f"document {doc.text[:40]!r}: its {name!r} is no list: {carried!r:.200}")
    return carried


def _what_there_is(docs: Iterable[Any]) -> str:
    groups: set[str] = set()
    keys: set[str] = set()
    for doc in docs:
        groups.update(doc.spans)
        keys.update(str(key[1] if isinstance(key, tuple) else key) for key in doc.user_data)
    return f"the span groups {sorted(groups)} and the user data {sorted(keys)}"
