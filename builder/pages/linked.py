"""A brief as its page shows it, with its mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from builder.check.checks import check_brief
from builder.check.context import BriefContext
from builder.check.events import check_events
from builder.check.expectations import check_expectations
from builder.check.relations import check_relations
from builder.content.config import declared_names, match_author, match_declared
from builder.content.picture_address import is_remote
from builder.diagnostics.codes import Code
from builder.diagnostics.diagnostic import Finding
from builder.language.quantities import print_quantity
from builder.language.typography import typographic
from builder.ledger.figures import compute
from builder.ledger.ids import unknown_id
from builder.ledger.turned_back import turned_back
from builder.model.brief import Brief
from builder.model.figure import Figure
from builder.model.parties import named_parties
from builder.model.statement import Correction
from builder.model.time import Moment, PublicationTime
from builder.model.values import AuthorName, CompanyName, PersonName, SectionName, Text, TopicName
from builder.names.keys import page_address
from builder.names.suggest import did_you_mean
from builder.pages.attribution import Voices, attribute
from builder.pages.bodies import fill
from builder.site.references import is_trusted, missing_media, untrusted_picture
from builder.site.registers import resolve_all
from builder.site.resolve import link_sources
from builder.site.site import Entry
from builder.site.view import View

_FOLLOWING = ("figure-without-value", "figure-undated", "derived-without-formula", "unknown-figure")


class LinkedBrief(NamedTuple):
    """A linked brief.

    `check` returns its findings, which only its own page reports: feeds need not check it. It takes
    the view, which keeps this value and so must not be kept by it."""

    brief: Brief
    voices: Voices
    check: Callable[[View], tuple[Finding, ...]]


def link_brief(view: View, slug: str) -> LinkedBrief:
    """Return a brief with all its names and references resolved."""
    return view.once(f"linked {slug}", lambda: _link(view, slug), _size)


def _size(linked: LinkedBrief) -> int:
    return len(linked.brief.body.html) + 2000


def _link(view: View, slug: str) -> LinkedBrief:
    brief, entry = view.written(slug), view.entry(slug)
    findings: list[Finding] = []
    settings = view.settings
    language = brief.lang or settings.language
    _note_unknown(view, brief, findings)
    figures = _as_known(brief, entry)
    computed = compute(figures)
    # A figure that could not be read causes no further findings.
    findings += [f for f in computed.findings if not (brief.broken and f.code in _FOLLOWING)]
    printed = {name: print_quantity(value, language) for name, value in computed.values.items()}
    sources, problems = link_sources(brief.sources, view.publisher, settings.language)
    findings += problems
    linked = replace(
        brief,
        companies=tuple(CompanyName(name) for name in entry.companies),
        topics=tuple(TopicName(name) for name in entry.topics),
        people=tuple(PersonName(name) for name in entry.people),
        section=SectionName(entry.section),
        author=tuple(_authors(view, brief, findings)),
        checked_by=tuple(_checkers(view, brief, findings)),
        sources=sources,
    )
    if brief.relations:
        findings += check_relations(view, brief, {figure.id for figure in brief.figures})
    if brief.expects or brief.settles or brief.whats_next or brief.claims:
        findings += check_expectations(view, brief)
    if brief.events:
        findings += check_events(view, brief)
    linked, voices, problems = attribute(view, linked, language, _is_hidden(view, brief))
    findings += problems
    unlinked = set() if _is_hidden(view, brief) else {*_drafts(view, brief, findings)}
    body, more = fill(view, linked, printed, unlinked)
    findings += more
    check = partial(_check, replace(linked, body=body), brief, voices, tuple(findings))
    linked = replace(
        linked,
        updated=_when(entry.updated),
        figures=figures,
        corrections=tuple(_printed(brief.corrections[n], language) for n in entry.corrected),
        title=typographic(brief.title, language),
        summary=typographic(brief.summary, language),
        why=typographic(brief.why, language),
        yes_but=tuple(typographic(text, language) for text in brief.yes_but),
        whats_next=tuple(
            replace(step, text=Text(typographic(step.text, language))) for step in brief.whats_next
        ),
        body=body,
    )
    return LinkedBrief(linked, voices, check)


def _as_known(brief: Brief, entry: Entry) -> tuple[Figure, ...]:
    """Return a brief's figures without corrections yet to come."""
    later = [c for n, c in enumerate(brief.corrections) if n not in entry.corrected]
    return turned_back(brief.figures, later) if later and brief.figures else brief.figures


def _check(
    linked: Brief, brief: Brief, voices: Voices, found: tuple[Finding, ...], view: View
) -> tuple[Finding, ...]:
    """Return the findings of a brief; those of linking it are `found`."""
    findings = [*found]
    if not brief.broken:
        companies = brief.companies
        if len(linked.companies) < len(companies):  # some are one company, or unknown
            companies = tuple(
                {view.meaning("companies", name): name for name in companies}.values()
            )
        named = [view.company_names(name) for name in companies]
        names = tuple(name for found in named for name in found) if all(named) else ()
        findings += check_brief(BriefContext(linked, brief, voices.quotes, names, view))
    if brief.image and (picture := _check_picture(view, brief.image.file)):
        findings.append(picture)
    return tuple(findings)


