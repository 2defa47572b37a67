"""The wording of each kind of relation, from both sides.

A relation is one message for each kind, side and tense, so a translation can move its parts."""

from __future__ import annotations

from typing import NamedTuple

from builder.language.words import Words, message, pieces_of
from builder.ledger.relations import State
from builder.model.relation import RelationType


class Sentences(NamedTuple):
    """Messages about two companies; `<a>` surrounds what joins them."""

    holds: str  # current
    was: str  # ended
    will: str  # planned
    would: str  # planned and abandoned


class Side(NamedTuple):
    """The wording of a relation as seen from one of its companies, `first`."""

    group: str  # heading over a list of the other companies
    sentences: Sentences
    role: str  # this company's role towards the other, on a map
    shares: Sentences | None = None  # with a share such as 49%, {part}
    shared_role: str = ""


class Wording(NamedTuple):
    """The name of a kind of relation, with both sides' wording.

    A kind that happens `once`, such as an acquisition, has a date instead of a period.
    """

    name: str
    of: Side
    to: Side
    once: bool = False


_RIVAL = Side(
    message("Rivals", "relations"),
    Sentences(
        message("{first} <a>competes with</a> {second}"),
        message("{first} <a>competed with</a> {second}"),
        message("{first} <a>is to compete with</a> {second}"),
        message("{first} <a>was to compete with</a> {second}"),
    ),
    message("rival", "map"),
)
_PARTNER = Side(
    message("Partners", "relations"),
    Sentences(
        message("{first} <a>works with</a> {second}"),
        message("{first} <a>worked with</a> {second}"),
        message("{first} <a>is to work with</a> {second}"),
        message("{first} <a>was to work with</a> {second}"),
    ),
    message("partner", "map"),
)

