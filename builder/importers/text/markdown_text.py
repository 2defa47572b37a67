"""Turns the Markdown of other programs into this program's: one text at a time.

Attribute lists of kramdown and Python-Markdown go, HTML becomes Markdown, headings begin below the
title, and what would be a reference here (`[[…]]`, `{{figure:…}}`) is escaped."""

from __future__ import annotations

import re

from builder.content.comment_spans import comment_spans, without_comments
from builder.importers.notes import Note
from builder.importers.text.code_pieces import CodePieces
from builder.importers.text.html_markdown import KEEP, Frames
from builder.importers.text.markdown_html import without_html
from builder.importers.text.markdown_links import rewrite_links

_LIST = re.compile(r"^[ \t]*\{:[^{}\n]*\}[ \t]*$\n?|(?<=\S)\{:[^{}\n]*\}", re.MULTILINE)
_HEADING_ID = re.compile(
    r"^( {0,3}#{1,6}[ \t].*?)[ \t]+\{[#.:][^{}\n]*\}[ \t]*#*[ \t]*$", re.MULTILINE
)
_CONTENTS = re.compile(
    r"^[ \t]*(?:\[TOC\]|\[\[_?TOC_?\]\]|[-*+1.]+[ \t]+(?:TOC|toc|Table of contents))[ \t]*$\n?",
    re.M,
)
_HEADING = re.compile(r"^( {0,3})(#{1,6})(?=[ \t]|$)", re.MULTILINE)
_SETEXT = re.compile(
    r"^(?![ \t]*(?:[-+*>#|]|\d+[.)]))[ \t]{0,3}(\S.*)\n {0,3}(=+|-{2,})[ \t]*$", re.MULTILINE
)
_REFERENCE = re.compile(r"(?<!\\)\[\[(?=[^\[\]\n]+\]\])")
_FIGURE = re.compile(r"(?<!\\)\{\{(?=\s*figure:)")


def adapt_markdown(body: str, place: str, notes: list[Note], frames: Frames) -> str:
    """Return a Markdown text as this program reads it."""
    code = CodePieces()
    text = code.take(body)
    text = _without_comments(text)
    text, dropped = _LIST.subn("", text)
    text, more = _CONTENTS.subn("", text)
    if dropped + more:
        notes.append(Note("attributes", place, "", dropped + more))
    text = _HEADING_ID.sub(r"\1", text)
    text = without_html(text, place, notes, KEEP._replace(hosts=frames.hosts))
    text = rewrite_links(text, frames)
    text = below_title(text, place, notes)
    text, escaped = _REFERENCE.subn(r"\\[\\[", text)
    text, again = _FIGURE.subn(r"\\{\\{", text)
    if escaped + again:
        notes.append(Note("markup", place, "`[[…]]` or `{{figure:…}}`", escaped + again))
    return re.sub(r"\n{3,}", "\n\n", code.give(text)).strip("\n") + "\n"


def _without_comments(text: str) -> str:
    """Return a text without comments; one that is not closed is escaped."""
    spans = [*comment_spans(text)]
    if spans and spans[-1][1] is None:
        at = spans[-1][0]
        text = f"{text[:at]}\\{text[at:].replace('<!--', chr(92) + '<!--')[1:]}"
        text = text.replace("\\\\<!--", "\\<!--")
    return re.sub(r"(?<!\\)<!--[\s\S]*?-->", "", text) if "<!--" in text else without_comments(text)


def below_title(text: str, place: str, notes: list[Note]) -> str:
    """Return a text whose highest heading has the second level.

    Its code has been set aside."""
    if re.search(r"^ {0,3}=+[ \t]*$", text, re.MULTILINE):
        text = _SETEXT.sub(lambda m: f"{'#' if m[2][0] == '=' else '##'} {m[1].strip()}", text)
    if any(len(match[2]) == 1 for match in _HEADING.finditer(text)):
        notes.append(Note("headings", place))
        text = _HEADING.sub(lambda m: f"{m[1]}{'#' * min(6, len(m[2]) + 1)}", text)
    return text
