"""The page of a brief, or of a withdrawn brief."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import islice
from typing import Annotated, Any

from msgspec import Struct

from builder.diagnostics.codes import severity
from builder.diagnostics.diagnostic import Finding
from builder.language.reading import WORDS_A_MINUTE
from builder.ledger.provenance import SharedReport
from builder.model.brief import Brief
from builder.model.time import Moment
from builder.pages.card import brief_card, card_files, shared
from builder.pages.edition_links import all_editions
from builder.pages.linked import link_brief
from builder.pages.page import Head, Kind, Link, Page, Picture, SiteInfo, Task
from builder.pages.parts.answer import BriefFoot, foot_of
from builder.pages.parts.backing import BackingLine, backstory, brief_backing
from builder.pages.parts.brief_markdown import NAME, markdown_file
from builder.pages.parts.byline import BylineName, byline, head_authors
from builder.pages.parts.corrections import CorrectionLine, correction_lines
from builder.pages.parts.events import BriefEvent, brief_events
from builder.pages.parts.expectations import (
    BriefExpectations,
    brief_expectations,
    undated_steps,
)
from builder.pages.parts.figures import FigureLine, brief_figures
from builder.pages.parts.history import HistoryLink, history_link
from builder.pages.parts.news_article import (
    Translation,
    brief_languages,
    news_article,
    translations,
    versions_of,
)
from builder.pages.parts.pictures import chart_file, check_chart, picture_of
from builder.pages.parts.relations import RelationSentence, brief_relations
from builder.pages.parts.sources import (
    SourceLine,
    Step,
    chains,
    source_lines,
)
from builder.pages.parts.statements import Statements, brief_statements
from builder.pages.parts.translation import TranslationNote, translation_note
from builder.pages.planner import Planner, happened
from builder.site.authors import people_with_colleagues
from builder.site.lists import Lists
from builder.site.related import RelatedBrief
from builder.site.site import Entry, Site

_BY_AUTHOR = 3  # briefs of the same author


class CompanyLine(Struct, frozen=True):
    """A company listed at the foot of a brief."""

    name: Annotated[str, "Its name."]
    url: Annotated[str, "Its address."]
    summary: Annotated[str, "A short description, if any."]


class RelatedLine(Struct, frozen=True):
    """A related brief, and why it is related."""

    title: Annotated[str, "The headline."]
    url: Annotated[str, "Its address."]
    date: Annotated[Moment, "When it was published."]
    reason: Annotated[tuple[str, ...], "The companies and topics that the two briefs share."]
    lang: Annotated[str, "The language tag."]


class StoryLine(Struct, frozen=True):
    """An earlier or later brief of the same story."""

    title: Annotated[str, "The headline."]
    url: Annotated[str, "Its address."]
    lang: Annotated[str, "The language tag."]
    happened: Annotated[Moment, "When the event happened."]


class Gap(Struct, frozen=True):
    """A part of an unpublished brief that an error keeps from its page."""

    name: Annotated[str, "The front matter field, such as companies."]
    message: Annotated[str, "What is wrong with it."]


class BriefPage(Struct, frozen=True, kw_only=True):
    """A brief."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    title: Annotated[str, "The headline."]
    standfirst: Annotated[str, "The summary, if any."]
    section: Annotated[Link | None, "Its section."]
    thread: Annotated[Link | None, "The thread that it is part of."]
    overtaken: Annotated[
        StoryLine | None, "The latest brief that follows this one in its story, if any."
    ]
    published: Annotated[Moment, "When it was published."]
    happened: Annotated[Moment | None, "When the event happened, if not on the day of publication."]
    updated: Annotated[
        Moment | None, "When the brief was last changed in substance; a correction counts."
    ]
    byline: Annotated[tuple[BylineName, ...], "The authors, if any, in the order of the byline."]
    minutes: Annotated[int, "The reading time in minutes."]
    notice: Annotated[str, "In a preview, draft, review or scheduled; otherwise empty."]
    gaps: Annotated[
        tuple[Gap, ...], "In a preview, what errors keep from the page of an unpublished brief."
    ]
    picture: Annotated[Picture | None, "The picture at the top."]
    body: Annotated[str, "The text: HTML made from Markdown; print it with |safe."]
    numbers: Annotated[tuple[FigureLine, ...], "The figures of the brief."]
    relations: Annotated[
        tuple[RelationSentence, ...], "The relations between companies that the brief states."
    ]
    why: Annotated[str, "Why it matters, if given."]
    yes_but: Annotated[tuple[str, ...], "Points on the other side."]
    whats_next: Annotated[tuple[str, ...], "What to watch."]
    events: Annotated[tuple[BriefEvent, ...], "What is scheduled, by the brief."]
    outlook: Annotated[BriefExpectations, "What it expects, and what it settles."]
    said: Annotated[Statements, "What others said: claims, quotations and responses."]
    products: Annotated[tuple[str, ...], "The products that it is about."]
    translations: Annotated[tuple[Translation, ...], "The same brief in other languages."]
    translated: Annotated[
        TranslationNote | None, "Who translated it, from what, and whether the original changed."
    ]
    chains: Annotated[
        tuple[tuple[Step, ...], ...], "How each report travelled from publisher to publisher."
    ]
    sources: Annotated[tuple[SourceLine, ...], "The sources."]
    backing: Annotated[
        BackingLine | None,
        "How many independent reports stand behind it, if there is more to tell.",
    ]
    corrections: Annotated[tuple[CorrectionLine, ...], "The corrections, oldest first."]
    history: Annotated[HistoryLink | None, "Its published versions, if it had several."]
    companies: Annotated[tuple[CompanyLine, ...], "The companies that it is about."]
    people: Annotated[tuple[Link, ...], "The people in it."]
    topics: Annotated[tuple[Link, ...], "The topics."]
    previously: Annotated[tuple[StoryLine, ...], "Earlier briefs of the same story."]
    next: Annotated[tuple[StoryLine, ...], "Later briefs of the same story."]
    later: Annotated[tuple[RelatedLine, ...], "Other later briefs that are related."]
    earlier: Annotated[tuple[RelatedLine, ...], "Other earlier briefs that are related."]
    same_author: Annotated[
        tuple[RelatedLine, ...],
        "Earlier briefs by the same person, newest first, which are not among those above.",
    ]
    newer: Annotated[Link | None, "The next brief by date of publication."]
    older: Annotated[Link | None, "The previous brief by date of publication."]
    foot: Annotated[BriefFoot, "How to answer it, discuss it and cite it."]


