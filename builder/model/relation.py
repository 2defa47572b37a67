"""Relations between companies."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct, field

from builder.model.time import Ending, PartialDate
from builder.model.values import CompanyName, Slug

RelationType = Literal[
    "parent", "minority stake", "acquisition", "investor", "customer", "supplier", "partner",
    "rival", "hired from", "employs", "litigates",
]  # fmt: skip


class Relation(Struct, frozen=True, kw_only=True):
    """A relation: Google (`from`) is a customer (`type`) of Scale AI (`to`)."""

    subject: Annotated[CompanyName, "The company that the relation describes."] = field(name="from")
    type: Annotated[RelationType, "The role of the company: parent, customer, rival."]
    to: Annotated[CompanyName, "The other company."]
    since: Annotated[
        PartialDate | None,
        "The start; for a planned relation, the date of the agreement or planned start.",
    ] = None
    until: Annotated[Ending | None, "The past or planned end: a date, or `planned`."] = None
    planned: Annotated[bool, "Whether it is announced but has not begun."] = False
    figure: Annotated[Slug, "The id of the figure that measures it: a stake, a price."] = Slug("")
    source: Annotated[Slug, "The id of the source that reports the relation."] = Slug("")
