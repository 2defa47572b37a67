"""Makes the HTML of plain Markdown from strings, without tokens.

It is the HTML that markdown-it and the rules of `engine` make of the same text, in a third of the
time. They define it: at any doubt, and for any report, `plain_html` returns None, and they read the
text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import partial

from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from builder.content.markdown.anchors import next_anchor
from builder.content.markdown.bare_links import has_bare
from builder.content.markdown.company_links import WaitingCompanies
from builder.content.markdown.directions import turned_link
from builder.content.markdown.html import NOTES_START, note_link, note_mark
from builder.content.markdown.links import EXTERNAL, figure_value, link_address, reference_link
from builder.content.markdown.places import span_place
from builder.content.markdown.plain_blocks import ESCAPED, PlainBlock, PlainBlocks, plain_blocks
from builder.content.markdown.plain_inline import plain_inline
from builder.content.markdown.work import Doubt, RenderState, text_of
from builder.diagnostics.diagnostic import Place
from builder.language.direction import (
    Direction,
    direction,
    foreign_direction,
    has_right_to_left,
    signed_numbers,
)
from builder.language.reading import count_words
from builder.language.smart_quotes import replace_plain_quotes, replace_quotes
from builder.language.typography import apostrophes, punctuate, punctuation_signs
from builder.model.body import Heading
from builder.patterns import pattern

# Signs of markup that is not read here, or that is reported where it is left (`unread_patterns`).
_ASCII = "`<~\t\r\x0b\x0c\0\x1c\x1d\x1e\x1f"
_OTHER = pattern("[•◦▪‣●]")
_PAIRS = ("![", " \n", "==", "$$", "://")
_ENTITY = pattern(r"&#?\w+;")
_EMOJI = pattern(r":[a-z][a-z0-9_+-]{1,30}:")
_NUMBERS = pattern(r"\n2[.)][^\W\d]")


def _is_doubtful(text: str) -> bool:
    for sign in _ASCII:
        if sign in text:
            return True
    for sign in _PAIRS:
        if sign[0] in text and sign in text and (sign != "://" or has_bare(text)):
            return True
    return bool(
        (not text.isascii() and _OTHER.search(text))
        or ("&" in text and _ENTITY.search(text))
        or ("^" in text and text.count("^") != text.count("[^"))
        or ("\\" in text and text.count("\\") != text.count("\\|"))
        or _EMOJI.search(text)
        or _NUMBERS.search(text)
    )


def plain_html(work: RenderState, source: str, quotes: list[str], address: _Address) -> str | None:
    """Return the HTML of a text, or None at a doubt.

    Its headings, references, links and words are in `work`, which is of no use after a doubt.
    `quotes` are the quotation marks of its language; `address` returns the address of a link as
    it is printed."""
    if _is_doubtful(source):
        return None
    try:
        blocks = plain_blocks(source, work.language)
        return _Text(work, source, quotes, address).html(blocks)
    except Doubt:
        return None


_Address = Callable[[str], str]


class _Inline:
    """The texts of a block, and the HTML between them, of which there is one less."""

    __slots__ = ("between", "block", "inner", "links", "texts")

    def __init__(self, block: PlainBlock) -> None:
        self.block, self.texts = block, [block.content]
        self.between: list[str] = []
        self.inner: tuple[int, ...] = ()  # numbers of texts in emphasis or in links
        self.links: tuple[int, ...] = ()  # of texts in links


class _Text:
    def __init__(
        self, work: RenderState, source: str, quotes: list[str], address: _Address
    ) -> None:
        self.work, self.source, self.quotes, self.address = work, source, quotes, address
        self.signs = tuple(s for s in punctuation_signs(work.language) if s in source)
        own = direction(work.language)
        # The direction of the language, if something may run against it.
        mixed = own == "rtl" or (not source.isascii() and has_right_to_left(source))
        self.own = own if mixed else None
        self.done: list[_Inline] = []
        self.links: list[tuple[_Inline, int, str, int]] = []
        self.lines: list[str] = []
        self.marks: dict[str, int] = {}  # of footnotes, by label
        self.last = 1  # the level of the last heading
        self.longest = work.limits.paragraph
        self.spaced = source.isascii() and "  " not in source  # by one space, everywhere

    def html(self, found: PlainBlocks) -> str:
        """Return the HTML, by the rules of `engine` in their order."""
        work, self.lines = self.work, found.lines
        self.marks = dict.fromkeys(found.notes, 0)
        self.numbers: list[str] = []  # labels in order of their first marks
        for block in found.blocks:
            self._read(block)
        body = len(self.done)
        if len(self.numbers) < len(found.notes):
            raise Doubt  # a note without a mark is reported
        notes = [found.notes[label] for label in self.numbers]
        for block in notes:
            if "[^" in block.content:
                raise Doubt
            self._read(block)
        for inline, n, address, at in self.links:
            inline.between[n] = self._link(inline.block, address, at)
        work.words = self._words()
        waiting = WaitingCompanies(work, self.source)
        parts = [self._printed(inline, waiting) for inline in self.done[:body]]
        parts.append(found.end)
        if notes:
            parts.append(NOTES_START)
            for number, inline in enumerate(self.done[body:], 1):
                times = self.marks[self.numbers[number - 1]]
                links = "".join(note_link(number, n, work.language) for n in range(times))
                text = self._printed(inline, waiting)
                parts.append(f'<li id="fn{number}" class="footnote-item"><p>{text}{links}</p>\n')
                parts.append("</li>\n")
            parts.append("</ol>\n</section>\n")
        return "".join(parts)

    def _words(self) -> int:
        texts = [inline.block.content for inline in self.done]
        if not self.spaced:
            return math.ceil(sum(map(count_words, texts)))
        return sum(text.count(" ") + text.count("\n") + 1 for text in texts if text)

    def _read(self, block: PlainBlock) -> None:
        """Read the inline markup of a block."""
        content = block.content
        if len(content) > self.longest:
            raise Doubt
        inline = _Inline(block)
        if "*" in content or "[" in content or "{" in content or "_" in content:
            texts, marks = plain_inline(content)
            inline.texts = texts[:1]
            for mark, after in zip(marks, texts[1:], strict=True):
                self._mark(inline, mark, after)
        if "'" in content or '"' in content:
            self._quote(inline)
        for sign in self.signs:
            if sign in content:
                inline.texts = [punctuate(text, self.work.language) for text in inline.texts]
                break
        if block.level:
            self._heading(inline)
        self.done.append(inline)

    def _mark(self, inline: _Inline, mark: re.Match[str], after: str) -> None:
        """Add a mark with the text in it and after it."""
        kind, texts, between = mark.lastgroup, inline.texts, inline.between
        if kind == "emphasis":
            tag = "strong" if mark["strong"] else "em"
            inline.inner += (len(texts),)
            texts += (mark["emphasis"], after)
            between += (f"<{tag}>", f"</{tag}>")
            return
        if kind == "address":
            inline.inner += (len(texts),)
            inline.links += (len(texts),)
            self.links.append((inline, len(between), mark["address"], mark.start("address")))
            texts += (mark["text"], after)
            between += ("", "</a>")
            return
        place_at = partial(self._place, inline.block)
        if kind == "figure":
            html = figure_value(self.work, mark["figure"], place_at(*mark.span()))
        elif kind == "note":
            html = self._note(mark["note"])
        elif target := mark["target"].strip():
            html = reference_link(self.work, target, mark["label"], mark.span(), place_at)
        else:
            raise Doubt
        texts.append(after)
        between.append(html)

    def _note(self, label: str) -> str:
        again = self.marks.get(label)
        if again is None:
            raise Doubt
        if not again:
            self.numbers.append(label)
        self.marks[label] += 1
        return note_mark(self.numbers.index(label) + 1, again)

    def _quote(self, inline: _Inline) -> None:
        """Replace the quotation marks; leave those of several paragraphs."""
        texts = inline.texts
        plain = [replace_plain_quotes(text, self.quotes, len(texts) == 1) for text in texts]
        if None not in plain:
            inline.texts = [text or "" for text in plain]
            return
        tokens: list[Token] = []
        ends = []
        for n, text in enumerate(texts):
            for line in text.split("\n"):
                token = text_of(line)
                if "'" in inline.block.content:
                    token.content = apostrophes(line, self.work.language)
                token.level = int(n in inline.inner)
                tokens += (token, Token("softbreak", "br", 0, level=token.level))
            tokens.pop()
            ends.append(len(tokens))
        if replace_quotes(tokens, self.quotes):
            raise Doubt
        start = 0
        for n, end in enumerate(ends):
            texts[n] = "\n".join(token.content for token in tokens[start:end:2])
            start = end

    def _heading(self, inline: _Inline) -> None:
        level, content = inline.block.level, inline.block.content
        if level > self.last + 1 or "[[" in content:
            raise Doubt
        self.last = level
        text = "".join(inline.texts)
        anchor = next_anchor(self.work, text)
        self.work.headings.append(Heading(level, anchor, text))
        before = f'{inline.block.before}<h{level} id="{escapeHtml(anchor)}">'
        inline.block = inline.block._replace(before=before)

    def _link(self, block: PlainBlock, address: str, at: int) -> str:
        place = partial(self._place, block, at, at + len(address))
        href, is_external = link_address(self.work, self.address(address), place)
        rel = f' rel="{EXTERNAL}"' if is_external else ""
        return f'<a href="{escapeHtml(href)}"{rel}>'

    def _place(self, block: PlainBlock, start: int, end: int) -> Place:
        """Return the place of a part of a block, as `span_place` does."""
        content = block.content
        if block.column == ESCAPED:
            lines = (block.line, block.line + 1)
            return span_place(self.work, block, lines, start, end)
        before = content.rfind("\n", 0, start) + 1
        line = block.line + content.count("\n", 0, before)
        column = block.column
        if column < 0:
            after = content.find("\n", start)
            width = (len(content) if after < 0 else after) - before
            column = len(self.lines[line]) - width
        return Place(self.work.document.body_line + line, column + start - before + 1, end - start)

    def _printed(self, inline: _Inline, waiting: WaitingCompanies) -> str:
        """Return the HTML of a block, in which companies are linked."""
        block, texts = inline.block, inline.texts
        linked = (
            waiting.names
            and not block.level
            and not block.attribution
            and waiting.near(block.content)
        )
        if self.own and not block.attribution:
            html = self._turned(inline, waiting if linked else None, self.own)
        elif linked:
            html = [
                _escaped(text) if n in inline.links else _linked(text, waiting)
                for n, text in enumerate(texts)
            ]
        elif len(texts) == 1:
            return f"{block.before}{_escaped(texts[0])}{block.after}"
        else:
            html = [*map(_escaped, texts)]
        for n, between in enumerate(inline.between):
            html[n] += between
        return f"{block.before}{''.join(html)}{block.after}"

    def _turned(
        self, inline: _Inline, waiting: WaitingCompanies | None, own: Direction
    ) -> list[str]:
        """Return the texts as HTML, and turn links, as `directions` does."""
        said: list[str] = []
        html: list[str] = []
        for n, text in enumerate(inline.texts):
            parts = [(text, "")]
            if waiting and waiting.names and text and n not in inline.links:
                parts = waiting.link(text)
            said += [part for part, _ in parts]
            signed = ((signed_numbers(part, self.work.language), link) for part, link in parts)
            html.append("".join(turned_link(link, own) or _escaped(part) for part, link in signed))
        if foreign_direction("".join(said), own):
            raise Doubt  # the block is turned as a whole
        inline.between = [turned_link(between, own) for between in inline.between]
        for n in inline.links:
            if other := foreign_direction(inline.texts[n], own):
                opened = inline.between[n - 1].removesuffix(">")
                inline.between[n - 1] = f'{opened} dir="{other}">'
        return html


def _linked(text: str, waiting: WaitingCompanies) -> str:
    if not (text and waiting.names):
        return _escaped(text)
    return "".join(link or _escaped(part) for part, link in waiting.link(text))


def _escaped(text: str) -> str:
    return escapeHtml(text) if "&" in text or ">" in text or '"' in text else text
