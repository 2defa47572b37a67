"""Drafts of translations: everything of a brief that is not language, and its text to translate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from builder.content.fields import check_slug, is_known_language
from builder.content.walk import CONTENT
from builder.diagnostics.misread import Misread
from builder.editing.entries import EntryEditor
from builder.editing.find import FoundBrief
from builder.editing.new import CannotCreate, mint_id
from builder.editing.new_record import NeedsSlug
from builder.editing.slug_style import slug_style
from builder.editing.transaction import replace_files
from builder.model.entity import PROFILE_FIELDS
from builder.names.keys import shorten_slug, slugify

# What belongs to the original alone: its identity, its addresses, its history.
_OWN = (
    "guid", "slug", "redirects", "updated", "corrections", "checked_by", "withdrawn",
    "withdrawn_because", "expires", "discussion", "translated", "allow",
)  # fmt: skip
_FOLDER = "content/briefs"


class NewTranslation(NamedTuple):
    """A draft that was written: its path below the site's folder, and what is to be translated."""

    path: str
    fields: tuple[str, ...]  # with words, in the order of the file


# Fields whose words readers see, of a brief and of its entries.
_WORDS = ("title", "summary", "why", "yes_but", "whats_next", "products")
_ENTRIES: Mapping[str, tuple[str, ...]] = {
    "claims": ("text", "interest"),
    "quotes": ("text", "note", "described_as"),
    "responses": ("text",),
    "figures": ("metric",),
    "events": ("title", "where"),
    "expects": ("text", "resolves"),
    "image": ("alt", "caption"),
}


def write_translation(
    root: Path,
    original: FoundBrief,
    lang: str,
    language: str,
    title: str,
    slug: str,
    now: datetime,
) -> NewTranslation:
    """Write the draft of a translation into content/briefs/.

    `language` is that of the site, `lang` that of the translation. Without a `title`, the original
    one is to be translated. Quotations keep their words as `original`. Raises CannotCreate."""
    editor = EntryEditor(original.path, (root / original.path).read_bytes())
    fields: dict[str, Any] = editor.document.fields
    if not is_known_language(lang):
        raise CannotCreate(f"`{lang}` is not a language; write a tag such as nl or pt-BR")
    written_in = str(fields.get("lang") or language)
    if lang.partition("-")[0].lower() == written_in.partition("-")[0].lower():
        raise CannotCreate(f"{original.path} is in {written_in} already")
    if before := fields.get("translation_of"):
        message = f"{original.path} is a translation itself"
        raise CannotCreate(f"{message}; translate its original, `{before}`")
    style = slug_style(root)
    short = shorten_slug(slugify(title, style))
    stem = slug or short or f"{original.slug}-{lang.lower()}"
    try:
        path = f"{_FOLDER}/{check_slug(stem, style)}.md"
    except Misread as misread:
        raise NeedsSlug(str(misread)) from None
    if (root / path).exists():
        raise NeedsSlug(f"{path} already exists")
    _carry_over(editor, fields, written_in)
    words = _words(fields)
    for field in _OWN:
        if field in editor.document.keys:
            editor.drop(field)
    editor.set("id", mint_id())
    editor.set("date", f"{now:%Y-%m-%d %H:%M}")
    editor.set("status", "draft")
    editor.set("lang", lang)
    editor.set("translation_of", original.slug)
    if title:
        editor.set("title", title)
    replace_files(root, {path: (None, editor.result())})
    return NewTranslation(path, words)


def write_profile(root: Path, name: str, lang: str, language: str, now: datetime) -> NewTranslation:
    """Write the draft of a profile in another language beside the original.

    `name` is its folder and file: `companies/scale-ai`. Raises CannotCreate."""
    original = PurePosixPath(CONTENT, f"{name.removesuffix('.md')}.md")
    path = str(original.with_suffix(f".{lang}.md"))
    if not is_known_language(lang):
        raise CannotCreate(f"`{lang}` is not a language; write a tag such as nl or pt-BR")
    if lang.partition("-")[0].lower() == language.partition("-")[0].lower():
        raise CannotCreate(f"{original} is in {language} already")
    if not (root / original).is_file():
        hint = "for a name alone, `translations` of a record is enough"
        raise CannotCreate(f"there is no file {original}; {hint}")
    if (root / path).exists():
        raise CannotCreate(f"{path} already exists")
    editor = EntryEditor(str(original), (root / original).read_bytes())
    folder = original.parts[1]
    words = [field for field in PROFILE_FIELDS[folder] if editor.document.fields.get(field)]
    if folder in ("companies", "people"):
        words.remove("name")  # it is rarely translated
    for field in [field for field in editor.document.keys if field not in words]:
        if "." not in field:
            editor.drop(field)
    editor.set("updated", f"{now:%Y-%m-%d}")
    editor.set("status", "draft")
    replace_files(root, {path: (None, editor.result())})
    return NewTranslation(path, (*words, "the text"))


def is_profile(name: str) -> bool:
    """Return whether a name is that of a profile: `companies/scale-ai`."""
    folder, mark, rest = name.partition("/")
    return folder in PROFILE_FIELDS and bool(mark and rest)


def _carry_over(editor: EntryEditor, fields: Mapping[str, Any], lang: str) -> None:
    """Keep the words of each quotation as the original ones."""
    quotes = fields.get("quotes")
    for n, quote in enumerate(quotes if isinstance(quotes, list) else ()):
        if not isinstance(quote, dict) or not quote.get("text") or quote.get("original"):
            continue
        at = f"quotes.{n}"
        editor.set(f"{at}.original", str(quote["text"]))
        editor.set(f"{at}.original_lang", str(quote.get("lang") or lang))
        if quote.get("lang"):
            editor.unset(f"{at}.lang")
        if quote.get("source"):
            editor.set(f"{at}.original_source", str(quote["source"]))
            editor.unset(f"{at}.source")


def _words(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields whose words are to be translated."""
    found = [name for name in _WORDS if fields.get(name)]
    for name, parts in _ENTRIES.items():
        value = fields.get(name)
        entries = value if isinstance(value, list) else [value]
        for part in parts:
            if any(isinstance(entry, dict) and entry.get(part) for entry in entries):
                found.append(f"{name}: {part}")
    return (*found, "the text")
