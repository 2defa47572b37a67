"""The wording of each kind of relation, from both sides."""

from __future__ import annotations

from typing import NamedTuple

from builder.ledger.relations import State
from builder.model.relation import RelationType


class Side(NamedTuple):
    """The wording of a relation as seen from one of its companies.

    Each verb completes a sentence that begins with this company. `{part}` stands for a share such
    as 49%.
    """

    group: str  # heading over a list of the other companies
    holds: str  # current
    was: str  # ended
    will: str  # planned
    would: str  # planned and abandoned
    role: str  # this company's role towards the other, on a map
    part: str = ""  # replaces {part} in a verb if there is no share
    rough: str = ""  # replaces {part} in the role if there is no share (default: `part`)
    joint: str = ""  # follows a share in a verb: 49% of


class Wording(NamedTuple):
    """The name of a kind of relation, with both sides' wording.

    A kind that happens `once`, such as an acquisition, has a date instead of a period.
    """

    name: str
    of: Side
    to: Side
    once: bool = False


_RIVAL = Side(
    "Rivals", "competes with", "competed with", "is to compete with", "was to compete with", "rival"
)
_PARTNER = Side(
    "Partners", "works with", "worked with", "is to work with", "was to work with", "partner"
)

# In the order of a company's page. A supplier is stored as the other company's customer.
WORDINGS: dict[RelationType, Wording] = {
    "parent": Wording(
        "Owners and subsidiaries",
        Side("Owns", "owns", "owned", "is to own", "was to own", "owner"),
        Side(
            "Owned by", "is owned by", "was owned by", "is to be owned by", "was to be owned by",
            "subsidiary",
        ),
    ),
    "acquisition": Wording(
        "Acquisitions",
        Side("Bought", "has bought", "once owned", "is to buy", "was to buy", "buyer"),
        Side(
            "Bought by", "has been bought by", "once belonged to", "is to be bought by",
            "was to be bought by", "acquisition",
        ),
        once=True,
    ),
    "minority stake": Wording(
        "Minority stakes",
        Side(
            "Minority stakes in", "owns {part}", "owned {part}", "is to own {part}",
            "was to own {part}", "{part} owner", "a minority stake in", "minority", " of",
        ),
        Side(
            "Part-owned by", "is {part} owned by", "was {part} owned by",
            "is to be {part} owned by", "was to be {part} owned by", "{part} owned", "partly",
        ),
    ),
    "investor": Wording(
        "Investments",
        Side(
            "Invested in", "is an investor in", "was an investor in", "is to invest in",
            "was to invest in", "investor",
        ),
        Side(
            "Investors", "is backed by", "was backed by", "is to be backed by",
            "was to be backed by", "investment",
        ),
    ),
    "customer": Wording(
        "Customers and suppliers",
        Side(
            "Suppliers", "is a customer of", "was a customer of", "is to become a customer of",
            "was to become a customer of", "customer",
        ),
        Side("Customers", "sells to", "sold to", "is to sell to", "was to sell to", "supplier"),
    ),
    "partner": Wording("Partners", _PARTNER, _PARTNER),
    "rival": Wording("Rivals", _RIVAL, _RIVAL),
    "hired from": Wording(
        "Staff hired away",
        Side(
            "Hired from", "has hired from", "hired from", "is to hire from", "was to hire from",
            "hired its staff",
        ),
        Side(
            "Lost staff to", "has lost staff to", "lost staff to", "is to lose staff to",
            "was to lose staff to", "lost staff to it",
        ),
        once=True,
    ),
    "employs": Wording(
        "Staff at another company",
        Side(
            "Employs staff from", "employs staff from", "employed staff from",
            "is to employ staff from", "was to employ staff from", "employs its staff",
        ),
        Side(
            "Has staff at", "has staff at", "had staff at", "is to have staff at",
            "was to have staff at", "has staff there",
        ),
    ),
    "litigates": Wording(
        "Lawsuits",
        Side("Suing", "is suing", "sued", "is to sue", "was to sue", "plaintiff"),
        Side(
            "Sued by", "is being sued by", "was sued by", "is to be sued by", "was to be sued by",
            "defendant",
        ),
    ),
}  # fmt: skip

# The states of a relation, in words; a current one needs none.
STATES: dict[State, str] = {
    "current": "", "planned": "planned", "ending": "ending", "former": "over",
}  # fmt: skip


def verb(side: Side, state: State, planned: bool, share: str = "") -> str:
    """Return the words between two companies for a relation as it stands."""
    if state == "former":
        text = side.would if planned else side.was
    else:
        text = side.will if state == "planned" else side.holds
    return text.format(part=f"{share}{side.joint}" if share else side.part)


def role(side: Side, share: str = "") -> str:
    """Return a company's role towards the other."""
    return side.role.format(part=share or side.rough or side.part)
