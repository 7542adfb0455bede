"""Which customers are vendors too: those that people named, and those whose name is the same.

Names are compared without case, punctuation, spaces and the words for a legal form.
"""

import re
from collections import defaultdict
from collections.abc import Mapping

from collections_app.reports.subledger import Party

_LEGAL_FORMS = frozenset(
    {"inc", "incorporated", "llc", "llp", "lp", "ltd", "limited", "co", "company", "corp", "corporation"}
    | {"gmbh", "ag", "sa", "sas", "srl", "bv", "nv", "plc", "pty"}
)
_WORDS = re.compile(r"\w+")


def contra_vendors(
    customers: Mapping[str, Party], vendors: Mapping[str, Party], named: Mapping[str, str], match_names: bool
) -> dict[str, tuple[str, ...]]:
    """The vendors that each customer also is; customers that are none are left out."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for vendor in sorted(vendors):
        by_name[comparable(vendors[vendor].name)].append(vendor)
    found = {}
    for customer in sorted(customers):
        name = comparable(customers[customer].name)
        same = list(by_name[name]) if match_names and name else []
        if customer in named and named[customer] not in same:
            same.append(named[customer])
        if same:
            found[customer] = tuple(same)
    return found


def comparable(name: str) -> str:
    """The part of a name that decides whether two are the same."""
    words = _WORDS.findall(name.casefold().replace("&", " and ").replace(".", ""))
    return "".join(word for word in words if word not in _LEGAL_FORMS)
