"""A second import adds what is new and leaves what editors have changed; names are decided once."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.cli.app import main
from builder.fetch.client import Client
from builder.fetch.exchange import Wire
from builder.fetch.polite import Manners
from builder.importers import run
from builder.importers.import_record import PATH
from builder.importers.kinds import KINDS
from builder.importers.notes import GROUPS, NOTES
from builder.names.keys import page_address
from support.imports import import_into, new_site, shown, write_files
from support.sites import build_site, edit, picture, tree
from support.webs import reply, web

HUGO = """\
---
title: {title}
date: 2020-01-02
tags: [{tags}]
---
{body}
"""


def archive(folder: Path, **posts: str) -> Path:
    files: dict[str, str | bytes] = {"hugo.toml": 'baseURL = "https://old.example/"\n'}
    for slug, body in posts.items():
        files[f"content/posts/{slug}.md"] = HUGO.format(title=slug, tags="chips", body=body)
    return write_files(folder, files)


def test_what_an_editor_has_changed_stays(tmp_path: Path) -> None:
    site, old = new_site(tmp_path / "site"), archive(tmp_path / "old", a="A.", b="B.", c="C.")
    assert import_into(site, "hugo", old).finished.counts == (3, 0, 0, 0)
    before = tree(site / "content")
    again = import_into(site, "hugo", old)
    assert again.finished.counts == (0, 0, 3, 0) and again.finished.files == 0
    assert tree(site / "content") == before
    edit(site / "content/briefs/a.md", "A.", "Edited.")
    (site / "content/briefs/b.md").unlink()
    archive(tmp_path / "old", a="A2.", b="B2.", c="C2.", d="D.")
    found = import_into(site, "hugo", old)
    assert found.finished.counts == (1, 1, 0, 2)
    assert found.brief("a").endswith("Edited.\n") and found.brief("c").endswith("C2.\n")
    assert not (site / "content/briefs/b.md").exists()
    assert dict(shown(found.notes)) == {"edited": 1, "removed": 1}


def test_a_post_that_the_site_has_is_left_alone(tmp_path: Path) -> None:
    site, old = new_site(tmp_path / "site"), archive(tmp_path / "old", a="A.")
    mine = '---\nguid: "https://old.example/posts/a/"\ntitle: Mine\ndate: 2020-01-02\n---\nMine.\n'
    write_files(site, {"content/briefs/mine.md": mine})
    found = import_into(site, "hugo", old)
    assert found.finished.counts == (0, 0, 0, 1) and found.brief("mine") == mine
    assert not (site / "content/briefs/a.md").exists()


def test_a_killed_import_is_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part is whole, with the record of what it wrote."""
    old = archive(tmp_path / "old", **{f"p{n}": f"Text {n}." for n in range(9)})
    whole = import_into(new_site(tmp_path / "whole"), "hugo", old)
    monkeypatch.setattr(run, "_MOST", 2)
    calls = 0
    replace = run.replace_files

    for at in range(7):
        site = new_site(tmp_path / f"site{at}")

        def killed(root: Path, changes: run.Changes, at: int = at) -> None:
            nonlocal calls
            calls += 1
            if calls > at:
                raise KeyboardInterrupt
            replace(root, changes)

        calls = 0
        monkeypatch.setattr(run, "replace_files", killed)
        with pytest.raises(KeyboardInterrupt):
            import_into(site, "hugo", old)
        monkeypatch.setattr(run, "replace_files", replace)
        import_into(site, "hugo", old)
        assert {p: d for p, d in tree(site / "content").items() if "briefs" in p} == {
            p: d for p, d in tree(whole.folder / "content").items() if "briefs" in p
        }
        assert import_into(site, "hugo", old).finished.counts.same == 9


def test_names_are_proposed_and_decided_once(tmp_path: Path) -> None:
    old = archive(tmp_path / "old")
    body = "Acme Robotics announced a robot. Jo Example, the founder, said so."
    tags = "Acme Robotics, Jo Example, Known Inc, robots, Robots, robot"
    text = HUGO.format(title="x", tags=tags, body=body)
    write_files(old, {"content/posts/x.md": text})
    site = new_site(tmp_path / "site")
    write_files(
        site, {"content/companies/known.md": "---\nid: a\nname: Known\naliases: [Known Inc]\n---\n"}
    )
    found = import_into(site, "hugo", old, accepted=True)
    front = found.brief("x")
    assert "companies: [Acme Robotics, Known]" in front and "people: [Jo Example]" in front
    assert "topics: [Robots]" in front
    company = (site / "content/companies/acme-robotics.md").read_text("utf-8")
    assert "name: Acme Robotics" in company and '  - "/tags/acme-robotics/"' in company
    known = (site / "content/companies/known.md").read_text("utf-8")
    assert 'redirects: ["/tags/known-inc/"' in known
    assert found.errors() == []
    assert import_into(site, "hugo", old).finished.counts.same == 1  # nothing is asked again
    refused = import_into(new_site(tmp_path / "other"), "hugo", old, accepted=False)
    assert "companies" not in refused.brief("x") and "Acme Robotics" in refused.brief("x")


