"""Turns planned posts into the texts of records, in several processes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple
from urllib.parse import quote

from builder.importers.notes import Note
from builder.importers.old_addresses import OldSite
from builder.importers.plan import PlannedPost
from builder.importers.post import OldDate
from builder.importers.present_site import PresentSite
from builder.importers.record_text import FieldValue, RecordWriter
from builder.importers.text.characters import clean_text, plain_line, plain_title
from builder.importers.text.code_pieces import CodePieces
from builder.importers.text.html_markdown import html_to_markdown
from builder.importers.text.markdown_text import adapt_markdown, below_title
from builder.model.brief import Brief
from builder.model.entity import PlainPage
from builder.parallel import map_ordered

_NO_DATE = "2000-01-01"  # of a draft without a date, until an editor writes one
_SUMMARY = 600  # characters; a longer one is the text


class WrittenPost(NamedTuple):
    """The text of a record, the files that it shows or links to, and what was noted.

    `remote` are the addresses of pictures on other sites."""

    text: str
    used: tuple[str, ...]
    remote: tuple[str, ...]
    notes: tuple[Note, ...]


def convert_posts(
    planned: Sequence[PlannedPost],
    old: OldSite,
    site: PresentSite,
    jobs: int,
    progress: Callable[[int], None] | None = None,
) -> list[WrittenPost]:
    """Return the text of the record of each post."""
    converter = _Converter(old, site)
    return map_ordered(converter.convert, planned, jobs, progress, lambda item: item.post.place)


class _Converter:
    def __init__(self, old: OldSite, site: PresentSite) -> None:
        settings = site.config.settings
        self.old, self.site, self.settings = old, site, settings
        more = (settings.language, settings.html, str(settings.base_url))
        self.briefs = RecordWriter(Brief, site.config.zone, *more)
        self.pages = RecordWriter(PlainPage, site.config.zone, *more)

    def convert(self, planned: PlannedPost) -> WrittenPost:
        post, notes, used = planned.post, list[Note](), set[str]()
        place = post.place
        body = clean_text(post.body, place, notes)
        frames = self.old.frames_of(post, notes, used)
        if post.form == "html":
            code = CodePieces()
            text = html_to_markdown(body, place, notes, frames)
            text = code.give(below_title(code.take(text), place, notes))
        else:
            text = adapt_markdown(body, place, notes, frames)
        title = plain_title(post.title, text, place, notes)
        text = _without_title(text, title)
        fields: dict[str, FieldValue] = {"title": title}
        writer = self.pages if post.is_page else self.briefs
        fields |= self._page(planned) if post.is_page else self._brief(planned)
        if post.image and not post.is_page and (image := self._image(planned, used, notes)):
            fields["image"] = image
        written = writer.write(planned.path, fields, text, place, notes)
        remote = {name for name in used if "://" in name}
        used -= remote
        kept = {name for name in used if f"/media/{name}" in written or name in written}
        kept |= {n for n in used if re.search(re.escape(n.rpartition("/")[2]), written)}
        return WrittenPost(written, tuple(sorted(kept)), tuple(sorted(remote)), tuple(notes))

    def _brief(self, planned: PlannedPost) -> dict[str, FieldValue]:
        post, names = planned.post, planned.names
        fields: dict[str, FieldValue] = {"date": post.date.written if post.date else _NO_DATE}
        if planned.guid:
            fields["guid"] = planned.guid
        else:
            fields["id"] = planned.id
        if post.updated and post.date and _is_later(post.updated, post.date):
            fields["updated"] = post.updated.written
        if planned.is_draft:
            fields["status"] = "draft"
        if post.expires and (not post.date or _is_later(post.expires, post.date)):
            fields["expires"] = post.expires.written
        if planned.redirects:
            fields["redirects"] = planned.redirects
        if summary := self._summary(post.summary):
            fields["summary"] = summary
        if planned.authors and planned.authors != tuple(self.settings.author):
            fields["author"] = planned.authors
        lists = {"topics": names.topics, "companies": names.companies, "people": names.people}
        fields |= {"section": names.section} if names.section else {}
        fields |= {name: values for name, values in lists.items() if values}
        return fields | self._language(post.lang)

    def _page(self, planned: PlannedPost) -> dict[str, FieldValue]:
        post = planned.post
        fields: dict[str, FieldValue] = {"id": planned.id}
        if planned.is_draft:
            fields["status"] = "draft"
        if planned.redirects:
            fields["redirects"] = planned.redirects
        if summary := self._summary(post.summary):
            fields["summary"] = summary
        if post.updated:
            fields["updated"] = post.updated.written
        return fields | self._language(post.lang)

    @staticmethod
    def _summary(text: str) -> str:
        plain = plain_line(re.sub(r"!?\[([^\[\]]*)\]\([^()\s]*\)", r"\1", text))
        return plain if len(plain) <= _SUMMARY else ""

    def _language(self, lang: str) -> dict[str, FieldValue]:
        known = re.fullmatch(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", lang)
        ours = self.settings.language
        same = lang.split("-")[0] == ours.split("-")[0] and ("-" not in lang or lang == ours)
        return {"lang": lang} if known and not same else {}

    def _image(
        self, planned: PlannedPost, used: set[str], notes: list[Note]
    ) -> dict[str, str] | None:
        image = planned.post.image
        assert image is not None
        frames = self.old.frames_of(planned.post, notes, used)
        found = frames.picture(image.address)
        if found is None or not found[1]:
            return None
        file = found[0].removeprefix("/media/")
        if found[0].startswith("/media/"):
            file = next((name for name in used if _quoted(name) == file), file)
        fields = {"file": file, "alt": plain_line(image.alt), "caption": plain_line(image.caption)}
        return {name: value for name, value in fields.items() if value}


def _quoted(name: str) -> str:
    return quote(name)


def _is_later(one: OldDate, other: OldDate) -> bool:
    if one.is_day or other.is_day:
        return one.at.date() > other.at.date()
    return one.at > other.at


def _without_title(text: str, title: str) -> str:
    """Return a text without a first heading that repeats the title."""
    match = re.match(r"\s*## ([^\n]*)\n", text)
    same = match and " ".join(match[1].split()).casefold() == title.casefold()
    return text[match.end() :] if match and same else text
