"""Short forms of English given names."""

# A given name -> the forms that its bearers go by. One form may belong to several names.
FORMS = {
    "abigail": "abby gail", "abraham": "abe", "albert": "al bert", "alexander": "alex al sandy",
    "alexandra": "alex sandra sandy", "alfred": "alf fred", "andrew": "andy drew", "anthony": "tony",
    "arthur": "art", "barbara": "barb", "benjamin": "ben benny", "bernard": "bernie",
    "catherine": "cathy kate katie cath", "charles": "charlie chuck", "christine": "chris chrissy",
    "christopher": "chris kit", "clifford": "cliff", "daniel": "dan danny", "david": "dave",
    "deborah": "deb debbie", "dominic": "dom", "donald": "don", "dorothy": "dot", "douglas": "doug",
    "edward": "ed eddie ted ned", "eleanor": "ellie nell", "elizabeth": "liz beth betsy betty lizzie eliza",
    "eugene": "gene", "florence": "flo", "frances": "fran", "francis": "frank", "franklin": "frank",
    "frederick": "fred freddie", "gabriel": "gabe", "gerald": "gerry jerry", "gregory": "greg",
    "harold": "harry hal", "helen": "nell", "henry": "harry hank", "herbert": "herb bert",
    "howard": "howie", "isaac": "ike", "jacob": "jake", "jacqueline": "jackie", "james": "jim jimmy jamie",
    "janet": "jan", "jeffrey": "jeff", "jennifer": "jen jenny", "jeremy": "jerry", "jessica": "jess",
    "john": "jack johnny jon", "jonathan": "jon", "joseph": "joe joey", "joshua": "josh", "judith": "judy",
    "katherine": "kathy kate katie kat", "kathleen": "kathy kate", "kenneth": "ken kenny",
    "kimberly": "kim", "lawrence": "larry laurie", "leonard": "leo len lenny", "louis": "lou",
    "louise": "lou", "lucille": "lucy", "margaret": "maggie meg peggy marge madge", "martin": "marty",
    "matthew": "matt", "maxwell": "max", "michael": "mike mick mickey", "mitchell": "mitch", "nancy": "nan",
    "nathan": "nate", "nathaniel": "nate nat", "nicholas": "nick", "oliver": "ollie", "pamela": "pam",
    "patricia": "pat patty tricia", "patrick": "pat paddy", "peter": "pete", "philip": "phil",
    "priscilla": "cilla", "raymond": "ray", "rebecca": "becky", "reginald": "reg",
    "richard": "rick dick rich ricky", "robert": "bob rob bobby bert robbie", "ronald": "ron ronnie",
    "rosemary": "rose", "rudolph": "rudy", "samantha": "sam", "samuel": "sam sammy", "sarah": "sally",
    "stephen": "steve", "steven": "steve", "stuart": "stu", "susan": "sue susie",
    "theodore": "ted teddy theo", "theresa": "terry tess", "thomas": "tom tommy", "timothy": "tim",
    "valerie": "val", "victor": "vic", "victoria": "vicky", "vincent": "vince", "walter": "walt",
    "wilfred": "wilf", "william": "bill billy will willie", "zachary": "zach",
}  # fmt: skip
_NAMES_OF: dict[str, frozenset[str]] = {
    form: frozenset(name for name, forms in FORMS.items() if form in forms.split())
    for form in {one for forms in FORMS.values() for one in forms.split()}
}


def may_be_one(one: str, other: str) -> bool:
    """Whether two given names in lower case can be forms of one: "bill" and "william", "ted" and "ed"."""
    return not _formal(one).isdisjoint(_formal(other))


def _formal(name: str) -> frozenset[str]:
    return _NAMES_OF.get(name, frozenset()) | {name}
