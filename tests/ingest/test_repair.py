import codecs
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.ingest.repair import decode, mend, unify_breaks

STORY = "“We will not sell the lighthouse,” said the mayor of Orneby — a naïve promise, her critics said. "
RUSSIAN = "«Мы не продадим маяк», — сказала мэр города. Её противники назвали это обещание наивным. "
GERMAN = "„Wir verkaufen den Leuchtturm nicht“, sagte die Bürgermeisterin über die größte Überraschung. "
FRENCH = (
    "« Nous ne vendrons pas le phare », a déclaré la maire à propos de la plus grande surprise de l’été. "
)
CROATIAN = (
    "„Nećemo prodati svjetionik“, rekla je gradonačelnica o najvećem iznenađenju godine, a kritičari šute. "
)
JAPANESE = "市長は「灯台は売らない」と述べた。反対派は、その約束は甘いと言う。"


@pytest.mark.parametrize(
    ("text", "encoding", "charset"),
    [
        (STORY, "utf-8", None),
        (STORY, "utf-8-sig", None),
        (STORY, "utf-16", None),
        (STORY, "utf-32", None),
        (STORY * 3, "utf-16-le", None),
        (STORY * 3, "utf-16-be", None),
        (STORY, "cp1252", "windows-1252"),
        (STORY, "cp1252", "ISO-8859-1"),  # what pages mean by it
        (STORY * 5, "cp1252", None),
        (GERMAN, "cp1252", "iso-8859-1"),
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN * 3, "cp1251", None),
        (RUSSIAN.translate(dict.fromkeys(map(ord, "«»—"), '"')), "koi8-r", "koi8-r"),
        (FRENCH, "cp1252", None),
        (CROATIAN, "cp1250", None),
        (JAPANESE, "shift_jis", "Shift_JIS"),
        (JAPANESE, "euc_jp", None),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (STORY, "utf-8", "iso-8859-1"),  # declared wrongly: UTF-8 is hardly valid by chance
        (STORY, "utf-8", "no-such-charset"),
        (STORY * 5, "cp1252", "no-such-charset"),
        (STORY * 5, "cp1252", "utf-8\0"),  # what no encoding can be called
        (STORY * 5, "cp1252", "utf-8\udcff"),
        (STORY, "utf-8", "unicode-escape"),  # an encoding of Python's, not of text
    ],
)
def test_the_encoding_is_found(text: str, encoding: str, charset: str | None) -> None:
    assert decode(text.encode(encoding), charset, markup=False) == text


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="windows-1251">',
        "<META http-equiv='Content-Type' content='text/html; charset=windows-1251'>",
        '<?xml version="1.0" encoding="windows-1251"?>',
    ],
)
def test_a_page_declares_its_encoding_itself(declaration: str) -> None:
    page = f"{declaration}<p>{RUSSIAN[:30]}</p>"
    assert decode(page.encode("cp1251"), None, markup=True) == page


def test_the_sender_is_believed_before_the_page() -> None:
    page = f'<meta charset="koi8-r"><p>{RUSSIAN}</p>'
    assert decode(page.encode("cp1251"), "windows-1251", markup=True) == page


def test_a_few_stray_bytes_are_read_as_windows_1252() -> None:
    data = (STORY * 5).encode() + b" and \x93strays\x94"
    assert decode(data, None, markup=False) == STORY * 5 + " and “strays”"


def test_text_cut_off_within_a_character_is_kept() -> None:
    text = decode((STORY + "é").encode()[:-1], None, markup=False)
    assert text is not None
    assert text.startswith(STORY)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(random.Random(7).randbytes(20_000), id="noise"),  # noqa: S311 - not for secrets
        pytest.param(b"\x7fELF\x02\x01\x01" + bytes(3000), id="program"),
        pytest.param(codecs.BOM_UTF16_LE + b"\x00\xd8\x00\xd8", id="halves of pairs"),
    ],
)
def test_what_is_no_text_has_no_encoding(data: bytes) -> None:
    assert decode(data, None, markup=False) is None


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("donâ€™t â€œsellâ€\x9d it", "don’t “sell” it"),
        ("BÃ¼rgermeisterin GÃ¶rel", "Bürgermeisterin Görel"),
        ("zero\x00 and bell\x07", "zero and bell"),
        ("\x93quoted\x94", "“quoted”"),
        ("half \ud83d", "half \ufffd"),
    ],
)
def test_mojibake_and_control_characters_go(broken: str, mended: str) -> None:
    assert mend(broken) == mended


@pytest.mark.parametrize(
    "text",
    [
        "“curly” ‘marks’ «and» „others“",  # they carry direction
        "ﬁne ligatures, ＷＩＤＥ letters",
        "e\u0301 decomposed and é composed",
        "tab\tand\r\nbreak",
        "&quot;entities&quot; & signs",
        "Châteauneuf-du-Pape, Ångström, São Paulo, Đà Nẵng",
    ],
)
def test_nothing_else_changes(text: str) -> None:
    assert mend(text) == text


def test_entities_left_over_from_html_are_undone_where_asked() -> None:
    assert mend("&quot;Tea &amp; coffee&quot;", unescape=True) == '"Tea & coffee"'


@given(st.text())
def test_mending_twice_changes_no_more_than_mending_once(text: str) -> None:
    assert mend(mend(text)) == mend(text)


def test_breaks_of_every_kind_become_line_feeds() -> None:
    assert unify_breaks("a\r\nb\rc\u2028d\x0be\n\nf") == "a\nb\nc\nd\ne\n\nf"
