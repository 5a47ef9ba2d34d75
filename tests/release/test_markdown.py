from builder.release.markdown import table


def test_a_table_can_be_read_as_it_is() -> None:
    assert table(["kind", "missed"], [["direct", "3"], ["indirect", "12"]]) == (
        "| kind     | missed |\n"
        "| -------- | -----: |\n"
        "| direct   |      3 |\n"
        "| indirect |     12 |\n"
    )  # fmt: skip


def test_no_cell_can_break_out_of_its_table() -> None:
    assert table(["a"], [["x | y\n# z"]]) == "| a           |\n| ----------- |\n| x \\| y \\# z |\n"


def test_a_table_may_have_narrow_columns_and_no_rows() -> None:
    assert table(["a", "b"], []) == "| a   |   b |\n| --- | --: |\n"


def test_a_table_may_begin_with_several_columns_of_text() -> None:
    assert table(["a", "b", "n"], [["x", "y", "1"]], texts=2) == (
        "| a   | b   |   n |\n"
        "| --- | --- | --: |\n"
        "| x   | y   |   1 |\n"
    )  # fmt: skip
