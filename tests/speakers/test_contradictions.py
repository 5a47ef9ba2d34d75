import pytest

from builder.speakers.contradictions import Profile, verdicts


def profile(middle: str = "", gender: str = "", fields: tuple[str, ...] = (), documents: int = 1) -> Profile:
    return Profile(middle, gender, fields, documents)


@pytest.mark.parametrize(
    ("profiles", "labels"),
    [
        # Nothing contradicts: a fuller form, a gender or a field that only some documents say.
        ([profile(), profile("j"), profile(gender="he"), profile(fields=("sport",))], ["", "", "", ""]),
        # Two second given names are two people, and a bearer without one may be either.
        (
            [profile(), profile("j"), profile("k")],
            [None, "second given name j;", "second given name k;"],
        ),
        ([profile(gender="he"), profile(gender="she")], ["called he;", "called she;"]),
        ([profile(fields=("police",)), profile(fields=("sport",))], ["work in police;", "work in sport;"]),
        # One who works in both fields connects them.
        (
            [profile(fields=("police",)), profile(fields=("sport",)), profile(fields=("police", "sport"))],
            [""] * 3,
        ),
        # 19 of 20 documents decide for those that say nothing; the group keeps its label.
        (
            [profile(documents=500), profile("j", documents=19), profile("k")],
            ["", "", "second given name k;"],
        ),
        # 18 of 19 do not.
        (
            [profile(documents=500), profile("j", documents=18), profile("k")],
            [None, "second given name j;", "second given name k;"],
        ),
        # A group that was split may be split again.
        (
            [profile("j", "he"), profile("j", "she"), profile("k")],
            ["second given name j;called he;", "second given name j;called she;", "second given name k;"],
        ),
    ],
)
def test_bearers_of_one_name_are_together_until_something_contradicts(
    profiles: list[Profile], labels: list[str | None]
) -> None:
    assert [one.label for one in verdicts(profiles, ())] == labels


def test_fields_whose_bearers_keep_the_same_company_are_no_contradiction() -> None:
    profiles = [profile(fields=("arts",)), profile(fields=("police",)), profile(fields=("sport",))]
    found = verdicts(profiles, {("arts", "sport")})
    assert [one.label for one in found] == ["work in arts;", "work in police;", "work in arts;"]


def test_the_reason_says_what_told_them_apart() -> None:
    found = verdicts([profile(), profile("j"), profile("k")], ())
    assert [one.reason for one in found] == [
        "second given name: not said, others j, k",
        "second given name: j, others k",
        "second given name: k, others j",
    ]
    found = verdicts([profile(), profile("j", documents=40), profile("k")], ())
    assert found[0].reason == "second given name: not said, nearly all others j"
