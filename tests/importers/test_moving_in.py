"""The law of moving in: no reader sees an old story as new, and no old address is a 404.

Each kind is compared with what the real generator made of the same site: its feed and the addresses
of its files, kept beside it (`make old-sites` makes them again)."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.importers.notes import ImportNotes
from builder.importers.readers.feed import feed_items
from builder.names.keys import as_read, name_key
from builder.pages.feed import Feed
from support.imports import Imported, import_into, new_site
from support.sites import planned

HERE = Path(__file__).parent
# What each site's own address is, and its zone.
SITES = {
    "hugo": ("https://old.example/blog", "Europe/Amsterdam"),
    "jekyll": ("https://old.example/blog", "America/New_York"),
    "astro": ("https://old.example", "UTC"),
    "eleventy": ("https://old.example", "UTC"),
    "pelican": ("https://old.example", "Europe/Amsterdam"),
}


def imported(tmp_path: Path, kind: str) -> Imported:
    base, zone = SITES[kind]
    return import_into(new_site(tmp_path, base, zone), kind, HERE / kind / "site")


@pytest.mark.parametrize("kind", SITES)
def test_a_site_moves_without_a_reader_noticing(kind: str, tmp_path: Path) -> None:
    found = imported(tmp_path, kind)
    assert found.errors() == []
    _, pages = planned(tmp_path)
    by_url = {as_read(page.url): page for page in pages}
    feed = by_url["/feed.xml"].context
    assert isinstance(feed, Feed)
    new = {item.guid: item for item in feed.items}
    old = [
        item
        for item in feed_items(HERE / kind / "feed.xml", ImportNotes())
        if item.date is not None
    ]
    assert old
    assert {item.guid for item in old} == set(new)
    for item in old:
        assert item.date is not None
        assert new[item.guid].published.at == item.date.at, item.guid
        assert name_key(new[item.guid].title) == name_key(item.title)  # but for its typography
    missing = [
        address
        for address in (HERE / kind / "addresses.txt").read_text("utf-8").splitlines()
        if address not in by_url
        and address.removesuffix("index.html") not in by_url
        and not address.startswith("/drafts/")
    ]
    assert missing == []
