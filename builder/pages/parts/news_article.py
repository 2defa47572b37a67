"""A brief as schema.org describes a news article, with its other languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from msgspec import Struct

from builder.language.language_names import own_name
from builder.model.brief import Brief
from builder.model.settings import Settings
from builder.model.source import ROOT_ROLES
from builder.pages.edition_links import DEFAULT, absolute
from builder.pages.page import Link
from builder.pages.parts.byline import authors_data, publisher_data
from builder.pages.parts.corrections import as_text, correction_lines
from builder.pages.parts.pictures import picture_of
from builder.pages.parts.registers import same_as
from builder.pages.parts.sources import citation
from builder.pages.parts.statements import said_parts
from builder.pages.parts.translation import translator_data
from builder.pages.planner import Planner
from builder.site.edition_names import edition_for


class Translation(Struct, frozen=True):
    """The same brief in another language."""

    title: Annotated[str, "The headline."]
    url: Annotated[str, "Its address."]
    lang: Annotated[str, "The language tag."]
    language: Annotated[str, "The language's own name, such as Nederlands."]


def translations(plan: Planner, slug: str) -> tuple[Translation, ...]:
    """Return a brief in all its languages, or nothing if only one."""
    found = []
    for other in plan.view.translations(slug):
        outline = plan.view.outline(other)
        lang = outline.lang or plan.language
        url = plan.view.entry(other).url
        found.append(Translation(outline.title, url, lang, own_name(lang)))
    return tuple(found)


def brief_languages(settings: Settings, found: Sequence[Translation]) -> tuple[Link, ...]:
    """Return a brief in all its languages, with absolute addresses.

    Of a site with editions, the first is for readers of all other languages."""
    links = [Link(t.lang, absolute(settings, t.url)) for t in found]
    if not links or not settings.editions:
        return tuple(links)
    main = settings.main_language or settings.language
    default = next((link for link in links if link.name == main), links[0])
    return (*links, Link(DEFAULT, default.url))


def versions_of(settings: Settings, found: Sequence[Translation]) -> dict[str, str]:
    """Return the address of a brief in each edition, by language tag."""
    return {edition_for(settings, t.lang): t.url for t in found}


def news_article(plan: Planner, brief: Brief, thread: Link | None, told: str) -> dict[str, Any]:
    """Return schema.org's NewsArticle; `told` is its `backstory`."""
    base, words = plan.settings.base_url, plan.words_in(brief.lang or plan.language)
    companies = [plan.view.company(slug) for slug in brief.companies]
    topics = [plan.view.topic(slug).name for slug in brief.topics]
    people = [plan.person(slug) for slug in brief.people]
    roots = [s for s in brief.sources if s.role in ROOT_ROLES]
    section = plan.section(brief.section)
    picture = picture_of(plan, brief.slug, brief.image, plan.language)
    others = [t for t in translations(plan, brief.slug) if t.url != brief.url]
    original = plan.headline(brief.translation_of).url if others and brief.translation_of else ""
    return {
        "@type": "NewsArticle",
        "headline": brief.title,
        "description": brief.summary,
        "url": f"{base}{brief.url}",
        "mainEntityOfPage": f"{base}{brief.url}",
        "identifier": brief.id,
        "datePublished": brief.date.iso,
        "dateModified": (brief.updated or brief.date).iso,
        "inLanguage": brief.lang or plan.language,
        "wordCount": brief.body.words,
        "articleSection": section.name if section else "",
        "keywords": topics,
        "image": plan.absolute(picture.url) if picture else "",
        "author": authors_data(plan, brief),
        "publisher": publisher_data(plan),
        "about": [
            {
                "@type": "Organization",
                "name": company.name,
                "url": f"{base}{company.url}",
                "sameAs": same_as(company.website, company.ids),
            }
            for company in companies
        ],
        "mentions": [
            {"@type": "Person", "name": person.name, "url": f"{base}{person.url}"}
            for person in people
        ],
        "isPartOf": {"@type": "CollectionPage", "name": thread.name, "url": f"{base}{thread.url}"}
        if thread
        else None,
        "hasPart": said_parts(plan, brief),
        "translationOfWork": next((_work(plan, t) for t in others if t.url == original), None),
        "workTranslation": [] if brief.translation_of else [_work(plan, t) for t in others],
        "translator": translator_data(plan, brief),
        "correction": [
            {
                "@type": "CorrectionComment",
                "text": as_text(words, line),
                "datePublished": line.at.iso,
            }
            for line in correction_lines(brief)
        ],
        "isBasedOn": [citation(plan, source) for source in roots],
        "citation": [citation(plan, source) for source in brief.sources],
        "backstory": told,
    }


def _work(plan: Planner, other: Translation) -> dict[str, Any]:
    return {
        "@type": "NewsArticle",
        "headline": other.title,
        "url": plan.absolute(other.url),
        "inLanguage": other.lang,
    }
