"""References in the body of a record, resolved and filled in."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType

from msgspec.structs import replace

from builder.diagnostics.diagnostic import Finding
from builder.language.direction import isolated
from builder.language.sentences import capitalise, opens_sentence
from builder.language.words import Words, message
from builder.ledger.ids import unknown_id
from builder.model.body import Body, InternalLink, Reference
from builder.model.brief import Brief
from builder.model.entity import (
    Company,
    Digest,
    Person,
    PlainPage,
    Profile,
    Publisher,
    Thread,
    Topic,
)
from builder.patterns import pattern
from builder.site.references import Referent, advise, normal
from builder.site.view import View

_HOLE = re.compile(r"\0(\d+)(t?)\0")
_PICTURE = pattern(r'<img src="\0(\d+)\0[^>]*>')


_PART = pattern(r"[?#]")  # where the query or fragment of an address begins


Filled = Brief | Company | Topic | Thread | Person | Publisher | PlainPage | Digest | Profile

# The labels that `content/markdown` writes, in English: of a link back from a footnote, of all
# footnotes, and of a table, which may have a number. Begins with letters, so that a long text
# without them is searched quickly.
_LABEL = re.compile(
    r'aria-label="(?:'
    r'(?<=class="footnotes" aria-label=")(?P<notes>Footnotes)|'
    r'(?<=class="table" role="region" aria-label=")Table(?: (?P<table>\d+))?|'
    r'(?<=class="footnote-back" aria-label=")Back to the text of note (?P<note>[0-9-]+))"'
)


def fill(
    view: View,
    record: Filled,
    figures: Mapping[str, str] = MappingProxyType({}),
    unlinked: Iterable[str] = (),
) -> tuple[Body, list[Finding]]:
    """Return a record's body with its references filled in, and findings.

    Links to unpublished pages and to the addresses `unlinked` become plain text. `figures` maps
    the ids of the figures that the body may print to their values in words.
    """
    body = view.body(record)
    text, links = body.html, list(body.links)
    findings: list[Finding] = []
    hidden = view.absent(record.url) or (record.draft and view.waiting(record.path) is not None)
    if body.references:
        found = [_resolve(view, record, hidden, r, findings, figures) for r in body.references]
        for (target, url), reference in zip(found, body.references, strict=True):
            if target.state != "unpublished" and "#" in url:
                # the anchor is checked once all pages are planned
                links.append(InternalLink(url, reference.place))
        states = [target.state for target, _ in found]
        text = _unlink(text, {f"\0{n}\0" for n, s in enumerate(states) if s == "unpublished"})
        unknown = [n for n, state in enumerate(states) if state == "unknown"]
        if unknown:
            names = {str(n): html.escape(body.references[n].target) for n in unknown}
            text = _mark_unknown(text, names)
        if any(target.sources for target, _ in found):
            text = _PICTURE.sub(lambda match: _in_formats(match, found), text)
        figures_at = {n for n, r in enumerate(body.references) if r.kind == "figure"}
        language = _language_of(record, view)
        another = [another_record(r.kind, view.words(language)) for r in body.references]
        text = _HOLE.sub(lambda match: _fill(match, found, figures_at, language, another), text)
    if _LABEL.search(text):
        words = view.words(_language_of(record, view))
        text = _LABEL.sub(lambda match: _label(match, words), text)
    addresses = {_PART.split(link.address)[0] for link in links}
    text = _unlink(text, {*filter(view.absent, addresses), *unlinked})
    if text == body.html:
        return body, findings
    return replace(body, html=text, links=tuple(links), references=()), findings


def _language_of(record: Filled, view: View) -> str:
    """Return the language of a record's text; `lang` of a publisher is that of its reports."""
    settings = view.settings
    if isinstance(record, Publisher):
        return settings.main_language or settings.language
    return record.lang or settings.language


def _resolve(
    view: View,
    record: Filled,
    hidden: bool,
    reference: Reference,
    findings: list[Finding],
    figures: Mapping[str, str],
) -> tuple[Referent, str]:
    """Return the target of a reference, and the address to print."""
    kind, written = reference.kind, reference.target
    if kind == "figure":
        if written not in figures and not record.broken:
            findings.append(unknown_id(reference.place, "figure", written, figures))
        if written not in figures:
            return Referent("unknown"), ""
        return Referent("found", figures.get(written, "")), ""
    if kind == "file":
        written = normal(f"{PurePosixPath(record.path).parent}/{written}")
    target = view.reference(kind, written)
    if target.state == "unknown":
        findings.append(advise(view.everything, kind, written, reference.place))
    elif target.state == "unpublished" and not hidden:
        message = f"`{reference.target}` is not published: the link is left out"
        hint = "link to it when both are out"
        findings.append(Finding(reference.place, "link-unpublished", message, hint))
    fragment = f"#{reference.fragment}" if reference.fragment and target.state == "found" else ""
    return target, f"{target.url}{fragment}"


