import xml.etree.ElementTree as ET

from eval.charts import HEIGHT, LEFT, TOP, WIDTH, Curve, line_chart

SVG = "{http://www.w3.org/2000/svg}"


def polylines(drawn: str) -> list[list[tuple[float, float]]]:
    return [
        [(float(point.split(",")[0]), float(point.split(",")[1])) for point in one.attrib["points"].split()]
        for one in ET.fromstring(drawn).iter(f"{SVG}polyline")  # noqa: S314 - drawn here
    ]


def test_a_curve_fills_the_field_from_its_lowest_to_its_highest_point() -> None:
    drawn = line_chart("T", "labels", "F1", [Curve("a", ((100, 0.4), (200, 0.5), (300, 0.8)))])
    assert polylines(drawn) == [
        # 0.5 lies a quarter of the way from 0.4 to 0.8
        [(LEFT, TOP + HEIGHT), (LEFT + WIDTH / 2, TOP + 0.75 * HEIGHT), (LEFT + WIDTH, TOP)]
    ]


def test_names_are_shown_and_escaped() -> None:
    drawn = line_chart("A < B", "x", "y", [Curve("a & b", ((0, 0), (1, 1)))], goal=0.5)
    texts = [one.text for one in ET.fromstring(drawn).iter(f"{SVG}text")]  # noqa: S314 - drawn here
    assert {"a & b", "x", "y", "0.500"} <= set(texts)


def test_shares_are_shown_as_percentages() -> None:
    drawn = line_chart("T", "x", "y", [Curve("a", ((0, 0), (1, 1)))], percent=True)
    assert ">20 %<" in drawn


def test_a_single_point_is_no_error() -> None:
    assert polylines(line_chart("T", "x", "y", [Curve("a", ((1, 1),))])) == [[(LEFT, TOP + HEIGHT)]]


def test_the_same_numbers_give_the_same_bytes() -> None:
    curves = [Curve("a", ((0, 0.1), (1, 0.2)))]
    assert line_chart("T", "x", "y", curves) == line_chart("T", "x", "y", curves)
