"""site.yaml: the authors of briefs."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Struct

from builder.model.values import FediverseAccount, Line, MediaFile, Slug, Text, Url
from builder.names.keys import page_address


class Author(Struct, frozen=True, kw_only=True):
    """An author of briefs.

    One that is only text is the name. A person has a page; a desk has one if any of `summary`,
    `url`, `same_as`, `fediverse` and `picture` is given."""

    from_text: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[Line, "The name in bylines and feeds."]
    slug: Annotated[
        Slug,
        "The name of the author in briefs, and the last part of the address of the author's page"
        " (default: the slug of `name`).",
    ] = Slug("")
    formerly: Annotated[
        tuple[Line, ...],
        "Former names or slugs: briefs may still use them, and the addresses that they gave the"
        " author's page redirect to it.",
    ] = ()
    kind: Annotated[
        Literal["person", "organization"], "Whether the author is a person or a desk."
    ] = "person"
    summary: Annotated[Text, "The author in one or two sentences."] = Text("")
    url: Annotated[Url, "The address of the author's own website."] = Url("")
    same_as: Annotated[
        tuple[Url, ...], "The addresses of profiles elsewhere, which are certainly the author's."
    ] = ()
    fediverse: Annotated[
        FediverseAccount, "The account in the fediverse (Mastodon): ann@social.example."
    ] = FediverseAccount("")
    picture: Annotated[MediaFile, "A portrait: the path of a picture below content/media/."] = (
        MediaFile("")
    )
    declared: Line = Line("")  # the name in site.yaml, if an edition has another

    @property
    def page(self) -> str:
        """The address of the page that lists the author's briefs, or nothing."""
        told = self.summary or self.url or self.same_as or self.fediverse or self.picture
        has_page = self.slug and (self.kind == "person" or told)
        return page_address("authors", self.slug) if has_page else ""