# What a text says in place of the headline or name of a record that is not published.
_ANOTHER = {
    # Translators: in place of the headline of a brief that is not published yet.
    "brief": message("another brief"),
    "company": message("another company"),
    "topic": message("another topic"),
    "thread": message("another story"),
    "person": message("another person"),
    "page": message("another page"),
}


def another_record(kind: str, words: Words) -> str:
    """Return what to call a record that is not published: another brief."""
    return words.key(_ANOTHER.get(kind, _ANOTHER["brief"]))


_NEAR = 600  # characters before a figure in which its sentence may begin


def _fill(
    match: re.Match[str],
    found: list[tuple[Referent, str]],
    figures: Collection[int],
    language: str,
    another: Sequence[str],
) -> str:
    """Return what replaces a placeholder; `figures` are the numbers of those of figures.

    `another` is what to call each record that is not published."""
    n = int(match[1])
    target, url = found[n]
    if target.state == "unpublished":
        # The title of an unpublished brief must not leak.
        return _isolated(target.name or another[n], language)
    name = target.name
    if n in figures and opens_sentence(match.string[max(0, match.start() - _NEAR) : match.start()]):
        name = capitalise(name)
    return _isolated(name, language) if match[2] else url


def _label(match: re.Match[str], words: Words) -> str:
    """Return a label in the language of the text, for screen readers."""
    if number := match["note"]:
        # Translators: a link at the end of a footnote, for screen readers.
        said = words("Back to the text of note {number}", number=number)
    elif match["notes"]:
        said = words("Footnotes")
    elif number := match["table"]:
        # Translators: the second or a later table of a text, for screen readers.
        said = words("Table {number}", number=number)
    else:
        # Translators: the first table of a text, for screen readers.
        said = words("Table")
    return f'aria-label="{html.escape(said)}"'


def _isolated(name: str, language: str) -> str:
    """Return a name as HTML, apart from the text if it may run in another direction."""
    text = html.escape(name)
    return f"<bdi>{text}</bdi>" if isolated(name, language) else text


def _in_formats(match: re.Match[str], found: Sequence[tuple[Referent, str]]) -> str:
    """Return an `<img>`, in a `<picture>` if it has other formats."""
    sources = found[int(match[1])][0].sources
    return f"<picture>{sources}{match[0]}</picture>" if sources else match[0]


def _mark_unknown(text: str, names: Mapping[str, str]) -> str:
    """Replace references with an unknown target by marked text, in one pass.

    `names` has what each of them is called, by the number of its placeholder. Only a preview shows
    it: an unknown target in a published record stops a build."""
    inside = False  # a link that becomes a mark

    def name_of(match: re.Match[str]) -> str:
        return names.get(match[1], match[0])

    def marked(match: re.Match[str]) -> str:
        nonlocal inside
        found = match[0]
        name = names.get(match[2] or match[3] or match[5] or "")
        if name is not None and match[3] and not match[4]:
            inside = True
            return "<mark>"
        if name is not None:
            return f"<mark>{name}</mark>"
        if found == "</a>" and inside:
            inside = False
            return "</mark>"
        return _HOLE.sub(name_of, found) if match[1] else found

    return _MARKED.sub(marked, text)


# A tag, which may be a picture at a placeholder or a link to one, with its text; or a placeholder.
_MARKED = pattern(
    r'(<(?:img src="\0(\d+)\0|a href="\0(\d+)\0)?[^<>]*>(?:(\0\3t\0)</a>)?)|\0(\d+)t?\0'
)
_LINK = pattern(r'<a href="([^"?#]*)[^"]*"[^<>]*>|</a>')


def _unlink(text: str, addresses: Collection[str]) -> str:
    """Replace links to some addresses, with any query or fragment, by their text, in one pass."""
    inside = False

    def unlinked(match: re.Match[str]) -> str:
        nonlocal inside
        if match[1] is None:
            was, inside = inside, False
            return "" if was else match[0]
        if match[1] not in addresses:
            return match[0]
        inside = True
        return ""

    return _LINK.sub(unlinked, text) if addresses else text
