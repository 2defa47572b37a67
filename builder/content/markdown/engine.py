"""A Markdown body -> HTML, words, headings, links; references stay numbered holes (law 2).

CommonMark through markdown-it-py, with tables, strikethrough, footnotes and the rules in `RULES`.
Raw HTML is off: what looks like a tag is shown as it was written.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore, normalize, text_join
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from builder.content.document import Document
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.model.brief import (
    PAGE_ANCHORS,
    Body,
    CompanyNames,
    Heading,
    InternalLink,
    Reference,
    ReferenceKind,
    slugify,
)

# Opening and closing quotation marks, double then single (CLDR, delimiters). Others: English.
_QUOTES = {
    "de": "„“‚‘", "nl": "“”‘’", "fr": ["«\u00a0", "\u00a0»", "‹\u00a0", "\u00a0›"], "es": "«»“”",
    "it": "«»“”", "pt": "“”‘’", "pl": "„”‚’", "ru": "«»„“", "sv": "””’’", "da": "“”‘’",
    "cs": "„“‚‘", "vi": "“”‘’", "ja": "「」『』",
}  # fmt: skip


class _Work:
    """What one rendering gathers."""

    def __init__(
        self, document: Document, companies: tuple[CompanyNames, ...], base_url: str
    ) -> None:
        self.document, self.companies, self.base_url = document, companies, base_url
        self.problems: list[Diagnostic] = []
        self.headings: list[Heading] = []
        self.references: list[Reference] = []
        self.links: list[InternalLink] = []
        self.mentioned: set[str] = set()  # addresses of companies that the text links by hand
        self.words = self.tables = 0
        self.headings_named: dict[str, int] = {}  # by anchor: the number that the last one got
        self.searched: dict[str, int] = {}
        self.starts: list[int] = []  # of the body's lines; empty until something is looked for
        self.index: dict[tuple[str, int], dict[str, list[int]]] = {}
        self.runs: list[tuple[Token, Token | None, tuple[int, int]]] | None = None

    def hole(self, kind: ReferenceKind, target: str, fragment: str, place: Place) -> str:
        """A reference's mark in the HTML."""
        self.references.append(Reference(kind, target, fragment, place))
        return f"\0{len(self.references) - 1}\0"

    def report(self, code: str, message: str, hint: str, place: Place) -> None:
        self.problems.append(self.document.problem(code, message, hint, place=place))

    def find(self, needle: str, lines: tuple[int, int]) -> Place:
        """Where `needle` stands in a block (0-based lines of the body); the block's first line
        when markup hides it. The second search for the same text finds its second place."""
        found = self._search(needle, *lines)
        if found:
            return found
        first = self.document.body_line + lines[0]
        return Place(first, 1, max(1, len(self.document.line(first))))

    def find_address(self, href: str, lines: tuple[int, int]) -> Place:
        """Where the address of a link stands, as the editor typed it: markdown-it has normalised
        it. The address of `[text][name]` stands below the text."""
        if not href:
            for number in range(*lines):
                line = self.document.line(self.document.body_line + number)
                if match := _EMPTY_LINK.search(line):
                    at = self.document.body_line + number
                    return Place(at, match.start() + 1, len(match[0]))
        for text in dict.fromkeys((href, unquote(href))):
            for lead in ("](", "](<", "<", "]: ", "]: <"):
                first, end = (0, None) if lead[:2] == "]:" else lines
                if found := self._search(lead + text, first, end):
                    return Place(found.line, found.column + len(lead), len(text))
        return self.find(unquote(href), lines)

    def _search(self, needle: str, first: int, end: int | None) -> Place | None:
        """The place of `needle` in the lines from `first` to before `end`, behind the place that
        was last found for it."""
        body = self.document.body
        if not self.starts:
            self.starts = [0, *(match.end() for match in re.finditer("\n", body))]
        if "\n" in needle or first >= len(self.starts):
            return None
        start = max(self.starts[first], self.searched.get(needle, -1) + 1)
        stop = len(body) if end is None or end >= len(self.starts) else self.starts[end] - 1
        lead = next((lead for lead in _LEADS if needle.startswith(lead)), "")
        if lead:
            known = self._standing(lead, len(needle)).get(needle, [])
            n = bisect_left(known, start)
            at = known[n] if n < len(known) and known[n] + len(needle) <= stop else -1
        else:
            at = body.find(needle, start, stop)
        if at < 0:
            return None
        self.searched[needle] = at
        line = bisect_right(self.starts, at) - 1
        return Place(self.document.body_line + line, at - self.starts[line] + 1, len(needle))

    def _standing(self, lead: str, length: int) -> dict[str, list[int]]:
        """Everything of a length that begins with `lead`, with the places where it stands. So a
        text of thousands of links is searched a few times, not once for each of them."""
        found = self.index.get((lead, length))
        if found is None:
            if len(self.index) >= _MAX_INDEX:
                self.index.clear()
            found = self.index[lead, length] = {}
            body = self.document.body
            at = body.find(lead)
            while at >= 0:
                found.setdefault(body[at : at + length], []).append(at)
                at = body.find(lead, at + 1)
        return found


