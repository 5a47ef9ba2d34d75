"""The words and forms by which a line of a page shows that it is not part of the article.

Every function looks at the two ends of a line only, so that a hostile line costs no more than an
honest one. The words are English and a few of its neighbours'; a page in another language is still
told apart by the form of its lines (`builder.ingest.prose`).
"""

import re

HEAD, TAIL = 300, 100  # characters of a line that are looked at


def opens_comments(line: str) -> bool:
    """Whether the readers' comments begin here."""
    return len(line) <= HEAD and _COMMENTS.search(line) is not None


def opens_references(line: str) -> bool:
    """Whether the list of an article's sources begins here."""
    return len(line) <= TAIL and _REFERENCES.search(line) is not None


def opens_section(line: str) -> bool:
    """Whether it is the heading of, or a pointer to, something else to read, to share or to sign up for."""
    return _SECTION.search(line[:HEAD]) is not None


def points_elsewhere(line: str) -> bool:
    """Whether it sends the reader elsewhere: "Also read: …", "← Previous: …", "… Sign up here"."""
    return _POINTER.match(line[:HEAD]) is not None or _INVITATION.search(line[-TAIL:]) is not None


def opens_tags(line: str) -> bool:
    """Whether the article's tags stand on this line or below it."""
    return _TAGS.match(line[:HEAD]) is not None


def is_hashtags(line: str) -> bool:
    """Whether it consists of hash tags, which may have several words each."""
    return _HASHTAGS.match(line[: HEAD * 2]) is not None


def is_notice(line: str) -> bool:
    """Whether it speaks of rights, cookies, newsletters and the like."""
    return _NOTICE.search(line[:HEAD]) is not None


def is_post(line: str) -> bool:
    """Whether it introduces a reader's comment: "somebody says:", "3 hours ago"."""
    return _POST.search(line[-TAIL:]) is not None


def is_photo(line: str) -> bool:
    """Whether it credits a photograph, at one of its ends."""
    ends = line if len(line) <= 2 * TAIL else f"{line[:TAIL]}\n{line[-TAIL:]}"
    return _PHOTO.search(ends) is not None or _PHOTO_END.search(line[-TAIL:]) is not None


def ends_in_name(line: str) -> bool:
    """Whether it ends, after a sentence or a stroke, in a name and no full stop, as captions do."""
    return _NAME_END.search(line[-TAIL:]) is not None


def is_credit(line: str) -> bool:
    """Whether it says who else reported or edited."""
    return _CREDIT.match(line[:HEAD]) is not None


def is_byline(line: str) -> bool:
    """Whether it names the author, or says when it was published and no more."""
    line = line[:HEAD]
    return _BYLINE.match(line) is not None or _is_time(line) or any(map(_is_time, _CELLS.split(line)[:4]))


def _is_time(words: str) -> bool:
    """Whether the words are those of a day, but for one or two."""
    stamps = len(_STAMP.findall(words))
    return stamps >= 2 and _TIME.search(words) is not None and len(_WORD.findall(words)) - stamps <= 2


def is_place_and_day(line: str) -> bool:
    """Whether it is a dateline by itself: "Moscow, November 8"."""
    return len(line) <= TAIL and _PLACE_AND_DAY.match(line) is not None


MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|janeiro|fevereiro|março|abril|maio|junho|julho|agosto"
    r"|setembro|outubro|novembro|dezembro|enero|febrero|marzo|mayo|junio|julio|septiembre|octubre|noviembre"
    r"|diciembre|januar|februar|märz|juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août"
    r"|septembre|octobre|novembre|décembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre"
    r"|dicembre|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)\b\.?"
)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_WORD = re.compile(r"\w+")
_CELLS = re.compile(r"[|•·/]| [-–—] ")
_COMMENTS = _any(
    r"^(?:(?:top rated|\d+|show|view|see|read|leave|post|add|write|all|join|the|a|your|be the first to) )"
    r"{0,4}"
    r"(?:comments?|replies|responses?|reply|discussion|conversation)"
    r"(?: (?:on|to|below|here|section|policy|cancel reply)\b|[\W\d]{0,10}$)",
    r"^(?:kommentare?|comentários?|comentarios?|commentaires?|commenti|reacties|комментарии|댓글|コメント|评论)"
    r"[\W\d]{0,10}$",
    r"^(?:deixe|lascia|laisser|deja|schreib\w*|hinterlasse\w*) (?:um|un|einen|tu|su)?\s?"
    r"(?:comment|coment|kommentar)",
)
_REFERENCES = _any(
    r"^(?:sources|references|bibliography|notes|quellen|fuentes|fontes|bibliographie|источники)\W{0,3}$"
)
_SECTION = _any(
    r"\b(?:read (?:more|next|also)|also read|see (?:more|also)|related|more (?:from|in|on|stories|news|about)"
    r"|most (?:read|popular|viewed|shared)|popular|trending|latest|top (?:stories|news)|don.?t miss"
    r"|recommended|sponsored|promoted|advert\w*|you (?:may|might) (?:also )?(?:like|be interested)|up next"
    r"|what to read|editor.?s picks|view all|tags?|topics|filed under|share|comments?)\b",
    r"\b(?:leia também|veja também|notícias relacionadas|lee también|más leíd\w+|mehr zum thema"
    r"|lesen sie auch|(?:à )?lire aussi|leggi anche|lees ook|читайте также)\b",
    r"関連記事|スポンサー|관련기사|相关新闻",
    r"\b(?:subscri\w+|sign(?:ing)? (?:up|in)|log ?in|register|click here|contact us|about us|follow us"
    r"|facebook|twitter|whatsapp|instagram|linkedin|pinterest|e-?mail|print|download|powered by)\b",
)
_POINTER = _any(
    r"\W{0,4}(?:also read|also on|read (?:more|also|next)|see (?:also|more)|related(?: \w+)?|previous|next"
    r"|more|watch|(?:lesen|lees|lee|leia|veja) (?:sie )?(?:auch|ook|también|também)|mehr zum thema"
    r"|(?:à )?lire aussi|leggi anche|читайте также)\s?:",
)
_INVITATION = _any(
    r"\b(?:sign up|subscribe|register|click|donate|(?:read|learn|find out|see) more)"
    r"(?: (?:here|now|today))?\W{0,3}$"
)
_TAGS = _any(
    r"(?:tags?|topics|labels|keywords|filed under|schlagwörter|etiquetas|mots[- ]clés|теги|タグ)\b\s*(?::|$)"
)
_HASHTAGS = re.compile(r"#\w[^#]{0,40}(?:#\w[^#]{0,40})*$")
_NOTICE = _any(
    r"\b(?:copyright|all rights reserved|privacy (?:policy|notice)|terms (?:of|and)|cookies?|newsletters?"
    r"|e-?mail address|your inbox|alle rechte vorbehalten|todos os direitos|todos los derechos"
    r"|tous droits réservés|無断転載|무단전재)\b",
    r"[©ⓒ]",
)
_POST = _any(
    r"\b(?:says?|said|wrote|writes|schrieb|disse|dice|ha scritto):$", r"\b(?:ago|reply|antworten|responder)$"
)
_AGENCIES = r"(?:reuters|afp|epa|ap|associated press|pti|ani|dpa|getty(?: images)?)"
_PHOTO = _any(
    r"\b(?:photo(?:graph)?s?|images?|picture|illustration|foto|bild|credit|source image)"
    r"\s*(?::|by\b|/|courtesy|credit)",
    r"\(photo",
    r"\bgetty\b|shutterstock|\bap photo|\bfile ph?o?t?o?\b",
    r"(?:\bvia|/)\s?(?:ap|afp|epa|reuters|getty)\b",
    r"\A©",
)
_PHOTO_END = _any(r"(?:[.!?|/][\"”)]{0,2}|^)\s*" + _AGENCIES + r"[\W_]{0,3}$")
_NAME_END = re.compile(r"(?:[.!?][\"”’]? |\w/|\()[A-Z][\w&’'-]*(?:[ /][A-Z][\w&’'-]*){0,5}\)?$")
_CREDIT = _any(
    r"\W{0,3}(?:(?:additional )?reporting by|(?:the )?associated press (?:writers?|reporters?)"
    r"|with (?:files|reporting|inputs) from|.{3,80}\bcontributed (?:to|reporting))"
)
_BYLINE = _any(
    r"(?:by|von|par|por|di|автор)\b[: ]\s*\w",
    r"(?:published|updated|posted|last updated|created|first published)\b",
)
_STAMP = _any(
    r"\b(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\b\.?",
    MONTH,
    r"\d{1,2}(?:st|nd|rd|th)?\b|(?:19|20)\d\d\b|\d{1,2}:\d\d(?::\d\d)?|[ap]\.?m\b\.?|[ecmp][sd]?t|gmt|utc|bst|ist|cet",
    r"published|updated|posted|last|created|first|on|at|de|às?|min(?:utes?)?|hours?|days?|weeks?|ago|read|date)\b",
)
_TIME = _any(r"\b(?:19|20)\d\d\b", r"\d:\d\d", r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b", r"\d.*\bago\b")
_PLACE_AND_DAY = re.compile(
    r"[^\W\d_][\w. ’'-]{1,40}(?:, [\w. ]{1,30})?[,:]\s+(?:(?i:"
    + MONTH
    + r")\s+\d{1,2}|\d{1,2}\.?\s+(?i:"
    + MONTH
    + r"))"
    r"(?:,?\s+\d{4})?[\s.:–—-]{0,3}$"
)
