from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.ingest.dates import find_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("date 2023-11-08 and a headline", "2023-11-08"),
        ("2024-02-27T19:05:00+01:00", "2024-02-27"),
        ("November 20, 2019 / 1:07 AM", "2019-11-20"),
        ("Updated 1:33 am, Wednesday, Nov. 20, 2019", "2019-11-20"),
        ("the 18th of November 2019", "2019-11-18"),
        ("14. März 2024, 17:40 Uhr", "2024-03-14"),
        ("22 de outubro de 2010", "2010-10-22"),
        ("le 1 août 2021", "2021-08-01"),
        ("11 июня 2024", "2024-06-11"),
        ("2024年4月18日", "2024-04-18"),
        ("14.06.2024", "2024-06-14"),
        ("25/12/2024", "2024-12-25"),
        ("12/25/2024", "2024-12-25"),
        ("4/5/2024", None),  # two days on two continents
        ("2 hours ago", None),  # depends on when the page was fetched
        ("November 8", None),
        ("31 February 2024", None),
        ("12 monkeys 2024", None),
        ("call 555-2024-11-08999", None),
    ],
)
def test_a_whole_date_is_found(text: str, day: str | None) -> None:
    assert find_date(text) == day


def test_the_first_date_counts() -> None:
    assert find_date("Published Nov 18, 2019, updated 2019-11-20") == "2019-11-18"


@given(
    st.dates(min_value=date(1800, 1, 1), max_value=date(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%b %d, %Y", "%d.%m.%Y"]),
)
def test_every_date_comes_back(day: date, form: str) -> None:
    assert find_date(day.strftime(form)) == day.isoformat()