def test_the_command(tmp_path: Path) -> None:
    old = archive(tmp_path / "old", a="![p](/p.png) ![q](https://cdn.example/q.png)")
    write_files(old, {"static/p.png": picture(9, 1), "content/posts/bad.md": "---\n- x\n---\n"})
    site = new_site(tmp_path / "site")
    before = tree(site)
    run_ = CliRunner().invoke
    arguments = ["--site", str(site), "import", "hugo", str(old), "--jobs", "1"]
    dry = run_(main, [*arguments, "--dry-run"])
    assert dry.exit_code == 0, dry.output
    assert "brief  2020-01-02  posts/a.md -> content/briefs/a.md" in dry.output
    assert "guid https://old.example/posts/a/; /posts/a/" in dry.output
    assert {p: d for p, d in tree(site).items() if ".slugline" not in p} == {
        p: d for p, d in before.items() if ".slugline" not in p
    }
    done = run_(main, arguments)
    assert done.exit_code == 1
    assert "1 could not be read:\n  " in done.output, "and which one"
    assert "1 posts: 1 new" in done.output
    report = (site / "import-report.md").read_text("utf-8")
    assert "posts/bad.md: the front matter is not a mapping of fields" in report
    assert "posts/a.md: https://cdn.example/q.png" in report
    assert (site / PATH).is_file()
    wrong = run_(main, [*arguments, "--map", "tags=sources"])
    assert wrong.exit_code == 1 and "the targets are names, topics" in wrong.output


def test_limits_are_raised(tmp_path: Path) -> None:
    old = archive(tmp_path / "old", a="word " * 12_000, b="word\n\n" * 90_000)
    site = new_site(tmp_path / "site")
    found = import_into(site, "hugo", old)
    settings = (site / "site.yaml").read_text("utf-8")
    assert "limits: {paragraph: 60000, text: 600000}" in settings or "text: 600000" in settings
    assert found.notes.count("limits") == 1
    assert found.errors() == []


def test_every_note_belongs_to_a_group() -> None:
    assert {group for group, _ in NOTES.values()} == {*GROUPS}
    assert len({kind.name for kind in KINDS}) == len(KINDS) == 11


def test_pages_of_a_list_that_is_here_too(tmp_path: Path) -> None:
    """A section keeps its own pages; the old list had more of them."""
    old = archive(tmp_path / "old", **{f"p{n}": "Text." for n in range(45)})
    (old / "content/posts").rename(old / "content/issues")
    found = import_into(new_site(tmp_path / "site"), "hugo", old)
    assert found.errors() == []
    settings = (found.folder / "site.yaml").read_text("utf-8")
    assert '"/issues/page/5/"' in settings and '"/issues/page/1/"' not in settings


def test_pictures_of_other_sites_are_fetched_once(tmp_path: Path) -> None:
    (tmp_path / "fetched").mkdir()
    client = Client("Test/1", manners=Manners(delay=0), wire=Wire(private=True))
    with web({"/a.png": reply(picture(9, 1)), "/no.png": reply("text")}) as server:
        more = {"fetched": tmp_path / "fetched", "get": client.get}
        text = " ".join(f"![{n}]({server.origin}/{n}.png)" for n in ("a", "no", "gone"))
        old, site = archive(tmp_path / "old", a=text), new_site(tmp_path / "site")
        found = import_into(site, "hugo", old, **more)
        assert found.errors() == []
        (file,) = (site / "content/media/fetched").iterdir()
        assert file.name.startswith("a-") and file.read_bytes() == picture(9, 1)
        assert f"![a](/media/fetched/{file.name}) [no]({server.origin}/no.png)" in found.brief("a")
        assert found.notes.count("not-fetched") == 2
        server.asked.clear()
        again = import_into(site, "hugo", old, **more)
        assert again.finished.counts.same == 1
        assert "/a.png" not in [asked.target for asked in server.asked]


@pytest.mark.parametrize(
    ("style", "slug", "author", "topic"),
    [
        ("ascii", "gu-ge-li-kai-scale-ai", "wang-wei", "shu-ju"),
        ("unicode", "谷歌离开-scale-ai", "王伟", "数据"),
    ],
)
def test_new_slugs_have_the_letters_that_the_site_has_chosen(
    tmp_path: Path, style: str, slug: str, author: str, topic: str
) -> None:
    """Of briefs, authors and topics; addresses of the old site redirect to them."""
    site = new_site(tmp_path / "site")
    settings = site / "site.yaml"
    settings.write_text(f"{settings.read_text('utf-8')}slugs: {style}\n", "utf-8")
    post = "---\ntitle: 谷歌离开\ndate: 2025-06-15\nauthors: [王伟]\ntags: [数据]\n---\nText.\n"
    old = write_files(
        tmp_path / "old",
        {
            "hugo.toml": 'baseURL = "https://old.example/"\n[taxonomies]\ntag = "tags"\n',
            "content/posts/谷歌离开-scale-ai.md": post,
        },
    )
    found = import_into(site, "hugo", old)
    assert not found.errors()
    text = found.brief(slug)
    assert "topics: [数据]" in text and f"author: [{author}]" in text
    assert author in settings.read_text("utf-8")
    pages = {page.url for page in build_site(site).rendered}
    assert {page_address("briefs", slug), page_address("topics", topic)} <= pages
