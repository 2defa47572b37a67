"""The search page with its A–Z of names, and the data that the search box reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Annotated, NamedTuple

from msgspec import Struct

from builder.language.collation import (
    OTHER,
    SortKey,
    index_letter,
    letter_anchor,
    sort_key,
    surname_first,
)
from builder.language.words import Words, message, said_in
from builder.pages.page import Data, Head, Kind, Link, Page, SiteInfo, Task
from builder.pages.planner import SEARCH, Planner
from builder.search.languages import ALGORITHMS, stemmed
from builder.site.lists import ARCHIVE, Lists
from builder.site.public_names import NameKind, PublicName
from builder.site.site import Site

INDEX = Link(message("Search"), SEARCH)
NAMES = f"{SEARCH}names.js"
OPENSEARCH = f"{SEARCH}opensearch.xml"
_ONE_PAGE = 400  # lines of an index that is on the search page itself

# Each kind of name: as the index calls it, its folder, and the fields of briefs that name it.
_KINDS: dict[NameKind, tuple[str, str, tuple[str, ...]]] = {
    "company": (message("Company"), "/companies/", ("companies",)),
    "person": (message("Person"), "/people/", ("people",)),
    "topic": (message("Topic"), "/topics/", ("topics",)),
    "thread": (message("Thread"), "/threads/", ("thread",)),
    "publisher": (message("Publisher"), "/sources/", ("reported", "relayed")),
    "author": (message("Author"), "/authors/", ("authors",)),
}


class IndexLine(Struct, frozen=True):
    """A line of the A–Z: a name, or another name with the one that it refers to."""

    name: Annotated[str, "The name, or an alias or a former name."]
    url: Annotated[str, "The address of its page."]
    kind: Annotated[str, "What has the name: `Company`, `Person`, `Topic`, `Publisher`."]
    see: Annotated[str, "The present name, if `name` is another one."] = ""


class IndexLetter(Struct, frozen=True):
    """A letter of the A–Z."""

    letter: Annotated[str, "The letter, or # for names that do not begin with a letter."]
    url: Annotated[str, "Its address: an anchor on the search page, or a page of its own."]
    anchor: Annotated[str, "Its anchor, if it is on the search page."]
    count: Annotated[int, "The number of its lines."]
    lines: Annotated[tuple[IndexLine, ...], "Its lines, in alphabetical order."]


class SearchPage(Struct, frozen=True, kw_only=True):
    """The search page."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    letters: Annotated[tuple[IndexLetter, ...], "The A–Z of names; without lines if it is long."]
    years: Annotated[tuple[Link, ...], "The years of the archive, latest first."]


