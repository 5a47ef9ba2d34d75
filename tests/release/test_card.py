"""The card: metadata that the Hub accepts, measured numbers, and no trace of what has no value."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import DatasetCard, DatasetCardData

from builder.errors import UsageError
from builder.release.write import write_release
from tests.release.corpus import AUTO, Configured, Corpus, Release, cluster_in, confirmed, decision


def card_of(folder: Path) -> str:
    return (folder / "README.md").read_text(encoding="utf-8")


def front_of(folder: Path) -> dict[str, Any]:
    _, front, _ = card_of(folder).split("---\n", 2)
    return dict(yaml.safe_load(front))


def test_the_hub_reads_the_metadata(corpus: Corpus, release: Release, configured: Configured) -> None:
    corpus.article("d1")
    dataset = {"title": "Harbour: a “test”", "language": ["en", "fr"], "license": "odbl"}
    summary = release(config=configured(dataset=dataset))
    data = DatasetCard(card_of(summary.path)).data
    assert isinstance(data, DatasetCardData)
    assert (data.pretty_name, data.license, data.language) == ("Harbour: a “test”", "odbl", ["en", "fr"])
    assert data.task_categories == ["text-classification", "token-classification"]
    assert data.size_categories == ["n<1K"]
    assert "stance-detection" in front_of(summary.path)["tags"]


def test_splits_are_declared_with_their_files_and_sizes(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    config = configured()
    test, _ = corpus.article("d1", cluster=cluster_in("test", config))
    train, _ = corpus.article("d2", cluster=cluster_in("train", config), published=None)
    summary = release([*confirmed(test), *confirmed(train)])
    front = front_of(summary.path)
    assert front["configs"] == [
        {
            "config_name": name,
            **({"default": True} if name == "quotes" else {}),
            "data_files": [
                {"split": split, "path": f"{name}/{split}/*.parquet"}
                for split in ("train", "test", "unlabelled")
            ],
        }
        for name in ("quotes", "stance")
    ] + [
        {
            "config_name": "speakers",
            "data_files": [{"split": "train", "path": "speakers/train/*.parquet"}],
        }
    ]
    for info in front["dataset_info"][:2]:
        files = list((summary.path / info["config_name"]).rglob("*.parquet"))
        assert info["download_size"] == sum(path.stat().st_size for path in files)
        # One decided quotation in each of two articles, and one undecided.
        assert {one["name"]: one["num_examples"] for one in info["splits"]} == {
            "train": 1,
            "test": 1,
            "unlabelled": 2,
        }
        assert info["dataset_size"] == sum(one["num_bytes"] for one in info["splits"])


def test_numbers_are_measured(corpus: Corpus, release: Release, configured: Configured) -> None:
    train = cluster_in("train", configured())
    corpus.article("d1", cluster=train, auto=AUTO)
    direct, _ = corpus.article("d2", cluster=train, published="2024-01-05", agency="Coast Wire")
    for number in (3, 4):
        corpus.article(f"d{number}", site="Hill Post")
    card = card_of(release(confirmed(direct)).path)
    # Eight quotations in four articles: d1's two from the model, one of d2's from a person.
    assert "| `quotes` | 3 | 0 | 0 | 5 | 8 |" in card
    assert "| `none`: undecided | 5 (62.5 %) | 5 (62.5 %) |" in card
    assert "| `model`: accepted from the model without a person | 2 (25.0 %) | 2 (25.0 %) |" in card
    assert "| `reviewed`: by more than half of the annotators who looked | 1 (12.5 %) | 1 (12.5 %) |" in card
    # Labelled: favor by the person, against twice by the model, which is no share of anything. Wilson's
    # interval of 1 of 1 with z = 1.96: from 1 / (1 + z²) = 20.7 % on; of 0 of 1 up to z² / (1 + z²) = 79.3 %.
    none = "0.0 % (0.0 to 79.3)"
    assert f"| the bridge (`bridge`) | 8 | 5 | 2 | 1 | 100.0 % (20.7 to 100.0) | {none} | {none} |" in card
    assert "- 4 articles in 3 clusters of near-duplicates, published from 2024-01-05 to 2024-03-18." in card
    assert "- By site: Coast Courier (2), Hill Post (2)." in card
    assert "- By news agency: Coast Wire (1)." in card
    assert "- Quotations by kind: direct (4), indirect (4)." in card
    assert "- Different speakers' names: 2." in card
    assert "- Quotations by kind of speaker: organisation (4), person (4)." in card
    assert "62.5 % of the rows of `quotes` and 62.5 % of the rows of `stance` are undecided" in card
    assert "Decisions by people: 3; people who made them: 1." in card


def test_of_many_targets_that_nobody_chose_it_tells_of_the_frequent_ones(
    corpus: Corpus, release: Release, configured: Configured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder.release.statistics.MOST_AUTOMATIC", 1)
    for number, names in enumerate((["rare", "often", "asked"], ["often"])):
        direct, _ = corpus.article(f"d{number}")
        (first, *_) = (one for one in corpus.stance[0] if one.quotation == direct.id)
        for name in names:
            corpus.stance[0].append(replace(first, target=f"auto-{name}", name=name, where="quotation"))
        if number == 0:
            asked = direct
    card = card_of(release([decision(asked, "stance:auto-asked", "favor")]).path)
    table = card.partition("### Stance by target")[2].partition("The last columns")[0]
    assert re.findall(r"\| .* \(`(.*)`\)", table) == ["auto-asked", "auto-often", "bridge"]
    assert "that are not in the table: 1; their rows: 1." in table


def test_it_claims_only_what_its_splits_keep_apart(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    corpus.article("d1")
    card = card_of(release(config=configured(splits={"by": "speaker"})).path)
    assert "searched for copies (of words, and of nearly the same words)" in card
    assert "the context of a row can hold what is quoted in a row of another split" in card


def test_it_says_how_to_load_and_rebuild_and_what_the_model_was(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    corpus.article("d1")
    tables = replace(
        corpus.written(tmp_path / "w"),
        model_notes={"tiny-1": "90 sentences written for this test.", "tiny-2": "Not used."},
        config_file="harbour.toml",
    )
    card = card_of(write_release(tables, configured(), "1.0.0", tmp_path / "out", {}).path)
    assert 'stance = load_dataset("v1.0.0", "stance")' in card
    assert "\nquotestance build harbour.toml --version 1.0.0\n" in card
    assert "stance was first labelled by tiny-1 (2)" in card
    assert "What tiny-1 was trained on: 90 sentences written for this test." in card
    assert "Not used." not in card


def test_rows_name_a_model_with_the_arithmetic_that_it_was_run_in(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    corpus.article("d1")
    corpus.stance = [[replace(one, model="tiny-1-bf16") for one in corpus.stance[0]]]
    notes = {"tiny-1": "90 sentences.", "tiny": "", "tiny-11": "Not used."}
    tables = replace(corpus.written(tmp_path / "w"), model_notes=notes, model_terms={"tiny-1": "For fun."})
    card = card_of(write_release(tables, configured(), "1.0.0", tmp_path / "out", {}).path)
    assert "What tiny-1-bf16 was trained on: 90 sentences." in card
    assert "- Terms of tiny-1-bf16, which" in card
    assert "Not used." not in card


def test_it_tells_the_terms_of_a_model_whose_answers_it_holds(
    corpus: Corpus, configured: Configured, tmp_path: Path
) -> None:
    corpus.article("d1")
    terms = {"tiny-1": "For non-commercial use.", "tiny-2": "For nobody."}
    tables = replace(corpus.written(tmp_path / "w"), model_terms=terms)
    card = card_of(write_release(tables, configured(), "1.0.0", tmp_path / "out", {}).path)
    told = "gave the probabilities in `stance`, and the labels that are the model's: For non-commercial use."
    assert f"- Licence: cc-by-4.0\n- Terms of tiny-1, which {told}\n" in card
    assert "For nobody." not in card


def test_what_has_no_value_has_no_line(corpus: Corpus, release: Release, configured: Configured) -> None:
    corpus.article("d1", site=None, language=None, published=None)
    corpus.speakers = [[replace(one, name="", entity=None) for one in corpus.speakers[0]]]
    corpus.stance = [[]]
    card = card_of(release(config=configured(targets=[])).path)
    for absent in ("By site", "By language", "By news agency", "published from", "Homepage", "Contact"):
        assert absent not in card
    for absent in ("Different speakers", "Stance by target", "`stance`", "pip install", "Left out", "None"):
        assert absent not in card
    assert "Quotations without a speaker's name: 2 (100.0 %)." in card
    assert "No person has looked at any of it." in card
    assert re.search(r"\{\{|\}\}|\{%|TODO|\n\n\n", card) is None


def test_a_configured_description_homepage_and_contact_are_told(
    corpus: Corpus, release: Release, configured: Configured
) -> None:
    corpus.article("d1")
    dataset = {"description": "On bridges.", "homepage": "https://a_b.example", "contact": "us@a.example"}
    card = card_of(release(config=configured(dataset=dataset, publish_names="authority")).path)
    assert "\nOn bridges.\n" in card
    assert "- Homepage: https://a_b.example\n" in card
    assert "To have an article, a quotation or a name removed, write to us@a.example" in card
    assert "only names of the authority table are published" in card


def test_hostile_values_stay_text(corpus: Corpus, release: Release, configured: Configured) -> None:
    evil = "x | y\n---\n# <script>alert(1)</script> [a](b) `c` {{ config }}"
    corpus.article("d1", site=evil)
    corpus.stance = [[replace(one, model=evil) for one in corpus.stance[0]]]
    summary = release(config=configured(dataset={"title": evil}))
    card = card_of(summary.path)
    told = r"x \| y --- \# \<script\>alert(1)\</script\> \[a\](b) \`c\` {{ config }}"
    assert f"- By site: {told} (1)." in card
    # The title stands twice as it is: quoted in the metadata, and in the citation, which is shown as code.
    before, citation, after = card.split("```bibtex\n")[0], *card.split("```bibtex\n")[1].split("\n```\n", 1)
    assert [part.count("<script>") for part in (before, citation, after)] == [1, 1, 0]
    assert front_of(summary.path)["pretty_name"] == " ".join(evil.split())
    assert DatasetCard(card).data.get("pretty_name") == " ".join(evil.split())


def test_a_dataset_without_terms_is_not_released(
    corpus: Corpus, release: Release, configured: Configured, tmp_path: Path
) -> None:
    corpus.article("d1")
    with pytest.raises(UsageError, match=r'dataset\.license = "other" says nothing'):
        release(config=configured(dataset={"license": "other", "license_name": "ours"}))
    assert not (tmp_path / "releases").exists()
    terms = {"license": "other", "license_name": "ours", "license_link": "https://a.example/terms"}
    front = front_of(release(config=configured(dataset=terms)).path)
    assert {key: front[key] for key in terms} == terms


def test_it_says_how_to_cite(corpus: Corpus, configured: Configured, tmp_path: Path) -> None:
    corpus.article("d1")
    tables = corpus.written(tmp_path / "w")
    named = {"title": "Harbour", "authors": ["Ada Weller", "Port Lab"], "homepage": "https://a.example"}
    card = card_of(write_release(tables, configured(dataset=named), "1.0.0", tmp_path / "one", {}).path)
    assert (
        "@misc{harbour,\n  title = {Harbour},\n  author = {Ada Weller and Port Lab},\n  version = {1.0.0},\n"
        "  howpublished = {\\url{https://a.example}}\n}" in card
    )
    given = {"citation": "@article{weller, title={Harbours}}"}
    card = card_of(write_release(tables, configured(dataset=given), "1.0.0", tmp_path / "two", {}).path)
    assert "```bibtex\n@article{weller, title={Harbours}}\n```" in card


def test_every_picture_lies_in_the_release_and_no_placeholder_is_left(
    corpus: Corpus, release: Release
) -> None:
    direct, _ = corpus.article("d1")
    summary = release(confirmed(direct))
    card = card_of(summary.path)
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", card)
    assert pictures == ["charts/labels.svg", "charts/calibration.svg"]
    assert all((summary.path / one).read_text(encoding="utf-8").startswith("<svg ") for one in pictures)
    text = card.split("---\n", 2)[2]
    assert not re.search(r"TODO|TBD|FIXME|XXX|\[More|None\b|\bnan\b|\{\{|\{%|\n\n\n", text)