class WithdrawnPage(Struct, frozen=True, kw_only=True):
    """The notice that replaces a withdrawn brief."""

    site: Annotated[SiteInfo, "The site."]
    head: Annotated[Head, "The page's head."]
    title: Annotated[str, "The original headline; empty with `withdrawn: {show: nothing}`."]
    reason: Annotated[str, "Why it was withdrawn; empty with `withdrawn: {show: nothing}`."]
    published: Annotated[Moment | None, "When it was published, unless nothing is shown of it."]
    updated: Annotated[Moment | None, "When it was withdrawn, if known and shown."]
    history: Annotated[HistoryLink | None, "Its published versions, if they are shown."]


def tasks(site: Site, lists: Lists) -> Iterator[Task]:
    for entry in site.order:
        if entry.elsewhere:
            continue  # another edition has its page
        yield Task(f"brief {entry.slug}", partial(_brief_page, entry.slug))
    for slug in site.withdrawn:
        yield Task(f"withdrawn {slug}", partial(_withdrawn_page, slug))
    for slug in sorted(site.unpublished):
        if not site.entries[slug].elsewhere:
            yield Task(f"unpublished {slug}", partial(_unpublished, slug))


def _line(plan: Planner, relation: RelatedBrief) -> RelatedLine:
    outline = plan.view.outline(relation.slug)
    companies = [plan.view.company(slug).name for slug in relation.companies]
    topics = [plan.view.topic(slug).name for slug in relation.topics]
    shared, lang = tuple([*companies, *topics][:4]), outline.lang or plan.language
    url = plan.view.entry(relation.slug).url
    return RelatedLine(outline.title, url, outline.date, shared, lang)


def _by_same_author(plan: Planner, brief: Brief, shown: Set[str]) -> tuple[RelatedLine, ...]:
    """Return earlier briefs by the same person that are not shown elsewhere on the page.

    They are chosen among earlier ones, so publishing changes no older page."""
    if not {*brief.author}.intersection(people_with_colleagues(plan.settings)):
        return ()
    found = (slug for slug in plan.view.by_same_author(brief.slug) if slug not in shown)
    lines = ((plan.headline(slug), plan.view.outline(slug).date) for slug in found)
    kept = islice(lines, _BY_AUTHOR)
    return tuple(RelatedLine(link.name, link.url, date, (), link.lang) for link, date in kept)


