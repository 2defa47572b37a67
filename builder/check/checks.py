"""Every check, grouped by its scope, in the order in which it runs.

A check is one function in the module of its subject and one line in one of four tuples. It yields
findings; its caller knows the file and turns them into diagnostics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from builder.check.attribution import check_inside_sources, check_statements
from builder.check.authors import check_portraits
from builder.check.brief import (
    check_dates,
    check_id,
    check_image,
    check_review,
    check_summary,
    check_title,
    check_withdrawal,
)
from builder.check.context import BriefContext, FileContext, PageContext
from builder.check.contradictions import check_contradictions
from builder.check.corrections import check_corrections
from builder.check.duplicate_names import check_duplicate_names
from builder.check.editors_notes import check_editors_notes
from builder.check.events import check_changed_events
from builder.check.evidence import check_asked, check_copies, check_words
from builder.check.expectations import check_settlements
from builder.check.figures import check_amounts, check_fiscal_years, check_plans, check_rivals
from builder.check.identities import check_identities
from builder.check.independence import check_claims, check_one_report, check_same_reports
from builder.check.language import check_languages, check_tenses
from builder.check.links import check_addresses, check_links, check_menu, check_reserved
from builder.check.minority_stakes import check_minority_stakes
from builder.check.placeholders import check_placeholders, check_starter_settings
from builder.check.plain_text import check_hidden_characters, check_markup_in_fields
from builder.check.redirects import check_redirects, check_served
from builder.check.replies import check_replies
from builder.check.robots import check_robots
from builder.check.shares import check_shares
from builder.check.sources import check_reports, check_sources
from builder.check.spellings import check_spellings
from builder.check.threads import check_threads
from builder.check.topics import check_topics
from builder.check.translations import (
    check_kept_names,
    check_profiles,
    check_translations,
    check_translator,
)
from builder.check.units import check_units
from builder.check.unnamed import check_unnamed
from builder.check.watchlists import check_watchlists
from builder.diagnostics.diagnostic import Diagnostic, Finding
from builder.site.site import Site

FileCheck = Callable[[FileContext], Iterable[Finding]]
BriefCheck = Callable[[BriefContext], Iterable[Finding]]
SiteCheck = Callable[[Site], Iterable[tuple[str, Finding]]]  # the path of a record, a finding
PageCheck = Callable[[PageContext], Iterable[tuple[str, Finding]]]

FILE_CHECKS: tuple[FileCheck, ...] = (
    check_amounts,
    check_tenses,
    check_languages,
    check_copies,
    check_words,
    check_markup_in_fields,
    check_hidden_characters,
    check_editors_notes,
    check_placeholders,
)

# In the order in which a sub-editor reads: head, dates, sources, image, figures, attribution.
BRIEF_CHECKS: tuple[BriefCheck, ...] = (
    check_id,
    check_title,
    check_summary,
    check_dates,
    check_review,
    check_withdrawal,
    check_sources,
    check_image,
    check_fiscal_years,
    check_plans,
    check_statements,
    check_inside_sources,
    check_corrections,
    check_shares,
    check_minority_stakes,
    check_kept_names,
    check_translator,
)

SITE_CHECKS: tuple[SiteCheck, ...] = (
    check_topics,
    check_translations,
    check_profiles,
    check_threads,
    check_changed_events,
    check_settlements,
    check_claims,
    check_one_report,
    check_reports,
    check_same_reports,
    check_asked,
    check_duplicate_names,
    check_spellings,
    check_rivals,
    check_units,
    check_contradictions,
    check_served,
    check_unnamed,
    check_starter_settings,
    check_portraits,
    check_replies,
    check_identities,
    check_watchlists,
    check_robots,
)

PAGE_CHECKS: tuple[PageCheck, ...] = (
    check_reserved,
    check_addresses,
    check_redirects,
    check_links,
    check_menu,
)


def check_file(context: FileContext) -> Iterator[Diagnostic]:
    """Yield the problems in the text of one file."""
    for check in FILE_CHECKS:
        for finding in check(context):
            yield context.document.problem(finding)


def check_brief(context: BriefContext) -> Iterator[Finding]:
    """Yield the problems in one linked brief."""
    for check in BRIEF_CHECKS:
        yield from check(context)


def check_site(site: Site) -> Iterator[Diagnostic]:
    """Yield the problems between records."""
    for check in SITE_CHECKS:
        for path, finding in check(site):
            yield site.content.problem(path, finding)


def check_pages(context: PageContext) -> Iterator[Diagnostic]:
    """Yield the problems between pages: duplicate addresses and broken links."""
    for check in PAGE_CHECKS:
        for path, finding in check(context):
            yield context.site.content.problem(path, finding)
