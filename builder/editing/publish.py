"""Publication of a brief: the edits of its file, the check before, what readers then see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

from builder.content.config import read_config
from builder.content.time_fields import read_moment
from builder.diagnostics.diagnostic import ContentError, Diagnostic
from builder.diagnostics.misread import Misread
from builder.editing.edit import Edit
from builder.editing.entries import EntryEditor
from builder.editing.find import FoundBrief
from builder.editing.new import mint_id
from builder.editing.steps import EditConflict, digest
from builder.editing.transaction import changed_files
from builder.engine.build import check
from builder.engine.options import Options
from builder.errors import SluglineError
from builder.language.dates import with_time
from builder.model.time import Moment
from builder.pages.parts.feed_addresses import feed_url
from builder.safe_files import plain_bytes
from builder.site.edition_names import address_of, base_of, edition_for
from builder.site.site import Site

# What follows the date in a file from `slugline new`, as long as no editor has chosen it.
_MINTED = re.compile(r"[ \t]*# (?:`slugline publish` sets it|publication; a date)[^\r\n]*")
_UNPUBLISHED = ("draft", "review")


class CannotPublish(SluglineError):
    """A brief that is published already, or needs a decision; the message says which."""


class NeedsDate(CannotPublish):
    """A date in the past that an editor has written; only they know whether it stays."""


class HasErrors(CannotPublish):
    """Errors that stop the publication of a brief, in `problems`."""

    def __init__(self, path: str, problems: Iterable[Diagnostic]) -> None:
        found = [d for d in problems if d.severity == "error" or d.held]
        own = tuple(d for d in found if path in (d.path, d.beside))
        what = "it has errors" if own else "other files have errors, which stop the build"
        super().__init__(f"{path} stays a draft: {what}")
        self.problems = own or tuple(d for d in found if not d.held)


class PublishedBrief(NamedTuple):
    """What readers see of a brief, and what is left to mend."""

    address: str
    date: str  # in words
    scheduled: bool
    lists: tuple[str, ...]  # addresses on this site
    feeds: tuple[str, ...]
    warnings: tuple[Diagnostic, ...]


class PublishDraft(NamedTuple):
    """The edits that publish a brief, and from when it is published."""

    brief: FoundBrief
    before: bytes
    after: bytes
    at: datetime


def prepare(
    root: Path, brief: FoundBrief, now: datetime, date: str = "", seen: str = ""
) -> PublishDraft:
    """Return the edits that publish a brief.

    `date` is a date, `now`, `keep`, or empty for the date of the file if that is in the future, and
    now if `slugline new` wrote it. `seen` is the digest of the file that an editor saw, if any.
    Raises CannotPublish, EditError and EditConflict."""
    zone = read_config(root).zone
    data = plain_bytes(root / brief.path)
    if seen and digest(data) != seen:
        raise EditConflict(f"{brief.path} was modified in the meantime, and nothing was changed")
    editor = EntryEditor(brief.path, data)
    fields = editor.document.fields
    status = fields.get("status")
    if status == "withdrawn":
        raise CannotPublish(f"{brief.path} is withdrawn; remove `status` and `withdrawn_because`")
    if status not in _UNPUBLISHED:
        raise CannotPublish(f"{brief.path} is already published: it has no `status: draft`")
    editor.drop("status")
    at, written = _date(editor, date, now.astimezone(zone), zone)
    if written:
        editor.set("date", written)
    _drop_comment(editor)
    if not {"id", "guid"} & fields.keys() or (fields.get("id") is None and "guid" not in fields):
        _mint(editor)
    return PublishDraft(brief, data, editor.result(), at)


def _date(editor: EntryEditor, date: str, now: datetime, zone: tzinfo) -> tuple[datetime, str]:
    """Return the moment of publication, and what to write if it is another."""
    written = editor.document.fields.get("date")
    minted = isinstance(written, str) and _comment(editor) is not None
    if date not in ("", "now", "keep"):
        try:
            return read_moment(date, zone).at, date
        except Misread as misread:
            raise CannotPublish(f"{misread}; {misread.hint}") from None
    try:
        at = read_moment(written, zone).at if isinstance(written, str) else now
    except Misread:
        at = now  # an error, which the check reports
        if date != "now":
            return at, ""
    if date == "keep" or (at > now and date != "now"):
        return at, "" if isinstance(written, str) else f"{now:%Y-%m-%d %H:%M}"
    if date == "now" or minted or not isinstance(written, str):
        return now, f"{now:%Y-%m-%d %H:%M}"
    raise NeedsDate(f"its date, {written}, is in the past: publish it as of now, or keep the date")


def _comment(editor: EntryEditor) -> tuple[int, int] | None:
    """Return where the comment of `slugline new` on the date is."""
    if "date" not in editor.document.places:
        return None
    place = editor.document.places["date"]
    start = editor.starts[place.line - 1] + place.column - 1 + place.width
    match = _MINTED.match(editor.text, start)
    return match.span() if match else None


def _drop_comment(editor: EntryEditor) -> None:
    if span := _comment(editor):
        editor.edits.append(Edit(*span, ""))


def _mint(editor: EntryEditor) -> None:
    if "id" in editor.document.fields:
        editor.set("id", mint_id())
    else:
        editor.put_first("id", mint_id())


class _DryRun(Exception):
    """Undoes the edits of a publication that is only shown."""


def publish(
    root: Path, draft: PublishDraft, options: Options, dry_run: bool = False
) -> PublishedBrief:
    """Publish a brief.

    An error of its check undoes the edits, and so does a dry run. Raises HasErrors and
    EditConflict."""
    found: list[PublishedBrief] = []
    with suppress(_DryRun):
        _publish(root, draft, options, dry_run, found)
    return found[0]


def _publish(
    root: Path,
    draft: PublishDraft,
    options: Options,
    dry_run: bool,
    seen: list[PublishedBrief],
) -> None:
    path = draft.brief.path
    at = max(options.now, draft.at)
    # A scheduled brief is checked as of its date, when its errors would stop the build.
    with changed_files(root, {path: (draft.before, draft.after)}):
        try:
            result = check(root, options._replace(now=at))
        except ContentError as error:
            raise HasErrors(path, error.diagnostics) from None
        found = tuple(d for d in result.problems if path in (d.path, d.beside))
        if any(d.severity == "error" for d in found):
            raise HasErrors(path, found)
        assert result.site is not None  # nothing was up to date
        seen.append(_seen(result.site, draft, options.now, found))
        if dry_run:
            raise _DryRun


def _seen(
    site: Site, draft: PublishDraft, now: datetime, warnings: tuple[Diagnostic, ...]
) -> PublishedBrief:
    """Return what readers see of a published brief."""
    slug = next(s for s, o in site.outlines.items() if o.path == draft.brief.path)
    entry, settings = site.entries[slug], site.config.settings
    lists, folders = ["/"], ["/"]
    section = next((s.url for s in settings.sections if s.slug == entry.section), "")
    lists += [section] if section else []
    folders += [section] if section else []
    for found in (site.companies.get(name) for name in entry.companies):
        lists += [found.url] if found else []
        folders += [found.url] if found else []
    for subject in (site.topics.get(name) for name in entry.topics):
        lists += [subject.url] if subject else []
        folders += [subject.url] if subject else []
    people = [person.url for name in entry.people if (person := site.people.get(name))]
    lists += people
    folders += people
    if story := site.threads.get(entry.thread):
        lists.append(story.url)
        folders.append(story.url)
    folders += [
        site.publisher_pages[name].url
        for name in (*entry.reported, *entry.relayed)
        if name in site.publisher_pages
    ]
    at = Moment(draft.at.astimezone(site.config.zone), "minute")
    base = base_of(settings, edition_for(settings, site.outlines[slug].lang))
    return PublishedBrief(
        f"{settings.base_url.rstrip('/')}{address_of(site.outlines[slug], settings)}",
        with_time(at, settings.language),
        draft.at > now,
        tuple(dict.fromkeys(f"{base}{url}" for url in lists)),
        tuple(feed_url(settings, f"{base}{folder}") for folder in dict.fromkeys(folders)),
        warnings,
    )
