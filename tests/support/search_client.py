"""A plain search of a built site: what the script of its pages fetches, and what it finds.

It has no other source than the files in /search/, and counts those that it reads."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from builder.search.postings import BITS, WEIGHT, decode_postings
from builder.search.shards import shard_of
from builder.search.stem import stemmer
from builder.search.words import is_unspaced, spelled_words, terms

_PREFIX, _MOST = 3, 24  # letters of a prefix; terms that it may become
_STEM, _ENDING = 5, 3  # letters of a stem, and that a beginning may have beside it


class Found(NamedTuple):
    """A brief with its score, the last of its year's keys being the newest."""

    score: float
    year: str
    key: int


class SearchClient:
    """Searches a site; `read` returns the bytes of a file in /search/ by its path there."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read
        self.fetched: dict[str, bytes] = {}
        index = self.load("index.js")
        assert index["format"] == 1
        self.block: int = index["block"]
        self.years: dict[str, tuple[int, int, int]] = {
            y: (s, m, n) for y, s, m, n in index["years"]
        }
        self.stems = [found for tag in index["languages"] if (found := stemmer(tag))]
        if index["plain"] or not self.stems:
            self.stems.append(str)
        self._decoded: dict[tuple[str, str], dict[int, int]] = {}

    def load(self, path: str) -> Any:
        """Return the value in a file of data."""
        if path not in self.fetched:
            self.fetched[path] = self._read(path)
        text = self.fetched[path].decode()
        assert text.startswith("slugline(")
        assert text.endswith(");\n")
        return json.loads(text.removeprefix("slugline(").removesuffix(");\n"))

    def postings(self, year: str, name: str) -> dict[int, int]:
        """Return the weight of a term in each brief of a year that has it, by key."""
        known = self._decoded.get((year, name))
        if known is None:
            shard = self.load(f"{year}/{shard_of(name, self.years[year][0])}.js")
            found = decode_postings(shard.get(name, ""))
            known = {posting >> BITS: posting & WEIGHT for posting in found}
            self._decoded[year, name] = known
        return known

    def variants(self, word: str, spelled: str, is_prefix: bool) -> set[str]:
        """Return the terms that a word of a query may stand for."""
        found = {name for stem in self.stems for name in terms(word, spelled, stem)}
        begun = is_prefix and (len(word) >= _PREFIX or is_unspaced(word))
        return found | {*self._begun(word)} if begun else found

    def _begun(self, word: str) -> Iterator[str]:
        """Yield the terms of words that begin so, or whose stem a longer beginning has."""
        sizes: dict[str, int] = {}
        for year, (shards, _, _) in self.years.items():
            for name, text in self.load(f"{year}/{shard_of(word, shards)}.js").items():
                stem_of = len(name) >= _STEM and 0 < len(word) - len(name) <= _ENDING
                if name.startswith(word) or (stem_of and word.startswith(name)):
                    sizes[name] = sizes.get(name, 0) + len(decode_postings(text))
        yield from sorted(sizes, key=lambda name: (-sizes[name], name))[:_MOST]

    def search(
        self, query: str, filters: Mapping[str, str] | None = None, typing: bool = False
    ) -> list[Found]:
        """Return all briefs with every word of a query, the best first.

        If there is none, those with the most words. `typing` is whether the last word may go on."""
        asked = dict(spelled_words(query))
        last = next(reversed(asked), "")
        wanted = [self.variants(w, s, typing and w == last) for w, s in asked.items()]
        wanted = [variants for variants in wanted if variants]
        total = sum(briefs for _, _, briefs in self.years.values())
        scores: dict[tuple[str, int], float] = {}
        matched: dict[tuple[str, int], int] = {}
        for variants in wanted:
            best: dict[tuple[str, int], int] = {}
            for year in self.years:
                for name in variants:
                    for key, weight in self.postings(year, name).items():
                        best[year, key] = max(weight, best.get((year, key), 0))
            rarity = math.log(1 + (total - len(best) + 0.5) / (len(best) + 0.5))
            for brief, weight in best.items():
                scores[brief] = scores.get(brief, 0.0) + weight * rarity
                matched[brief] = matched.get(brief, 0) + 1
        for name in (f"{kind}:{value}" for kind, value in (filters or {}).items()):
            scores = {b: s for b, s in scores.items() if b[1] in self.postings(b[0], name)}
        most = max((matched[brief] for brief in scores), default=0)
        least = most if most == len(wanted) else 1
        ranked = [
            (matched[(year, key)], Found(round(score, 6), year, key))
            for (year, key), score in scores.items()
            if matched[(year, key)] >= least
        ]
        return [found for _, found in sorted(ranked, reverse=True)]

    def document(self, found: Found) -> list[Any]:
        """Return the document of a brief: slug, date, language, section, title and so on."""
        month, n = divmod(found.key, self.years[found.year][1])
        path = f"{found.year}/{month + 1:02}-{n // self.block}.js"
        document: list[Any] = self.load(path)[n % self.block]
        return document

    def text(self, found: Found) -> str:
        """Return the whole text of a brief."""
        document = self.document(found)
        month, n = divmod(found.key, self.years[found.year][1])
        more = self.load(f"{found.year}/{month + 1:02}-t{n}.js") if document[7] else ""
        return f"{document[6]}{more}"

    def slugs(self, query: str, **more: Any) -> list[str]:
        """Return the slugs of the briefs that a query finds."""
        return [self.document(found)[0] for found in self.search(query, **more)]
