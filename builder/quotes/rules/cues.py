"""The verbs that announce what somebody says, thinks or wants, and how they build their sentence.

The lists hold common English verbs; which to take was decided by how often each is a cue in the
training articles (PolNeAR 1.0). A trained tagger has no use for them.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

# saying: takes a quotation or a clause ("said that", "said he"), and can stand after it ("…, he said")
# telling: the same, after a recipient ("told reporters that")
# wanting: takes an infinitive ("vowed to fight"), perhaps after a recipient ("urged them to go")
# judging: takes what it speaks of as an object ("criticized the plan")
CueClass = Literal["saying", "telling", "wanting", "judging"]
Form = Literal["base", "third", "past", "participle"]


@dataclass(frozen=True, slots=True)
class Cue:
    """One form of a reporting verb; `also_noun` marks forms that are nouns as often ("claims")."""

    lemma: str
    kind: CueClass
    form: Form
    also_noun: bool


@cache
def cue_forms() -> dict[str, Cue]:
    """Every form of every reporting verb, in lower case."""
    forms: dict[str, Cue] = {}
    for kind, verbs in _VERBS.items():
        for lemma in verbs.split():
            for form, word in _inflect(lemma).items():
                noun = lemma in _ALSO_NOUNS and form in {"base", "third"}
                forms.setdefault(word, Cue(lemma, kind, form, noun))
    return forms


_VERBS: dict[CueClass, str] = {
    "saying": (
        "say add write announce note suggest argue explain declare acknowledge claim state insist "
        "conclude reveal recall reply respond continue tweet post report confirm warn predict stress "
        "indicate emphasize emphasise assert maintain contend allege reiterate repeat admit concede quip "
        "joke remark observe comment opine muse complain lament boast brag charge counter retort answer "
        "ask testify caution estimate show find believe think hope fear doubt worry feel know agree deny "
        "disclose mention point recount speculate surmise reckon imply hint swear vouch vent shout yell "
        "scream whisper mutter exclaim cry laugh sigh interject clarify elaborate propose recommend "
        "demand learn understand decide expect signal echo read stipulate attest underscore highlight"
    ),
    "telling": "tell assure remind inform notify advise convince persuade",
    "wanting": (
        "vow pledge promise refuse decline seek want plan urge offer threaten intend encourage order "
        "instruct invite beg implore beseech call-on"
    ),
    "judging": (
        "criticize criticise praise endorse accuse describe call cite defend blast denounce condemn "
        "reject dismiss question slam attack mock blame oppose support discuss express decry deride hail "
        "thank applaud commend tout ridicule rebuke chide disparage characterize characterise voice "
        "bemoan bash rip trash disavow repudiate welcome credit deem refer talk speak"
    ),
}  # fmt: skip
_ALSO_NOUNS = frozenset(
    "note claim state report comment charge counter answer ask show find hope fear doubt worry point post "
    "tweet estimate read remark quip joke reply boast demand vent shout cry laugh sigh signal echo plan "
    "pledge promise offer vow order want support attack question blast call cite praise blame slam voice "
    "rebuke credit welcome caution repeat hint feel thank rip trash".split()
)
_IRREGULAR: dict[str, tuple[str, ...]] = {
    # third person, past, further past participles
    "say": ("says", "said"), "write": ("writes", "wrote", "written"), "find": ("finds", "found"),
    "show": ("shows", "showed", "shown"), "think": ("thinks", "thought"), "feel": ("feels", "felt"),
    "know": ("knows", "knew", "known"), "tell": ("tells", "told"), "swear": ("swears", "swore", "sworn"),
    "seek": ("seeks", "sought"), "understand": ("understands", "understood"),
    "beseech": ("beseeches", "besought"),
    "admit": ("admits", "admitted"), "quip": ("quips", "quipped"), "brag": ("brags", "bragged"),
    "plan": ("plans", "planned"), "rip": ("rips", "ripped"), "slam": ("slams", "slammed"),
    "beg": ("begs", "begged"), "echo": ("echoes", "echoed"), "read": ("reads", "read"),
    "refer": ("refers", "referred"), "speak": ("speaks", "spoke", "spoken"),
}  # fmt: skip
_DOUBLED = frozenset({"admit", "quip", "brag", "plan", "rip", "slam", "beg", "refer"})


# Particles that belong to the cue and give it an object; the last three verbs are cues only with one.
PARTICLES: dict[str, frozenset[str]] = {
    "point": frozenset({"out", "to"}), "call": frozenset({"for", "on"}), "respond": frozenset({"to"}),
    "refer": frozenset({"to"}), "talk": frozenset({"about"}), "speak": frozenset({"about", "of"}),
}  # fmt: skip
NEEDS_PARTICLE = frozenset({"refer", "talk", "speak"})


def _inflect(lemma: str) -> dict[Form, str]:
    third, past = (*_IRREGULAR.get(lemma, ()), "", "")[:2]
    stem = lemma.removesuffix("e") if not lemma.endswith("ee") else lemma
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        third, past = third or lemma[:-1] + "ies", past or lemma[:-1] + "ied"
    participle = lemma + lemma[-1] if lemma in _DOUBLED else stem
    return {
        "base": lemma,
        "third": third or lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else "s"),
        "past": past or (lemma + "d" if lemma.endswith("e") else lemma + "ed"),
        "participle": participle + "ing",
    }