class SearchLetterPage(Struct, frozen=True, kw_only=True):
    """A letter of an A–Z that is too long for one page."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    letter: Annotated[IndexLetter, "The letter."]
    letters: Annotated[tuple[IndexLetter, ...], "All letters, without their lines."]


class OpenSearch(Struct, frozen=True):
    """The description by which browsers offer the site's search (OpenSearch 1.1)."""

    name: Annotated[str, "The site's name in at most 16 characters."]
    description: Annotated[str, "What it searches, in at most 1,024 characters."]
    results: Annotated[str, "The absolute address of the search page."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    if site.config.settings.search:
        yield Task("search names", _names)
        yield Task("stemmers", _stemmers)
        yield Task("search", _search)
        yield Task("opensearch", _opensearch)


# --- names for the search box ------------------------------------------------------------------


def _names(plan: Planner) -> Iterator[Page]:
    """Yield the names as `[name, kind, slug, digits, other names, language]`.

    The slug is 0 if the script can make it from the name. Names without others have four items; the
    language is that of a name which is not translated. Of the number of briefs, which ranks names
    that match alike, it is the number of digits: the file stays the same unless a name changes, or
    has ten times as many briefs."""
    kinds = [*_KINDS]
    rows = []
    for found in plan.view.public_names():
        slug = found.url.split("/")[2]
        count = _count(plan, found)
        digits = len(str(count)) if count else 0
        name, language = said_in(found.name)
        row: list[object] = [name, kinds.index(found.kind), slug, digits]
        if slug == _simple_slug(name):
            row[2] = 0
        if found.others or language:
            row.append(found.others)
        if language:
            row.append(language)
        rows.append(row)
    words = plan.words
    described = [(kind, words.key(label), folder) for kind, (label, folder, _) in _KINDS.items()]
    text = as_script({"kinds": described, "names": rows})
    yield Page(NAMES, "data.txt", Data(text), listed=False)


def _stemmers(plan: Planner) -> Iterator[Page]:
    """Yield the rules of stems for each language of the briefs."""
    from builder.search.javascript import translate_stemmer  # needed only if languages changed

    tags = tuple(tag or plan.language for tag in plan.view.languages())
    for tag in stemmed(tags):
        rules = Data(f"slugline({translate_stemmer(ALGORITHMS[tag])});\n")
        yield Page(f"{SEARCH}stem-{tag}.js", "data.txt", rules, listed=False)


def as_script(value: object) -> str:
    """Return data as a script that hands it to the function `slugline`."""
    return f"slugline({json.dumps(value, ensure_ascii=False, separators=(',', ':'))});\n"


def _simple_slug(name: str) -> str:
    """Return the slug of a name as the search script makes it."""
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")


def _count(plan: Planner, found: PublicName) -> int:
    slug = found.url.split("/")[2]
    return sum(plan.view.count(field, slug)[0] for field in _KINDS[found.kind][2])


# --- the page with the A–Z ---------------------------------------------------------------------


class _Line(NamedTuple):
    key: tuple[bool, SortKey, SortKey, str]
    letter: str
    line: IndexLine


def _search(plan: Planner) -> Iterator[Page]:
    names = _lines(plan.words, plan.view.public_names(), plan.language)
    lines = sorted(names, key=lambda found: found.key)
    single = len(lines) <= _ONE_PAGE
    letters = [
        _letter(letter, tuple(found.line for found in group), single)
        for letter, group in groupby(lines, lambda found: found.letter)
    ]
    shown = tuple(letters) if single else tuple(_without_lines(letter) for letter in letters)
    years = sorted(plan.view.counts("year"), reverse=True)
    context = SearchPage(
        site=plan.info,
        head=plan.head(
            INDEX.url,
            plan.named(INDEX).name,
            active=INDEX.url,
            description=plan.words(
                "Search {site}, or look up a name from A to Z.", site=plan.settings.title
            ),
        ),
        letters=shown,
        years=tuple(Link(year, f"{ARCHIVE}{year}/") for year in years),
    )
    anchors = ("content", *(letter.anchor for letter in shown if letter.anchor))
    yield Page(INDEX.url, "search.html", context, anchors=anchors)
    for letter in () if single else letters:
        yield _letter_page(plan, letter, shown)


def _letter_page(plan: Planner, letter: IndexLetter, letters: tuple[IndexLetter, ...]) -> Page:
    words = plan.words
    if letter.letter == "#":
        # Translators: the title of a list of names that begin with no letter.
        title = words("Other names")
    else:
        # Translators: the title of a list of names; {letter} is the one with which they begin.
        title = words("Names with {letter}", letter=letter.letter)
    context = SearchLetterPage(
        site=plan.info,
        head=plan.head(letter.url, title, trail=[plan.named(INDEX)], active=INDEX.url),
        letter=letter,
        letters=letters,
    )
    return Page(letter.url, "search-letter.html", context)


def _letter(letter: str, lines: tuple[IndexLine, ...], single: bool) -> IndexLetter:
    anchor = letter_anchor(letter)
    url = f"#{anchor}" if single else f"{INDEX.url}{anchor.removeprefix('letter-')}/"
    return IndexLetter(letter, url, anchor if single else "", len(lines), lines)


def _without_lines(letter: IndexLetter) -> IndexLetter:
    return IndexLetter(letter.letter, letter.url, letter.anchor, letter.count, ())


def _lines(words: Words, names: Sequence[PublicName], language: str) -> Iterator[_Line]:
    """Yield a line for each name, and one for each other name that is elsewhere in the order."""
    for found in names:
        label = words.key(_KINDS[found.kind][0])
        sorted_by = surname_first(found.name) if found.kind == "person" else found.name
        yield _line(sorted_by, IndexLine(found.name, found.url, label), language)
        beginnings = {_beginning(found.name, language), _beginning(sorted_by, language)}
        for other in found.others:
            if (beginning := _beginning(other, language)) not in beginnings:
                beginnings.add(beginning)
                yield _line(other, IndexLine(other, found.url, label, found.name), language)


def _line(sorted_by: str, line: IndexLine, language: str) -> _Line:
    letter = index_letter(sorted_by, language)
    keys = sort_key(sorted_by, language), sort_key(line.name, language)
    return _Line((letter == OTHER, *keys, line.url), letter, line)


def _beginning(text: str, language: str) -> str:
    return sort_key(text, language)[1][:3]


def _opensearch(plan: Planner) -> Iterator[Page]:
    title = plan.settings.title
    name = title if len(title) <= 16 else plan.named(INDEX).name
    results = f"{plan.settings.base_url}{SEARCH}"
    context = OpenSearch(
        name, plan.words("The briefs and names of {site}", site=title)[:1024], results
    )
    yield Page(OPENSEARCH, "opensearch.xml", context, addresses="absolute", listed=False)


KIND = Kind(
    tasks,
    {
        "search.html": SearchPage,
        "search-letter.html": SearchLetterPage,
        "opensearch.xml": OpenSearch,
        "data.txt": Data,
    },
    roots=(INDEX.url,),
)
