"""What stands behind a brief and its statements, in words.

A count is a sentence and never a rating; what says the obvious is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Annotated

from msgspec import Struct

from builder.language.capitals import with_capital
from builder.language.lists import list_names
from builder.language.small_numbers import spelled
from builder.language.words import Words
from builder.ledger.independence import Backing, Later, Reason, roots_of
from builder.ledger.standing import Standing
from builder.model.brief import Brief
from builder.model.statement import Claim
from builder.model.time import Moment
from builder.pages.planner import Planner

_SPEAKING = ("confirmed", "reported", "claimed", "forecast")  # of claims that are counted


class LaterLine(Struct, frozen=True, kw_only=True):
    """A later brief that reports, confirms, denies or disputes a statement."""

    kind: Annotated[str, "report, confirmed, denied or disputed."]
    second: Annotated[bool, "Whether its report is the second independent one."]
    who: Annotated[str, "The company that confirms, denies or disputes it, if known."]
    at: Annotated[Moment, "When the later brief was published."]
    title: Annotated[str, "Its headline."]
    url: Annotated[str, "Its address."]
    lang: Annotated[str, "The language tag of the headline."]


class BackingLine(Struct, frozen=True, kw_only=True):
    """What stands behind a brief, a claim or a figure."""

    sentences: Annotated[
        tuple[str, ...], "How many independent reports, who passes them on, who confirms them."
    ] = ()
    later: Annotated[tuple[LaterLine, ...], "Later briefs that say more, the first first."] = ()


def has_standing(brief: Brief) -> bool:
    """Return whether a brief may have a standing.

    The task of any other brief depends on no such fact."""
    return len(brief.sources) > 1 or bool(brief.claims or brief.figures or brief.responses)


def standing_of(plan: Planner, brief: Brief) -> Standing | None:
    """Return what stands behind a brief, if there is anything to tell."""
    return plan.view.standing(brief.slug) if has_standing(brief) else None


def brief_backing(plan: Planner, brief: Brief, lang: str) -> BackingLine | None:
    """Return what stands behind a brief, if more than its sources say."""
    standing = standing_of(plan, brief)
    if standing is None:
        return None
    sentences = tuple(_of_brief(plan, standing, len(brief.sources), lang))
    told = dict.fromkeys(one for claim in standing.claims for one in claim.later)
    later = tuple(_later(plan, one) for one in sorted(told, key=lambda one: (one.at.at, one.brief)))
    return BackingLine(sentences=sentences, later=later) if sentences or later else None


def claim_backing(
    plan: Planner, claim: Claim, backing: Backing, told: Set[str], lang: str
) -> BackingLine | None:
    """Return what stands behind a claim, if more than its attribution says.

    The attribution has told of some companies."""
    if claim.status not in _SPEAKING:
        return _line(plan, (), backing)
    words, sentences = plan.words_in(lang), []
    confirmed = tuple(slug for slug in backing.companies if slug not in told)
    only = claim.status == "confirmed" and backing.reports == 1 and not backing.companies
    if backing.reports > 1 or only:
        sentences += [_reports(words, backing.reports, lang), *_reasons(words, backing)]
    if confirmed:
        sentences.append(_confirmed(plan, words, confirmed, lang))
    return _line(plan, tuple(sentences), backing)


def figure_backing(plan: Planner, backing: Backing, lang: str) -> BackingLine | None:
    """Return what stands behind a figure, if more than one report."""
    words, sentences = plan.words_in(lang), []
    if backing.reports > 1:
        sentences.append(_reports(words, backing.reports, lang))
    if backing.reports and backing.companies:
        sentences.append(_confirmed(plan, words, backing.companies, lang))
    return _line(plan, tuple(sentences), backing)


def _line(plan: Planner, sentences: tuple[str, ...], backing: Backing) -> BackingLine | None:
    later = tuple(_later(plan, one) for one in backing.later)
    return BackingLine(sentences=sentences, later=later) if sentences or later else None


def _later(plan: Planner, later: Later) -> LaterLine:
    entry = plan.view.entry(later.brief)
    shown = plan.headline(entry.original or later.brief)
    return LaterLine(
        kind=later.kind,
        second=later.reports == 2,
        who=plan.company(later.who).name if later.who else "",
        at=later.at,
        title=shown.name,
        url=shown.url,
        lang=shown.lang or plan.language,
    )


def _of_brief(plan: Planner, standing: Standing, sources: int, lang: str) -> Iterator[str]:
    backing, words = standing.brief, plan.words_in(lang)
    if sources > 1 and backing.reports:
        yield _passed_on(words, backing, lang)
        yield from _reasons(words, backing)
    if sources > 1 and backing.companies:
        names = _names(plan, backing.companies, lang)
        if backing.reports:
            # Translators: beside reports of others; {names} are companies.
            yield words("Also a statement by {names}", names=names)
        else:
            yield words("Stated by {names}; no independent report", names=names)
    if standing.confirmed:
        yield _confirmed(plan, words, standing.confirmed, lang)


def _passed_on(words: Words, backing: Backing, lang: str) -> str:
    """Return how many independent reports there are, and how many outlets pass them on."""
    outlets = backing.outlets
    number = spelled(outlets, lang)
    if not outlets:
        return _reports(words, backing.reports, lang)
    if backing.reports == 1:
        return words.many(
            "One report; {n} outlet passes it on",
            "One report; {n} outlets pass it on",
            outlets,
            n=number,
        )
    # Translators: {reports} is such as: Two independent reports.
    return words.many(
        "{reports}; {n} outlet passes them on",
        "{reports}; {n} outlets pass them on",
        outlets,
        n=number,
        reports=_reports(words, backing.reports, lang),
    )


def _reports(words: Words, number: int, lang: str) -> str:
    if number == 1:
        return words("One report")
    said = words.many(
        "{n} independent report", "{n} independent reports", number, n=spelled(number, lang)
    )
    return with_capital(said, lang)


_REASONS: Mapping[Reason, Callable[[Words], str]] = {
    "owner": lambda words: words("Reports of one owner count once"),
    "people": lambda words: words("Reports that rest on the same unnamed people count once"),
    "text": lambda words: words("Copies of one text count once"),
    "chain": lambda words: words("Reports that pass on each other count once"),
}


def _reasons(words: Words, backing: Backing) -> Iterable[str]:
    """Return why further originals do not count."""
    return (_REASONS[reason](words) for reason in backing.reasons)


def _confirmed(plan: Planner, words: Words, companies: tuple[str, ...], lang: str) -> str:
    # Translators: {names} are companies.
    return words("Confirmed by {names}", names=_names(plan, companies, lang))


def _names(plan: Planner, companies: Iterable[str], lang: str) -> str:
    return list_names([plan.company(slug).name for slug in companies], lang)


# --- data ----------------------------------------------------------------------------------------


def reports_behind(plan: Planner, slug: str) -> int:
    """Return how many independent reports stand behind a brief."""
    if standing := plan.view.standing(slug):
        return standing.brief.reports
    sources = plan.view.outline(slug).sources  # one at most
    return sum(source.role not in ("statement", "filing", "opinion") for source in sources)


def backing_of(plan: Planner, slug: str, figure: int) -> Backing:
    """Return what stands behind a figure, also one with a single source."""
    standing = plan.view.standing(slug)
    if standing and standing.figures:
        return standing.figures[figure]
    outline, entry = plan.view.outline(slug), plan.view.entry(slug)
    vouchers = outline.vouchers[figure] if figure < len(outline.vouchers) else ()
    reports, companies = 0, tuple[str, ...]()
    for voucher in vouchers:  # one at most
        root = outline.sources[roots_of(outline.sources)[voucher.source]]
        reports = int(root.role not in ("statement", "filing", "opinion"))
        company = "" if reports else plan.view.meaning("companies", root.publisher)
        companies = (company,) if company in entry.companies else ()
    return Backing(reports, (), 0, companies, (), reports)


def backstory(line: BackingLine | None) -> str:
    """Return what stands behind a brief as schema.org's `backstory`."""
    return ". ".join(line.sentences) + "." if line and line.sentences else ""
