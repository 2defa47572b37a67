"""The words of an edition: its settings, and what it calls the records of the site.

What an edition does not have in its own language says which language it is in."""

from __future__ import annotations

from typing import TypeVar

from msgspec.structs import replace

from builder.language.words import in_language
from builder.model.author import Author
from builder.model.editions import TranslatedName
from builder.model.entity import PROFILE_FIELDS, Company, Person, Profile, Thread, Topic
from builder.model.settings import Section, Settings
from builder.model.values import LanguageTag, Url
from builder.model.watchlist import Watchlist
from builder.site.edition_names import MAIN, base_of
from builder.site.profiles import folder_of, profile_key
from builder.site.site import Site

_Part = TypeVar("_Part", Section, Watchlist, Author)
_Named = TypeVar("_Named", Company, Topic, Person, Thread)


def settings_of(settings: Settings, tag: str) -> Settings:
    """Return the settings of an edition."""
    edition = settings.editions.get(LanguageTag(tag))
    if edition is None:
        return settings
    base, main = base_of(settings, tag), settings.language

    def worded(part: _Part, words: TranslatedName | None) -> _Part:
        """Return a part of site.yaml with its name and summary in the edition's language."""
        own = part.name if isinstance(part, Author) else _foreign(part.name, main, tag)
        summary = (words and words.summary) or _foreign(part.summary, main, tag)
        return replace(part, name=(words and words.name) or own, summary=summary)

    return replace(
        settings,
        title=edition.title or settings.title,
        tagline=edition.tagline,
        description=edition.description,
        language=LanguageTag(tag),
        base_url=Url(f"{settings.base_url}{base}"),
        main_language=main,
        edition=base,
        publisher=settings.publisher or settings.title,
        copyright=edition.copyright or settings.copyright,
        sections=tuple(
            replace(worded(s, edition.sections.get(s.slug)), declared=s.name)
            for s in settings.sections
        ),
        watchlists=tuple(worded(w, edition.watchlists.get(w.slug)) for w in settings.watchlists),
        authors=tuple(
            replace(worded(a, edition.authors.get(a.slug)), declared=a.name)
            for a in settings.authors
        ),
        menu=edition.menu or settings.menu,
        footer=edition.footer or settings.footer,
        moved=(),
    )


class EditionWords:
    """What an edition calls companies, topics, people and threads."""

    def __init__(self, site: Site, tag: str) -> None:
        self.tag, self.main, self.profiles = tag, site.config.settings.language, site.profiles

    def record(self, record: _Named) -> _Named:
        """Return a record in the language of the edition.

        A profile in that language comes first, then `translations`. The rest is marked with the
        language of the main edition, but for names of companies and people."""
        if self.tag == MAIN:
            return record
        folder = folder_of(record)
        profile = self.profiles.get(profile_key(folder, record.slug, self.tag))
        words = record.translations.get(LanguageTag(self.tag))
        names = PROFILE_FIELDS[folder]
        fields = {name: self._said(record, name, profile, words) for name in names}
        if profile and profile.body.html:
            text = {"path": profile.path, "body": profile.body, "lang": profile.lang}
        else:
            text = {"lang": self.main}
        return replace(record, **fields, **text)

    def _said(self, record: _Named, field: str, profile: Profile | None, words: object) -> str:
        said = getattr(profile, field, "") or getattr(words, field, "")
        own = str(getattr(record, field))
        if said or (field == "name" and isinstance(record, (Company, Person))):
            return str(said or own)
        return _foreign(own, self.main, self.tag)


def _foreign(text: str, language: str, around: str) -> str:
    """Return a text with its language, unless that is the one around it."""
    same = language.partition("-")[0].lower() == around.partition("-")[0].lower()
    return in_language(text, language) if text and not same else text
