import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.config import IngestConfig
from builder.ingest.documents import MOST_LINES, parse
from builder.records import Document, RawDocument, RawFormat, Reject, RejectReason

TESTS = Path(__file__).parent.parent
FIXTURES = TESTS / "fixtures" / "ingest"
PAGES = sorted(path for path in FIXTURES.iterdir() if path.suffix != ".json")
DEMO = TESTS.parent / "configs" / "demo"
GOLD: list[dict[str, Any]] = [
    json.loads(line) for line in (DEMO / "gold.jsonl").read_text(encoding="utf-8").splitlines()
]
FACTS = ("title", "published", "site", "author", "agency", "url")

PROSE = (
    "The mayor said: “We will not sell the lighthouse, whatever the council thinks of it.” She left at once."
)


def raw(data: bytes, form: RawFormat = "dump", **fields: Any) -> RawDocument:
    return RawDocument("d1", "folder/page.txt", form, data, "5ha", **fields)


def parsed(data: str | bytes, form: RawFormat = "dump", **fields: Any) -> Document:
    made = parse(raw(data.encode() if isinstance(data, str) else data, form, **fields), IngestConfig())
    assert isinstance(made, Document), made
    return made


def rejected(
    data: bytes, form: RawFormat = "dump", config: IngestConfig | None = None, **fields: Any
) -> Reject:
    made = parse(raw(data, form, **fields), config or IngestConfig())
    assert isinstance(made, Reject), made
    return made


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_stored_page_gives_what_is_stored_beside_it(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    made = parsed(path.read_bytes(), "html" if path.suffix == ".html" else "dump")
    assert {name: getattr(made, name) for name in (*FACTS, "language")} == {
        name: expected[name] for name in (*FACTS, "language")
    }
    zones = [[zone.label, made.text[zone.start : zone.end]] for zone in made.zones]
    assert [zone for zone in zones if zone[0] != "boilerplate"] == expected["zones"]


@pytest.mark.parametrize(
    "entry",
    [entry for entry in GOLD if "reject" not in entry and entry["record"] is None],
    ids=lambda entry: entry["article"],
)
def test_an_article_of_the_demo_is_read_as_a_careful_reader_does(entry: dict[str, Any]) -> None:
    path = DEMO / "articles" / entry["article"]
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    made = parsed(data, "html" if ".html" in path.name else "dump")
    assert {name: getattr(made, name) for name in FACTS} == {name: entry[name] for name in FACTS}
    body = [" ".join(span.of(made.text).split()) for span in made.body()]
    assert body[0].startswith(entry["body"]["begins"])
    assert body[-1].endswith(entry["body"]["ends"])
    assert len(body) == entry["body"]["paragraphs"]


def test_an_article_is_taken_as_it_is() -> None:
    text = f"Home\r\n\r\n{PROSE}\n \t\nComments (12)\n“&quot;”\n"
    made = parsed(text, "article")
    assert made.text == text
    assert [span.of(text) for span in made.body()] == ["Home", PROSE, "Comments (12)", "“&quot;”"]


def test_a_dump_keeps_every_line_and_labels_all_that_is_not_blank() -> None:
    text = f"\n Home \n\n{PROSE}\n\n{PROSE[:60]}\nMost read\n"
    made = parsed(text)
    assert made.text == text
    uncovered = list(text)
    for zone in made.zones:
        uncovered[zone.start : zone.end] = " " * (zone.end - zone.start)
    assert not "".join(uncovered).strip()


def test_breaks_are_line_feeds_and_mojibake_is_mended_before_offsets_exist() -> None:
    made = parsed(
        "Home\r\n\r\nThe mayor said: â€œWe will not sell the lighthouse.â€\x9d She left the hall at once.\r\n"
    )
    assert (
        made.text == "Home\n\nThe mayor said: “We will not sell the lighthouse.” She left the hall at once.\n"
    )


def test_the_source_is_believed_before_the_text() -> None:
    made = parsed(
        f"Another headline\n\nBy Ottilie Frame\n\n{PROSE}",
        title="The  lighthouse",
        published="May 3, 2024",
        site="Post",
        author="Jane Roe",
        agency="CPA",
        language="en-GB",
        url="https://post.example/1",
    )
    assert (made.title, made.published, made.site, made.author) == (
        "The lighthouse",
        "2024-05-03",
        "Post",
        "Jane Roe",
    )
    assert (made.agency, made.language, made.url) == ("CPA", "en", "https://post.example/1")


def test_id_uri_and_hash_are_the_raw_documents() -> None:
    made = parsed(PROSE)
    assert (made.id, made.uri, made.raw_sha256) == ("d1", "folder/page.txt", "5ha")


@pytest.mark.parametrize(
    ("data", "form", "reason"),
    [
        (b"", "dump", RejectReason.EMPTY),
        (b" \n\t\n", "html", RejectReason.EMPTY),
        ("\ufeff  ".encode(), "article", RejectReason.EMPTY),
        (b"\xff\xfe\x00\xd8", "dump", RejectReason.BAD_ENCODING),
        (bytes(range(256)) * 40, "article", RejectReason.BAD_ENCODING),
        (b"Home\nNews\nSport\n", "dump", RejectReason.NO_BODY),
        (b"...\n---\n", "article", RejectReason.NO_BODY),
        (b"<html><body><script>var a;</script></body></html>", "html", RejectReason.NO_BODY),
        (b"<" * 5000, "html", RejectReason.NO_BODY),
        (b"a\n" * MOST_LINES, "dump", RejectReason.TOO_COMPLEX),
        (b"a\n" * MOST_LINES, "article", RejectReason.TOO_COMPLEX),
        (b"<html><body>" + b"<p>a" * 100_001, "html", RejectReason.TOO_COMPLEX),
        (b"<html><body>" + b"<i>" * 300 + b"a", "html", RejectReason.TOO_COMPLEX),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_rejected_with_its_reason(
    data: bytes, form: RawFormat, reason: RejectReason
) -> None:
    made = rejected(data, form)
    assert (made.stage, made.uri, made.reason) == ("documents", "folder/page.txt", reason)
    assert made.detail


def test_only_the_languages_asked_for_are_kept() -> None:
    german = "Die Bürgermeisterin sagte: „Wir verkaufen den Leuchtturm nicht, was auch geschieht.“".encode()
    config = IngestConfig(languages=("en", "fr"))
    assert rejected(german, config=config).reason == RejectReason.LANGUAGE
    assert rejected(PROSE.encode(), config=config, language="de").reason == RejectReason.LANGUAGE
    assert isinstance(parse(raw(PROSE.encode()), config), Document)


@pytest.mark.parametrize("form", ["dump", "html", "article"])
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=60, deadline=None)
def test_any_bytes_give_a_document_or_a_reject_and_always_the_same(form: RawFormat, data: bytes) -> None:
    made = parse(raw(data, form), IngestConfig())
    assert made == parse(raw(data, form), IngestConfig())
    if isinstance(made, Document):
        ends = [0, *(zone.end for zone in made.zones)]
        assert all(end <= zone.start < zone.end for end, zone in zip(ends, made.zones, strict=False))
        assert ends[-1] <= len(made.text)
        made.text.encode()  # no halves of surrogate pairs, which no file could hold
