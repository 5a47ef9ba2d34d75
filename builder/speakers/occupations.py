"""What is said about somebody beside the name: roles, fields of work, and forms of address."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from builder.records import Span


@dataclass(frozen=True, slots=True)
class Description:
    """Words in lower case that stand with a name, sorted.

    `words` are all that say something; `fields` are the fields of work that its roles belong to; `gender`
    is "he", "she" or empty, as titles and nouns like "spokeswoman" say.
    """

    words: tuple[str, ...]
    fields: tuple[str, ...]
    gender: str


# Fields that hardly ever describe one person in turn. Those who speak on public affairs change between
# office, campaign, law, business, science, medicine, advocacy and press, so these are one field.
FIELDS = {
    "public affairs": "president premier chancellor minister senator representative congressman "
    "congresswoman governor mayor councillor councilman councilwoman lawmaker legislator politician "
    "candidate nominee secretary ambassador diplomat envoy spokesman spokeswoman spokesperson strategist "
    "adviser aide pollster campaigner delegate commissioner attorney lawyer judge justice prosecutor "
    "solicitor barrister businessman businesswoman billionaire executive ceo chairman chairwoman "
    "chairperson founder investor banker economist director chief leader activist advocate journalist "
    "reporter columnist editor commentator anchor correspondent host pundit analyst general colonel "
    "admiral professor scholar historian researcher fellow expert surgeon neurosurgeon physician "
    "paediatrician pediatrician cardiologist psychiatrist epidemiologist virologist",
    "police": "sheriff constable detective policeman policewoman sergeant",
    "sport": "coach quarterback striker goalkeeper midfielder defender pitcher footballer golfer boxer "
    "cyclist swimmer athlete sprinter player goalie cricketer batsman bowler jockey referee umpire",
    "care": "nurse dentist midwife paramedic caregiver",
    "religion": "pope cardinal archbishop bishop reverend rabbi imam priest pastor vicar deacon nun monk",
    "arts": "actor actress singer rapper guitarist drummer pianist violinist composer painter sculptor "
    "dancer novelist poet playwright filmmaker comedian musician conductor",
    "trades": "farmer carpenter plumber electrician welder miner trucker fisherman baker butcher waitress "
    "waiter bartender hairdresser janitor mechanic",
}  # fmt: skip


def describe(text: str, name: str, others: Iterable[Span]) -> Description:
    """What a text says about the bearer of a name, at its first mentions and in `others`.

    `others` are spans that mean the same person without the name, such as "the senator".
    """
    phrases = [phrase for start, end in _mentions(text, name) for phrase in _beside(text, start, end)]
    phrases += [span.of(text)[:_MOST_AFTER] for span in others]
    roles = {word for phrase in phrases for word in _lower(_head(phrase))}
    genders = {_GENDER_OF[role] for role in roles if role in _GENDER_OF}
    return Description(
        words=tuple(sorted(frozenset().union(*map(words_of, phrases)) - words_of(name))),
        fields=tuple(sorted(fields_of(roles))),
        gender=genders.pop() if len(genders) == 1 else "",
    )


def words_of(text: str) -> frozenset[str]:
    """The words of a text that say something, in lower case; "Sen." and "senator" are one word."""
    return frozenset(_WRITTEN_OUT.get(word, word) for word in _lower(text)) - _SAYING_NOTHING


def proper_words(text: str) -> frozenset[str]:
    """The words of a text that have a capital and are no roles: of organisations, places and people."""
    return words_of(" ".join(_PROPER.findall(text))) - _TITLE_WORDS


def fields_of(words: Iterable[str]) -> set[str]:
    """The fields of work that roles belong to."""
    return {_FIELD_OF[role] for word in words if (role := _WRITTEN_OUT.get(word, word)) in _FIELD_OF}


_WRITTEN_OUT = {
    "sen": "senator", "rep": "representative", "gov": "governor", "prof": "professor", "gen": "general",
    "sgt": "sergeant", "rev": "reverend", "dr": "doctor", "col": "colonel", "adm": "admiral",
    "advisor": "adviser", "defence": "defense",
}  # fmt: skip
_SAYING_NOTHING = frozenset(
    "a an the of at for in on to by from with and or who whose that which is was are were has had his her "
    "their its our he she it they i we you me him them this these those one two mr mrs ms as then now not "
    "former current new old said says told".split()
)
_FIELD_OF = {role: field for field, roles in FIELDS.items() for role in roles.split()}
_GENDER_OF = {
    **{role: "she" if role.endswith("woman") else "he" for role in _FIELD_OF if role.endswith("man")},
    **dict.fromkeys(("mr", "sir", "lord", "priest", "monk"), "he"),
    **dict.fromkeys(("mrs", "ms", "miss", "dame", "lady", "actress", "nun", "waitress"), "she"),
}
# Between a role and the name, or before the role: "former Ohio state senator", "the vice president".
_QUALIFIERS = frozenset(
    "former ex late acting deputy vice chief senior junior retired then the a an of state federal national "
    "county city campaign party press foreign prime first lady lead head assistant associate interim "
    "veteran longtime finance health defence defense interior education transport police army navy".split()
)
_ABBREVIATED = _WRITTEN_OUT.keys() | {"mr", "mrs", "ms"}
_TITLE_WORDS = _QUALIFIERS | _FIELD_OF.keys() | _GENDER_OF.keys() | _WRITTEN_OUT.keys()
_MOST_BEFORE, _MOST_AFTER = 80, 120  # characters beside a name in which it is described
_MOST_MENTIONS = 5  # people are introduced where they are first named
_MOST_SEEN = 50  # places of a name that are looked at for these
_WORD_BEFORE = re.compile(r"((?<!\w)[^\W\d_a-z][\w.’'-]*)\s\Z")
_WORD = re.compile(r"[^\W\d_]+(?:[.’'-][^\W\d_]+)*")
_PROPER = re.compile(r"(?<![\w'’-])[^\W\d_a-z][^\W\d_]+")
_GENITIVE = re.compile(r"['’]s?\Z")
# "Anna Berg, a professor at Lund, said": up to the next comma or stop.
_APPOSITION = re.compile(
    r",\s(?:who\s(?:is|was)\s)?((?:the|an?|one\sof\sthe|his|her|their|former|then)\s[^,.;:()“”\"\n]+)"
)
_HEAD_ENDS = re.compile(r"(?<!one)\s(?:of|at|for|in|from|with|who|whose|that|which|to|on|under|against)\s")


def _mentions(text: str, name: str) -> list[tuple[int, int]]:
    """Where a name stands, but not as a part of a longer one: "Berg" in "Anna Berg"."""
    found: list[tuple[int, int]] = []
    for match in islice(re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text), _MOST_SEEN) if name else ():
        before = _WORD_BEFORE.search(text, max(match.start() - _MOST_BEFORE, 0), match.start())
        longer = " " not in name and before and before[1].rstrip(".").lower() not in _TITLE_WORDS
        if not longer:
            found.append(match.span())
    return found[:_MOST_MENTIONS]


def _beside(text: str, start: int, end: int) -> list[str]:
    """The title before a name and the apposition behind it."""
    apposition = _APPOSITION.match(text, end, end + _MOST_AFTER)
    return [_title(text[max(start - _MOST_BEFORE, 0) : start]), apposition[1] if apposition else ""]


def _title(before: str) -> str:
    """The words directly before a name that can be its title: capitalised, roles, or what qualifies roles."""
    kept: list[str] = []
    for word in reversed(before.rpartition("\n")[2].split()):
        plain = word.rstrip(".").lower()
        known = plain in _TITLE_WORDS
        ends = word[-1] in ',;:!?”"’)' or (word[-1] == "." and plain not in _ABBREVIATED)
        if ends or not (known or word[0].isupper()):
            break
        kept.insert(0, word)
    return " ".join(kept)


def _head(phrase: str) -> str:
    """A phrase up to what follows its head noun: "a professor" of "a professor at Lund"."""
    stop = _HEAD_ENDS.search(phrase)
    return phrase[: stop.start()] if stop else phrase


def _lower(text: str) -> list[str]:
    return [_GENITIVE.sub("", word.lower()) for word in _WORD.findall(text)]