# What most of what is looked for begins with, and how many lengths of it are kept in memory.
_LEADS = ("](", "]: ", "[[", "<")
_MAX_INDEX = 32
_EMPTY_LINK = re.compile(r"\[[^\]]*\]\(\s*(?:<>)?\s*\)")


def render_body(
    document: Document,
    language: str,
    companies: tuple[CompanyNames, ...] = (),
    base_url: str = "",
) -> tuple[Body, list[Diagnostic]]:
    """Render a document's body in a language. The first mention of each of `companies` becomes a
    link; the longest name wins. A link below `base_url` is one inside the site."""
    if not document.body.strip():
        return Body(), []
    work = _Work(document, companies, base_url)
    engine = _engine(language.split("-")[0])
    rendered = engine.render(document.body, {"work": work})
    body = Body(
        rendered.replace("\x0c", " ").strip(),  # an entity, `&#12;`, makes one
        work.words,
        tuple(work.headings),
        tuple(work.references),
        tuple(work.links),
    )
    return body, work.problems


@cache
def _engine(language: str) -> MarkdownIt:
    quotes = _QUOTES.get(language, "“”‘’")
    engine = MarkdownIt(
        "commonmark",
        {"html": False, "xhtmlOut": False, "typographer": True, "quotes": quotes},
    )
    engine.enable(["table", "strikethrough", "smartquotes"])
    # Without "html" the two rules only cost time; tags are then ordinary text.
    engine.disable(["html_block", "html_inline"])
    footnote_plugin(engine)
    engine.inline.ruler.before("link", "reference", _reference)
    engine.inline.ruler.before("link", "figure", _figure)
    # Every address is let through here and judged, with its place, by `_links`.
    engine.validateLink = lambda url: True  # type: ignore[method-assign]
    engine.core.ruler.after("inline", "raw-html", _raw_html)
    for name, rule in RULES:
        engine.core.ruler.push(name, rule)
    # Rules of markdown-it that have nothing to do in most texts.
    engine.core.ruler.at("normalize", _normalize)
    engine.core.ruler.at("inline", _inline)
    engine.core.ruler.at("text_join", _text_join)
    engine.inline.terminator_re = _SPECIAL
    normalize = engine.normalizeLink
    engine.normalizeLink = lambda url: (  # type: ignore[method-assign]
        url if _PLAIN_URL.fullmatch(url) else normalize(url)
    )
    engine.add_render_rule("paragraph_open", _paragraph_open)
    engine.add_render_rule("paragraph_close", _paragraph_close)
    engine.add_render_rule("table_open", _table_open)
    engine.add_render_rule("table_close", _table_close)
    engine.add_render_rule("footnote_block_open", _footnotes_open)
    engine.add_render_rule("footnote_anchor", _footnote_anchor)
    engine.add_render_rule("footnote_ref", _footnote_ref)
    return engine


# --- markdown-it's own rules, where there is nothing to do -------------------------------------

# The signs at which a rule for inline markup can begin or end. Markdown-it stops at more, which
# are kept for extensions: `-`, `%`, `:` and others that news is full of.
_SPECIAL = re.compile(r"[\n!&*<\[\\\]^_`{~]")
# Nothing in such an address is ever encoded.
_PLAIN_URL = re.compile(
    r"https?://[a-z0-9-]{1,40}(?:\.[a-z0-9-]{1,40}){0,4}(?:/[A-Za-z0-9/._~-]*)?"
)


def _normalize(state: StateCore) -> None:
    if "\r" in state.src or "\0" in state.src:
        normalize(state)


