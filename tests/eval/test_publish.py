from eval.publish import render


def test_the_figures_are_a_table_and_what_went_wrong_is_listed() -> None:
    way = {"commits": 1, "bytes": 9000, "bytes differing": 0, "seconds": 3.5, "trials": 12, "interrupted": 7}
    ways = {
        "the hub itself": {**way, "wrong": []},
        "Xet": {**way, "wrong": ["500 at POST tag (11): v1 is gone"]},
    }
    told = render({"shards": 120, "faults": ["500"], "ways": ways})
    assert "commits / bytes differing, 120 shards" in told
    assert "1 / 0 of 9,000" in told
    assert told.endswith("- Xet: 500 at POST tag (11): v1 is gone\n")
