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
    """What one company is to another: Google (`from`) is a customer (`type`) of Scale AI (`to`)."""

    subject: Annotated[CompanyName, "The company that is something to the other."] = field(
        name="from"
    )
    type: Annotated[RelationType, "What it is to the other: its parent, customer, rival."]
    to: Annotated[CompanyName, "The other company."]
    since: Annotated[
        PartialDate | None, "When it began; of a planned one, when it was agreed or is to begin."
    ] = None
    until: Annotated[Ending | None, "When it ended or is to end: a date, or `planned`."] = None
    planned: Annotated[bool, "Whether it is announced and has not begun: a purchase agreed."] = (
        False
    )
    figure: Annotated[Slug, "The id of the figure that measures it: a stake, what is paid."] = Slug(
        ""
    )
    source: Annotated[Slug, "The id of the source that says so."] = Slug("")
