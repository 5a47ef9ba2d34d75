import pytest

from builder.ingest.agencies import (
    agency_as_author,
    agency_in_credit,
    agency_in_dateline,
    agency_in_rights,
    agency_on_line,
    agency_signing,
    without_agencies,
)


@pytest.mark.parametrize(
    ("paragraph", "agency"),
    [
        ("MOSCOW (AP) — The envoy left.", "AP"),
        ("SANTA FE, N.M. (AP) — A cat came back.", "AP"),
        ("CALVENA, May 22 (CPA) - Rebels gave in.", "CPA"),  # known by its form
        ("(Reuters) — The attorney general opened a case.", "Reuters"),
        ("NEW DELHI, Nov 19 (PTI) The minister said so.", "PTI"),
        ("Brasília (Agência Lusa) – O ministro saiu.", "Lusa"),
        ("The governor (R) - whose term ends - said no.", None),
        ("He joined the agency (AP) said later.", None),
        ("Nothing of the kind was said.", None),
    ],
)
def test_a_dateline_names_the_agency(paragraph: str, agency: str | None) -> None:
    assert agency_in_dateline(paragraph) == agency


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("AP", "AP"),
        ("By The Associated Press", "AP"),
        ("PTI |", "PTI"),
        ("Source: Reuters", "Reuters"),
        ("CPA", "CPA"),
        ("SHARE", None),
        ("World", None),
        ("Moscow, November 8", None),
    ],
)
def test_a_line_names_nothing_but_the_agency(line: str, agency: str | None) -> None:
    assert agency_on_line(line) == agency


@pytest.mark.parametrize(
    ("authors", "agency", "people"),
    [
        ("Associated Press", "AP", None),
        ("REUTERS", "Reuters", None),
        ("Jane Roe; Ap Auto Writer", "AP", "Jane Roe"),
        ("Jane Roe, AP", "AP", "Jane Roe"),
        ("Jane Roe; John Doe", None, "Jane Roe, John Doe"),
        ("Paul Reuters", None, "Paul Reuters"),
    ],
)
def test_agencies_and_people_among_authors(authors: str, agency: str | None, people: str | None) -> None:
    assert (agency_as_author(authors), without_agencies(authors)) == (agency, people)


def test_rights_credits_and_signatures() -> None:
    assert agency_in_rights("© 2019 Associated Press. All Rights Reserved. This material may not be") == "AP"
    assert agency_in_rights("© The Calvena Courier") is None
    assert agency_in_credit("(Reporting by Una Prior; editing by Cass Lindqvist)") == "Reuters"
    assert agency_in_credit("Associated Press writer Una Prior contributed to this report.") == "AP"
    assert agency_in_credit("The Associated Press contributed to this report.") is None  # the rest is not its
    assert agency_signing("“We will rebuild every house,” the minister said. PTI") == "PTI"
    assert agency_signing("He joined the PTI") is None