def _story_line(plan: Planner, slug: str) -> StoryLine:
    outline = plan.view.outline(slug)
    lang = outline.lang or plan.language
    return StoryLine(outline.title, plan.view.entry(slug).url, lang, outline.happened)


def _checked(plan: Planner, slug: str) -> tuple[Brief, tuple[Finding, ...]]:
    """Link a brief, and report and return everything found in it."""
    brief, _, check = link_brief(plan.view, slug)
    findings = reported = check(plan.view)
    if not plan.view.absent(brief.url):  # its own figures may not be public either
        reported = (*findings, *check_chart(plan, brief.image))
    plan.view.report(brief.path, reported)
    plan.view.check_links(brief)
    return brief, findings


def _unpublished(slug: str, plan: Planner) -> Iterator[Page]:
    """Check an unpublished brief without making a page."""
    _checked(plan, slug)
    return iter(())


def _brief_page(slug: str, plan: Planner) -> Iterator[Page]:
    (brief, findings), entry = _checked(plan, slug), plan.view.entry(slug)
    around, story = plan.view.around(slug), plan.view.story_links(slug)
    in_story = {*story.before, *story.after}
    lang, section = brief.lang or plan.language, plan.section(brief.section)
    picture, backing = picture_of(plan, slug, brief.image, lang), brief_backing(plan, brief, lang)
    thread = _thread(plan, entry)
    languages, said = translations(plan, slug), brief_statements(plan, brief)
    done = foot_of(plan, brief, brief_figures(plan, brief, lang), correction_lines(brief))
    card = brief_card(plan, brief, entry, section, done.figures, said)
    context = BriefPage(
        site=plan.info,
        head=_head(plan, brief, section, thread, shared(plan, picture, card), languages, backing),
        title=brief.title,
        standfirst=brief.summary,
        section=section,
        thread=thread,
        overtaken=_story_line(plan, story.latest) if story.latest else None,
        published=brief.date,
        happened=happened(entry),
        updated=brief.updated,
        byline=byline(plan, brief),
        minutes=max(1, round(brief.body.words / WORDS_A_MINUTE)),
        notice=entry.notice,
        gaps=tuple(_gaps(plan, brief, findings)),
        picture=picture,
        body=brief.body.html,
        numbers=done.figures,
        relations=brief_relations(plan, brief, lang),
        why=brief.why,
        yes_but=tuple(brief.yes_but),
        whats_next=undated_steps(brief),
        events=tuple(brief_events(plan, brief, lang)),
        outlook=brief_expectations(plan, brief, lang),
        said=said,
        products=tuple(brief.products),
        translations=tuple(t for t in languages if t.url != brief.url),
        translated=translation_note(plan, brief),
        chains=chains(plan, brief.sources, lang),
        sources=source_lines(plan, brief.sources, lang, _shared(plan, brief)),
        backing=backing,
        corrections=done.corrections,
        history=history_link(plan, brief),
        companies=tuple(_company_line(plan, slug) for slug in brief.companies),
        people=tuple(plan.person(slug) for slug in brief.people),
        topics=tuple(plan.topic(slug) for slug in brief.topics),
        previously=tuple(_story_line(plan, slug) for slug in story.before),
        next=tuple(_story_line(plan, slug) for slug in story.after),
        later=tuple(_line(plan, r) for r in around.later if r.slug not in in_story),
        earlier=tuple(_line(plan, r) for r in around.earlier if r.slug not in in_story),
        same_author=_by_same_author(plan, brief, {*in_story, *(r.slug for r in around.earlier)}),
        newer=plan.headline(around.newer) if around.newer else None,
        older=plan.headline(around.older) if around.older else None,
        foot=done.foot,
    )
    yield Page(
        brief.url, "brief.html", context, brief.path, listed=not context.head.noindex,
        modified=_modified(brief), anchors=_anchors(context, brief),
    )  # fmt: skip
    yield from (*_files_beside(plan, brief, context), *card_files(context.head, card))


def _modified(brief: Brief) -> Moment:
    return brief.updated or brief.date


def _thread(plan: Planner, entry: Entry) -> Link | None:
    return plan.thread(entry.thread) if entry.thread else None


def _files_beside(plan: Planner, brief: Brief, page: BriefPage) -> Iterator[Page]:
    """Yield the files beside the page of a brief: its chart, its text as Markdown."""
    yield from chart_file(plan, brief.slug, brief.image)
    if plan.settings.markdown:
        yield markdown_file(plan, brief, page)