def _inline(state: StateCore) -> None:
    """As markdown-it's own rule; what has no sign of markup is one text."""
    parse, md, env = state.md.inline.parse, state.md, state.env
    for token in state.tokens:
        if token.type == "inline":
            if token.content and not _SPECIAL.search(token.content):
                token.children = [_text(token.content)]
            else:
                token.children = parse(token.content, md, env, token.children or [])


def _text_join(state: StateCore) -> None:
    """Only what was escaped stands as a text of its own by now."""
    if "\\" in state.src or "&" in state.src:
        text_join(state)


# --- [[name]] and [[brief:slug|text]] ----------------------------------------------------------

_REFERENCE = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]+))?\]\]")
_KINDS = ("brief", "company", "topic", "thread", "person", "page")


def _reference(state: StateInline, silent: bool) -> bool:
    match = _REFERENCE.match(state.src, state.pos)
    if not match or state.linkLevel or not match[1].strip():
        return False
    if not silent:
        token = state.push("reference", "", 0)
        token.meta = {"written": match[0], "target": match[1].strip(), "label": match[2]}
    state.pos = match.end()
    return True


_FIGURE = re.compile(r"\{\{\s*figure:\s*([^{}\s]+)\s*\}\}")


def _figure(state: StateInline, silent: bool) -> bool:
    match = _FIGURE.match(state.src, state.pos)
    if not match:
        return False
    if not silent:
        token = state.push("figure", "", 0)
        token.meta = {"written": match[0], "id": match[1]}
    state.pos = match.end()
    return True


# --- rules over the whole text -----------------------------------------------------------------


def _work(state: StateCore) -> _Work:
    work: _Work = state.env["work"]
    return work


_Run = tuple[Token, Token | None, tuple[int, int]]


def _inlines(state: StateCore, *signs: str) -> Iterable[_Run]:
    """Each run of text, the block that it is in, and the block's lines. With `signs`: those with
    one of them."""
    if signs and not any(sign in state.src for sign in signs):
        return ()
    work = _work(state)
    if work.runs is None:
        return _walk(state.tokens)
    return work.runs


def _collect(state: StateCore) -> None:
    """From here on no rule adds a block or takes one away: they are walked through once."""
    _work(state).runs = list(_walk(state.tokens))


def _walk(tokens: list[Token]) -> Iterator[_Run]:
    opened: list[Token] = []
    lines = (0, 1)
    for token in tokens:
        if token.map:
            lines = (token.map[0], token.map[1])
        if token.nesting == 1:
            opened.append(token)
        elif token.nesting == -1 and opened:
            opened.pop()
        elif token.type == "inline":
            yield token, opened[-1] if opened else None, lines


def _dashes(state: StateCore) -> None:
    """`--` and `---` become dashes, `...` an ellipsis. (`(c)` and its like stay as written.)"""
    signs = ("--", "...", "0s")
    for inline, _, _ in _inlines(state, *signs):
        if any(sign in inline.content for sign in signs):
            for token in inline.children or ():
                if token.type == "text":
                    token.content = dashes(token.content)


def dashes(text: str) -> str:
    text = re.sub(r"(?<!-)---(?!-)", "—", text)
    text = re.sub(r"(?<!-)--(?!-)", "–", text).replace("...", "…")
    return re.sub(r"(?<!\w)['‘](?=\d\ds\b)", "’", text)  # the ’90s


def _attributions(state: StateCore) -> None:
    """The last paragraph of a quotation, when it begins with a dash, names the quotation's
    source: it becomes a footer (HTML 4.4.4)."""
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
    """Anchors for headings; the page's title is the only heading of the first level."""
    work = _work(state)
    taken = set(PAGE_ANCHORS)
    last = 1
    for n, token in enumerate(state.tokens):
        if token.type == "inline" and (match := _UNSPACED.match(token.content)):
            message = f"`{match[0]}` is no heading: it is printed as it stands"
            place = _block_place(work, token)
            work.report("heading-level", message, "put a space after the last `#`", place)
        if token.type != "heading_open":
            continue
        level = int(token.tag[1])
        text = _plain(state.tokens[n + 1])
        place = _block_place(work, token)
        if level == 1:
            hint = "begin with `## `"
            message = "the title is the page's only first-level heading"
            work.report("heading-level", message, hint, place)
            level = 2
        elif level > last + 1:
            hint = f"write `{'#' * (last + 1)} `"
            message = f"a level {level} heading follows a level {last} one"
            work.report("heading-level", message, hint, place)
        last = level
        token.tag = state.tokens[n + 2].tag = f"h{level}"
        base = slugify(text) or "section"
        if re.fullmatch(r"fn(ref)?[0-9-]+", base):  # the ids of footnotes
            base = f"section-{base}"
        anchor = base
        number = work.headings_named.get(base, 1)
        while anchor in taken:
            number += 1
            anchor = f"{base}-{number}"
        work.headings_named[base] = number
        taken.add(anchor)
        token.attrSet("id", anchor)
        work.headings.append(Heading(level, anchor, text))


