"""The rows of speakers: counts of what is published, and shares of what people labelled."""

from dataclasses import replace

from builder.records import Speaker
from tests.release.corpus import AUTO, Configured, Corpus, Release, confirmed, decision, rows_of

BRANDT, PORT = "Odile Brandt", "port authority"


def test_a_speaker_is_counted_over_all_articles(corpus: Corpus, release: Release) -> None:
    corpus.article("d1", published="2024-03-18")
    corpus.article("d2", published="2023-11-02T10:00:00Z")
    corpus.article("d3", published=None)
    rows = {row["name"]: row for row in rows_of(release(), "speakers").values()}
    assert set(rows) == {BRANDT, PORT}
    brandt = rows[BRANDT]
    assert (brandt["kind"], brandt["entity"], brandt["names"]) == ("person", "a7", [BRANDT])
    assert (brandt["quotations"], brandt["documents"]) == (3, 3)
    assert (brandt["first"], brandt["last"]) == ("2023-11-02", "2024-03-18")
    assert (rows[PORT]["entity"], brandt["stance"]) == (None, [])


def test_forms_of_a_name_in_one_entry_of_the_authority_table_are_one_speaker(
    corpus: Corpus, release: Release
) -> None:
    corpus.article("d1")
    corpus.article("d2")
    first, *others = corpus.speakers[0]
    corpus.speakers = [[replace(first, name="Brandt"), *others]]
    rows = {row["name"]: row for row in rows_of(release(), "speakers").values()}
    assert rows[BRANDT]["names"] == ["Brandt", BRANDT]
    assert rows[BRANDT]["quotations"] == 2


def test_shares_are_of_what_people_labelled_and_of_nothing_else(corpus: Corpus, release: Release) -> None:
    said = [corpus.article(f"d{number}", auto=AUTO)[0] for number in range(4)]
    decisions = [
        decision(quotation, "stance:bridge", label)
        for quotation, label in zip(said, ("favor", "favor", "against"), strict=False)
    ]
    rows = {row["name"]: row for row in rows_of(release(decisions), "speakers").values()}
    (found,) = rows[BRANDT]["stance"]
    assert (found["target_id"], found["target"]) == ("bridge", "the bridge")
    assert (found["rows"], found["reviewed"]) == (4, 3)
    # Wilson with z = 1.96 of 2 of 3: centre (2 + z²/2) / (3 + z²) = 0.5730, half
    # z √(2·1/3 + z²/4) / (3 + z²) = 0.3655.
    assert found["shares"] == [
        {"label": "favor", "share": 0.6667, "low": 0.2077, "high": 0.9385, "method": "labelled"},
        {"label": "against", "share": 0.3333, "low": 0.0615, "high": 0.7923, "method": "labelled"},
        {"label": "neutral", "share": 0.0, "low": 0.0, "high": 0.5615, "method": "labelled"},
    ]
    assert rows[PORT]["stance"] == []  # the model accepted four of its stances


def test_who_has_no_name_or_one_that_is_withheld_is_no_row(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    corpus.article("d1")
    direct, indirect = corpus.article("d2")
    nobody: list[Speaker] = [replace(one, name="", entity=None) for one in corpus.speakers[0][2:3]]
    spokesman = [replace(one, name="a spokesman", kind="unnamed") for one in corpus.speakers[0][3:]]
    corpus.speakers = [[*corpus.speakers[0][:2], *nobody, *spokesman]]
    summary = release(confirmed(direct)[:1], configured(publish_names="authority"))
    assert [row["name"] for row in rows_of(summary, "speakers").values()] == [BRANDT]
    assert {row["name"] for row in rows_of(summary, "speakers").values()} == {BRANDT}
    assert indirect.id in rows_of(summary, "quotes")
