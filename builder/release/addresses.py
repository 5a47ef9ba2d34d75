"""Which addresses are of one page."""

from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

# A page's other hosts: for small screens, and in a search engine's form of it.
_HOSTS = ("www.", "m.", "amp.", "mobile.")
# What only says from where a reader came.
_TRACKING = ("utm_", "mtm_", "pk_")
_TRACKERS = frozenset(
    "fbclid gclid gclsrc dclid msclkid yclid twclid igshid mc_cid mc_eid mkt_tok _ga _gl cmpid cmp ref "
    "ref_src ref_url smid smtyp source partner partnerid ocid ncid ito rss xtor wt_mc at_medium "
    "at_campaign".split()
)


class Address(NamedTuple):
    """A page without what two addresses of it may differ in: its host and path, and its query."""

    page: str
    query: str

    @property
    def has_path(self) -> bool:
        """Whether the page is told by its path, and not by its query alone."""
        return "/" in self.page


def address_of(url: str) -> Address:
    """An address without scheme, "www.", the host of small screens, tracking and fragment."""
    url = url.strip()
    try:
        parts = urlsplit(url if "://" in url else f"//{url.lstrip('/')}")
    except ValueError:  # brackets that enclose no host
        return Address(url, "")
    host = parts.netloc.rpartition("@")[2].lower().removesuffix(":80").removesuffix(":443").rstrip(".")
    for prefix in _HOSTS:
        host = host.removeprefix(prefix) if "." in host.removeprefix(prefix) else host
    given = parse_qsl(parts.query, keep_blank_values=True)
    kept = sorted((name, value) for name, value in given if not _is_tracking(name.lower()))
    return Address(host + unquote(parts.path).rstrip("/"), urlencode(kept))


def _is_tracking(name: str) -> bool:
    return name in _TRACKERS or name.startswith(_TRACKING)
