"""Reads `messages` of site.yaml: words of the interface that a site changes or adds."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import asdict

from builder.diagnostics.diagnostic import Finding
from builder.language.catalog import (
    Catalog,
    CatalogEntry,
    broken_text,
    context_of,
    message_key,
    plural_forms,
    shown,
    text_of,
)
from builder.language.catalogs import Catalogs, package_messages_in
from builder.language.words import forms_by_category
from builder.model.editions import MessageText
from builder.model.settings import Settings

_BETWEEN = "|"  # a context and its text


def with_settings(catalogs: Catalogs, settings: Settings, findings: list[Finding]) -> Catalogs:
    """Return catalogs with the messages of site.yaml.

    `findings` gets the mistakes in those. Messages with mistakes count as missing."""
    found = {}
    for tag, written in settings.messages.items():
        own = catalogs.own.get(tag.lower())
        entries = {}
        for name, text in written.items():
            at, key = f"messages.{tag}.{name}", message_named(name)
            wrong = list(_mistakes(at, key, text, tag))
            if own and own.entries.get(key) and any(own.entries[key].forms):
                path = catalogs.paths[tag.lower()]
                message = f"the message `{shown(key)}` is in {path} too"
                wrong.append(Finding(f"{at}#", "invalid-message", message, "remove one"))
            findings += wrong
            entries[key] = _entry(key, MessageText() if wrong else text, tag)
        found[tag.lower()] = Catalog(entries, "", ())
    return Catalogs(catalogs.own, catalogs.paths, found) if found else catalogs


def message_named(name: str) -> str:
    """Return the key of a message in site.yaml."""
    context, mark, text = name.partition(_BETWEEN)
    return message_key(text, context) if mark else name


def written_name(key: str) -> str:
    """Return a message's name in site.yaml: `sign|Our tip`."""
    context = context_of(key)
    return f"{context}{_BETWEEN}{text_of(key)}" if context else text_of(key)


def _entry(key: str, text: MessageText, language: str) -> CatalogEntry:
    """Return the entry of a message, without forms if it has none."""
    if not _is_counted(key, text, language):
        return CatalogEntry(key, "", (text.other,) if text.other else (), False, 0)
    forms = tuple(_forms(text, language).values())
    return CatalogEntry(key, _plural(key, language) or text_of(key), forms, False, 0)


def _plural(key: str, language: str) -> str:
    """Return the English plural of a message of Slugline, if it has one."""
    known = package_messages_in(language).get(key)
    return known.plural if known else ""


def _is_counted(key: str, text: MessageText, language: str) -> bool:
    """Return whether a message has a text for each plural form."""
    written = [category for category, form in asdict(text).items() if form]
    return bool(_plural(key, language)) or bool(written and written != ["other"])


def _forms(text: MessageText, language: str) -> dict[int, str]:
    """Return the text of each plural form of a language, empty if it is missing."""
    forms = dict.fromkeys(range(plural_forms(language)[0]), "")
    for category, index in forms_by_category(language).items():
        forms[index] = getattr(text, category) or forms[index]
    return forms


def _mistakes(at: str, key: str, text: MessageText, language: str) -> Iterator[Finding]:
    """Yield why the translation of a message cannot be used."""
    name, english = f"the message `{shown(key)}`", _plural(key, language) or text_of(key)
    counted = _is_counted(key, text, language)
    if counted and key in package_messages_in(language) and not _plural(key, language):
        message = f"{name} is not about a number, and has plural forms"
        yield Finding(at, "invalid-message", message, "write one text")
        return
    forms = _forms(text, language) if counted else {0: text.other}
    if number := sum(not form for form in forms.values()):
        message = f"{name} has {len(forms) - number} of {len(forms)} plural forms"
        needed = ", ".join(f"{category}: …" for category in _needed(language))
        hint = f"write `{{{needed}}}`" if counted else "write its text, or remove it"
        yield Finding(at, "invalid-message", message, hint)
        return
    for category, form in asdict(text).items():
        if form and (why := broken_text(form, english, counted)):
            message = f"the translation of {name} cannot be used: {why}"
            hint = f"write the placeholders and elements of `{english}`"
            yield Finding(f"{at}.{category}", "invalid-message", message, hint)


def _needed(language: str) -> list[str]:
    """Return the categories with a plural form of their own, as CLDR orders them."""
    order = ("zero", "one", "two", "few", "many", "other")
    return sorted(forms_by_category(language), key=order.index)
