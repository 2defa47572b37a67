"""How to cite a brief: as text, as BibTeX and as CSL JSON."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from msgspec import Struct

from builder.language.dates import in_words
from builder.language.lists import joined
from builder.language.typography import quotation_marks
from builder.language.words import Words, without_marks
from builder.model.brief import Brief
from builder.names.keys import slugify
from builder.pages.page import SiteInfo
from builder.site.redirects import short_address


class Citation(Struct, frozen=True):
    """A brief as a reference."""

    url: Annotated[str, "The absolute address to cite: the short one if the site has it."]
    text: Annotated[str, "The reference as plain text."]
    bibtex: Annotated[str, "The reference for BibTeX."]
    csl: Annotated[str, "The reference as CSL JSON, which citation managers read."]


def citation_of(
    site: SiteInfo, brief: Brief, authors: tuple[tuple[str, bool], ...], short: bool, words: Words
) -> Citation:
    """Return a linked brief as a reference, in the language of `words`.

    `authors` are names, each with whether it is a desk's; `short` is whether the site has short
    addresses."""
    lang = words.language
    url = f"{site.base_url}{(short_address(brief.id) if short else '') or brief.url}"
    named = [name for name, _ in authors] or [site.publisher]
    marks = quotation_marks(lang)
    opening, closing = marks[:2]
    date = in_words(brief.date, lang)
    title = f"{opening}{_quoted(brief.title, marks)}{closing}"
    text = f"{joined(named, lang)}: {title}. {joined((site.title, date), lang)}. {url}"
    key = f"{_site_key(site.title)}-{slugify(brief.id) or brief.slug}"
    bibtex = _bibtex(key, site, brief, authors, url, lang)
    return Citation(url, text, bibtex, _csl(key, site, brief, named, url, words))


def _quoted(title: str, marks: list[str]) -> str:
    """Return a title to stand in quotation marks, with the inner ones for its own."""
    outer, inner = marks[:2], marks[2:]
    return title.translate({ord(o): i for o, i in zip(outer, inner, strict=True) if len(o) == 1})


# --- BibTeX --------------------------------------------------------------------------------------

_ESCAPED = str.maketrans({
    "\u00a0": " ", "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", **{s: f"\\{s}" for s in "&%$#_"},
})  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _bibtex(
    key: str,
    site: SiteInfo,
    brief: Brief,
    authors: tuple[tuple[str, bool], ...],
    url: str,
    lang: str,
) -> str:
    """Return an entry of type `misc`, which every style of BibTeX knows."""
    names = authors or ((site.publisher, True),)
    at = brief.date.at
    fields = {
        "author": f"{{{' and '.join(_author(name, desk) for name, desk in names)}}}",
        "title": f"{{{{{_escaped(brief.title)}}}}}",
        "howpublished": f"{{{_escaped(site.title)}}}",
        "year": f"{{{at.year}}}",
        "month": _MONTHS[at.month - 1],
        "day": f"{{{at.day}}}",
        "url": f"{{{url}}}",
        "langid": f"{{{lang}}}",
    }
    lines = [f"  {name} = {value}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


@lru_cache(maxsize=64)
def _site_key(title: str) -> str:
    return slugify(title) or "brief"


def _author(name: str, desk: bool) -> str:
    """Return a name; braces keep a desk's in one piece."""
    plain = not desk and not re.search(r",|\band\b", name)
    return _escaped(name) if plain else f"{{{_escaped(name)}}}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)


# --- CSL -----------------------------------------------------------------------------------------


def _json(value: Any) -> str:
    data = msgspec.json.encode(value)
    return (data if type(value) is str else msgspec.json.format(data, indent=0)).decode()


def _csl(key: str, site: SiteInfo, brief: Brief, names: list[str], url: str, words: Words) -> str:
    """Return an item of CSL JSON 1.0."""
    at = brief.date.at
    item: dict[str, Any] = {
        "id": key,
        "type": "article-newspaper",
        "title": brief.title.replace("\u00a0", " "),
        "author": [{"literal": name} for name in names],
        "container-title": site.title,
        "publisher": site.publisher,
        "issued": {"date-parts": [[at.year, at.month, at.day]]},
        "language": words.language,
        "URL": url,
    }
    if brief.updated:
        # Translators: the note of a reference; {date} is a date as in 2025-06-12.
        note = words.of("citation", "Updated {date}", date=brief.updated.iso[:10])
        item["note"] = without_marks(note)
    lines = (f'  "{field}": {_json(value)}' for field, value in item.items())
    return "[{\n" + ",\n".join(lines) + "\n}]"
