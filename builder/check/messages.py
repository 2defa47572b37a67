"""Checks of messages: what a language of the site lacks, and what nothing says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from builder.content.message_settings import message_named, written_name
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
        for tag, messages in settings.messages.items():
            package = package_messages_in(tag)
            entries = catalogs.settings[tag.lower()].entries
            for name in messages:
                key = message_named(name)
                if entries[key].forms and key not in package and key not in said:
                    hint = _instead(key, package, said, _in_settings)
                    finding = Finding(f"messages.{tag}.{name}#", *_unsaid(key), hint)
                    yield site.config.problem(finding)


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
            yield entry.line, *_unsaid(key), _instead(key, package, said, _in_catalog)
        elif package[key].plural and not entry.plural:
            last = plural_forms(language)[0] - 1
            forms = "msgstr[0]" if last == 0 else f"msgstr[0] to msgstr[{last}]"
            message = f"the message `{shown(key)}` is about a number, and has no plural"
            hint = f'write `msgid_plural "{package[key].plural}"` below it, and {forms}'
            yield entry.line, "invalid-message", message, hint


def _unsaid(key: str) -> tuple[Code, str]:
    return "unknown-message", f"no page says the message `{shown(key)}`"


def _instead(
    key: str,
    package: Mapping[str, CatalogEntry],
    said: Collection[str],
    in_contexts: Callable[[list[str]], str],
) -> str:
    """Return what to write instead of an unknown message.

    `in_contexts` says it for one that is known in other contexts."""
    known = (*package, *said)
    same = sorted({other for other in known if text_of(other) == text_of(key)})
    if same:
        return in_contexts(same)
    other = "remove it, or write the English text exactly as the page has it"
    return did_you_mean(text_of(key), map(text_of, known)) or other


def _in_catalog(keys: list[str]) -> str:
    contexts = [f'`msgctxt "{context_of(key)}"`' for key in keys if context_of(key)]
    if len(contexts) < len(keys):
        return "remove its `msgctxt`"
    return f"write {' or '.join(contexts)} above it"


def _in_settings(keys: list[str]) -> str:
    return f"write {' or '.join(f'`{written_name(key)}`' for key in keys)}"
