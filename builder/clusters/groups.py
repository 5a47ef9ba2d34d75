"""Groups that grow together: a union-find forest over numbers."""

import pyarrow as pa

JOINED = pa.schema([("number", pa.int64()), ("smallest", pa.int64())])


class Groups:
    """Numbers in disjoint groups, at first each by itself; holds only those that were joined."""

    def __init__(self) -> None:
        self._parents: dict[int, int] = {}

    def smallest(self, number: int) -> int:
        """The smallest number of the group that `number` is in."""
        while (parent := self._parents.get(number, number)) != number:
            above = self._parents.get(parent, parent)
            self._parents[number] = above  # halves the way for the next time
            number = above
        return number

    def join(self, one: int, other: int) -> None:
        """Makes one group of the two that the numbers are in."""
        smaller, larger = sorted((self.smallest(one), self.smallest(other)))
        self._parents[larger] = smaller

    def joined(self) -> list[tuple[int, int]]:
        """Each number that is not the smallest of its group, and the smallest."""
        pairs = [(number, self.smallest(number)) for number in sorted(self._parents)]
        return [(number, smallest) for number, smallest in pairs if number != smallest]

    def as_table(self) -> pa.Table:
        """The same as a table with the columns `number` and `smallest`."""
        return pa.Table.from_pylist(
            [dict(zip(JOINED.names, pair, strict=True)) for pair in self.joined()], schema=JOINED
        )
