"""Offsets in UTF-16 code units, as JavaScript counts them, against code points, as we count.

They differ behind every character beyond the Basic Multilingual Plane, such as most emoji.
"""

BYTES = 2  # of a code unit
ENCODING = "utf-16-le"


def to_code_units(text: str, offset: int) -> int:
    """How many UTF-16 code units the first `offset` code points of a text have."""
    return len(text[:offset].encode(ENCODING, "surrogatepass")) // BYTES


def to_code_points(text: str, offset: int) -> int:
    """The number of code points that the first `offset` UTF-16 code units of a text are.

    Raises:
        ValueError: the text is shorter, or the offset cuts a character in two.
    """
    # Half of a pair decodes to a character of its own, whose units do not add up.
    units = text.encode(ENCODING, "surrogatepass")[: BYTES * max(offset, 0)]
    points = len(units.decode(ENCODING, "surrogatepass"))
    if to_code_units(text, points) != offset:
        raise ValueError(f"offset {offset} is not between two characters of the text")
    return points
