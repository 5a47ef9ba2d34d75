"""Word lists about people and bodies: titles, nouns for roles and organisations, names of states."""

# Titles that are written short: a full stop behind them ends no sentence.
ABBREVIATED_TITLES = frozenset(
    "mr mrs ms mx dr prof sen rep gov gen col lt capt maj sgt adm cmdr rev cllr supt insp det cpl pvt fr "
    "msgr amb ald pres".split()
)
# In front of a name. A gendered form of address says more than the name does.
TITLES = ABBREVIATED_TITLES | frozenset(
    "miss professor sir dame lord lady senator representative governor general colonel captain major "
    "sergeant admiral president vice prime minister chancellor king queen prince princess pope cardinal "
    "archbishop bishop reverend father baroness viscount countess constable "
    "rabbi imam sheikh ayatollah judge justice mayor ambassador secretary chairman chairwoman chairperson "
    "speaker congressman congresswoman councillor councilman councilwoman commissioner director attorney "
    "minister premier deputy chief officer sheriff detective inspector marshal coach nominee candidate "
    "leader spokesman spokeswoman analyst strategist defence defense foreign finance health interior "
    "justice economy environment education transport assemblyman assemblywoman alderman recorder treasurer "
    "superintendent sergeant private corporal brigadier comptroller congressmember delegate whip "
    "vice-president secretary-general undersecretary vice-chairman coordinator editor correspondent host "
    "anchor columnist reporter moderator founder principal dean brother sister uncle aunt grandfather "
    "lieutenant retired".split()
)
# Ranks of the police: titles only in capitals and before a name that is known, for "PC" is a computer, too.
RANKS = frozenset("pc wpc pcso dc ds di dci dcs".split())
# Of the titles what ministers are ministers of, so that departments are named by it, too.
PORTFOLIOS = frozenset(
    "defence defense foreign finance health interior justice economy environment education transport".split()
)
GENDER_OF_TITLE = {
    "mr": "he", "sir": "he", "lord": "he", "king": "he", "prince": "he", "pope": "he", "congressman": "he",
    "chairman": "he", "spokesman": "he", "councilman": "he", "father": "he", "imam": "he", "cardinal": "he",
    "viscount": "he", "baroness": "she", "countess": "she", "wpc": "she",
    "mrs": "she", "ms": "she", "miss": "she", "dame": "she", "lady": "she", "queen": "she", "princess": "she",
    "congresswoman": "she", "chairwoman": "she", "spokeswoman": "she", "councilwoman": "she",
}  # fmt: skip
# A role by which somebody is called again -> titles and nouns that may have named them first.
ROLES = {
    "president": "president",
    "leader": "president premier chancellor minister leader king chairman chairwoman head",
    "senator": "senator sen", "governor": "governor gov", "congressman": "congressman rep representative",
    "congresswoman": "congresswoman rep representative", "representative": "rep representative",
    "lawmaker": "sen rep senator representative congressman congresswoman lawmaker",
    "general": "general gen", "mayor": "mayor",
    "minister": "minister", "premier": "premier", "chancellor": "chancellor", "judge": "judge",
    "justice": "justice", "pope": "pope", "pontiff": "pope", "king": "king", "queen": "queen",
    "secretary": "secretary", "speaker": "speaker", "chairman": "chairman", "chairwoman": "chairwoman",
    "ambassador": "ambassador", "candidate": "candidate nominee", "nominee": "nominee candidate",
    "spokesman": "spokesman", "spokeswoman": "spokeswoman", "professor": "professor prof",
    "director": "director", "doctor": "dr doctor", "admiral": "admiral adm", "colonel": "colonel col",
    "attorney": "attorney lawyer",
    "lawyer": "lawyer attorney", "businessman": "businessman", "billionaire": "billionaire businessman",
    "author": "author", "economist": "economist", "prosecutor": "prosecutor", "sheriff": "sheriff",
}  # fmt: skip
# Short forms by which the same is said.
SHORT_TITLES = {
    "gov": "governor", "sen": "senator", "rep": "representative", "gen": "general", "prof": "professor",
    "dr": "doctor", "gop": "republican", "democrat": "democratic", "democrats": "democratic",
    "republicans": "republican", "pres": "president", "del": "delegate", "atty": "attorney",
}  # fmt: skip
# Words of the names of bodies, without those that say nothing inside a name: "Bill", "Law".
BODIES = frozenset(
    "poll polls survey campaign committee commission council court company corporation agency department "
    "ministry office bureau board university college school institute institution foundation center "
    "centre association union league party newspaper magazine journal times post news network report "
    "advertisement article editorial website site constitution firm bank team club church hospital army "
    "navy police nato un congress senate parliament house assembly conference inc ltd llc corp co press "
    "media channel radio television tv wire service services project coalition alliance organization "
    "organisation federation society chamber pac tribune herald fc rail airlines holdings industries "
    "motors energy review observer guardian gazette chronicle telegraph lawsuit capital partners securities "
    "insurance pharmaceuticals technologies consulting ventures analytics labs laboratories airways "
    "logistics".split()
)
# Of them those that name one body also when they stand alone.
SELF_STANDING = frozenset("congress senate parliament house nato un constitution police army navy".split())
GOVERNMENTS = frozenset(
    "government administration kremlin whitehall pentagon regime cabinet washington moscow beijing london "
    "paris berlin brussels tehran jerusalem kyiv kiev ankara riyadh pyongyang seoul tokyo delhi islamabad "
    "cairo russia china iran israel ukraine turkey japan india pakistan france germany britain england "
    "scotland ireland italy spain poland canada mexico brazil australia egypt syria iraq cuba venezuela "
    "america taiwan city town state country nation".split()
)
# Nouns for several people at once that name no body.
COLLECTIVES = frozenset("jury juries panel tribunal crowd audience couple duo trio electorate".split())
# Nouns for one person that are neither titles nor work.
PERSONS = frozenset(
    "prince princess chair official source insider aide staffer woman man boy girl mother father husband "
    "wife widow widower son daughter brother sister neighbour neighbor witness resident victim survivor "
    "tenant teacher student doctor".split()
)
# What somebody has said or written: "his memoir", "an analysis by Jan Berg".
WORKS = frozenset(
    "account ad address advertisement affidavit analysis announcement appeal argument article autobiography "
    "blog book brief column comment comments commentary complaint document documentary editorial email "
    "emails essay film filing form interview lawsuit letter memo memoir memorandum message motion note "
    "opinion op-ed paper petition piece plan post posting posts presentation proposal publication "
    "recommendation remark remarks report research response review rhetoric show song speech statement "
    "story study submission survey testimony text transcript tweet tweets video words work writing "
    "writings".split()
)
# Capitalised words that begin sentences or names of other things than people.
NOT_NAMES = frozenset(
    "the a an given and but or so yet for nor in on at by to of from with as if when while after before "
    "since because although though however meanwhile still then also instead this that these those it its "
    "he she they we i you his her their our my your who what which where why how there here not no yes "
    "one two three some many most several all both each every other another more such even just only now "
    "later earlier last next first second had has have did does do was were is are will would can could "
    "neither either may might should despite unlike under over during against among between like perhaps "
    "maybe through until once whether without within again never ever monday tuesday wednesday thursday "
    "friday saturday sunday january february march april may june july august september october november "
    "december today yesterday tomorrow asked according speaking former new north south east west white "
    "united".split()
)
# Nouns and adjectives of peoples, parties and faiths: before a name they describe, alone they are nobody.
DEMONYMS = frozenset(
    "american americans british russian russians chinese french german germans israeli israelis iranian "
    "iranians ukrainian ukrainians european europeans mexican mexicans canadian japanese korean indian "
    "turkish italian spanish polish republican republicans democrat democrats democratic conservative "
    "conservatives liberal liberals labour gop muslim muslims christian christians jewish jews catholic "
    "catholics".split()
)
# Surnames that are words for places, bodies, directions, colours and months, too: "Theresa May".
ALSO_SURNAMES = frozenset(
    "north south east west white may march berlin brazil england france germany ireland israel london paris "
    "poland scotland spain washington bank church court house post press un".split()
)
# Given names that are also verbs and months.
ALSO_GIVEN = frozenset("will april may june august".split())
# Letters of honours, offices and degrees behind a name.
HONOURS = frozenset(
    "MP MEP MSP MS MLA TD KC QC SC OBE CBE MBE KBE DBE BEM FRS FBA PhD MD RN Esq DL JP".split()
)
PARTICLES = frozenset("de da di del della der den van von la le al el bin ibn ben dos du y bint abu".split())
# Part of a name that follows the surname, so that none begins with it: "Nguyen Thi Mai".
MIDDLE_NAMES = frozenset({"thi"})
# Places that are also given names or surnames, or stand where people do.
PLACES = frozenset(
    "alabama alaska arizona arkansas california carolina colorado connecticut dakota delaware florida "
    "georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts "
    "michigan minnesota mississippi missouri montana nebraska nevada hampshire jersey mexico york ohio "
    "oklahoma oregon pennsylvania tennessee texas utah vermont virginia wisconsin wyoming europe asia "
    "africa america chicago boston philadelphia detroit atlanta miami seattle dallas houston denver "
    "baltimore cleveland phoenix orlando charlotte brooklyn manhattan queens harlem hollywood angeles "
    "vegas francisco diego orleans louis".split()
)
DIRECTIONS = frozenset(
    "north south east west northern southern eastern western new upper lower los las san saint st".split()
)
# Words that open sentences before a name.
COMMON = frozenset(
    "beyond even only asked told says said inside outside behind besides except following "
    "concerning considering regarding including citing calling supporting backing joining watching why did "
    "does is was has had will would should could can may might let make makes made take takes took where "
    "meanwhile ultimately eventually recently suddenly finally first second third thanks hey dear former "
    "current longtime fellow rival attorneys aides supporters sources".split()
)
DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
SUFFIXES = frozenset("jr sr ii iii iv".split())
