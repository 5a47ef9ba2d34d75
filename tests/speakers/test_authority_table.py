import datetime
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.errors import ConfigError
from builder.speakers.authority_table import COLUMNS, Entry, fingerprint_of, read_entries

GUIDE = (Path(__file__).parent.parent.parent / "docs" / "user-guide.md").read_text(encoding="utf-8")
HEAD = "id,name,aliases,kind,active_from,active_to\n"


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "people.csv"
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        return path

    return write


def test_every_column_of_a_csv(table: Callable[[str], Path]) -> None:
    path = table(
        "\ufeffid,name,aliases,wikidata,kind,roles,description,born,died,active_from,active_to\n"
        'b1,"Brandt, Ilse",Mayor Brandt|I. M. Brandt; Ilse B.,Q17,person,mayor,of Orneby,'
        "1950-05,2020,1990,2019-06-30\n"
    )
    assert read_entries(path) == [
        Entry(
            id="b1",
            name="Brandt, Ilse",
            aliases=("I. M. Brandt", "Ilse B.", "Mayor Brandt"),
            wikidata="Q17",
            kind="person",
            description="mayor; of Orneby",
            first="1990-01-01",
            last="2019-06-30",
        )
    ]


def test_parquet_says_the_same_with_lists_numbers_and_dates(tmp_path: Path) -> None:
    rows = [
        {"id": 7, "name": "Ilse Brandt", "aliases": ["Mayor Brandt"], "died": datetime.date(2020, 3, 1)},
        {"id": 8, "name": "Otto Holm", "aliases": None, "died": None},
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "people.parquet")
    assert read_entries(tmp_path / "people.parquet") == [
        Entry("7", "Ilse Brandt", ("Mayor Brandt",), last="2020-03-01"),
        Entry("8", "Otto Holm"),
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("a,Ilse,,,,\nb,Otto,,,,\na,Edda,,,,\n", "people.csv: line 4: the id 'a' is that of line 2, too"),
        (",Ilse,,,,\n", "line 2: id is empty"),
        ("a, ,,,,\n", "line 2: name is empty"),
        ("a,—,,,,\n", "line 2: the name '—' has neither a letter nor a digit"),
        ("a,Ilse,!|Ilse B.,,,\n", "line 2: the name '!' has neither a letter nor a digit"),
        ("a,Ilse,,alien,,\n", "line 2: kind is one of person, organisation, government (got 'alien')"),
        (
            "a,Ilse,,,May 1990,\n",
            "active_from is a date such as 1962, 1962-05 or 1962-05-17 (got 'May 1990')",
        ),
        ("a,Ilse,,,1990-13,\n", "line 2: active_from 1990-13 is no date of the calendar"),
        ("a,Ilse,,,1991,1990\n", "line 2: active_from 1991 is after active_to 1990"),
        ("a,Ilse\n", "line 2: 2 values for 6 columns"),
        ("a,Ilse,,,,,more\n", "line 2: 7 values for 6 columns"),
        ('a,"Ilse,,,,\n', "line 2: is not CSV: unexpected end of data"),
        ("a,Il\x01se,,,,\n", "line 2: name has a control character"),
        ("a,Il\udcffse,,,,\n", "is not UTF-8"),
        (f"a,{'x' * 5001},,,,\n", "line 2: name has 5001 characters, more than 5000"),
        (f"a,Ilse,{'x|' * 201},,,\n", "aliases, more than 200"),
        (f"a,{'x' * 200_000},,,,\n", "line 2: is not CSV: field larger than field limit"),
        ("", "people.csv: has no rows"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(table: Callable[[str], Path], rows: str, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_entries(table(HEAD + rows))
    assert message in str(refused.value)
    assert str(refused.value).count("\n") == 0


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("id,label", "unknown column 'label'; known are id, name, aliases"),
        ("name", "column 'id' is missing"),
        ("id,name,name", "'name' twice"),
        ("", "has no rows"),
    ],
)
def test_wrong_columns_are_named(table: Callable[[str], Path], head: str, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_entries(table(head))
    assert message in str(refused.value)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.csv: cannot be read: No such file"):
        read_entries(tmp_path / "none.csv")
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        read_entries(tmp_path)
    (tmp_path / "bad.parquet").write_bytes(b"id,name\n")
    with pytest.raises(ConfigError, match=r"bad\.parquet: is not readable"):
        read_entries(tmp_path / "bad.parquet")


def test_parquet_rows_are_named_by_number(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["a", "b"], "name": ["Ilse", None]}), tmp_path / "people.parquet")
    with pytest.raises(ConfigError, match="row 2: name is empty"):
        read_entries(tmp_path / "people.parquet")
    pq.write_table(pa.table({"id": ["a"], "name": [["Ilse"]]}), tmp_path / "people.parquet")
    with pytest.raises(ConfigError, match="row 1: name is not text"):
        read_entries(tmp_path / "people.parquet")


@given(st.permutations(["a,Ilse Brandt,Ilse B.|Mayor,,,", "b,Otto Holm,,person,1990,", "c,Selm Rail,,,,"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_rows_changes_nothing(table: Callable[[str], Path], rows: list[str]) -> None:
    entries = read_entries(table(HEAD + "\n".join(rows)))
    assert [one.id for one in entries] == ["a", "b", "c"]
    assert fingerprint_of(entries) == fingerprint_of(reversed(entries))


def test_a_changed_entry_changes_the_fingerprint() -> None:
    assert fingerprint_of([Entry("a", "Ilse")]) != fingerprint_of([Entry("a", "Ilse", last="2020-12-31")])


def test_the_guide_shows_a_good_table_and_says_what_each_column_holds(table: Callable[[str], Path]) -> None:
    example, columns = GUIDE.split("people and bodies that you know:")[1].split("| column | holds |")
    brandt, trust = read_entries(table("\n".join(line.strip() for line in example.strip().splitlines())))
    assert (brandt.aliases, brandt.first) == (("Ilse M. Brandt-Moe", "Mayor Brandt"), "2004-01-01")
    assert (trust.kind, trust.aliases) == ("organisation", ("HT",))
    rows = columns.split("\n\n")[0].strip().splitlines()[1:]
    documented = [
        name for row in rows for name in row.split("|")[1].replace("`", " ").replace(",", " ").split()
    ]
    assert sorted(documented) == sorted(COLUMNS)
