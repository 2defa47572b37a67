"""References in the body of a record, resolved and filled in."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType

from msgspec.structs import replace

from builder.diagnostics.diagnostic import Finding
from builder.language.sentences import capitalise, opens_sentence
from builder.ledger.ids import unknown_id
from builder.model.body import Body, InternalLink, Reference
from builder.model.brief import Brief
from builder.model.entity import Company, Digest, Person, PlainPage, Publisher, Thread, Topic
from builder.site.references import Referent, advise, normal
from builder.site.view import View

_HOLE = re.compile(r"\0(\d+)(t?)\0")


_PART = re.compile(r"[?#]")  # where the query or fragment of an address begins


Filled = Brief | Company | Topic | Thread | Person | Publisher | PlainPage | Digest


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
        for n, (target, url) in enumerate(found):
            if target.state == "unpublished":
                text = _unlink(text, f"\0{n}\0")
            elif "#" in url:  # the anchor is checked once all pages are planned
                links.append(InternalLink(url, body.references[n].place))
        if any(target.state == "unknown" for target, _ in found):
            text = _mark_unknown(text, body.references, found)
        figures_at = {n for n, r in enumerate(body.references) if r.kind == "figure"}
        text = _HOLE.sub(lambda match: _fill(match, found, figures_at), text)
    for address in {_PART.split(link.address)[0] for link in links}:
        if view.absent(address):
            text = _unlink(text, address)
    for address in unlinked:
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


_NEAR = 600  # characters before a figure in which its sentence may begin


def _fill(match: re.Match[str], found: list[tuple[Referent, str]], figures: Collection[int]) -> str:
    """Return what replaces a placeholder; `figures` are the numbers of those of figures."""
    n = int(match[1])
    target, url = found[n]
    if target.state == "unpublished":
        return html.escape(
            target.name or "another brief"
        )  # the title of an unpublished brief must not leak
    name = target.name
    if n in figures and opens_sentence(match.string[max(0, match.start() - _NEAR) : match.start()]):
        name = capitalise(name)
    return html.escape(name) if match[2] else url


def _mark_unknown(
    text: str, references: Sequence[Reference], found: Sequence[tuple[Referent, str]]
) -> str:
    """Replace references with an unknown target by marked text.

    Only a preview shows it: an unknown target in a published record stops a build."""
    for n, (target, _) in enumerate(found):
        if target.state == "unknown":
            text = _mark(text, n, html.escape(references[n].target))
    return text


def _mark(text: str, n: int, name: str) -> str:
    """Replace the picture, the link or the text of a reference by a mark."""
    hole, mark = f"\0{n}", f"<mark>{name}</mark>"
    text = re.sub(f'<img src="{hole}\0[^>]*>', f"{hole}\0", text)
    text = re.sub(f'<a href="{hole}\0[^>]*>(.*?)</a>', r"<mark>\1</mark>", text, flags=re.DOTALL)
    text = text.replace(f"<mark>{hole}t\0</mark>", mark)

    def marked(match: re.Match[str]) -> str:
        tag = match[1]  # in which there is only text
        return re.sub(f"{hole}t?\0", lambda _: name, tag) if tag else mark

    return re.sub(f"(<[^>]*>)|{hole}t?\0", marked, text)


def _unlink(text: str, address: str) -> str:
    """Replace links to an address, with any query or fragment, by text."""
    pattern = rf'<a href="{re.escape(address)}(?:[?#][^"]*)?"[^>]*>(.*?)</a>'
    return re.sub(pattern, r"\1", text, flags=re.DOTALL)
