"""Training a small encoder on what a larger one answers."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="training needs the extra train")

from builder.config import Config
from builder.errors import ConfigError, ReleaseError
from builder.release.write import write_release
from builder.stance.description import read_description
from builder.stance.examples import read_labelled
from builder.tokenization import Tokenizer
from builder.training.config import StanceStage, StanceTraining
from builder.training.stance import train, train_network
from builder.training.stance_data import Corpus as Learnt
from builder.training.stance_teacher import Teacher
from tests.release.corpus import Corpus, cluster_in
from tests.training.pairs import LABELS, rows, write_rows
from tests.training.test_release import config
from tests.training.test_stance import configured

__all__ = ["config"]  # a fixture


@pytest.fixture
def corpus(tmp_path: Path) -> Learnt:
    labelled = read_labelled(write_rows(tmp_path / "labels.jsonl", rows()), LABELS)
    return Learnt("ours", labelled, (), LABELS, "our own")


@pytest.fixture
def teacher(encoder: Path, corpus: Learnt) -> Teacher:
    """A tiny encoder that has learnt the pairs by heart."""
    settings = StanceTraining(
        encoder=str(encoder),
        corpora=(),
        stages=(StanceStage(passes={"ours": 30.0}, encoder_rate=3e-3, head_rate=3e-3),),
        tokens=96,
        batch_tokens=256,
        average_decay=0.9,
        hidden_share=0.0,
    )
    return Teacher(train_network(settings, [corpus]), Tokenizer(encoder), settings)


def test_a_teacher_that_learnt_answers_what_it_was_taught(teacher: Teacher, corpus: Learnt) -> None:
    answers = teacher.answers(corpus)
    assert answers.sum(1).tolist() == pytest.approx([1.0] * len(corpus.train), abs=1e-5)
    right = [LABELS[row.argmax()] == one.label for row, one in zip(answers, corpus.train, strict=True)]
    assert sum(right) >= 0.9 * len(right)


def test_a_label_that_a_corpus_does_not_have_is_no_answer(teacher: Teacher, corpus: Learnt) -> None:
    narrow = Learnt("theirs", corpus.train[:24], (), LABELS[:2], "theirs")  # favor and against come first
    assert teacher.answers(narrow)[:, 2].tolist() == [0.0] * 24


def test_what_is_taught_is_a_share_of_the_answer_and_the_rest_of_the_label(
    teacher: Teacher, corpus: Learnt
) -> None:
    answers = teacher.answers(corpus)
    taught = teacher.taught(corpus, 0.25)
    for one, before, answer in zip(taught.train, corpus.train, answers.tolist(), strict=True):
        assert one.example == before.example
        believed = {share.label: share.probability for share in one.shares} or {one.label: 1.0}
        for label, probability in zip(LABELS, answer, strict=True):
            expected = 0.25 * probability + 0.75 * (label == before.label)
            assert believed.get(label, 0.0) == pytest.approx(expected, abs=1e-4)


def test_answers_are_kept_by_what_was_asked_and_who_answered(
    teacher: Teacher, corpus: Learnt, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    first = teacher.taught(corpus, 0.5, kept)
    (file,) = kept.iterdir()
    written = file.stat().st_mtime_ns
    assert teacher.taught(corpus, 0.5, kept) == first
    assert file.stat().st_mtime_ns == written
    teacher.taught(Learnt("ours", corpus.train[:5], (), LABELS, "our own"), 0.5, kept)
    assert len(list(kept.iterdir())) == 2


def with_teacher(folder: Path, encoder: Path, release: Path, corpora: str = '["ours"]') -> Path:
    path = configured(folder, encoder, first="{ ours = 1.0, unlabelled = 1.0 }")
    with path.open("a", encoding="utf-8") as file:
        file.write(
            f"""
[teacher]
encoder = "{encoder}"
corpora = {corpora}
release = "{release}"
[[teacher.stages]]
passes = {{ ours = 1.0 }}
"""
        )
    return path


def test_a_small_encoder_learns_of_a_large_one_what_nobody_labelled(
    encoder: Path, config: Config, tmp_path: Path
) -> None:
    corpus = Corpus()
    corpus.article("d0", cluster=cluster_in("train", config))  # which nobody looked at
    write_release(corpus.written(tmp_path / "workspace", []), config, "1.0.0", tmp_path / "harbour", {})
    path = with_teacher(tmp_path, encoder, Path("harbour/v1.0.0"))  # as the configuration sees it
    trained = train(path, tmp_path / "model", tmp_path / "kept")
    assert read_description(tmp_path / "model") == trained.description
    card = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert "| unlabelled | 2 | " in card
    assert "the pairs without a label of harbour@v1.0.0 (manifest with SHA-256 " in card
    assert "The pairs of `unlabelled` teach nothing but the teacher's answers." in card
    names = sorted(one.name.rpartition("-")[0] for one in (tmp_path / "kept").iterdir())
    assert names == ["answers-ours", "answers-unlabelled", "stage-1", "stage-1", "stage-2"]
    # The same once more, from what was kept.
    assert train(path, tmp_path / "again", tmp_path / "kept") == trained
    # And with fewer pairs than the release has.
    path.write_text(path.read_text().replace("\nrelease =", "\nmost_pairs = 1\nrelease ="))
    train(path, tmp_path / "fewer", tmp_path / "kept")
    assert "| unlabelled | 1 | " in (tmp_path / "fewer" / "README.md").read_text(encoding="utf-8")


def test_a_training_starts_from_a_stance_model_and_its_terms_stay(encoder: Path, tmp_path: Path) -> None:
    first = train(configured(tmp_path / "first", encoder, terms="Not for sale."), tmp_path / "model")
    second = train(configured(tmp_path / "second", tmp_path / "model"), tmp_path / "more")
    assert second.description.terms == "Not for sale."
    card = (tmp_path / "more" / "README.md").read_text(encoding="utf-8")
    assert f"An encoder ({first.description.name}) reads" in card
    assert second.description.fingerprint != first.description.fingerprint


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('corpora = ["ours"]', 'corpora = ["others"]', "teacher.corpora: there is no corpus 'others'"),
        ("passes = { ours = 1.0 }", "passes = { unlabelled = 1.0 }", "teacher.stages.0.passes: there is no"),
        ('name = "theirs"', 'name = "unlabelled"', "'unlabelled' is the pairs of the teacher's release"),
        ("release =", "realise =", "realise"),
        ("unlabelled = 1.0", "theirs = 1.0", "teacher.release: no stage passes through 'unlabelled'"),
        ('corpora = ["ours"]\nrelease', "corpora = []\n# release", "teaches nothing"),
    ],
)
def test_a_wrong_teacher_is_named(encoder: Path, tmp_path: Path, old: str, new: str, problem: str) -> None:
    path = with_teacher(tmp_path, encoder, tmp_path)
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(ConfigError, match=problem):
        train(path, tmp_path / "model")


def test_a_teacher_without_a_release_is_named(encoder: Path, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="is not a release"):
        train(with_teacher(tmp_path, encoder, tmp_path), tmp_path / "model")