def _block_place(work: _Work, token: Token) -> Place:
    number = work.document.body_line + (token.map[0] if token.map else 0)
    return Place(number, 1, max(1, len(work.document.line(number))))


def _plain(inline: Token) -> str:
    parts = []
    for token in inline.children or ():
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type == "reference":
            parts.append(token.meta["label"] or token.meta["target"])
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)


def _references(state: StateCore) -> None:
    """`[[…]]` -> a link with holes for what only the whole site knows; `{{figure:id}}` -> a hole
    for its words."""
    work = _work(state)
    for inline, _, lines in _inlines(state, "[[", "{{"):
        for token in inline.children or ():
            if token.type == "reference":
                _make_reference(work, token, lines)
            elif token.type == "figure":
                place = work.find(token.meta["written"], lines)
                hole = work.hole("figure", token.meta["id"], "", place)
                token.type, token.content = "html_inline", hole[:-1] + "t\0"


def _make_reference(work: _Work, token: Token, lines: tuple[int, int]) -> None:
    target, label = token.meta["target"], token.meta["label"]
    place = work.find(token.meta["written"], lines)
    kind, colon, rest = target.partition(":")
    if colon and kind in _KINDS:
        name, _, fragment = rest.strip().partition("#")
        hole = work.hole(kind, name, fragment, place)
    else:
        hole = work.hole("name", target, "", place)
        label = label or target
        for company in work.companies:
            if target in company.names:
                work.mentioned.add(company.url)
    token.type = "html_inline"
    # A hole with `t` is filled with the target's title.
    text = html.escape(label.strip()) if label else hole[:-1] + "t\0"
    token.content = f'<a href="{hole}">{text}</a>'


_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")


def _links(state: StateCore) -> None:
    """Judge every address: inside the site it is noted to be checked, outside it gets its `rel`,
    and what a page must not link to is an error."""
    work = _work(state)
    for inline, _, lines in _inlines(state, "[", "<"):
        for token in inline.children or ():
            if token.type == "link_open":
                token.attrs["href"] = _link(work, str(token.attrs.get("href", "")), token, lines)
            elif token.type == "image":
                _image(work, token, lines)


def _link(work: _Work, href: str, token: Token, lines: tuple[int, int]) -> str:
    def place() -> Place:
        return work.find_address(href, lines)

    if work.base_url and f"{href}/".startswith(f"{work.base_url}/"):
        href = href.removeprefix(work.base_url) or "/"
    if scheme := _SCHEME.match(href):
        if scheme[0].lower() in ("http:", "https:"):
            if not re.match(r"https?://[^/?#]", href, re.IGNORECASE):
                work.report("invalid-link", f"`{href}` names no host", "copy it again", place())
                return "#"
            token.attrSet("rel", "external noopener")
        elif scheme[0].lower() not in ("mailto:", "tel:"):
            message = f"a link to `{scheme[0]}` is not safe"
            work.report("unsafe-link", message, "link to https, mailto or tel", place())
            return "#"
        return href
    if href.startswith("//") or href.startswith("/\\"):
        work.report("invalid-link", f"`{href}` names no protocol", f"write `https:{href}`", place())
        return "#"
    if href.startswith(("/", "#")):
        work.links.append(InternalLink(unicodedata.normalize("NFC", unquote(href)), place()))
        work.mentioned.add(href.partition("#")[0])
        return href
    path, _, fragment = href.partition("#")
    if path.endswith(".md"):
        return work.hole("file", unquote(path), unquote(fragment), place())
    hint = "begin with `/` for a page of this site, or with `https://`"
    work.report(
        "invalid-link", f"`{href}` leads nowhere" if href else "the link is empty", hint, place()
    )
    return "#"


