"""The demo's gold says what stands in the demo's articles; it cannot drift away from them."""

import codecs
import gzip
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from builder.config import Target, load_config
from builder.records import RejectReason

CONFIGS = Path(__file__).parent.parent / "configs"
DEMO = CONFIGS / "demo"
GOLD: list[dict[str, Any]] = [
    json.loads(line) for line in (DEMO / "gold.jsonl").read_text(encoding="utf-8").splitlines()
]
ARTICLES = [entry for entry in GOLD if "reject" not in entry]
QUOTATIONS = [quotation for entry in ARTICLES for quotation in entry["quotations"]]
TARGETS = load_config(CONFIGS / "demo.toml").targets

every_article = pytest.mark.parametrize(
    "entry", ARTICLES, ids=[entry["record"] or entry["article"] for entry in ARTICLES]
)


def test_every_file_has_gold_and_every_gold_a_file() -> None:
    assert {path.name for path in (DEMO / "articles").iterdir()} == {entry["article"] for entry in GOLD}


def test_every_file_is_described() -> None:
    described = (DEMO / "README.md").read_text(encoding="utf-8")
    assert [entry["article"] for entry in GOLD if f"`{entry['article']}`" not in described] == []


@every_article
def test_the_body_has_as_many_paragraphs_as_gold_says(entry: dict[str, Any]) -> None:
    assert len(paragraphs(entry)) == entry["body"]["paragraphs"]


@every_article
def test_the_title_and_every_decoy_stand_in_the_page(entry: dict[str, Any]) -> None:
    page = "\n".join(lines(entry))
    expected = [*entry["decoys"], *([] if entry["record"] else [entry["title"]])]
    assert [text for text in expected if text not in page] == []


@every_article
def test_every_quotation_stands_in_the_body_in_order_with_its_cue_and_source(entry: dict[str, Any]) -> None:
    body = paragraphs(entry)
    after = (0, 0)
    for quotation in entry["quotations"]:
        places = [after := find(body, quotation["content"][0], after)]
        for piece in quotation["content"][1:]:
            places.append(find(body, piece, places[-1]))
        around = " ".join(body[places[0][0] : places[-1][0] + 1])
        # Words that lead up to a quotation may end the paragraph before: "the mayor wrote:".
        if places[0][0] and body[places[0][0] - 1].endswith(":"):
            around = body[places[0][0] - 1] + " " + around
        missing = [text for text in (*quotation["cue"], *quotation["source"]) if text not in around]
        assert missing == [], quotation


@every_article
def test_stances_are_given_exactly_for_the_targets_that_are_named(entry: dict[str, Any]) -> None:
    body = paragraphs(entry)
    after = (0, 0)
    for quotation in entry["quotations"]:
        after = find(body, quotation["content"][0], after)
        last = find(body, quotation["content"][-1], after)
        content, context = " ".join(quotation["content"]), " ".join(body[after[0] : last[0] + 1])
        named = {t.id for t in TARGETS if names(t, content if t.match == "quotation" else context)}
        assert named == set(quotation["stances"]), quotation


def test_every_target_has_quotations_for_against_and_neutral() -> None:
    labels = Counter(pair for quotation in QUOTATIONS for pair in quotation["stances"].items())
    assert set(labels) == {(t.id, label) for t in TARGETS for label in ("favor", "against", "neutral")}


def test_every_kind_of_quotation_and_of_speaker_occurs() -> None:
    assert {quotation["kind"] for quotation in QUOTATIONS} == {"direct", "mixed", "indirect"}
    assert {quotation["speaker"]["kind"] for quotation in QUOTATIONS} == {
        "person", "organisation", "government", "group", "unnamed", "author",
    }  # fmt: skip
    unnamed = {q["speaker"]["kind"] for q in QUOTATIONS if not q["speaker"]["name"]}
    assert unnamed == {"unnamed"}


def test_a_direct_quotation_opens_with_a_mark_and_an_indirect_one_has_none() -> None:
    for quotation in QUOTATIONS:
        marks = [piece[0] in '"“‘«' for piece in quotation["content"]]
        assert all(marks) if quotation["kind"] == "direct" else not all(marks), quotation
        assert quotation["kind"] != "indirect" or not re.search('["“”«»]', "".join(quotation["content"]))


