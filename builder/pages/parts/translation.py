"""What the page of a translation says of itself: from what it was made, and by whom."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct

from builder.content.config import match_author
from builder.language.language_names import language_name
from builder.ledger.translations import outdated_since
from builder.model.brief import Brief
from builder.model.entity import PlainPage, Profile
from builder.model.time import Moment
from builder.pages.page import Link
from builder.pages.planner import Planner
from builder.site.profiles import Profiled, outdated_profile


class TranslationNote(Struct, frozen=True):
    """From what a brief or a profile was translated, and by whom."""

    original: Annotated[Link, "The original, in its language."]
    language: Annotated[str, "The name of that language, in the language of the page."]
    machine: Annotated[bool, "Whether a machine translated it."]
    reviewed_by: Annotated[tuple[Link, ...], "Who compared it with the original."]
    outdated: Annotated[
        Moment | None, "When the original changed, if this translation does not have the change."
    ]
    withdrawn: Annotated[bool, "Whether the original was withdrawn."] = False


def translation_note(plan: Planner, brief: Brief) -> TranslationNote | None:
    """Return what a translation says of itself, if its original is published."""
    slug = brief.translation_of
    if not slug or plan.view.reference("brief", slug).state != "found":
        return None
    original, entry = plan.view.entry(slug), plan.view.entry(brief.slug)
    link, lang = plan.headline(slug), brief.lang or plan.language
    withdrawn = plan.view.outline(slug).status == "withdrawn"
    return TranslationNote(
        link,
        language_name(link.lang.partition("-")[0], lang),
        brief.translated is not None and brief.translated.by == "machine",
        reviewers(plan, brief),
        None if withdrawn else outdated_since(original.updated, entry.date, entry.updated),
        withdrawn,
    )


def profile_note(plan: Planner, record: Profiled) -> TranslationNote | None:
    """Return what a profile in an edition's language says of itself."""
    settings = plan.settings
    profile = plan.view.profile(record) if settings.edition else None
    if profile is None or not profile.body.html:
        return None
    return TranslationNote(
        Link(record.label, f"/..{record.url}", settings.main_language),
        language_name(settings.main_language.partition("-")[0], plan.language),
        profile.translated is not None and profile.translated.by == "machine",
        reviewers(plan, profile),
        outdated_profile(profile, record),
    )


def page_note(plan: Planner, page: PlainPage) -> TranslationNote | None:
    """Return what a plain page says of an original that changed since."""
    settings = plan.settings
    if page.outdated is None:
        return None
    return TranslationNote(
        Link(page.title, f"/..{page.url}", settings.main_language),
        language_name(settings.main_language.partition("-")[0], plan.language),
        machine=False,
        reviewed_by=(),
        outdated=page.outdated,
    )


def reviewers(plan: Planner, brief: Brief | Profile) -> tuple[Link, ...]:
    """Return who compared a translation with its original."""
    known = {str(author.slug): author for author in plan.settings.authors}
    names = brief.translated.reviewed_by if brief.translated else ()
    slugs = (match_author(name, plan.settings) for name in names)
    return tuple(Link(known[slug].name, known[slug].page) for slug in slugs if slug)


def translated_page(plan: Planner, record: Profiled) -> list[dict[str, Any]]:
    """Return the page of a translated profile as schema.org's WebPage.

    A company or a person has no `translator` there, but the page about it does."""
    settings = plan.settings
    profile = plan.view.profile(record) if settings.edition else None
    if profile is None:
        return []
    original = {
        "@type": "WebPage",
        "url": plan.absolute(f"/..{record.url}"),
        "inLanguage": settings.main_language,
    }
    page = {
        "@type": "WebPage",
        "name": record.label,
        "url": plan.absolute(record.url),
        "inLanguage": plan.language,
        "translationOfWork": original,
        "translator": translator_data(plan, profile),
    }
    return [page]


def translator_data(plan: Planner, brief: Brief | Profile) -> list[dict[str, Any]]:
    """Return schema.org's `translator` of a brief or a profile."""
    if brief.translated is None:
        return []
    machine = [{"@type": "SoftwareApplication", "name": "machine translation"}]
    people = [{"@type": "Person", "name": link.name} for link in reviewers(plan, brief)]
    return [*(machine if brief.translated.by == "machine" else []), *people]
