"""Briefs that translate others -> what is wrong between them, and names that were translated."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from builder.check.context import BriefContext
from builder.diagnostics.diagnostic import Finding
from builder.ledger.translations import original_of
from builder.model.brief import Brief
from builder.names.suggest import did_you_mean
from builder.site.site import Site


def check_translations(site: Site) -> Iterator[tuple[str, Finding]]:
    """Mistakes in `translation_of`. Briefs without a `lang` are in the site's language."""
    briefs, language = site.outlines, site.config.settings.language
    for slug, brief in briefs.items():
        if not (original := brief.translation_of):
            continue
        if original not in briefs:
            hint = did_you_mean(original, briefs) or "write the last part of its address"
            message = f"there is no brief `{original}`"
            yield brief.path, Finding("translation_of", "unknown-brief", message, hint)
        elif not original_of(slug, briefs):
            message = f"`{slug}` is in the end a translation of itself"
            hint = "one of them was written first"
            yield brief.path, Finding("translation_of", "translation-circle", message, hint)
        elif (lang := brief.lang or language) == (briefs[original].lang or language):
            message = f"`{original}` is in {lang} as well"
            hint = "a translation gives its own language in `lang`"
            yield brief.path, Finding("translation_of", "translation-language", message, hint)


def check_kept_names(context: BriefContext) -> Iterator[Finding]:
    """Names that the brief which this one translates has, and that this one has lost."""
    brief, view = context.brief, context.view
    if not brief.translation_of:
        return
    if view.reference("brief", brief.translation_of).state == "unknown":
        return  # reported elsewhere
    original, entry = view.written(brief.translation_of), view.entry(brief.translation_of)
    companies = [view.company(slug) for slug in entry.companies]
    kept = [view.company_names(c.name) for c in companies if c.do_not_translate]
    texts = _whole_text(original), _whole_text(brief)
    yield from _lost_names(*texts, [names for names in kept if names])


def _whole_text(brief: Brief) -> str:
    """Everything that a brief says, without its markup."""
    said = (*(c.text for c in brief.claims), *(q.text for q in brief.quotes))
    boxes = (brief.why, *brief.yes_but, *brief.whats_next, *said)
    text = html.unescape(re.sub("<[^>]*>", "", brief.body.html))
    return "\n".join((brief.title, brief.summary, *boxes, text))


def _lost_names(
    original: str, translation: str, companies: Iterable[tuple[str, ...]]
) -> Iterator[Finding]:
    """Names that a translator has to leave as they are, and that are not in a translation any more:
    `Schaalbare AI` for Scale AI. `companies` has the names of each, the one to print first; of
    each that the original writes out, one has to stand in the translation."""
    for names in companies:
        if _names(original, names) and not _names(translation, names):
            message = f"`{names[0]}` is in the brief that this one translates, and not in this one"
            hint = "a name is not translated: write it as it is, or say in its file"
            hint += " `do_not_translate: false`"
            yield Finding("translation_of", "name-translated", message, hint)


def _names(text: str, names: Iterable[str]) -> bool:
    """Whether a text has one of some names; with whatever ending its language gives it."""
    return any(re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}", text) for name in names)