def test_articles_come_from_several_months_and_one_has_no_date() -> None:
    months = Counter(entry["published"] and entry["published"][:7] for entry in ARTICLES)
    assert months[None] == 1
    assert set(months) - {None} == {"2024-03", "2024-05", "2024-06"}


def test_the_repeated_story_is_contained_in_the_one_it_repeats() -> None:
    (repeat,) = [entry for entry in ARTICLES if entry["duplicate_of"]]
    (original,) = [entry for entry in ARTICLES if entry["article"] == repeat["duplicate_of"]]
    inside = shingles(paragraphs(repeat))
    assert len(inside & shingles(paragraphs(original))) / len(inside) > 0.9
    assert repeat["title"] != original["title"]


def test_the_broken_files_are_broken_as_gold_says() -> None:
    broken = {entry["reject"]: DEMO / "articles" / entry["article"] for entry in GOLD if "reject" in entry}
    assert set(broken) == {RejectReason.TRUNCATED, RejectReason.EMPTY}
    with pytest.raises(EOFError):
        gzip.decompress(broken[RejectReason.TRUNCATED].read_bytes())
    assert broken[RejectReason.EMPTY].read_bytes() == b""


def paragraphs(entry: dict[str, Any]) -> list[str]:
    """The paragraphs of the article itself, by where gold says that it begins and ends."""
    page = lines(entry)
    begin = next(i for i, line in enumerate(page) if line.startswith(entry["body"]["begins"]))
    end = next(i for i, line in enumerate(page) if i >= begin and line.endswith(entry["body"]["ends"]))
    run = page[begin : end + 1]
    assert [line for line in entry["interruptions"] if line not in run] == []
    return [line for line in run if line not in entry["interruptions"]]


def lines(entry: dict[str, Any]) -> list[str]:
    """The lines of text that a reader of the page sees, runs of white space as one space."""
    path = DEMO / "articles" / entry["article"]
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = data.decode("windows-1252" if entry["encoding"] == "windows-1252" else "utf-8")
    if entry["encoding"] == "mojibake":
        text = codecs.decode(b"".join(map(windows_1252, text)), "utf-8")
    if entry["record"]:
        rows = [json.loads(row) for row in text.splitlines()]
        text = next(row["text"] for row in rows if row["id"] == entry["record"])
    elif ".html" in entry["article"]:
        page = VisibleText()
        page.feed(text)
        text = page.text
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def windows_1252(character: str) -> bytes:
    # Five bytes have no character in Windows-1252; browsers keep them as the control of that number.
    return bytes([ord(character)]) if 0x80 <= ord(character) < 0xA0 else character.encode("windows-1252")


class VisibleText(HTMLParser):
    """Collects a page's text, a line for each block; scripts, styles and the head are not text."""

    BLOCKS = re.compile(
        "p|div|li|ul|ol|h[1-4]|figure|figcaption|aside|section|article|header|footer|nav|main|address"
    )
    HIDDEN = frozenset({"script", "style", "head"})

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in self.HIDDEN
        self.text += "\n" if self.BLOCKS.fullmatch(tag) else ""

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in self.HIDDEN
        self.text += "\n" if self.BLOCKS.fullmatch(tag) else ""

    def handle_data(self, data: str) -> None:
        # A line break in the source is a space on the page.
        self.text += "" if self.hidden else data.replace("\n", " ")


def find(body: list[str], piece: str, after: tuple[int, int]) -> tuple[int, int]:
    """Paragraph and offset of the first occurrence of `piece` at or behind `after`."""
    for number in range(after[0], len(body)):
        at = body[number].find(piece, after[1] if number == after[0] else 0)
        if at >= 0:
            return number, at
    raise AssertionError(f"not in the body behind {after}: {piece!r}")


def names(target: Target, text: str) -> bool:
    """Whether `text` has the target's name or an alias as whole words."""
    return any(
        re.search(rf"\b{re.escape(alias)}\b", text, re.IGNORECASE) for alias in (target.name, *target.aliases)
    )


def shingles(body: list[str]) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", " ".join(body).casefold())
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}
