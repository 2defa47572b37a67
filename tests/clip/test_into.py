"""Pages that are added to the sources of a brief: where they belong, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.clip.clipping import SavedPage
from builder.clip.decode import ClipError
from builder.clip.facts import Given
from builder.clip.into import Addition, add_to_brief, write_addition
from builder.clip.known import SiteKnowledge
from builder.clip.reading import read_page
from builder.editing.edit import EditError
from builder.editing.steps import EditConflict
from support.clipped import NOW, PAGES, clip_site
from support.sites import problems

BRIEF = """\
---
id: into2222
title: Google plans to leave Scale AI  # ours
date: 2025-06-15 09:00
summary: It is talking to rivals.
companies: [Google, Scale AI]
sources:
{sources}
---
Google plans to leave.
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SiteKnowledge]:
    return clip_site(tmp_path_factory.mktemp("into"))


def add(site: tuple[Path, SiteKnowledge], sources: str, page: str, address: str = "") -> Addition:
    root, known = site
    text = (
        BRIEF.format(sources=sources)
        if "\n" in sources or "-" in sources[:4]
        else BRIEF.replace("sources:\n{sources}", f"sources: {sources}")
    )
    (root / "content/briefs/google-leaves.md").write_text(text, "utf-8")
    saved = SavedPage((PAGES / f"{page}.html").read_bytes())
    return add_to_brief(root, "google-leaves", saved, NOW, Given(address), read_page, known)


def new_lines(found: Addition) -> list[str]:
    old = found.before.decode().splitlines()
    return [line for line in found.after.decode().splitlines() if line not in old]


def test_relay_joins_the_chain_that_is_there(site: tuple[Path, SiteKnowledge]) -> None:
    """Reuters is there under an id of its own: the relay is `of` that, and Reuters is not added."""
    found = add(site, "  - {id: agency, publisher: Reuters, lang: en}  # read it", "dantri")
    assert found.added == ("dantri",)
    (line,) = new_lines(found)
    assert line.startswith("  - {id: dantri, publisher: Báo Dân trí, title: ")
    assert line.endswith("published: 2025-06-14 14:39 +07:00, role: relay, of: agency}")
    assert found.chain.in_words() == "Reuters (en) → Báo Dân trí (vi)"
    assert "  # read it\n" in found.after.decode()
    root, _ = site
    assert write_addition(root, found).read_bytes() == found.after
    assert not [p for p in problems(root) if p.path.endswith("google-leaves.md")]


def test_missing_links_of_the_chain_are_added(site: tuple[Path, SiteKnowledge]) -> None:
    found = add(site, "  - id: reuters\n    publisher: Reuters", "vietnam-vn")
    assert found.added == ("dantri", "vietnam")
    text = found.after.decode()
    assert "    role: relay\n    of: reuters\n" in text
    assert "    role: machine-translation\n    of: dantri\n" in text


def test_source_without_address_is_filled_in(site: tuple[Path, SiteKnowledge]) -> None:
    """A wire copy is the report that the brief names already: it gets address, title and date."""
    found = add(site, "  - {id: r, publisher: Reuters, title: Ours}\n  - Bloomberg", "wire-copy-en")
    assert (found.added, found.filled) == ((), ("r",))
    (line,) = new_lines(found)
    assert line == (
        "  - {id: r, publisher: Reuters, title: Ours, url: "
        '"https://times.example/news-services/reuters/20250716-000001/", lang: en, '
        "published: 2025-07-17 08:00 +09:00}"
    )


def test_a_report_of_another_month_is_not_a_copy(site: tuple[Path, SiteKnowledge]) -> None:
    """The same agency is not enough: what a brief relays was published within days."""
    url = "https://other.example/r"
    near = f"  - {{id: r, publisher: Reuters, url: '{url}', published: 2025-07-12}}"
    assert "of: r}" in "".join(new_lines(add(site, near, "wire-copy-en")))
    far = near.replace("2025-07-12", "2025-05-12")
    assert "of: r}" not in "".join(new_lines(add(site, far, "wire-copy-en")))


def test_another_copy_is_a_syndication(site: tuple[Path, SiteKnowledge]) -> None:
    sources = '  - {id: r, publisher: Reuters, url: "https://www.reuters.com/a/"}'
    found = add(site, sources, "wire-copy-en")
    (line,) = new_lines(found)
    assert line.startswith("  - {id: the-example-times, publisher: The Example Times, title: ")
    assert line.endswith("role: syndication, of: r}")


def test_an_id_that_is_taken_gets_a_number(site: tuple[Path, SiteKnowledge]) -> None:
    found = add(site, "  - {id: dantri, publisher: Elsewhere}", "dantri")
    assert found.added == ("reuters", "dantri-2")


@pytest.mark.parametrize(
    "sources",
    [
        '  - {id: known, url: "http://www.times.example/news-services/reuters/20250716-000001"}',
        "https://times.example/news-services/reuters/20250716-000001/?utm_source=x",
    ],
)
def test_page_that_is_there_is_refused(sources: str, site: tuple[Path, SiteKnowledge]) -> None:
    with pytest.raises(ClipError, match="has this page already: it is its source"):
        add(site, sources, "wire-copy-en")


def test_source_without_brackets_becomes_a_list(site: tuple[Path, SiteKnowledge]) -> None:
    found = add(site, "https://blad.example/a", "dantri")
    (line,) = new_lines(found)
    assert line.startswith('sources: ["https://blad.example/a", {id: reuters, publisher: Reuters')


def test_nothing_is_written_over_a_save(site: tuple[Path, SiteKnowledge]) -> None:
    root, _ = site
    found = add(site, "  - Bloomberg", "dantri")
    (root / found.path).write_text("saved meanwhile", "utf-8")
    with pytest.raises(EditConflict):
        write_addition(root, found)
    assert (root / found.path).read_text("utf-8") == "saved meanwhile"


def test_brief_with_errors_is_refused(site: tuple[Path, SiteKnowledge]) -> None:
    with pytest.raises(EditError, match="has errors; fix them first"):
        add(site, "  - {id: a, id: b}\n", "dantri")