def _gaps(plan: Planner, brief: Brief, findings: Iterable[Finding]) -> Iterator[Gap]:
    """Yield the errors in the front matter of a linked brief."""
    for unread in dict.fromkeys(brief.unread):
        yield Gap(unread.field, _quoted(unread.message))
    for finding in findings:
        if isinstance(finding.at, str) and severity(finding.code) == "error":
            yield Gap(finding.at.partition(".")[0], _quoted(finding.message))
    outline, entry = plan.view.outline(brief.slug), plan.view.entry(brief.slug)
    if not entry.notice:
        return
    if outline.thread and not entry.thread:
        yield Gap("thread", f"there is no thread “{outline.thread}”")
    for other in outline.follows:
        if plan.view.reference("brief", other).state == "unknown":
            yield Gap("follows", f"there is no brief “{other}”")


def _quoted(message: str) -> str:
    return re.sub(r"`([^`]*)`", r"“\1”", message)


def _head(
    plan: Planner,
    brief: Brief,
    section: Link | None,
    thread: Link | None,
    picture: Mapping[str, Any],
    languages: Sequence[Translation],
    backing: BackingLine | None,
) -> Head:
    return plan.head(
        brief.url,
        brief.title,
        trail=[section] if section else [],
        description=brief.summary,
        lang=brief.lang or plan.language,
        kind="article",
        published=brief.date,
        updated=brief.updated,
        authors=head_authors(plan, brief),
        active=section.url if section else "",
        markdown=f"{brief.url}{NAME}" if plan.settings.markdown else "",
        objects=[news_article(plan, brief, thread, backstory(backing))],
        noindex=bool(plan.view.entry(brief.slug).notice),
        **picture,
        languages=brief_languages(plan.settings, languages),
        editions=all_editions(
            plan.view, section.url if section else brief.url, versions_of(plan.settings, languages)
        ),
    )


def _anchors(context: BriefPage, brief: Brief) -> tuple[str, ...]:
    parts = {
        "numbers": context.numbers, "relations": context.relations,
        "known": context.said.known, "claimed": context.said.claimed,
        "said": context.said.quotes or context.said.responses, "why": context.why,
        "yes-but": context.yes_but, "whats-next": context.whats_next or context.events,
        "expected": context.outlook.expected, "settled": context.outlook.settled,
        "sources": context.sources,
        "corrections": context.corrections, "companies": context.companies,
        "previously": context.previously, "next": context.next,
        "later": context.later, "earlier": context.earlier, "same-author": context.same_author,
        "replies": context.foot.reactions.replies,
    }  # fmt: skip
    headings = (heading.anchor for heading in brief.body.headings)
    figures = (line.anchor for line in context.numbers)
    amended = (line.anchor for line in context.corrections)
    found = (name for name, part in parts.items() if part)
    scheduled = (event.line.anchor for event in context.events)
    expected = (line.anchor for line in context.outlook.expected)
    return ("content", *found, *scheduled, *expected, *figures, *amended, *headings)


def _shared(plan: Planner, brief: Brief) -> tuple[SharedReport, ...]:
    """Return, for each source, the earlier briefs that cite it."""
    if not any(source.url for source in brief.sources):
        return ()  # so this task depends on no such fact
    return plan.view.shared(brief.slug)


def _company_line(plan: Planner, slug: str) -> CompanyLine:
    company = plan.view.company(slug)
    return CompanyLine(company.name, company.url, company.summary)


def _withdrawn_page(slug: str, plan: Planner) -> Iterator[Page]:
    brief = plan.brief(slug)
    plan.view.report(brief.path, link_brief(plan.view, slug).check(plan.view))
    told = not brief.tells_nothing
    lang = brief.lang if told else ""
    words = plan.words_in(lang or plan.language)
    title = words("Withdrawn: {title}", title=brief.title) if told else words("Withdrawn")
    context = WithdrawnPage(
        site=plan.info,
        head=plan.head(brief.url, title, lang=lang or plan.language, noindex=True),
        title=brief.title if told else "",
        reason=brief.withdrawn_because if told else "",
        published=brief.date if told else None,
        updated=brief.updated if told else None,
        history=history_link(plan, brief) if told else None,
    )
    yield Page(brief.url, "withdrawn.html", context, brief.path, listed=False, anchors=("content",))


KIND = Kind(
    tasks,
    {"brief.html": BriefPage, "withdrawn.html": WithdrawnPage},
    roots=("/briefs/",),
    named={
        "brief": lambda slug: partial(_brief_page, slug),
        "withdrawn": lambda slug: partial(_withdrawn_page, slug),
    },
)