def _image(work: _Work, token: Token, lines: tuple[int, int]) -> None:
    source = str(token.attrs.get("src", ""))
    place = work.find_address(source, lines)
    if not token.content.strip():
        hint = "describe what it shows: `![a sign](…)`"
        work.report("image-without-alt", "the picture has no alternative text", hint, place)
    if not source.startswith("/media/"):
        hint = "put the file into content/media/ and write `/media/name.jpg`"
        work.report(
            "invalid-media", f"`{unquote(source)}` is not a picture of this site", hint, place
        )
        return
    name = unicodedata.normalize("NFC", unquote(source.removeprefix("/media/")))
    hole = work.hole("media", name, "", place)
    token.type = "html_inline"
    alt = html.escape(_plain(token) or token.content)
    title = token.attrs.get("title")
    caption = f' title="{html.escape(str(title))}"' if title else ""
    token.content = f'<img src="{hole}" alt="{alt}"{caption} loading="lazy">'


_TAG = re.compile(r"<!--.*?(?:-->|$)|</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>")


def _raw_html(state: StateCore) -> None:
    """A tag in the text is shown, not obeyed; its editor hardly meant that."""
    work = _work(state)
    for inline, _, lines in _inlines(state, "<"):
        if "<" not in inline.content:
            continue
        for token in inline.children or ():
            if token.type == "text" and (match := _TAG.search(token.content)):
                place = work.find(match[0], lines)
                hint = "use Markdown, or put it between backticks to show it"
                work.report("raw-html", f"`{match[0]}` is shown as text", hint, place)


def _company_links(state: StateCore) -> None:
    """The first mention of each company that the file lists becomes a link: whole words, case
    kept, the longest name first; not in headings, links, code or a quotation's source."""
    work = _work(state)
    waiting = {c.url: c.names for c in work.companies if c.url not in work.mentioned}
    if not waiting:
        return
    owner = {_straight(name): url for url, names in waiting.items() for name in names}
    for inline, block, _ in _inlines(state):
        if (block and block.type == "heading_open") or inline.meta.get("attribution"):
            continue
        if not waiting:
            return
        inline.children = list(_link_first(inline.children or [], waiting, owner))


def _link_first(
    tokens: list[Token], waiting: dict[str, tuple[str, ...]], owner: dict[str, str]
) -> Iterator[Token]:
    depth = 0
    for token in _joined(tokens):
        depth += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type != "text" or depth or not waiting:
            yield token
            continue
        text, position = token.content, 0
        for start, name in _mentions(text, owner):
            url, end = owner[name], start + len(name)
            if waiting.pop(url, None) is None:
                continue
            if start > position:
                yield _text(text[position:start])
            link = Token("html_inline", "", 0)
            link.content = f'<a href="{url}">{html.escape(text[start:end])}</a>'
            yield link
            position = end
        if position == 0:
            yield token
        elif position < len(text):
            yield _text(text[position:])


def _joined(tokens: list[Token]) -> Iterator[Token]:
    """The tokens, with the lines of a paragraph joined: a name may stand at the end of one line
    and the head of the next."""
    run: list[str] = []
    for token in tokens:
        if token.type in ("text", "softbreak"):
            run.append(token.content if token.type == "text" else "\n")
            continue
        if run:
            yield _text("".join(run))
            run = []
        yield token
    if run:
        yield _text("".join(run))


def _straight(name: str) -> str:
    """With the apostrophe that keyboards have: the text has typographic ones by now."""
    return name.replace("’", "'")


def _text(content: str) -> Token:
    token = Token("text", "", 0)
    token.content = content
    return token


