"""A brief as it was written -> as its page shows it: names as slugs, holes in its text filled, and
what a sub-editor says about it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import NamedTuple

from msgspec.structs import replace

from builder.check.brief import Finding, lint_brief
from builder.check.minority_stakes import lint_stakes, minority_stakes
from builder.check.relations import check_relations
from builder.check.shares import lint_shares
from builder.content.config import match_declared
from builder.content.markdown.engine import typographic
from builder.language.quantities import print_quantity
from builder.ledger.corrections import lint_corrections
from builder.ledger.figures import compute
from builder.ledger.translations import lint_kept_names
from builder.model.brief import (
    AuthorName,
    Body,
    Brief,
    Company,
    CompanyName,
    Correction,
    Digest,
    InternalLink,
    Moment,
    Person,
    PersonName,
    PlainPage,
    PublicationTime,
    Publisher,
    Reference,
    SectionName,
    Text,
    Thread,
    Topic,
    TopicName,
)
from builder.names.register import did_you_mean
from builder.pages.attribution import attribute, lint_inside
from builder.site.link import link_sources, resolve_all, unknown_company
from builder.site.references import (
    Target,
    advise,
    missing_media,
    normal,
)
from builder.site.view import View

_FOLLOWING = ("figure-without-value", "figure-undated", "derived-without-formula", "unknown-figure")
_HOLE = re.compile(r"\0(\d+)(t?)\0")
_PART = re.compile(r"[?#]")  # where an address ends and its query or fragment begins


class Linked(NamedTuple):
    """A linked brief, and what is to be said of it: once, where its own page is made."""

    brief: Brief
    findings: tuple[Finding, ...]


def link_brief(view: View, slug: str) -> Linked:
    """A brief with everything resolved."""
    return view.once(f"linked {slug}", lambda: _link(view, slug), _size)


def _size(linked: Linked) -> int:
    return len(linked.brief.body.html) + 2000


def _link(view: View, slug: str) -> Linked:
    brief, entry = view.written(slug), view.entry(slug)
    findings: list[Finding] = []
    settings = view.settings
    language = brief.lang or settings.language
    _note_unknown(view, brief, findings)
    computed = compute(brief.figures)
    # Of a figure that could not be read, what follows from that is not said as well.
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
        author=AuthorName(_author(view, brief, findings)),
        sources=sources,
    )
    if brief.relations:
        findings += check_relations(view, brief, {figure.id for figure in brief.figures})
    linked, problems = attribute(view, linked, language)
    findings += problems
    body, more = fill(view, linked, printed)
    findings += more
    if not brief.broken:
        named = [view.company_names(name) for name in brief.companies]
        names = [name for found in named for name in found] if all(named) else []
        findings += lint_brief(linked, names)
        findings += lint_inside(replace(linked, body=body), names)
        findings += lint_corrections(linked)
        findings += lint_shares(brief)
        if stakes := [*minority_stakes(brief)]:
            findings += lint_stakes(_headings(brief), stakes, view.company_names)
        if brief.translation_of:
            findings += _lint_translation(view, replace(linked, body=body))
    if brief.image and brief.image.file and view.media(brief.image.file) is None:
        findings.append(Finding("image.file", *missing_media(view.everything, brief.image.file)))
    linked = replace(
        linked,
        updated=_when(entry.updated),
        corrections=tuple(_printed(brief.corrections[n], language) for n in entry.corrected),
        title=typographic(brief.title, language),
        summary=typographic(brief.summary, language),
        why=typographic(brief.why, language),
        yes_but=tuple(typographic(text, language) for text in brief.yes_but),
        whats_next=tuple(typographic(text, language) for text in brief.whats_next),
        body=body,
    )
    return Linked(linked, tuple(findings))


def _when(moment: Moment | None) -> PublicationTime | None:
    return PublicationTime(moment.at, moment.precision) if moment else None


def _printed(correction: Correction, language: str) -> Correction:
    was, now, note = (
        Text(typographic(text, language))
        for text in (correction.was, correction.now, correction.note)
    )
    return replace(correction, was=was, now=now, note=note)


def _headings(brief: Brief) -> Iterator[tuple[str, str]]:
    """What stands over a brief and its parts, and the field where each is said."""
    yield from (("title", brief.title), ("summary", brief.summary))
    yield from (("title", heading.text) for heading in brief.body.headings)


def _lint_translation(view: View, brief: Brief) -> Iterator[Finding]:
    """Names that the brief which this one translates has, and this one has lost."""
    if view.reference("brief", brief.translation_of).state == "unknown":
        return  # which is said elsewhere
    original, entry = view.written(brief.translation_of), view.entry(brief.translation_of)
    companies = [view.company(slug) for slug in entry.companies]
    kept = [view.company_names(c.name) for c in companies if c.do_not_translate]
    texts = _whole_text(original), _whole_text(brief)
    yield from lint_kept_names(*texts, [names for names in kept if names])


def _whole_text(brief: Brief) -> str:
    """Everything that a brief says, without its markup."""
    said = (*(c.text for c in brief.claims), *(q.text for q in brief.quotes))
    boxes = (brief.why, *brief.yes_but, *brief.whats_next, *said)
    text = html.unescape(re.sub("<[^>]*>", "", brief.body.html))
    return "\n".join((brief.title, brief.summary, *boxes, text))


def _note_unknown(view: View, brief: Brief, findings: list[Finding]) -> None:
    """Names that mean nothing: the entry lacks them."""
    for n, name in enumerate(brief.companies):
        if not view.meaning("companies", name):
            found = unknown_company(view.everything, name)
            findings += [Finding(f"companies.{n}", *found)] if found else []
    findings += _of_figures(view, brief)
    findings += resolve_all(partial(view.meaning, "topics"), "topics", tuple(brief.topics))[1]
    findings += resolve_all(partial(view.meaning, "people"), "people", tuple(brief.people))[1]
    settings = view.settings
    if brief.section:
        declared: dict[str, str] = {s.slug: s.name for s in settings.sections}
        _declared(view, "section", brief.section, declared, findings)


def _of_figures(view: View, brief: Brief) -> Iterator[Finding]:
    """Companies and sources that figures name and that there are not."""
    ids = {source.id for source in brief.sources}
    for n, figure in enumerate(brief.figures):
        for field, name in (("of", figure.of), ("to", figure.to)):
            if name and not view.meaning("companies", name):
                found = unknown_company(view.everything, name)
                if found:
                    yield Finding(f"figures.{n}.{field}", *found)
        if figure.source and figure.source not in ids and ids:
            hint = did_you_mean(figure.source, ids) or f"the ids are: {', '.join(sorted(ids))}"
            message = f"no source has the id `{figure.source}`"
            yield Finding(f"figures.{n}.source", "unknown-source", message, hint)


def _author(view: View, brief: Brief, findings: list[Finding]) -> str:
    settings = view.settings
    if not brief.author:
        return settings.author
    declared: dict[str, str] = {a.slug: a.name for a in settings.authors}
    return _declared(view, "author", brief.author, declared, findings)


def _declared(
    view: View, field: str, name: str, declared: dict[str, str], findings: list[Finding]
) -> str:
    slug = match_declared(name, declared)
    if slug is None and not view.everything.config.problems:  # else it may be declared all the same
        hint = did_you_mean(name, declared)
        if not hint:
            known = ", ".join(declared) or "none"
            hint = f"site.yaml declares: {known}"
        message = f"site.yaml declares no {field} `{name}`"
        findings.append(Finding(field, f"unknown-{field}", message, hint))
    return slug or ""


# --- bodies ------------------------------------------------------------------------------------

Filled = Brief | Company | Topic | Thread | Person | Publisher | PlainPage | Digest


def fill(
    view: View, record: Filled, figures: Mapping[str, str] = MappingProxyType({})
) -> tuple[Body, list[Finding]]:
    """The body of a record with every hole filled, and links to what nobody may see left out.
    `figures` are those that it may print, in words."""
    body = view.body(record)
    text, links = body.html, list(body.links)
    findings: list[Finding] = []
    hidden = view.absent(record.url)
    if body.references:
        found = [_resolve(view, record, hidden, r, findings, figures) for r in body.references]
        for n, (target, url) in enumerate(found):
            if target.state == "unpublished":
                text = _unlink(text, f"\0{n}\0")
            elif "#" in url:  # whether the page has the anchor is seen when all pages are known
                links.append(InternalLink(url, body.references[n].place))
        text = _HOLE.sub(lambda match: _fill(match, found), text)
    for address in {_PART.split(link.address)[0] for link in links}:
        if view.absent(address):
            text = _unlink(text, address)
    if text == body.html:
        return body, findings
    return replace(body, html=text, links=tuple(links), references=()), findings


def _resolve(
    view: View,
    record: Filled,
    hidden: bool,
    reference: Reference,
    findings: list[Finding],
    figures: Mapping[str, str],
) -> tuple[Target, str]:
    """What a reference means, and the address to print."""
    kind, written = reference.kind, reference.target
    if kind == "figure":
        if written not in figures and not record.broken:
            findings.append(Finding(reference.place, *_no_figure(written, figures)))
        return Target("found", figures.get(written, "")), ""
    if kind == "file":
        written = normal(f"{PurePosixPath(record.path).parent}/{written}")
    target = view.reference(kind, written)
    if target.state == "unknown":
        findings.append(Finding(reference.place, *advise(view.everything, kind, written)))
    elif target.state == "unpublished" and not hidden:
        message = f"`{reference.target}` is not published: the link is left out"
        hint = "link to it when both are out"
        findings.append(Finding(reference.place, "link-unpublished", message, hint))
    fragment = f"#{reference.fragment}" if reference.fragment and target.state == "found" else ""
    return target, f"{target.url}{fragment}"


def _no_figure(name: str, figures: Mapping[str, str]) -> tuple[str, str, str]:
    hint = did_you_mean(name, figures) or f"the ids are: {', '.join(figures) or 'none'}"
    return "unknown-figure", f"no figure of this file has the id `{name}`", hint


def _fill(match: re.Match[str], found: list[tuple[Target, str]]) -> str:
    target, url = found[int(match[1])]
    if target.state == "unpublished":
        return html.escape(target.name or "another brief")  # its title must not be seen
    return html.escape(target.name) if match[2] else url


def _unlink(text: str, address: str) -> str:
    """Links to an address (also with a query or a fragment) become plain text."""
    pattern = rf'<a href="{re.escape(address)}(?:[?#][^"]*)?"[^>]*>(.*?)</a>'
    return re.sub(pattern, r"\1", text, flags=re.DOTALL)