# In the order of a company's page. A supplier is stored as the other company's customer.
# Translators: {first} and {second} are companies, {part} is a share such as 49%.
WORDINGS: dict[RelationType, Wording] = {
    "parent": Wording(
        message("Owners and subsidiaries", "relations"),
        Side(
            message("Owns", "relations"),
            Sentences(
                message("{first} <a>owns</a> {second}"),
                message("{first} <a>owned</a> {second}"),
                message("{first} <a>is to own</a> {second}"),
                message("{first} <a>was to own</a> {second}"),
            ),
            message("owner", "map"),
        ),
        Side(
            message("Owned by", "relations"),
            Sentences(
                message("{first} <a>is owned by</a> {second}"),
                message("{first} <a>was owned by</a> {second}"),
                message("{first} <a>is to be owned by</a> {second}"),
                message("{first} <a>was to be owned by</a> {second}"),
            ),
            message("subsidiary", "map"),
        ),
    ),
    "acquisition": Wording(
        message("Acquisitions", "relations"),
        Side(
            message("Bought", "relations"),
            Sentences(
                message("{first} <a>has bought</a> {second}"),
                message("{first} <a>once owned</a> {second}"),
                message("{first} <a>is to buy</a> {second}"),
                message("{first} <a>was to buy</a> {second}"),
            ),
            message("buyer", "map"),
        ),
        Side(
            message("Bought by", "relations"),
            Sentences(
                message("{first} <a>has been bought by</a> {second}"),
                message("{first} <a>once belonged to</a> {second}"),
                message("{first} <a>is to be bought by</a> {second}"),
                message("{first} <a>was to be bought by</a> {second}"),
            ),
            message("acquisition", "map"),
        ),
        once=True,
    ),
    "minority stake": Wording(
        message("Minority stakes", "relations"),
        Side(
            message("Minority stakes in", "relations"),
            Sentences(
                message("{first} <a>owns a minority stake in</a> {second}"),
                message("{first} <a>owned a minority stake in</a> {second}"),
                message("{first} <a>is to own a minority stake in</a> {second}"),
                message("{first} <a>was to own a minority stake in</a> {second}"),
            ),
            message("minority owner", "map"),
            Sentences(
                message("{first} <a>owns {part} of</a> {second}"),
                message("{first} <a>owned {part} of</a> {second}"),
                message("{first} <a>is to own {part} of</a> {second}"),
                message("{first} <a>was to own {part} of</a> {second}"),
            ),
            message("{part} owner", "map"),
        ),
        Side(
            message("Part-owned by", "relations"),
            Sentences(
                message("{first} <a>is partly owned by</a> {second}"),
                message("{first} <a>was partly owned by</a> {second}"),
                message("{first} <a>is to be partly owned by</a> {second}"),
                message("{first} <a>was to be partly owned by</a> {second}"),
            ),
            message("partly owned", "map"),
            Sentences(
                message("{first} <a>is {part} owned by</a> {second}"),
                message("{first} <a>was {part} owned by</a> {second}"),
                message("{first} <a>is to be {part} owned by</a> {second}"),
                message("{first} <a>was to be {part} owned by</a> {second}"),
            ),
            message("{part} owned", "map"),
        ),
    ),
    "investor": Wording(
        message("Investments", "relations"),
        Side(
            message("Invested in", "relations"),
            Sentences(
                message("{first} <a>is an investor in</a> {second}"),
                message("{first} <a>was an investor in</a> {second}"),
                message("{first} <a>is to invest in</a> {second}"),
                message("{first} <a>was to invest in</a> {second}"),
            ),
            message("investor", "map"),
        ),
        Side(
            message("Investors", "relations"),
            Sentences(
                message("{first} <a>is backed by</a> {second}"),
                message("{first} <a>was backed by</a> {second}"),
                message("{first} <a>is to be backed by</a> {second}"),
                message("{first} <a>was to be backed by</a> {second}"),
            ),
            message("investment", "map"),
        ),
    ),
    "customer": Wording(
        message("Customers and suppliers", "relations"),
        Side(
            message("Suppliers", "relations"),
            Sentences(
                message("{first} <a>is a customer of</a> {second}"),
                message("{first} <a>was a customer of</a> {second}"),
                message("{first} <a>is to become a customer of</a> {second}"),
                message("{first} <a>was to become a customer of</a> {second}"),
            ),
            message("customer", "map"),
        ),
        Side(
            message("Customers", "relations"),
            Sentences(
                message("{first} <a>sells to</a> {second}"),
                message("{first} <a>sold to</a> {second}"),
                message("{first} <a>is to sell to</a> {second}"),
                message("{first} <a>was to sell to</a> {second}"),
            ),
            message("supplier", "map"),
        ),
    ),
    "partner": Wording(message("Partners", "relations"), _PARTNER, _PARTNER),
    "rival": Wording(message("Rivals", "relations"), _RIVAL, _RIVAL),
    "hired from": Wording(
        message("Staff hired away", "relations"),
        Side(
            message("Hired from", "relations"),
            Sentences(
                message("{first} <a>has hired from</a> {second}"),
                message("{first} <a>hired from</a> {second}"),
                message("{first} <a>is to hire from</a> {second}"),
                message("{first} <a>was to hire from</a> {second}"),
            ),
            message("hired its staff", "map"),
        ),
        Side(
            message("Lost staff to", "relations"),
            Sentences(
                message("{first} <a>has lost staff to</a> {second}"),
                message("{first} <a>lost staff to</a> {second}"),
                message("{first} <a>is to lose staff to</a> {second}"),
                message("{first} <a>was to lose staff to</a> {second}"),
            ),
            message("lost staff to it", "map"),
        ),
        once=True,
    ),
    "employs": Wording(
        message("Staff at another company", "relations"),
        Side(
            message("Employs staff from", "relations"),
            Sentences(
                message("{first} <a>employs staff from</a> {second}"),
                message("{first} <a>employed staff from</a> {second}"),
                message("{first} <a>is to employ staff from</a> {second}"),
                message("{first} <a>was to employ staff from</a> {second}"),
            ),
            message("employs its staff", "map"),
        ),
        Side(
            message("Has staff at", "relations"),
            Sentences(
                message("{first} <a>has staff at</a> {second}"),
                message("{first} <a>had staff at</a> {second}"),
                message("{first} <a>is to have staff at</a> {second}"),
                message("{first} <a>was to have staff at</a> {second}"),
            ),
            message("has staff there", "map"),
        ),
    ),
    "litigates": Wording(
        message("Lawsuits", "relations"),
        Side(
            message("Suing", "relations"),
            Sentences(
                message("{first} <a>is suing</a> {second}"),
                message("{first} <a>sued</a> {second}"),
                message("{first} <a>is to sue</a> {second}"),
                message("{first} <a>was to sue</a> {second}"),
            ),
            message("plaintiff", "map"),
        ),
        Side(
            message("Sued by", "relations"),
            Sentences(
                message("{first} <a>is being sued by</a> {second}"),
                message("{first} <a>was sued by</a> {second}"),
                message("{first} <a>is to be sued by</a> {second}"),
                message("{first} <a>was to be sued by</a> {second}"),
            ),
            message("defendant", "map"),
        ),
    ),
}

# The states of a relation, as contexts have them; a current one needs none.
STATES: dict[State, str] = {
    "current": "", "planned": "planned", "ending": "ending", "former": "over",
}  # fmt: skip


class SentencePart(NamedTuple):
    """A part of a sentence: `first`, `second`, what is in `<a>` (`verb`), or plain text."""

    kind: str
    text: str = ""


def sentence_parts(
    words: Words, side: Side, state: State, planned: bool, share: str = ""
) -> tuple[list[SentencePart], bool]:
    """Return a relation in parts, and whether its words are missing."""
    sentences = side.shares if share and side.shares else side.sentences
    if state == "former":
        key = sentences.would if planned else sentences.was
    else:
        key = sentences.will if state == "planned" else sentences.holds
    text, missing = words.text(key)
    parts: list[SentencePart] = []
    inside = ""
    for piece in pieces_of(text):
        if piece in ("<a>", "</a>"):
            inside = "verb" if piece == "<a>" else ""
        elif piece in ("{first}", "{second}"):
            parts.append(SentencePart(piece[1:-1]))
        else:
            said = share if piece == "{part}" else piece
            kind = inside or "text"
            if parts and parts[-1].kind == kind:
                parts[-1] = SentencePart(kind, parts[-1].text + said)
            else:
                parts.append(SentencePart(kind, said))
    return parts, missing


def role(words: Words, side: Side, share: str = "") -> str:
    """Return a company's role towards the other."""
    if share and side.shared_role:
        return words.key(side.shared_role, {"part": share})
    return words.key(side.role)
