"""What an import mended, dropped and left to decide, counted, with the first places of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

NoteGroup = Literal["mended", "dropped", "decide"]

GROUPS: Mapping[NoteGroup, str] = MappingProxyType(
    {
        "mended": "What was mended",
        "dropped": "What was dropped",
        "decide": "What is left to decide",
    }
)

# In the order of the report: the group of each kind of note, and its words.
NOTES: Mapping[str, tuple[NoteGroup, str]] = MappingProxyType(
    {
        "control-characters": ("mended", "invisible characters were removed"),
        "encoding": ("mended", "files that are not UTF-8 were read as Windows-1252"),
        "bad-xml": ("mended", "characters that XML forbids were removed"),
        "html": ("mended", "HTML in a Markdown text became Markdown"),
        "headings": ("mended", "headings were moved down one level, below the title"),
        "long-slug": ("mended", "names of more than 100 characters were shortened"),
        "taken-slug": ("mended", "names that another record has got a number"),
        "title-mended": ("mended", "titles with markup or line breaks became plain text"),
        "title-missing": ("mended", "posts without a title got one from their first words"),
        "old-link": ("mended", "links to pages of the old site lead to their new addresses"),
        "dead-link": ("mended", "links to nothing on the old site became plain text"),
        "dead-anchor": ("mended", "links to an anchor that is missing lead to the page"),
        "bad-address": ("mended", "links without a usable address became plain text"),
        "markup": ("mended", "markup that this site would misread was escaped"),
        "merged-names": ("mended", "spellings of one name were merged"),
        "extra-section": ("mended", "further categories of a post became topics"),
        "limits": ("mended", "limits in site.yaml were raised"),
        "unreadable": ("dropped", "files and posts that cannot be read"),
        "left-out": ("dropped", "posts that were not for readers"),
        "comments": ("dropped", "comments of readers"),
        "shortcode": ("dropped", "shortcodes without a meaning here; the text in them was kept"),
        "scripts": ("dropped", "scripts, forms and widgets"),
        "attributes": ("dropped", "attribute lists such as `{: .note}`"),
        "embed": ("dropped", "embedded pages became links"),
        "no-picture": ("dropped", "pictures that are not in the archive became their words"),
        "bad-picture": ("dropped", "files that cannot be published"),
        "no-term": ("dropped", "words that say nothing, such as `Uncategorized`"),
        "redirect": ("dropped", "old addresses that no host can redirect"),
        "outside": ("dropped", "links of the file system that lead out of the archive"),
        "undated": ("decide", "posts without a date became drafts"),
        "restricted": ("decide", "posts for subscribers only became drafts"),
        "password": ("decide", "posts with a password became drafts"),
        "same-guid": ("decide", "posts whose identity in feeds another post has"),
        "same-address": ("decide", "old addresses that two posts had"),
        "no-guid": ("decide", "posts whose identity in feeds is not known; give --feed"),
        "date-differs": ("decide", "posts that the old feed dates otherwise"),
        "feed-item": ("decide", "items of the old feed that the archive does not have"),
        "remote-picture": ("decide", "pictures on other sites became links"),
        "not-fetched": ("decide", "pictures that could not be fetched became links"),
        "own-file": ("decide", "links to files of the old site that the archive does not have"),
        "query": ("decide", "old addresses with a query, which only a server can redirect"),
        "secret": ("decide", "texts with what looks like a password or a key"),
        "names": ("decide", "tags that may be companies or people"),
        "near-names": ("decide", "names that may be one; see `slugline names`"),
        "other-form": ("decide", "texts in a form that is not read, such as reStructuredText"),
        "edited": ("decide", "files that an editor has changed since were left as they are"),
        "removed": ("decide", "files that an editor has removed since were not written again"),
        "taken-file": ("decide", "posts that the site has already, by identity, were left alone"),
    }
)

SHOWN = 3  # places of each kind


class Note(Struct, frozen=True):
    """One place where something happened, and what, if the code does not say it."""

    code: str
    place: str
    detail: str = ""
    count: int = 1


class Tally(Struct, frozen=True):
    """How often something happened, and the first places."""

    count: int
    first: tuple[Note, ...]


class ImportNotes:
    """The notes of one import."""

    def __init__(self) -> None:
        self._tallies: dict[str, Tally] = {}

    def add(self, code: str, place: str, detail: str = "", count: int = 1) -> None:
        self.extend([Note(code, place, detail, count)])

    def extend(self, notes: Iterable[Note]) -> None:
        for note in notes:
            known = self._tallies.get(note.code, Tally(0, ()))
            first = (*known.first, note) if len(known.first) < SHOWN else known.first
            self._tallies[note.code] = Tally(known.count + note.count, first)

    def count(self, code: str) -> int:
        """Return how often something happened."""
        return self._tallies[code].count if code in self._tallies else 0

    def first(self, code: str) -> tuple[Note, ...]:
        """Return the first places where something happened."""
        return self._tallies[code].first if code in self._tallies else ()

    def of(self, group: NoteGroup) -> Iterator[tuple[str, Tally]]:
        """Yield the words and the tally of each note in a group."""
        for code, (its, words) in NOTES.items():
            if its == group and code in self._tallies:
                yield words, self._tallies[code]
