"""A kind of relation -> the words for it, from each side: as a heading, in a sentence, on a map."""

from __future__ import annotations

from typing import NamedTuple

from builder.ledger.relations import State
from builder.model.relation import RelationType


class Side(NamedTuple):
    """A relation as one of its two companies has it. The verbs are those of a sentence that begins
    with this company; `{part}` is where a share such as 49% stands, or else `part`."""

    group: str  # what the others are to it, over a list of them
    holds: str  # it is so
    was: str  # it was so
    will: str  # it is planned
    would: str  # it was planned, and came to nothing
    role: str  # what this company is to the other, on a map
    part: str = ""


class Wording(NamedTuple):
    """The kind's name, and both sides. What happens once, such as a purchase, is dated by the day
    on which it did."""

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

# In the order in which a company's page has them. A supplier is kept as the other's customer.
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
        "Purchases",
        Side("Bought", "has bought", "once owned", "is to buy", "was to buy", "buyer"),
        Side(
            "Bought by", "has been bought by", "once belonged to", "is to be bought by",
            "was to be bought by", "bought by it",
        ),
        once=True,
    ),
    "minority stake": Wording(
        "Minority stakes",
        Side(
            "Owns part of", "owns {part} of", "owned {part} of", "is to own {part} of",
            "was to own {part} of", "holds {part}", "a minority",
        ),
        Side(
            "Partly owned by", "is {part} owned by", "was {part} owned by",
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
            "was to be backed by", "invested in",
        ),
    ),
    "customer": Wording(
        "Customers and suppliers",
        Side(
            "Suppliers", "is a customer of", "was a customer of", "is to be a customer of",
            "was to be a customer of", "customer",
        ),
        Side("Customers", "sells to", "sold to", "is to sell to", "was to sell to", "supplier"),
    ),
    "partner": Wording("Partners", _PARTNER, _PARTNER),
    "rival": Wording("Rivals", _RIVAL, _RIVAL),
    "hired from": Wording(
        "People hired away",
        Side(
            "Hired from", "has hired from", "hired from", "is to hire from", "was to hire from",
            "hired its people",
        ),
        Side(
            "Lost people to", "has lost people to", "lost people to", "is to lose people to",
            "was to lose people to", "lost people to it",
        ),
        once=True,
    ),
    "employs": Wording(
        "People at another company",
        Side(
            "Employs people of", "employs people of", "employed people of",
            "is to employ people of", "was to employ people of", "employs its people",
        ),
        Side(
            "Has people at", "has people at", "had people at", "is to have people at",
            "was to have people at", "has people there",
        ),
    ),
    "litigates": Wording(
        "Lawsuits",
        Side("Suing", "is suing", "sued", "is to sue", "was to sue", "plaintiff"),
        Side(
            "Sued by", "is being sued by", "was sued by", "is to be sued by", "was to be sued by",
            "sued by it",
        ),
    ),
}  # fmt: skip

# What a state is called beside a relation; one that holds needs no word.
STATES: dict[State, str] = {
    "current": "", "planned": "planned", "ending": "ending", "former": "over",
}  # fmt: skip


def verb(side: Side, state: State, planned: bool, share: str = "") -> str:
    """The words between two companies, for a relation as it stands."""
    if state == "former":
        text = side.would if planned else side.was
    else:
        text = side.will if state == "planned" else side.holds
    return text.format(part=share or side.part)


def role(side: Side, share: str = "") -> str:
    """What a company is to the other."""
    return side.role.format(part=share or side.part)
