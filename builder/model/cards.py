"""site.yaml: which pages have a share card."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Struct


class Cards(Struct, frozen=True, kw_only=True):
    """Share cards: pictures of pages for link previews, made from the record.

    One that is only text is `show`: `cards: false`."""

    from_text: ClassVar[tuple[str, ...]] = ("show",)

    show: Annotated[bool, "Whether there are any."] = True
    newest: Annotated[
        int,
        "How many of the newest briefs, and of the weekly digests, have one: at least as many, and"
        " fewer than twice as many, because they lose it in blocks of this number.",
    ] = 50
    companies: Annotated[bool, "Whether companies have one."] = True
    threads: Annotated[bool, "Whether threads have one."] = True
    digests: Annotated[bool, "Whether the weekly digests have one."] = True
    instead_of_pictures: Annotated[
        bool, "Whether previews show the card also of a brief with a picture."
    ] = False
