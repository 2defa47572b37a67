"""site.yaml: sections, authors, menus, targets."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Struct, field

from builder.model.author import Author
from builder.model.cards import Cards
from builder.model.editions import Edition, Fallback, MenuItem, MessageText
from builder.model.feeds import FeedSettings
from builder.model.machine_use import SAYS_NOTHING, AiUse, RecordFormat
from builder.model.mail import MailSettings, Subscribe
from builder.model.replies import ReplySettings
from builder.model.sharing import Feedback
from builder.model.targets import TargetSettings
from builder.model.time import PartialDate
from builder.model.values import (
    Address,
    AssetName,
    AuthorName,
    Colour,
    LanguageTag,
    Line,
    OldAddress,
    Slug,
    Text,
    TimeZone,
    Url,
    WarningCode,
)
from builder.model.watchlist import Watchlist
from builder.names.keys import SlugStyle, in_address

# Hosts that read files in output/; servers whose configuration `slugline hosting` prints.
Hosting = Literal["netlify", "cloudflare", "caddy", "nginx"]


class Section(Struct, frozen=True, kw_only=True):
    """A section of the site.

    One that is only text is the name."""

    from_text: ClassVar[tuple[str, ...]] = ("name",)

    name: Annotated[Line, "The name in menus."]
    slug: Annotated[
        Slug, "The address of the section, and its name in briefs (default: the slug of `name`)."
    ] = Slug("")
    summary: Annotated[Text, "The subject in one sentence."] = Text("")
    declared: Line = Line("")  # the name in site.yaml, if an edition has another

    @property
    def url(self) -> str:
        return f"/{in_address(self.slug)}/"


class MovedAddress(Struct, frozen=True, kw_only=True):
    """An address of a former site, such as that of a list or a feed, and where it leads now."""

    old: Annotated[OldAddress, "The path on the former site: `/index.xml`, `/tags/ai/`."] = field(
        name="from"
    )
    to: Annotated[Address, "The path on this site: `/feed.xml`, `/topics/ai/`."]


class GiftLink(Struct, frozen=True, kw_only=True):
    """A parameter of links that subscribers share, whose value may be public."""

    host: Annotated[Line, "The host, such as news.example; its subdomains are included."]
    parameter: Annotated[Line, "The name of the parameter, such as shareToken."]


class CheckRule(Struct, frozen=True, kw_only=True):
    """A decision on warnings of the whole site, of a folder, or before a date."""

    codes: Annotated[tuple[WarningCode, ...], "The codes of the warnings: [long-title]."]
    severity: Annotated[
        Literal["off", "error"], "Whether the warnings are turned off, or stop a build."
    ]
    reason: Annotated[Text, "The reason, for colleagues and for `slugline check --allowed`."]
    inside: Annotated[
        Line, "Only for this file or the files in this folder: content/briefs/archive."
    ] = field(name="in", default=Line(""))
    before: Annotated[PartialDate | None, "Only for briefs with an earlier `date`."] = None


class EditorsNotes(Struct, frozen=True, kw_only=True):
    """Words that are notes to oneself, such as TK, which no reader should see."""

    add: Annotated[
        tuple[Line, ...],
        "More such words. One in capitals counts only in capitals; others count in any case.",
    ] = ()
    ignore: Annotated[tuple[Line, ...], "Words of the usual list that are not notes here."] = ()


class Limits(Struct, frozen=True, kw_only=True):
    """Sizes above which a file is an error: no newsroom needs them, but a mistake may have them."""

    items: Annotated[
        int, "The number of items in one list of the front matter: sources, topics, aliases."
    ] = 500
    paragraph: Annotated[
        int, "The number of characters in a paragraph, a cell, or a text of the front matter."
    ] = 50_000
    text: Annotated[int, "The number of characters in the text of a file."] = 500_000


class Logo(Struct, frozen=True, kw_only=True):
    """The logo, which stands in the place of the name at the head of every page."""

    from_text: ClassVar[tuple[str, ...]] = ("file",)

    file: Annotated[
        AssetName, "An SVG or a picture in `templates/assets/`, or `/media/` and its name there."
    ]
    dark: Annotated[AssetName, "The logo on a dark background (default: the same)."] = AssetName("")


class Fonts(Struct, frozen=True, kw_only=True):
    """The fonts of the site: names of packaged families, or WOFF2 files.

    The packaged ones are Inter, Newsreader and Source Serif 4. A list has the files of one family:
    `[text.woff2, text-italic.woff2]`."""

    text: Annotated[tuple[AssetName, ...], "The font of the text."] = ()
    headings: Annotated[tuple[AssetName, ...], "The font of headings (default: `text`)."] = ()
    labels: Annotated[tuple[AssetName, ...], "The font of menus, labels and tables."] = ()


class Pictures(Struct, frozen=True, kw_only=True):
    """The sizes and formats in which pictures of content/media/ are published.

    Each picture that a page shows is made in these widths, in its own format and in the others. A
    browser loads the one that fits. Drawings (SVG), GIFs and animated pictures stay as they are."""

    widths: Annotated[
        tuple[int, ...], "The widths in pixels. A picture is never made wider than it is."
    ] = (480, 960, 1600)
    formats: Annotated[
        tuple[Literal["webp", "avif"], ...],
        "The formats besides a picture's own: `webp`, `avif` or both. AVIF files are smaller but"
        " take long to make, so a preview leaves them out.",
    ] = ("webp",)
    quality: Annotated[int, "The quality of JPEG and WebP, from 1 to 100."] = 80
    largest: Annotated[
        int, "The longest side in pixels; a larger picture is scaled down before it is published."
    ] = 2400


class Settings(Struct, frozen=True, kw_only=True):
    """Settings of the whole site, in site.yaml."""

    title: Annotated[Line, "The name of the site."]
    base_url: Annotated[Url, "The address of the site: https://example.org/news."]
    time_zone: Annotated[TimeZone, "The time zone of dates without one: Europe/Amsterdam."] = (
        TimeZone("UTC")
    )
    language: Annotated[LanguageTag, "The language of the site, such as en-GB."] = LanguageTag("en")
    editions: Annotated[
        dict[LanguageTag, Edition],
        "The site in further languages: {nl: {tagline: …, base: /nl/}}. A brief is in the edition"
        " of its language.",
    ] = {}
    messages: Annotated[
        dict[LanguageTag, dict[Line, MessageText]],
        "Words of the interface, changed or added, by language and English text: {nl: {Why it"
        " matters: Waarom telt dit}}. A context stands before the text: `sign|Our tip`.",
    ] = {}
    slugs: Annotated[
        SlugStyle | None,
        "The letters of addresses, anchors and default ids. `unicode` keeps those of any script;"
        " `ascii` transliterates them, as a site without the setting does. The other form of each"
        " address then redirects.",
    ] = None
    fallback: Annotated[
        Fallback,
        "Whether lists of the main edition also show briefs that are written in the language of"
        " another edition and not translated (list), or leave them out (hide).",
    ] = "list"
    tagline: Annotated[Line, "A few words below the name."] = Line("")
    description: Annotated[Text, "The site in one or two sentences, for feeds and previews."] = (
        Text("")
    )
    publisher: Annotated[Line, "The publisher (default: the name of the site)."] = Line("")
    copyright: Annotated[Line, "The line at the foot of every page."] = Line("")
    logo: Annotated[Logo | None, "The logo, in the place of the name at the head of pages."] = None
    icon: Annotated[
        AssetName,
        "The icon of the site, a square SVG, or a PNG of at least 512 pixels. All sizes that"
        " browsers and phones ask for are made from it. Default: the first letter of the name.",
    ] = AssetName("")
    accent: Annotated[Colour, "The accent colour: `#0b5c48`."] = Colour("")
    accent_dark: Annotated[
        Colour, "The accent colour on a dark background (default: from `accent`)."
    ] = Colour("")
    fonts: Annotated[Fonts | None, "The fonts (default: those of the reader's device)."] = None
    style: Annotated[
        AssetName, "A style sheet in `templates/assets/` that follows Slugline's: custom.css."
    ] = AssetName("")
    mark: Annotated[
        Literal["none", "triangle", "square", "circle"],
        "A sign in the accent colour behind the name and at the end of a brief.",
    ] = "none"
    pictures: Annotated[
        Pictures, "The sizes and formats of pictures: {widths: [480, 960], formats: [webp, avif]}."
    ] = Pictures()
    author: Annotated[tuple[AuthorName, ...], "The authors of briefs that declare none."] = ()
    authors: Annotated[tuple[Author, ...], "The authors of briefs."] = ()
    sections: Annotated[tuple[Section, ...], "The sections, in the order of the menu."] = ()
    watchlists: Annotated[
        tuple[Watchlist, ...],
        "Lists of briefs on several companies, topics, people or sections, each with a page and a"
        " feed: [{name: Chip makers, companies: [Nvidia, AMD]}].",
    ] = ()
    menu: Annotated[
        tuple[MenuItem, ...],
        "Links in the menu, after the sections (default: to each kind of page that the site has).",
    ] = ()
    footer: Annotated[
        tuple[MenuItem, ...],
        "Links at the foot of pages (default: to plain pages, and to each other kind of page).",
    ] = ()
    moved: Annotated[
        tuple[MovedAddress, ...],
        "Addresses of a former site that belong to no record: lists and feeds. One that leads to a"
        " feed is a copy of it, so that subscribers keep receiving it.",
    ] = ()
    distinct: Annotated[
        tuple[tuple[Line, ...], ...],
        "Names that resemble each other but differ in meaning: [GPT-4, GPT-4o].",
    ] = ()
    editors_notes: Annotated[
        EditorsNotes | None,
        "Words that `check` reports as notes to oneself, besides TK, TODO, FIXME, XXX, `[check]`,"
        " lorem ipsum and the like.",
    ] = None
    cards: Annotated[
        Cards,
        "Share cards, the pictures that link previews show: `false`, or `{newest: 100}`.",
    ] = Cards()
    feedback: Annotated[
        Feedback | None,
        "Where readers report errors and reply: an e-mail address, the address of a form, or"
        " `{error: …, reply: …}`.",
    ] = None
    replies: Annotated[
        ReplySettings | None,
        "Where webmentions of the site are received, for `slugline replies`:"
        " `{endpoint: …, webmentions: …}`.",
    ] = None
    short_addresses: Annotated[
        bool,
        "Whether each brief also has a short address with its id, `/b/7f3k9q2m/`, which redirects"
        " to it and is what readers cite. Each is a small page more.",
    ] = False
    deploy: Annotated[
        dict[Slug, TargetSettings],
        "The targets of `slugline deploy`, by names that you choose: production, staging.",
    ] = {}
    subscribe: Annotated[
        Subscribe | None,
        "The form with which readers subscribe by e-mail: {sender: buttondown, name: groundtruth}.",
    ] = None
    mail: Annotated[MailSettings, "The sender of messages that `slugline mail` makes."] = (
        MailSettings()
    )
    search: Annotated[bool, "Whether readers can search the site."] = True
    per_page: Annotated[int, "The minimum number of briefs on a page of a list."] = 20
    feed_items: Annotated[int, "The number of briefs in a feed."] = 20
    feed_size: Annotated[
        int,
        "The size of a feed in kilobytes. It has the newest texts in full while they fit; of older"
        " ones it has the standfirst and a link.",
    ] = 512
    feeds: Annotated[FeedSettings, "The formats of feeds: {formats: [rss, json]}."] = FeedSettings()
    hub: Annotated[
        Url,
        "A WebSub hub, which sends new briefs to feed readers at once. Feeds name it, and each"
        " deploy notifies it of the feeds that have changed.",
    ] = Url("")
    ai_use: Annotated[
        AiUse,
        "What AI systems may do with the texts: {search: yes, input: yes, train: no}. Default:"
        " nothing is said.",
    ] = SAYS_NOTHING
    markdown: Annotated[
        bool,
        "Whether each brief is published as Markdown too, beside its page (`index.md`), and an"
        " outline of the site as `llms.txt`.",
    ] = False
    record: Annotated[
        tuple[RecordFormat, ...],
        "The formats in which the whole record is published at `/record/`: [json, sqlite]. Each"
        " change of front matter makes these files again.",
    ] = ()
    as_known: Annotated[
        bool,
        "Whether each month that is over has a page with what changed in the record in it, as it"
        " was known at its end.",
    ] = True
    news_sitemap: Annotated[
        bool,
        "Whether to list the briefs of the last two days in /news-sitemap.xml, for Google News."
        " Each leaves it two days after its publication: a scheduled change, which needs a build.",
    ] = False
    hosting: Annotated[
        Hosting | None,
        "What serves the site. For netlify and cloudflare, a build writes `_headers` and"
        " `_redirects` into output/; for caddy and nginx, `slugline hosting` prints the"
        " configuration.",
    ] = None
    html: Annotated[
        Literal["off", "safe"],
        "HTML tags in a text: shown as text (off), or kept as far as they are safe (safe).",
    ] = "off"
    embeds: Annotated[
        tuple[Line, ...],
        "Hosts whose pages a text may show in an `<iframe>`, with `html: safe`:"
        " www.youtube-nocookie.com.",
    ] = ()
    checks: Annotated[
        tuple[CheckRule, ...],
        "Warnings to turn off or to treat as errors. If several rules apply, the last one decides.",
    ] = ()
    trusted: Annotated[
        tuple[Url, ...],
        "Other sites from which pages may load scripts and images: https://stats.example.",
    ] = ()
    gift_links: Annotated[
        tuple[GiftLink, ...],
        "Gift links of publishers whose tokens `check` would take for secrets.",
    ] = ()
    limits: Annotated[
        Limits, "Sizes above which a file is an error, so that a mistake stops no build."
    ] = Limits()

    main_language: str = ""  # of the main edition, in the settings of an edition
    edition: str = ""  # where the pages of an edition begin, without a slash at the end: /nl
    preview: bool = False  # whether pages say that they are a preview, and search engines stay out

    @property
    def slug_style(self) -> SlugStyle:
        """The style of slugs; the default is ASCII, without redirects from Unicode."""
        return self.slugs or "ascii"

    @property
    def root_url(self) -> str:
        """The address of the whole site, with all editions."""
        return self.base_url.removesuffix(self.edition)

    @property
    def frames(self) -> tuple[str, ...]:
        """The hosts whose pages may be in frames."""
        return self.embeds if self.html == "safe" else ()

    @property
    def forms(self) -> tuple[str, ...]:
        """The origins to which forms of pages are sent."""
        host = self.subscribe.form_origin if self.subscribe else ""
        own = ("'self'",) if self.search else ()
        return (*own, host) if host else own
