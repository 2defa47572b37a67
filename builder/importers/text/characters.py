"""Cleans texts of an archive: characters, titles, summaries, slugs."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Container, Iterable

from builder.content.fields import MAX_SLUG, is_reserved
from builder.importers.notes import ImportNotes, Note
from builder.names.keys import SlugStyle, shorten_slug, slugify

# What no text here may contain or what nobody sees, but for joiners of letters and line ends.
_REMOVED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u115f\u1160\u180e\u200b\u2028-\u202e\u2060-\u2069"
    "\u2800\u3164\ue000-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U000f0000-\U0010ffff]"
)
_BREAKS = re.compile("\r\n?|\x85|\u2028|\u2029|\x0c|\x0b")
_TITLE = 90  # characters of a title made of the first words
_TAGS = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->")


def clean_text(text: str, place: str, notes: list[Note]) -> str:
    """Return a text without control characters, in composed form (NFC)."""
    text = _BREAKS.sub("\n", text)
    text, count = _REMOVED.subn("", text)
    if count:
        notes.append(Note("control-characters", place, "", count))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def plain_line(text: str) -> str:
    """Return a text on one line, without markup."""
    if "<" in text:
        text = _TAGS.sub("", text)
    text = _REMOVED.sub("", " ".join(html.unescape(text).split())).replace("<!--", "<! --")
    return " ".join(text.split())


def plain_title(title: str, body: str, place: str, notes: list[Note]) -> str:
    """Return a title on one line, or else the first words."""
    plain = plain_line(title)
    if plain:
        if plain != title.strip():
            notes.append(Note("title-mended", place, plain[:80]))
        return plain
    words = plain_line(
        re.sub(r"!?\[([^\[\]]*)\]\([^()\s]*\)|[#*_`>|~\\\[\]{}]", r" \1", body[:4000])
    )
    found = _cut(words, _TITLE) or "Untitled"
    notes.append(Note("title-missing", place, found))
    return found


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return (
        text[:most].rpartition(" ")[0].rstrip(" ,;:–—-") + "…"
        if " " in text[:most]
        else text[:most]
    )


def new_slug(
    names: Iterable[str], style: SlugStyle, taken: Container[str], place: str, notes: ImportNotes
) -> str:
    """Return a slug that no other record of its kind has.

    It is that of the first of some `names` that has a letter or digit."""
    slug = next(filter(None, (slugify(name, style) for name in names)), "post")
    whole = slug
    if not slug.isascii():
        slug = shorten_slug(slug, MAX_SLUG)
    elif len(slug) > MAX_SLUG:
        short = slug[:MAX_SLUG].rstrip("-")
        slug = short.rpartition("-")[0] if "-" in short[40:] and slug[len(short)] != "-" else short
    if slug != whole:
        notes.add("long-slug", place, whole[:60] + "…")
    if is_reserved(slug):
        slug = f"{slug}-post"
    if slug not in taken:
        return slug
    number = 2
    stem = slug[: MAX_SLUG - 8] if slug.isascii() else shorten_slug(slug, MAX_SLUG - 8)
    while (again := f"{stem.rstrip('-')}-{number}") in taken:
        number += 1
    notes.add("taken-slug", place, again)
    return again
