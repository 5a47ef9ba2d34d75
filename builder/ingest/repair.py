"""From the bytes of a document to clean text: encoding found, mojibake undone, control characters gone.

All of it happens before any offset into the text exists.
"""

import codecs
import re

import ftfy
from charset_normalizer import from_bytes
from ftfy.badness import is_bad


def decode(data: bytes, charset: str | None, markup: bool) -> str | None:
    """The text that `data` holds, or None where no encoding makes text of it.

    A byte order mark decides; then UTF-8, if the bytes are valid, because other text hardly ever is;
    then what the sender declared in `charset`; then, with `markup`, what the page declares itself;
    then what the bytes look like.
    """
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return _sensible(_decoded(data[len(mark) :], encoding))
    declared = [charset, _declared_in_markup(data) if markup else None]
    for named in [_without_mark(data), *_first_utf_8(data, declared)]:
        text = _decoded(data, named) if named else None
        if text is not None:
            return _sensible(text)
    return _sensible(_with_strays(data) or _guessed(data))


def mend(text: str, unescape: bool = False) -> str:
    """`text` with mojibake undone and without control characters.

    Quotation marks keep their direction, and no character is replaced by a compatible one. With
    `unescape`, entities left over from HTML become the characters they stand for.
    """
    unclean = _UNCLEAN.search(text) or (unescape and "&" in text)
    if not unclean and not (_UNUSUAL.search(text) and is_bad(text)):
        return text
    return ftfy.fix_text(text, _CONFIG_UNESCAPING if unescape else _CONFIG)


def mend_markup(text: str) -> str:
    """A page with the usual mojibake undone: UTF-8 that was taken for Windows-1252.

    Parsers drop some of the characters that it takes to see it. Looking closer, as `mend` does, would
    take longer than everything else there is to do with a page.
    """
    likely = any(character in text for character in "âÃÂ") and _USUAL_MOJIBAKE.search(text)
    return mend(text) if likely else text


def unify_breaks(text: str) -> str:
    """`text` with every way to break a line written as a line feed."""
    return _BREAK.sub("\n", text)


MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # before UTF-16, whose mark it starts with
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# What pages mean by a label, by the Encoding Standard of the WHATWG; the keys are Python's names.
MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
NOT_FOR_TEXT = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}

# Languages that need no other letters than Windows-1252 has, as the library calls them.
WESTERN = frozenset(
    "Danish Dutch English Finnish French German Indonesian Italian Norwegian Portuguese Spanish "
    "Swedish".split()
)

PAGE_HEAD = 4096  # bytes in which a page declares its encoding; the standard asks for 1024
SAMPLE = 262_144  # bytes that are enough to recognise an encoding by
SAMPLE_READ = 32_768  # characters in which nonsense shows
STRAYS = 0.02  # share of bytes that may be invalid in UTF-8: more is another encoding, not an accident
WIDE = 0.3  # share of zero bytes among the high halves that makes UTF-16 of Latin script
NONSENSE = 0.1  # share of control characters and replacements beyond which it is no text

_DECLARATION = re.compile(
    rb"""<(?:meta\b[^>]{0,400}?\bcharset|\?xml\b[^>]{0,200}?\bencoding)\s*=\s*["']?\s*([\w:.-]{1,40})""",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffd]")
# Whatever ftfy would take out or replace, mojibake apart.
_UNCLEAN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u206a-\u206f\ud800-\udfff\ufeff\ufff9-\ufffc]")
# Any mojibake has other characters than ASCII and these.
_UNUSUAL = re.compile("[^\x00-\x7f‘’“”–—…•]")
_USUAL_MOJIBAKE = re.compile("â€|[ÃÂ][\x80-\xbf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_STRAY = re.compile("[\udc80-\udcff]")  # how Python writes an invalid byte
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONFIG = ftfy.TextFixerConfig(
    unescape_html=False,
    uncurl_quotes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    fix_line_breaks=False,
    normalization=None,
    explain=False,
)
_CONFIG_UNESCAPING = _CONFIG._replace(unescape_html="auto")


def _declared_in_markup(data: bytes) -> str | None:
    found = _DECLARATION.search(data[:PAGE_HEAD])
    if found is None:
        return None
    name = found[1].decode("ascii", "ignore")
    # Could it be read as ASCII, it is not UTF-16, whatever it says.
    return "utf-8" if name.lower().startswith("utf-16") else name


def _without_mark(data: bytes) -> str | None:
    """UTF-16 that does not say so: every other byte of text in Latin script is zero."""
    sample = data[: SAMPLE // 8 * 8]
    if sample.count(0) < WIDE * len(sample) / 2 or len(data) % 2:
        return None
    high = (sample[0::2].count(0), sample[1::2].count(0))
    return "utf-16-be" if high[0] > high[1] else "utf-16-le"


def _first_utf_8(data: bytes, declared: list[str | None]) -> list[str | None]:
    # Escape sequences: ISO-2022 writes everything in bytes that are valid ASCII.
    return [*declared, "utf-8"] if b"\x1b" in data else ["utf-8", *declared]


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        name = codecs.lookup(encoding.strip()).name
    except (LookupError, ValueError):  # no such encoding, and what could be the name of none
        return None
    if name in NOT_FOR_TEXT:
        return None
    try:
        return data.decode(MEANT.get(name, name))
    except LookupError:
        return None
    except UnicodeDecodeError:
        # The five bytes that Windows-1252 does not use; `mend` knows what C1 controls stand for.
        return data.decode("latin-1") if MEANT.get(name) == "cp1252" else None


def _with_strays(data: bytes) -> str | None:
    """UTF-8 with a few bytes of Windows-1252 in it, or cut off within a character."""
    text = data.decode("utf-8", "surrogateescape")
    if len(_STRAY.findall(text)) > max(1, STRAYS * len(data)):
        return None
    return _STRAY.sub(lambda stray: bytes([ord(stray[0]) - 0xDC00]).decode("cp1252", "replace"), text)


def _guessed(data: bytes) -> str | None:
    matches = from_bytes(data[:SAMPLE])
    best = matches.best()
    if best is None:
        return None
    # Several code pages make sense of Western text; the usual one has the right of way.
    usual = any(one.encoding == "cp1252" and one.chaos <= best.chaos for one in matches)
    western = usual and best.language in WESTERN
    return _decoded(data, "cp1252" if western else best.encoding)


def _sensible(text: str | None) -> str | None:
    sample = text[:SAMPLE_READ] if text is not None else ""
    return None if len(_CONTROL.findall(sample)) > NONSENSE * len(sample) else text
