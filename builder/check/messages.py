"""Checks of messages: what a language of the site lacks, and what nothing says."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from builder.diagnostics.codes import Code
from builder.diagnostics.diagnostic import Diagnostic, Finding, Place
from builder.language.catalog import (
    Catalog,
    CatalogEntry,
    context_of,
    plural_forms,
    shown,
    text_of,
)
from builder.language.catalogs import package_messages_in
from builder.names.suggest import did_you_mean
from builder.site.site import Site


def check_messages(site: Site, said: Collection[str] | None) -> Iterator[Diagnostic]:
    """Yield what the site's languages lack, and messages that nothing says.

    `said` has the messages of the site's own templates; it is None if they cannot be read. A
    language that only briefs have is not reported: its labels are then those of an English site."""
    settings, catalogs = site.config.settings, site.content.messages
    fields = {str(tag): f"editions.{tag}#" for tag in settings.editions}
    for language, field in {str(settings.language): "language", **fields}.items():
        if number := len(catalogs.missing(language, said or ())):
            yield site.config.problem(_missing(language, field, number))
    if said is not None:
        for language, catalog in catalogs.own.items():
            path = catalogs.paths[language]
            for line, code, message, hint in _unusable(language, catalog, said):
                yield Diagnostic.of(path, Place(line), code, message, hint)


def _missing(language: str, field: str, number: int) -> Finding:
    many = "one message has" if number == 1 else f"{number} messages have"
    message = f"in `{language}`, {many} no translation, and pages show English instead"
    hint = f"run `slugline messages {language}`, and translate what it writes into"
    return Finding(field, "missing-messages", message, f"{hint} content/messages/{language}.po")


def _unusable(
    language: str, catalog: Catalog, said: Collection[str]
) -> Iterator[tuple[int, Code, str, str]]:
    """Yield the line, code, message and hint of each message that no page can show."""
    if not catalog.entries:
        return
    package = package_messages_in(language)
    reported = {mistake.key for mistake in catalog.mistakes}
    for key, entry in catalog.entries.items():
        if key in reported or key in said:
            continue
        if key not in package:
            message = f"no page says the message `{shown(key)}`"
            yield entry.line, "unknown-message", message, _instead(key, package, said)
        elif package[key].plural and not entry.plural:
            last = plural_forms(language)[0] - 1
            forms = "msgstr[0]" if last == 0 else f"msgstr[0] to msgstr[{last}]"
            message = f"the message `{shown(key)}` is about a number, and has no plural"
            hint = f'write `msgid_plural "{package[key].plural}"` below it, and {forms}'
            yield entry.line, "invalid-message", message, hint


def _instead(key: str, package: Mapping[str, CatalogEntry], said: Collection[str]) -> str:
    """Return what to write instead of an unknown message."""
    known = (*package, *said)
    same = sorted({context_of(other) for other in known if text_of(other) == text_of(key)})
    if "" in same:
        return "remove its `msgctxt`"
    if same:
        contexts = " or ".join(f'`msgctxt "{context}"`' for context in same)
        return f"write {contexts} above it"
    other = "remove it, or write the English text exactly as the page has it"
    return did_you_mean(text_of(key), map(text_of, known)) or other
