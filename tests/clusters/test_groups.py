"""Groups that grow together."""

from hypothesis import given
from hypothesis import strategies as st

from builder.clusters.groups import Groups


def test_numbers_are_alone_until_joined() -> None:
    groups = Groups()
    assert groups.smallest(5) == 5
    groups.join(5, 3)
    groups.join(5, 9)
    groups.join(7, 8)
    assert [groups.smallest(number) for number in (3, 5, 9, 7, 8, 1)] == [3, 3, 3, 7, 7, 1]
    assert groups.joined() == [(5, 3), (8, 7), (9, 3)]


@given(pairs=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
def test_groups_are_the_connected_components_whatever_the_order(pairs: list[tuple[int, int]]) -> None:
    groups, backwards = Groups(), Groups()
    smallest = list(range(31))
    for one, other in pairs:
        groups.join(one, other)
        low, high = sorted((smallest[one], smallest[other]))
        smallest = [low if number == high else number for number in smallest]
    for one, other in reversed(pairs):
        backwards.join(other, one)
    assert [groups.smallest(number) for number in range(31)] == smallest
    assert groups.joined() == backwards.joined()
