"""Check what stands behind claims: references between them, and reports that are one."""

from __future__ import annotations

from collections.abc import Iterator

from builder.diagnostics.diagnostic import Finding
from builder.ledger.copied_reports import Use, find_reports
from builder.ledger.independence import rests_on_one
from builder.ledger.names import Imprints
from builder.model.outline import Outline
from builder.names.suggest import did_you_mean
from builder.site.imprints import imprints_of
from builder.site.site import Site


def check_claims(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield claims with a duplicate id or a wrong reference."""
    for outline in site.outlines.values():
        if not outline.claims:
            continue
        ids = set[str]()
        for n, said in enumerate(outline.claims):
            if said.id and said.id in ids and not outline.broken:
                message, hint = f"two claims have the id `{said.id}`", "give one of them another id"
                yield outline.path, Finding(f"claims.{n}.id", "duplicate-claim", message, hint)
            ids.add(said.id)
            for field, reference in (("confirms", said.confirms), ("denies", said.denies)):
                if reference and (found := _unknown(site, outline, field, reference)):
                    yield outline.path, Finding(f"claims.{n}.{field}", "unknown-claim", *found)


def _unknown(site: Site, outline: Outline, field: str, reference: str) -> tuple[str, str] | None:
    """Return the message and the hint if a claim names no claim of an earlier brief."""
    slug, _, id = reference.partition("#")
    other = site.outlines.get(slug)
    if other is None:
        hint = did_you_mean(slug, [s for s, o in site.outlines.items() if o.claims])
        return f"there is no brief `{slug}`", hint or "write the last part of the brief's address"
    if other is outline:
        hint = "name the further source in `also`" if field == "confirms" else "remove `denies`"
        return f"the claim {field} a claim of its own brief", hint
    ids = [said.id for said in other.claims if said.id]
    if id not in ids:
        known = f"its claims are: {', '.join(ids)}" if ids else "give its claim an `id`"
        return f"the brief `{slug}` has no claim `{id}`", did_you_mean(id, ids) or known
    if (other.date.at, other.slug) > (outline.date.at, outline.slug):
        return f"the brief `{slug}` is not earlier", f"only a later brief {field} a claim"
    return None


def check_one_report(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield confirmed claims that rest on one report alone."""
    for slug, standing in site.standing.items():
        outline = site.outlines[slug]
        for n, (said, backing) in enumerate(zip(outline.claims, standing.claims, strict=False)):
            unnamed = any(voucher.people for voucher in said.vouchers)  # it has its own warning
            alone = rests_on_one(backing) and not (standing.confirmed or unnamed)
            if said.status == "confirmed" and alone:
                message = "one report alone stands behind this confirmed claim"
                hint = (
                    "write `reported`, name a second original in `also`, or add the response of the"
                    " company"
                )
                yield outline.path, Finding(f"claims.{n}.status", "one-report", message, hint)


def check_same_reports(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield reports about which briefs contradict each other."""
    imprints = imprints_of(site.names)
    briefs = [site.outlines[slug] for slug in site.entries if not site.entries[slug].original]
    found = find_reports(briefs, imprints)
    for use, other in found.copied:
        origin = other.origin
        what = f"passes on a report of {origin.publisher}" if origin else "passes on another report"
        message = f"this report is an original here, but {what} in {other.brief.path}"
        hint = "write `role: relay` and `of`, or correct the other brief"
        yield use.brief.path, Finding(_field(use, "role"), "copied-report", message, hint)
    for use, back in found.circles:
        message = f"the report that this one passes on leads back to it in {back.brief.path}"
        hint = "find out who reported it first, and remove `of` from that report"
        yield use.brief.path, Finding(_field(use, "of"), "circular-reports", message, hint)
    for use, first in found.renamed:
        where = "" if first.brief is use.brief else f" in {first.brief.path}"
        message = f"this is the text of {first.source.publisher}{where} under another name"
        hint = "write `role: syndication` and `of`, or name the copy in `via` of the original"
        yield use.brief.path, Finding(_field(use, "publisher"), "renamed-report", message, hint)
    for brief in briefs:
        yield from _agencies(brief, imprints)


def _field(use: Use, field: str) -> str:
    return f"sources.{use.number}.{field}"


def _agencies(brief: Outline, imprints: Imprints) -> Iterator[tuple[str, Finding]]:
    """Yield originals that name a news agency as the copy that was read."""
    for n, source in enumerate(brief.sources):
        if not source.via or source.role != "original" or not imprints.is_agency(source.via):
            continue
        if not imprints.is_agency(source.publisher):
            message = f"{source.via} is a news agency, so this is its report under another name"
            hint = f"write `publisher: {source.via}` and `via: {source.publisher}`"
            yield brief.path, Finding(f"sources.{n}.via", "renamed-report", message, hint)