def _mentions(text: str, names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Where each of `names` stands in a text as whole words, from left to right and never one in
    another; the longest of those that begin at one place."""
    text = _straight(text).replace("\n", " ")  # each place stays where it is
    # By name: the next place where it stands. (One regular expression of all names would be
    # compiled for every set of companies, which takes longer than to read their text.)
    following = {name: at for name in names if (at := _find(text, name, 0)) >= 0}
    end = 0
    while following:
        for name, at in [*following.items()]:
            if at < end:
                following[name] = _find(text, name, end)
                if following[name] < 0:
                    del following[name]
        if not following:
            return
        start, _, name = min((at, -len(name), name) for name, at in following.items())
        yield start, name
        end = start + len(name)


def _find(text: str, name: str, start: int) -> int:
    """The first place from `start` on where a name stands as whole words, or -1."""
    while (at := text.find(name, start)) >= 0:
        before, after = text[at - 1 : at] if at else "", text[at + len(name) : at + len(name) + 1]
        if not (_is_word(before) or _is_word(after)):
            break
        start = at + 1
    return at


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _alignment(state: StateCore) -> None:
    """The alignment of a table's column as a class: a style attribute is a style sheet's work."""
    if "|" not in state.src:  # no table
        return
    for token in state.tokens:
        if token.type in ("th_open", "td_open") and "style" in token.attrs:
            side = str(token.attrs.pop("style")).removeprefix("text-align:")
            if side != "left":
                token.attrSet("class", side)


def _count(state: StateCore) -> None:
    """Words of running text, for the time that a reader needs."""
    _work(state).words = sum(len(inline.content.split()) for inline, _, _ in _inlines(state))


# In order: each is run over the tokens once, after markdown-it's own. (`_raw_html` goes before
# these, while quotation marks are still as they were written.)
RULES: tuple[tuple[str, Callable[[StateCore], None]], ...] = (
    ("collect", _collect),
    ("dashes", _dashes),
    ("attributions", _attributions),
    ("headings", _headings),
    ("references", _references),
    ("links", _links),
    ("company-links", _company_links),
    ("alignment", _alignment),
    ("count", _count),
)


# --- HTML that differs from markdown-it's ------------------------------------------------------


def _paragraph_open(self: Any, tokens: Any, n: int, options: Any, env: Any) -> str:
    # As markdown-it does, which for every token looks for attributes and for what may follow.
    token = tokens[n]
    if token.hidden:
        return ""
    return f"\n<{token.tag}>" if n and tokens[n - 1].hidden else f"<{token.tag}>"


def _paragraph_close(self: Any, tokens: Any, n: int, options: Any, env: Any) -> str:
    return "" if tokens[n].hidden else f"</{tokens[n].tag}>\n"


def _table_open(self: Any, tokens: Any, n: int, options: Any, env: Any) -> str:
    # A wide table scrolls by itself; what scrolls must be reachable by keyboard (WCAG 2.1.1).
    env["work"].tables += 1
    number = env["work"].tables
    label = f"Table {number}" if number > 1 else "Table"
    return f'<div class="table" role="region" aria-label="{label}" tabindex="0">\n<table>\n'


def _table_close(self: Any, tokens: Any, n: int, options: Any, env: Any) -> str:
    return "</table>\n</div>\n"


def _footnotes_open(self: Any, tokens: Any, n: int, options: Any, env: Any) -> str:
    return '<section class="footnotes" aria-label="Footnotes">\n<ol>\n'


def _footnote_ref(self: Any, tokens: Any, n: int, options: Any, env: Any) -> str:
    number, again = tokens[n].meta["id"] + 1, tokens[n].meta.get("subId", 0)
    mark = f"{number}-{again}" if again else f"{number}"
    return f'<sup class="footnote-ref"><a href="#fn{number}" id="fnref{mark}">{number}</a></sup>'


def _footnote_anchor(self: Any, tokens: Any, n: int, options: Any, env: Any) -> str:
    number, again = tokens[n].meta["id"] + 1, tokens[n].meta.get("subId", 0)
    mark = f"{number}-{again}" if again else f"{number}"
    label = f"Back to the text of note {number}"
    return f' <a href="#fnref{mark}" class="footnote-back" aria-label="{label}">\u21a9\ufe0e</a>'


# --- plain text of front matter ----------------------------------------------------------------


def typographic(text: str, language: str) -> str:
    """A line of front matter with the quotation marks and dashes of its language."""
    if not any(sign in text for sign in "\"'-."):
        return text
    text = dashes(text)
    if "'" in text or '"' in text:
        # Only the rules that change quotation marks see the text: no markup is read.
        tokens = _plain_engine(language.split("-")[0]).parseInline(text)
        text = "".join(t.content for t in tokens[0].children or ())
    return text


@cache
def _plain_engine(language: str) -> MarkdownIt:
    quotes = _QUOTES.get(language, "“”‘’")
    engine = MarkdownIt("zero", {"typographer": True, "quotes": quotes})
    return engine.enable("smartquotes")
