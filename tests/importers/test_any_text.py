"""Whatever text a post has, its brief parses, has no error, and keeps its guid and date.

SLUGLINE_EXAMPLES=200 tries more."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.content.document import read_document
from builder.content.schema import read_record
from builder.importers.convert import convert_posts
from builder.importers.notes import NOTES
from builder.importers.old_addresses import OldSite
from builder.importers.plan import PlannedPost
from builder.importers.post import ImportedPost, OldDate
from builder.importers.present_site import PresentSite, read_site
from builder.importers.tags import PostNames
from builder.model.brief import Brief
from support.imports import new_site, write_files
from support.sites import problems

BASE = "https://old.example"
OLD = OldSite(BASE, BASE, {"/a": "/"}, {}, lambda *_: None)
EXAMPLES = int(os.environ.get("SLUGLINE_EXAMPLES", "8"))

# What has a meaning in Markdown, HTML, YAML or shortcodes.
MARKS = r"""# - * _ ` ``` ~~~ [ ] ( ) ! < > & | \ " ' : --- === +++ [[x]] [[brief:y]] {{figure:z}}
{{ }} {% %} <!-- --> <<<<<<< ======= >>>>>>> ||||||| <b> </b> <p> <table> <tr> <td> </table> <pre>
</pre> <script> </a> [x](/a/) [x](#y) [x](b.md) ![](p.png) [x][1] <a+href=javascript:x> 1. 2)
[1]:+https://old.example/a/ http:// www.x.example mailto: [^1] [^1]: <img+src=x.png> &#12; é //x
AKIAIOSFODNN7EXAMPLE ![[x]] {:.a} <iframe> <br> <x-y+z='>'> <!--x--> https://x.example/?a=1&b=[c]"""
PIECES = [f"{mark} ".replace("+", " ") for mark in MARKS.split()]
ODD = ["\t", "\x0b", "\x00", "\u200b", "\ufeff", "\ue000", "\u2028", "\x85", "\r\n", "\n", "\n\n",
       "    ", "\n> ", "\n- ", "words of text ", "\ufffe", "\u202e"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES + ODD) | st.text(max_size=6), max_size=25).map("".join)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DATES = st.builds(
    lambda seconds, minutes: OldDate(
        (EPOCH + timedelta(seconds=seconds)).astimezone(timezone(timedelta(minutes=minutes)))
    ),
    st.integers(-5_300_000_000, 7_200_000_000),  # in the years 1802 to 2198
    st.integers(-14 * 60, 14 * 60),
)
GUIDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Co", "Cn", "Zs", "Zl", "Zp", "Cf")),
    min_size=1, max_size=60,
)  # fmt: skip
POSTS = st.builds(
    lambda **fields: ImportedPost(source="s", place="p", **fields),
    title=TEXTS, body=TEXTS, summary=TEXTS, date=DATES, guid=GUIDS,
    form=st.sampled_from(["html", "markdown"]), is_draft=st.booleans(),
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> PresentSite:
    return read_site(new_site(tmp_path_factory.mktemp("site")))


@given(posts=st.lists(POSTS, min_size=1, max_size=20))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[*HealthCheck])
def test_any_text(site: PresentSite, posts: list[ImportedPost]) -> None:
    planned = [
        PlannedPost(
            post, f"content/briefs/b{n}.md", f"/briefs/b{n}/", f"{n} {post.guid}", "",
            (f"/old/{n}/",), PostNames(), (), post.is_draft,
        )
        for n, post in enumerate(posts)
    ]  # fmt: skip
    shutil.rmtree(site.root / "content", ignore_errors=True)
    for item, written in zip(planned, convert_posts(planned, OLD, site, 1), strict=True):
        write_files(site.root, {item.path: written.text})
        document, _ = read_document(item.path, written.text.encode("utf-8"))
        assert document is not None
        record, _ = read_record(Brief, document, UTC)
        assert record.guid == item.guid
        assert item.post.date is not None and record.date.at == item.post.date.at
        assert {note.code for note in written.notes} <= NOTES.keys()
    found = [d for d in problems(site.root) if d.severity == "error"]
    assert [f"{d.path}:{d.line}: {d.code}: {d.message}: {d.excerpt}" for d in found] == []