def _is_hidden(view: View, brief: Brief) -> bool:
    """Return whether no page shows the names of a brief."""
    return view.absent(brief.url) or brief.status == "withdrawn"


def _drafts(view: View, brief: Brief, findings: list[Finding]) -> Iterator[str]:
    """Report companies that are not published, and yield their addresses.

    A published brief publishes its companies, so these are drafts."""
    for at, name in named_parties(brief):
        slug = view.meaning("companies", name)
        if slug and not view.has_company(slug) and view.company_names(name):
            message = f"`{name}` is not published, so the brief is shown without it"
            hint = "remove `status: draft` from its file, or add it to this one"
            findings.append(Finding(at, "link-unpublished", message, hint))
            yield page_address("companies", slug)


def _check_picture(view: View, file: str) -> Finding | None:
    """Return the finding for a picture that the page cannot show."""
    if is_remote(file):
        trusted = is_trusted(view.settings, file)
        return None if trusted else untrusted_picture(file, "image.file")
    if file and view.media(file) is None:
        return missing_media(view.everything, file, "image.file")
    return None


def _when(moment: Moment | None) -> PublicationTime | None:
    return PublicationTime(moment.at, moment.precision) if moment else None


def _printed(correction: Correction, language: str) -> Correction:
    was, now, note = (
        Text(typographic(text, language))
        for text in (correction.was, correction.now, correction.note)
    )
    return replace(correction, was=was, now=now, note=note)


def _note_unknown(view: View, brief: Brief, findings: list[Finding]) -> None:
    """Report names that cannot be resolved; the lists omit them."""
    for n, name in enumerate(brief.companies):
        if not view.meaning("companies", name):
            found = view.everything.names.unknown_company(f"companies.{n}", name)
            findings += [found] if found else []
    findings += _of_figures(view, brief)
    settings = view.settings
    for field, names in (("topics", brief.topics), ("people", brief.people)):
        resolve = partial(view.meaning, field)
        findings += resolve_all(resolve, field, tuple(names), settings.slug_style)[1]
    if brief.section:
        declared = declared_names(settings.sections)
        _declared(view, "section", brief.section, declared, findings)


def _of_figures(view: View, brief: Brief) -> Iterator[Finding]:
    """Report unknown companies and sources that figures name."""
    ids = dict.fromkeys(str(source.id) for source in brief.sources)
    for n, figure in enumerate(brief.figures):
        for field, name in (("of", figure.of), ("to", figure.to)):
            if name and not view.meaning("companies", name):
                found = view.everything.names.unknown_company(f"figures.{n}.{field}", name)
                if found:
                    yield found
        if figure.source and figure.source not in ids and ids and all(ids):
            yield unknown_id(f"figures.{n}.source", "source", figure.source, ids)
        for k, also in enumerate(figure.also):
            if also not in ids and ids and all(ids):
                yield unknown_id(f"figures.{n}.also.{k}", "source", also, ids)


def _authors(view: View, brief: Brief, findings: list[Finding]) -> Iterator[AuthorName]:
    """Yield the slug of each author once."""
    settings = view.settings
    declared = declared_names(settings.authors)
    found: dict[str, None] = {}
    for n, name in enumerate(brief.author):
        found.setdefault(_declared(view, f"author.{n}", name, declared, findings))
    if not brief.author:
        found = dict.fromkeys(match_author(name, settings) or "" for name in settings.author)
    yield from (AuthorName(slug) for slug in found if slug)


def _checkers(view: View, brief: Brief, findings: list[Finding]) -> Iterator[AuthorName]:
    """Yield the slug of each author who has checked a brief once."""
    declared = declared_names(view.settings.authors)
    found = (
        _declared(view, f"checked_by.{n}", name, declared, findings)
        for n, name in enumerate(brief.checked_by)
    )
    yield from (AuthorName(slug) for slug in dict.fromkeys(found) if slug)


def _declared(
    view: View,
    at: str,
    name: str,
    declared: dict[str, str],
    findings: list[Finding],
) -> str:
    is_section = at == "section"
    slug = match_declared(name, declared) if is_section else match_author(name, view.settings)
    if slug is None and not view.everything.config.problems:  # the broken site.yaml may declare it
        hint = did_you_mean(name, declared)
        if not hint:
            known = ", ".join(declared) or "none"
            hint = f"site.yaml declares: {known}"
        field = "section" if is_section else "author"
        message = f"site.yaml declares no {field} `{name}`"
        code: Code = "unknown-section" if field == "section" else "unknown-author"
        findings.append(Finding(at, code, message, hint))
    return slug or ""
