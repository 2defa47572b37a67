"""Writes the messages that a language lacks into content/messages/, for editors to translate."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from builder.content.reply_files import CATALOG, MESSAGES
from builder.content.walk import CONTENT
from builder.editing.transaction import replace_files
from builder.engine.status import SiteMessages
from builder.language.catalog import EMPTY
from builder.language.catalogs import TEMPLATE
from builder.language.po_file import ListedMessage, listed_in, with_messages
from builder.render.copies import optional_bytes
from builder.render.loader import OWN
from builder.safe_files import make_folders


class Lacking(NamedTuple):
    """What a language lacks: messages without a translation, and those not yet in its file."""

    path: str  # of the site's catalog
    missing: tuple[ListedMessage, ...]
    unlisted: tuple[ListedMessage, ...]


def find_lacking(site: SiteMessages, language: str) -> Lacking:
    """Return what a language lacks."""
    tag, catalogs = language.lower(), site.catalogs
    missing = catalogs.missing(language, site.own)
    known = {**site.own, **(_package_messages() if missing else {})}
    listed = catalogs.own.get(tag, EMPTY).entries
    return Lacking(
        catalogs.paths.get(tag, f"{CONTENT}/{MESSAGES}/{language}{CATALOG}"),
        tuple(known[key] for key in missing if key in known),
        tuple(known[key] for key in missing if key in known and key not in listed),
    )


def write_lacking(root: Path, language: str, found: Lacking) -> None:
    """Add the messages that a language's file does not list."""
    before = optional_bytes(root / found.path)
    text = with_messages((before or b"").decode("utf-8"), found.unlisted, language)
    make_folders(root, f"{CONTENT}/{MESSAGES}")
    replace_files(root, {found.path: (before, text.encode("utf-8"))})


def _package_messages() -> dict[str, ListedMessage]:
    """Return Slugline's messages by key.

    Their paths are those of templates that a site can copy."""
    found = listed_in(TEMPLATE.read_text("utf-8"))
    return {key: message._replace(paths=_templates(message)) for key, message in found.items()}


def _templates(message: ListedMessage) -> tuple[str, ...]:
    folder = "templates/"
    return tuple(
        f"{OWN}{path.removeprefix(folder)}" for path in message.paths if path.startswith(folder)
    )
