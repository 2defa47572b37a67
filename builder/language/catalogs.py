"""The catalogs of a site: its own, then Slugline's, by language."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from builder.language.catalog import FOLDER, Catalog, CatalogEntry, read_catalog
from builder.language.words import ENGLISH, Words
from builder.patterns import pattern
from builder.stat import Stat, stat_of

TEMPLATE = FOLDER / "messages.pot"
_NONE: Mapping[str, Catalog] = MappingProxyType({})
_NO_PATHS: Mapping[str, str] = MappingProxyType({})


class Catalogs:
    """The catalogs of a site in one build.

    `own` has those of the site by language tag in lower case, and `settings` the messages of
    site.yaml. Both count before Slugline's, and those of a region or script (pt-BR) before those of
    the whole language (pt). `paths` has the file of each in `own`."""

    def __init__(
        self,
        own: Mapping[str, Catalog] = _NONE,
        paths: Mapping[str, str] = _NO_PATHS,
        settings: Mapping[str, Catalog] = _NONE,
    ) -> None:
        self.own, self.paths, self.settings = own, paths, settings
        self._words: dict[str, Words] = {}

    def words(self, language: str) -> Words:
        """Return the words of a language."""
        found = self._words.get(language)
        if found is None:
            found = self._words[language] = _words(language, tuple(self._chain(language)))
        return found

    def missing(self, language: str, said: Iterable[str] = ()) -> list[str]:
        """Return the keys of messages that a language lacks.

        These are Slugline's, then those in `said`."""
        if language.partition("-")[0].lower() == ENGLISH:
            return []
        complete = any(map(is_complete, fallbacks(language)))
        keys = (*(() if complete else package_messages()), *sorted(said))
        return [key for key in dict.fromkeys(keys) if key not in self.words(language).known]

    def _chain(self, language: str) -> Iterator[Catalog]:
        for tag in fallbacks(language):
            for catalogs in (self.settings, self.own):
                if tag in catalogs:
                    yield catalogs[tag]
            if (catalog := package_catalog(tag)) is not None:
                yield catalog


@lru_cache(maxsize=64)
def _words(language: str, catalogs: tuple[Catalog, ...]) -> Words:
    return Words(language, catalogs)


def fallbacks(language: str) -> tuple[str, ...]:
    """Return the tags whose catalogs a language uses, in lower case.

    A catalog in another script is none of them: zh-TW takes nothing from zh."""
    parts = language.lower().split("-")
    tags = ["-".join(parts[:n]) for n in range(len(parts), 0, -1)]
    return tuple(tag for tag in tags if tag == tags[0] or _script(tag) == _script(language))


@cache
def _script(language: str) -> str:
    """Return the script in which a language is usually written."""
    if "-" not in language and language not in ("zh", "sr", "uz", "az", "pa"):
        return ""  # of all others, each region uses the same script
    from babel.core import Locale, get_global  # rarely needed

    tag = str(Locale.parse(language, sep="-"))
    likely = get_global("likely_subtags").get(tag, tag)
    usual = get_global("likely_subtags").get(tag.partition("_")[0], "")
    found = Locale.parse(likely).script or Locale.parse(usual).script or ""
    return "" if tag.partition("_")[0] not in ("zh", "sr", "uz", "az", "pa") else found


def package_languages(folder: Path = FOLDER) -> tuple[str, ...]:
    """Return the tags of the languages that Slugline has a catalog of."""
    return tuple(sorted(file.stem for file in folder.glob("*.po")))


def package_catalog(tag: str) -> Catalog | None:
    """Return Slugline's own catalog of a language, if it has one."""
    file = FOLDER / f"{tag}.po"
    try:
        return _read(file, stat_of(file.stat()))
    except OSError:
        return None


@lru_cache(maxsize=64)
def _read(file: Path, stat: Stat) -> Catalog:
    return read_catalog(file.read_text("utf-8"), file.stem)


def package_messages() -> Mapping[str, CatalogEntry]:
    """Return every message of Slugline by its key, without translations."""
    return _read(TEMPLATE, stat_of(TEMPLATE.stat())).entries


def package_messages_in(language: str) -> Mapping[str, CatalogEntry]:
    """Return every message of Slugline, without translations if necessary.

    They are from a catalog that the language uses, if there is one."""
    found = filter(None, map(package_catalog, fallbacks(language)))
    return next((catalog.entries for catalog in found), None) or package_messages()


def is_complete(tag: str) -> bool:
    """Return whether Slugline has every translation into a language.

    Each of its catalogs lists all messages, so there is no need to parse it."""
    try:
        return _is_complete(FOLDER / f"{tag}.po")
    except OSError:
        return False


@cache
def _is_complete(file: Path) -> bool:
    return _UNTRANSLATED.search(file.read_text("utf-8").partition("\n\n")[2]) is None


_UNTRANSLATED = pattern(r'^(?:#, fuzzy|msgstr(?:\[\d\])? ""\n(?!"))', re.MULTILINE)


def stat_catalogs() -> list[tuple[bytes, Stat]]:
    """Return the path and stat of each of Slugline's own catalogs."""
    files = sorted(FOLDER.glob("*.po"))
    return [(bytes(file), stat_of(file.stat())) for file in files]


def digest_words(words: Words, keys: Iterable[str] | None = None) -> bytes:
    """Return a digest of some messages in a language, or of all."""
    state = hashlib.blake2b(words.language.encode(), digest_size=8)
    known = words.known
    for key in sorted(known) if keys is None else keys:
        forms = known.get(key)
        if forms:
            state.update(f"{key}\0{chr(1).join(forms)}\0".encode())
    return state.digest()
