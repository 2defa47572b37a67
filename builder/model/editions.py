"""Editions: the same site in another language, and what of a record is translated."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Struct

from builder.model.values import Address, AuthorName, Line, Slug, Text

# What an edition does with a brief that is not translated into its language.
Fallback = Literal["list", "hide"]


class MenuItem(Struct, frozen=True, kw_only=True):
    """A link in the menu or the footer."""

    name: Annotated[Line, "The text of the link."]
    url: Annotated[Address, "An address on this site or another."]


class TranslatedName(Struct, frozen=True, kw_only=True):
    """The name and the summary of a record in another language.

    One that is only text is the name."""

    from_text: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[Line, "The name in this language (default: the same)."] = Line("")
    summary: Annotated[Text, "The summary in this language."] = Text("")


class TranslatedTitle(Struct, frozen=True, kw_only=True):
    """The title and the summary of a thread in another language.

    One that is only text is the title."""

    from_text: ClassVar[tuple[str, ...]] = ("title",)

    title: Annotated[Line, "The title in this language."] = Line("")
    summary: Annotated[Text, "The summary in this language."] = Text("")


class MessageText(Struct, frozen=True, kw_only=True):
    """The translation of a message of the interface, with a text for each plural form.

    One that is only text is `other`, which a message that is not about a number needs alone. The
    others are the plural categories of CLDR; a language has some of them."""

    from_text: ClassVar[tuple[str, ...]] = ("other",)

    one: Annotated[Line, "The text for one thing: `{n} bericht`."] = Line("")
    other: Annotated[Line, "The text, or that for any other number: `{n} berichten`."] = Line("")
    zero: Annotated[Line, "The text for nothing, in Arabic for example."] = Line("")
    two: Annotated[Line, "The text for two things, in Arabic for example."] = Line("")
    few: Annotated[Line, "The text for few things, in Polish for example."] = Line("")
    many: Annotated[Line, "The text for many things, in Polish for example."] = Line("")


class Edition(Struct, frozen=True, kw_only=True):
    """The site in another language, below an address of its own."""

    title: Annotated[Line, "The name of the edition (default: the site's)."] = Line("")
    tagline: Annotated[Line, "A few words below the name."] = Line("")
    description: Annotated[Text, "The edition in one or two sentences."] = Text("")
    base: Annotated[
        Line, "Where its pages begin: /nl/ (default: the language tag in lower case)."
    ] = Line("")
    copyright: Annotated[Line, "The line at the foot of every page (default: the site's)."] = Line(
        ""
    )
    sections: Annotated[
        dict[Slug, TranslatedName], "The sections by slug: {deals: {name: Deals, summary: …}}."
    ] = {}
    watchlists: Annotated[
        dict[Slug, TranslatedName], "The watchlists by slug: {chip-makers: Chipmakers}."
    ] = {}
    authors: Annotated[dict[Slug, TranslatedName], "The authors by slug: {desk: De redactie}."] = {}
    menu: Annotated[
        tuple[MenuItem, ...], "Links in the menu, after the sections (default: as in `menu`)."
    ] = ()
    footer: Annotated[tuple[MenuItem, ...], "Links at the foot of pages."] = ()
    fallback: Annotated[
        Fallback,
        "Whether lists also show briefs that are not translated, marked with their language"
        " (list), or leave them out (hide).",
    ] = "list"


class TranslatedBy(Struct, frozen=True, kw_only=True):
    """Who translated a brief, which its page says.

    One that is only text is `by`."""

    from_text: ClassVar[tuple[str, ...]] = ("by",)

    by: Annotated[
        Literal["person", "machine"],
        "Whether a person or a machine translated it. A machine translation that nobody has"
        " reviewed is not published.",
    ] = "person"
    reviewed_by: Annotated[
        tuple[AuthorName, ...],
        "Who has compared the translation with the original: authors of site.yaml.",
    ] = ()

    @property
    def unreviewed(self) -> bool:
        """Whether it is a machine translation that nobody has reviewed."""
        return self.by == "machine" and not self.reviewed_by
