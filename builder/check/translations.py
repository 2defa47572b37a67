"""Check translations of briefs: their originals, languages and company names."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from builder.check.context import BriefContext
from builder.content.config import declared_names, match_author
from builder.diagnostics.diagnostic import Finding, Place
from builder.ledger.translations import originals_of
from builder.model.body import Body
from builder.model.brief import Brief
from builder.model.editions import TranslatedBy
from builder.model.entity import Profile
from builder.model.settings import Settings
from builder.names.mentions import plain_text
from builder.names.suggest import did_you_mean
from builder.site.profiles import Profiled, original_of, outdated_profile
from builder.site.site import Site
from builder.site.translated import is_withdrawn, outdated, outdated_page, translated_pages


def check_translations(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield the problems in `translation_of`."""
    # A brief without `lang` is in the site's language.
    briefs, language = site.outlines, site.config.settings.language
    origins = originals_of(briefs)
    for slug, brief in briefs.items():
        if not (original := brief.translation_of):
            continue
        if original not in briefs:
            hint = did_you_mean(original, briefs) or "write the last part of the brief's address"
            message = f"there is no brief `{original}`"
            yield brief.path, Finding("translation_of", "unknown-brief", message, hint)
        elif not origins[slug]:
            message = f"`{slug}` is indirectly a translation of itself"
            hint = "remove `translation_of` from the brief that was written first"
            beside = next((path for path in _chain(slug, site) if path in site.withheld), "")
            yield brief.path, Finding("translation_of", "translation-circle", message, hint, beside)
        elif (lang := brief.lang or language) == (briefs[original].lang or language):
            message = f"`{original}` is also in {lang}"
            hint = "write the language of the translation in `lang`"
            yield brief.path, Finding("translation_of", "translation-language", message, hint)
        elif brief.status != "withdrawn" and is_withdrawn(site, original):
            message = f"`{original}` was withdrawn, and this translation was not"
            hint = f"add `status: withdrawn`, or remove `translation_of: {original}`"
            yield brief.path, Finding("translation_of", "translation-outdated", message, hint)
        elif changed := outdated(site, slug):
            message = f"`{original}` changed on {changed.iso[:10]}, after this translation"
            hint = "translate the change, and write its date in `updated` or in `corrections`"
            yield brief.path, Finding("translation_of", "translation-outdated", message, hint)


def check_profiles(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield profiles and plain pages that do not follow their originals.

    They are outdated, nobody has reviewed them, or they have lost the names of companies."""
    for profile in site.profiles.values():
        original = original_of(site, profile)
        for finding in _unknown_reviewers(profile.translated, site.config.settings):
            yield profile.path, finding
        if changed := outdated_profile(profile, original):
            message = f"{original.path} changed on {changed.iso[:10]}, after this translation"
            yield profile.path, Finding("updated", "translation-outdated", message, _FOLLOW)
        for finding in _lost_in_profile(site, profile, original):
            yield profile.path, finding
    for page, first in translated_pages(site):
        if changed := outdated_page(page, first):
            message = f"{first.path} changed on {changed.iso[:10]}, after this translation"
            yield page.path, Finding("updated", "translation-outdated", message, _FOLLOW)
    for record in site.waiting.values():
        if isinstance(record, Profile) and record.unreviewed:
            yield record.path, _UNREVIEWED


_FOLLOW = "translate the change, and write its date in `updated`"
_UNREVIEWED = Finding(
    "translated",
    "translation-unreviewed",
    "nobody has reviewed this machine translation, so it is not published",
    "compare it with the original, then add `reviewed_by: NAME` to `translated`",
)


def check_translator(context: BriefContext) -> Iterator[Finding]:
    """Yield machine translations that nobody has reviewed."""
    if context.brief.unreviewed:
        yield _UNREVIEWED
    yield from _unknown_reviewers(context.brief.translated, context.view.settings)


def _unknown_reviewers(translated: TranslatedBy | None, settings: Settings) -> Iterator[Finding]:
    """Yield reviewers that site.yaml does not declare."""
    for n, name in enumerate(translated.reviewed_by if translated else ()):
        if match_author(name, settings) is None:
            known = declared_names(settings.authors)
            hint = did_you_mean(name, known) or "declare it under `authors` in site.yaml"
            message = f"site.yaml declares no author `{name}`"
            yield Finding(f"translated.reviewed_by.{n}", "unknown-author", message, hint)


def _chain(slug: str, site: Site) -> list[str]:
    """Return the files of a brief and of what it translates, directly or indirectly."""
    found: dict[str, str] = {}
    while slug in site.outlines and slug not in found:
        found[slug] = site.outlines[slug].path
        slug = site.outlines[slug].translation_of
    return [*found.values()]


def check_kept_names(context: BriefContext) -> Iterator[Finding]:
    """Yield company names in the original that its translation lacks."""
    brief, view = context.brief, context.view
    if not brief.translation_of:
        return
    if view.reference("brief", brief.translation_of).state == "unknown":
        return  # reported elsewhere
    original = view.written(brief.translation_of)
    kept = dict.fromkeys(view.kept_names(name) for name in original.companies)
    texts = _whole_text(original), _whole_text(brief)
    yield from _lost_names(*texts, [names for names in kept if names])


def _lost_in_profile(site: Site, profile: Profile, original: Profiled) -> Iterator[Finding]:
    """Yield company names in what a profile translates that it lacks."""
    texts = [("summary", str(original.summary), str(profile.summary))]
    texts += [("", _plain(original.body), _plain(profile.body))]
    named = (c for c in site.companies.values() if c.do_not_translate and c.name)
    kept = [(c.name, *c.aliases, *c.formerly) for c in named]
    for at, written, translated in texts:
        near = [names for names in kept if any(name in written for name in names)]
        for finding in _lost_names(written, translated, near) if translated else ():
            yield finding._replace(at=at or Place())


def _plain(body: Body) -> str:
    """Return the text of a body without markup."""
    return html.unescape(re.sub("<[^>]*>", "", body.html))


def _whole_text(brief: Brief) -> str:
    """Return the whole text of a brief without markup."""
    statements = (*(c.text for c in brief.claims), *(q.text for q in brief.quotes))
    events = (event.title for event in brief.events)
    expected = (expectation.text for expectation in brief.expects)
    boxes = (brief.why, *brief.yes_but, *brief.steps, *expected, *events, *statements)
    return "\n".join((brief.title, brief.summary, *boxes, _plain(brief.body)))


def _lost_names(
    original: str, translation: str, companies: Iterable[tuple[str, ...]]
) -> Iterator[Finding]:
    """Yield company names that a translation has lost.

    An example is `Schaalbare AI` for Scale AI. `companies` has the names of each company, the
    printed one first. If the original has one of them, the translation must have one too."""
    for names in companies:
        if _names(original, names) and not _names(translation, names):
            message = f"the original names `{names[0]}`, but this translation does not"
            hint = "keep the name as it is, or add `do_not_translate: false` to its file"
            yield Finding("translation_of", "name-translated", message, hint)


def _names(text: str, names: Iterable[str]) -> bool:
    """Return whether a text has one of some names, with any ending."""
    pattern = "|".join(re.escape(plain_text(name)) for name in names)
    return re.search(rf"(?<![A-Za-z0-9])(?:{pattern})", plain_text(text)) is not None
