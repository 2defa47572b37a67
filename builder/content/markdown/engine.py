"""Renders a Markdown body to HTML, and collects its headings and links.

CommonMark through markdown-it-py, with tables, strikethrough, footnotes and the rules in `RULES`.
References become numbered placeholders (law 2). HTML is shown as text, or kept as far as it is
safe (`html: safe`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_core import StateCore, normalize, text_join
from markdown_it.rules_inline import autolink, image, link
from mdit_py_plugins.footnote import footnote_plugin

from builder.content.document import Document
from builder.content.limits import NO_LIMITS
from builder.content.markdown.anchors import next_anchor
from builder.content.markdown.bare_links import BARE, bare_link, has_bare
from builder.content.markdown.comments import remove_comments
from builder.content.markdown.company_links import link_companies
from builder.content.markdown.directions import set_directions
from builder.content.markdown.emphasis import emphasis
from builder.content.markdown.figures import mark_figures
from builder.content.markdown.html import (
    footnote_anchor,
    footnote_ref,
    footnotes_open,
    paragraph_close,
    paragraph_open,
    table_close,
    table_open,
)
from builder.content.markdown.html_elements import clean, is_comparison
from builder.content.markdown.links import check_links, figure_rule, find_references, reference_rule
from builder.content.markdown.numbered import report_numbers
from builder.content.markdown.places import span_place, spanned, text_offset
from builder.content.markdown.plain_html import plain_html
from builder.content.markdown.safe_html import read_html
from builder.content.markdown.sizes import check_sizes
from builder.content.markdown.unread import report_unread
from builder.content.markdown.work import (
    RenderState,
    block_place,
    collect,
    inlines,
    plain_text,
    text_of,
    work_of,
)
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.language.direction import direction
from builder.language.reading import count_words
from builder.language.smart_quotes import continue_quotation, replace_quotes
from builder.language.typography import apostrophes, punctuate, punctuation_signs, quotation_marks
from builder.model.body import Body, Heading
from builder.model.entity import CompanyNames
from builder.model.settings import Limits
from builder.names.keys import SlugStyle
from builder.patterns import pattern


class Rendered(NamedTuple):
    """A rendered text, what is wrong with it, and whether its blocks were read quickly."""

    body: Body
    problems: list[Diagnostic]
    quick: bool | None = None  # None without a text


def render_body(
    document: Document,
    language: str,
    companies: tuple[CompanyNames, ...] = (),
    base_url: str = "",
    html: str = "off",
    embeds: Iterable[str] = (),
    limits: Limits = NO_LIMITS,
    slugs: SlugStyle = "ascii",
) -> tuple[Body, list[Diagnostic]]:
    """Render a document's body in a language.

    The first mention of each of `companies` becomes a link. A link below `base_url` counts as
    internal. `html`, `embeds`, `limits` and `slugs` are settings of the site."""
    return render_text(document, language, companies, base_url, html, embeds, limits, slugs)[:2]


def render_text(
    document: Document,
    language: str,
    companies: tuple[CompanyNames, ...],
    base_url: str,
    html: str,
    embeds: Iterable[str],
    limits: Limits,
    slugs: SlugStyle,
) -> Rendered:
    """Render a body as `render_body` does, and say how it was read."""
    if not document.body.strip():
        return Rendered(Body(), [])
    source, lines = remove_comments(document.body)
    site = base_url, html, frozenset(embeds), limits, slugs
    work = RenderState(document, language, companies, *site)
    rendered = None if lines else plain_html(work, source, _marks(language), _printed_address)
    quick = rendered is not None
    if rendered is None:
        work = RenderState(document, language, companies, *site)
        work.lines = lines
        rendered = _engine(language, html == "safe").render(source, {"work": work})
        if work.raw_html:
            rendered = clean(rendered)
    body = Body(
        rendered.replace("\x0c", " ").strip(),  # the entity `&#12;` yields one
        work.words,
        tuple(work.headings),
        tuple(work.references),
        tuple(work.links),
    )
    return Rendered(body, work.problems, quick)


@cache
def _marks(language: str) -> list[str]:
    return quotation_marks(language)


@cache
def _engine(language: str, html: bool = False) -> MarkdownIt:
    engine = MarkdownIt(
        "commonmark",
        {
            "html": html,
            "xhtmlOut": False,
            "typographer": True,
            "quotes": _marks(language),
        },
    )
    engine.enable(["table", "strikethrough", "smartquotes"])
    if not html:  # these two rules do nothing but cost time
        engine.disable(["html_block", "html_inline"])
    footnote_plugin(engine)
    engine.inline.ruler.at("emphasis", emphasis)
    engine.inline.ruler.at("link", spanned(link, "link_open"))
    engine.inline.ruler.at("image", spanned(image, "image"))
    engine.inline.ruler.at("autolink", spanned(autolink, "link_open"))
    engine.inline.ruler.before("newline", "bare-link", bare_link)
    engine.inline.ruler.before("link", "reference", reference_rule)
    engine.inline.ruler.before("link", "figure", figure_rule)
    # Every address is accepted here; `check_links` checks it and knows its place.
    engine.validateLink = lambda url: True  # type: ignore[method-assign]
    engine.core.ruler.after("block", "lines", _lines)
    engine.core.ruler.after("lines", "sizes", check_sizes)
    engine.core.ruler.after("inline", "raw-html", _raw_html)
    engine.core.ruler.after("inline", "html", read_html)
    engine.core.ruler.after("inline", "unread", report_unread)
    for name, rule in RULES:
        engine.core.ruler.push(name, rule)
    # Faster versions of markdown-it's rules, for texts in which they change nothing.
    engine.core.ruler.at("normalize", _normalize)
    engine.core.ruler.at("inline", _inline)
    engine.core.ruler.at("text_join", _text_join)
    engine.core.ruler.at("smartquotes", _quotes)
    engine.inline.terminator_re = _SPECIAL
    engine.normalizeLink = _printed_address  # type: ignore[method-assign, assignment]
    engine.add_render_rule("paragraph_open", paragraph_open)
    engine.add_render_rule("paragraph_close", paragraph_close)
    engine.add_render_rule("table_open", table_open)
    engine.add_render_rule("table_close", table_close)
    engine.add_render_rule("footnote_block_open", footnotes_open)
    engine.add_render_rule("footnote_anchor", footnote_anchor)
    engine.add_render_rule("footnote_ref", footnote_ref)
    return engine


# --- shortcuts for markdown-it's own rules -----------------------------------------------------

# Characters at which inline markup can begin or end. Markdown-it also stops at characters that it
# reserves for extensions, such as `-`, `%` and `:`, which are frequent in news.
_SPECIAL = re.compile(r"[\n!&*<\[\\\]^_`{~]")
_SPECIAL_OR_BARE = pattern(rf"{_SPECIAL.pattern}|{BARE.pattern}", re.IGNORECASE)
# Addresses that percent-encoding leaves unchanged.
_PLAIN_URL = re.compile(
    r"https?://[a-z0-9-]{1,40}(?:\.[a-z0-9-]{1,40}){0,4}(?:/[A-Za-z0-9/._~-]*)?"
)


def _printed_address(address: str) -> str:
    return address if _PLAIN_URL.fullmatch(address) else normalizeLink(address)


def _normalize(state: StateCore) -> None:
    if "\r" in state.src or "\0" in state.src:
        normalize(state)


def _inline(state: StateCore) -> None:
    """Parse inline markup; skip the parser for text without any."""
    parse, md, env = state.md.inline.parse, state.md, state.env
    addresses = "://" in state.src
    for token in state.tokens:
        if token.type == "inline":
            if addresses and has_bare(token.content):
                env["bare"], md.inline.terminator_re = True, _SPECIAL_OR_BARE
                token.children = parse(token.content, md, env, token.children or [])
                env["bare"], md.inline.terminator_re = False, _SPECIAL
            elif token.content and not _SPECIAL.search(token.content):
                token.children = [text_of(token.content)]
            else:
                token.children = parse(token.content, md, env, token.children or [])


_PARAGRAPH = ("paragraph_close", "paragraph_open")


def _quotes(state: StateCore) -> None:
    """Replace quotation marks; those of a quotation of several paragraphs are repeated."""
    if "'" not in state.src and '"' not in state.src:
        return
    language, marks = work_of(state).language, state.md.options.quotes
    unclosed = None
    for token in state.tokens:
        if token.type == "inline" and token.children:
            if unclosed:
                continue_quotation(unclosed, token.children, marks)
            if "'" in token.content:
                for child in token.children:
                    if child.type == "text":
                        child.content = apostrophes(child.content, language)
            unclosed = replace_quotes(token.children, marks)
        elif token.type not in _PARAGRAPH:
            unclosed = None


def _text_join(state: StateCore) -> None:
    """Join text tokens; only escapes and entities have split them."""
    if "\\" in state.src or "&" in state.src:
        text_join(state)


# --- rules over the whole text -----------------------------------------------------------------


def _lines(state: StateCore) -> None:
    """Number the lines of all blocks as in the body with its comments."""
    lines = work_of(state).lines
    if not lines:
        return
    for token in state.tokens:
        if token.map:
            first, end = token.map
            token.map = [lines[n] if n < len(lines) else lines[-1] for n in (first, end)]


def _dashes(state: StateCore) -> None:
    """Replace `--` and `---` by dashes, `...` by an ellipsis, and set the spaces of French.

    Other replacements of markdown-it, such as `(c)`, are not made."""
    language = work_of(state).language
    signs = punctuation_signs(language)
    for inline, _, _ in inlines(state, *signs):
        if any(sign in inline.content for sign in signs):
            address = False  # the text of a link is its address
            for token in inline.children or ():
                if token.type == "text" and not address:
                    token.content = punctuate(token.content, language)
                address = token.type == "link_open" and token.info == "auto"


def _attributions(state: StateCore) -> None:
    """Turn the attribution of a quotation into a footer (HTML 4.4.4).

    It is the last paragraph, if that begins with a dash."""
    if ">" not in state.src:
        return
    tokens = state.tokens
    for n, token in enumerate(tokens):
        if (
            token.type == "blockquote_close"
            and n >= 4
            and tokens[n - 1].type == "paragraph_close"
            and tokens[n - 2].content.startswith(("— ", "-- ", "– ", "--- "))
            and tokens[n - 4].type == "paragraph_close"
        ):
            inline = tokens[n - 2]
            inline.meta["attribution"] = True
            tokens[n - 3].tag = tokens[n - 1].tag = "footer"


_UNSPACED = re.compile(r"#{2,6}\w+")


def _headings(state: StateCore) -> None:
    """Give headings anchors, and report headings of a wrong level."""
    work = work_of(state)
    last = 1
    for n, token in enumerate(state.tokens):
        if token.type == "inline" and (match := _UNSPACED.match(token.content)):
            message = f"`{match[0]}` is not a heading: it is shown as text"
            place = block_place(work, token)
            work.report("heading-level", message, "put a space after the last `#`", place)
        if token.type != "heading_open":
            continue
        level = int(token.tag[1])
        text = plain_text(state.tokens[n + 1])
        place = block_place(work, token)
        if level == 1:
            hint = "begin it with `## `"
            message = "the title is the page's only first-level heading"
            work.report("heading-level", message, hint, place)
            level = 2
        elif level > last + 1:
            hint = f"write `{'#' * (last + 1)} `"
            message = f"a level {level} heading follows a level {last} heading"
            work.report("heading-level", message, hint, place)
        last = level
        token.tag = state.tokens[n + 2].tag = f"h{level}"
        anchor = next_anchor(work, text)
        token.attrSet("id", anchor)
        work.headings.append(Heading(level, anchor, text))


_TAG = pattern(r"<!--|</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>")


def _raw_html(state: StateCore) -> None:
    """Report the tags in the text, once in a file: they are shown as text."""
    work = work_of(state)
    first, count, shown = Place(), 0, ""
    for inline, _, lines in inlines(state, "<"):
        if "<" not in inline.content:
            continue
        former = ""  # the text of the token before
        for n, token in enumerate(inline.children or ()):
            for match in _TAG.finditer(token.content) if token.type == "text" else ():
                if is_comparison(former + token.content[: match.start()], match[0]):
                    continue
                if count and match[0] != "<!--":
                    count += 1
                    continue
                start = text_offset(inline, n, match.start())
                place = span_place(work, inline, lines, start, start + len(match[0]))
                if match[0] == "<!--":
                    message = "it is unclear whether this comment begins in code"
                    hint = "close the backticks before it, or put it on a line of its own"
                    work.report("comment-not-closed", message, hint, place)
                else:
                    first, count, shown = place, 1, match[0]
            former = token.content
    if count:
        more = f" and {count - 1} more tag{'s' if count > 2 else ''} are" if count > 1 else " is"
        hint = "use Markdown, or put it in backticks to show it"
        work.report("raw-html", f"`{shown}`{more} shown as text", hint, first)


def _alignment(state: StateCore) -> None:
    """Turn the alignment of table columns from style attributes into classes.

    An empty cell in the head becomes a plain cell, because it is not a heading."""
    if "|" not in state.src:  # no table
        return
    start = "right" if direction(work_of(state).language) == "rtl" else "left"
    for n, token in enumerate(state.tokens):
        if token.type == "th_open" and not state.tokens[n + 1].content.strip():
            token.tag = state.tokens[n + 2].tag = "td"
        if token.type in ("th_open", "td_open") and "style" in token.attrs:
            side = str(token.attrs.pop("style")).removeprefix("text-align:")
            if side != start:
                token.attrSet("class", side)


def _count(state: StateCore) -> None:
    """Count the words of the text, for the reading time."""
    words = sum(count_words(inline.content) for inline, _, _ in inlines(state))
    work_of(state).words = math.ceil(words)


# Each rule runs once over the tokens, in this order, after markdown-it's own rules. (`_raw_html`
# runs earlier, before quotation marks are replaced.)
RULES: tuple[tuple[str, Callable[[StateCore], None]], ...] = (
    ("collect", collect),
    ("dashes", _dashes),
    ("attributions", _attributions),
    ("headings", _headings),
    ("numbered", report_numbers),
    ("figures", mark_figures),
    ("references", find_references),
    ("links", check_links),
    ("company-links", link_companies),
    ("alignment", _alignment),
    ("directions", set_directions),
    ("count", _count),
)
