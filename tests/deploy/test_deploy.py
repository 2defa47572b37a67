"""Deploys to a folder: what is planned, what the guards say, what is sent, and the way back."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from PIL import Image

from builder.cli import app as cli
from builder.deploy.archive import ReleaseArchive
from builder.deploy.guards import GUARDS
from builder.deploy.release import (
    Release,
    ReleaseFile,
    decode_release,
    describe,
    encode_release,
    is_release_id,
)
from builder.deploy.target import DeployError, decode_holder
from builder.deploy.targets.folder import Folder
from builder.model.targets import TargetSettings
from builder.model.values import Line
from stress import torture_deploys
from support.deploys import URL, output, public, rebuild, released, run, sent, site_of
from support.sites import brief, build_site, problems, write_site
from support.tools import REPOSITORY

FOLDER = "  live: {kind: folder, to: ../www/news}\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return site_of(tmp_path / "site", FOLDER)


def deployed(site: Path, *arguments: object, code: int = 0) -> str:
    return run(site, "deploy", "live", "--yes", *arguments, code=code).output


def www(site: Path) -> Path:
    return site.parent / "www" / "news"


def test_from_the_first_deploy_to_the_way_back(site: Path) -> None:
    # Without a word of agreement it is only a plan.
    plan = run(site, "deploy").output
    assert "nothing has been deployed yet" in plan
    assert "+ /briefs/one/" in plan
    assert "add --yes to carry out this plan" in plan
    assert not www(site).exists()

    first = output(site)
    assert sent(deployed(site, "--all")) == len(first) + 1  # and the stamp
    assert public(www(site)) == first
    stamp = json.loads((www(site) / "release.json").read_text())
    assert stamp["site"] == URL
    assert "Nothing to do" in deployed(site)

    # One edit: exactly the files of that page and of what shows its title.
    rebuild(site, brief("one", "Scale AI won"))
    text = deployed(site, "--all")
    changed = {p for p, data in output(site).items() if first.get(p) != data}
    assert "briefs/one/index.html" in changed
    assert sent(text) == len(changed) + 1
    listed = {line.split("/", 1)[1] for line in text.splitlines() if line.startswith("    ~ ")}
    assert listed == {path.removesuffix("index.html") for path in changed} - {"briefs/one/history/"}
    assert "1 added" in text  # its history
    second = public(www(site))
    assert second == output(site)

    # The releases, what changed between them, and back.
    lines = run(site, "releases").output.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("* ")
    assert stamp["release"] in lines[0]
    assert "~ /briefs/one/" in run(site, "diff", "live", stamp["release"]).output.splitlines()
    run(site, "rollback", "live", "--yes")
    assert public(www(site)) == first
    assert f"restores {stamp['release']}" in run(site, "releases").output
    run(site, "rollback", "live", "--yes")  # and the way back has a way back
    assert public(www(site)) == second


def test_a_renamed_brief_leaves_a_redirect_and_a_removed_one_is_refused(site: Path) -> None:
    deployed(site)
    (site / "content/briefs/one.md").rename(site / "content/briefs/uno.md")
    rebuild(site, brief("uno", "Scale AI one", id="id-one", redirects="[one]"))
    text = deployed(site)
    assert "+ /briefs/uno/" in text
    assert "- /briefs" not in text
    assert b"uno" in (www(site) / "briefs/one/index.html").read_bytes()

    (site / "content/briefs/two.md").unlink()
    rebuild(site)
    text = deployed(site, code=3)
    assert re.search(r"removed-addresses: .* without a redirect: /briefs/two/", text)
    assert (www(site) / "briefs/two/index.html").is_file()
    deployed(site, "--allow", "removed-addresses", "--allow", "older")
    assert not (www(site) / "briefs/two").exists()


def test_what_expires_may_go(site: Path) -> None:
    rebuild(site, brief("three", "Scale AI three", expires="2030-01-01"))
    deployed(site)
    rebuild(site, brief("three", "Scale AI three", expires="2025-07-01"))
    assert "- /briefs/three/" in deployed(site)


@pytest.mark.parametrize("how", ["expires: 2025-07-01", "status: withdrawn\nwithdrawn_because: x"])
def test_what_only_an_expired_or_withdrawn_brief_was_of_goes_with_it(site: Path, how: str) -> None:
    """The month, the week, the topic, the person: at night nobody is there to allow it."""
    more = {"topics": "[robots, labelling]", "people": "[Ann Bee]", "date": "2024-02-03 09:00"}
    text = brief("three", "Scale AI three", **more)
    rebuild(site, text)
    deployed(site)
    rebuild(site, text.replace("id: id-three", f"id: id-three\n{how}"))
    plan = deployed(site, "--all")
    for address in ("archive/2024/02", "archive/2024", "digests/2024-w05", "topics/robots"):
        assert f"- /{address}/\n" in plan


def test_what_only_an_expired_brief_had_goes_with_it(site: Path) -> None:
    """The feed of a company that stays, at its earlier address too; pictures; the records of
    corrections, figures and relations, with their tables."""
    (site / "content/media").mkdir()
    (site / "content/media/sign.txt").write_text("sign")
    company = "=== content/companies/acme.md\n---\nname: Acme\nredirects: [apex]\n---\n"
    note = "corrections: [{at: 2025-06-20, kind: factual, was: x, now: y}]"
    text = brief("three", "Acme", companies="[Acme]", body="[Sign](/media/sign.txt)")
    note += "\nfigures: [{id: sales, of: Acme, metric: revenue, period: 2024, value: 1m USD}]"
    note += "\nrelations: [{from: Acme, type: customer, to: Scale AI}]"
    note += "\nevents: [{id: fair, title: The fair, date: 2025-09-01, of: Google}]"
    text = company + text.replace("id: id-three", f"id: id-three\n{note}")
    rebuild(site, text)
    deployed(site)
    rebuild(site, text.replace("id: id-three", "id: id-three\nexpires: 2025-07-01"))
    plan = deployed(site, "--all")
    for name in ("companies/acme/feed.xml", "companies/apex/feed.xml", "media/sign.txt"):
        assert f"- /{name}\n" in plan
    for name in ("calendar.ics", "calendar/", "companies/google/calendar.ics"):
        assert f"- /{name}\n" in plan
    for name in ("corrections/feed.xml", "numbers/numbers.csv", "relations/relations.graphml"):
        assert f"- /{name}\n" in plan
    for name in ("feed.xml", "changes.jsonl"):  # of both sides of the relation
        assert f"- /companies/acme/changes/{name}\n" in plan
        assert f"- /companies/scale-ai/changes/{name}\n" in plan


def test_feeds_and_files_have_addresses_too(site: Path) -> None:
    """Who reads a feed is told nothing when it goes. What has a digest in its name is in use by
    pages alone, and what only hosts and crawlers read nobody has noted down; pictures are
    parts of pages."""
    for name in ("table.csv", "k4y.txt", "_headers", "sitemap-2.xml", "logo.PNG"):
        (site / "output" / name).write_text("k4y" if name == "k4y.txt" else name)
    (site / "output/more").mkdir()
    (site / "output/more/feed.xml").write_text("<rss/>")
    (site / "templates/assets").mkdir()
    (site / "templates/assets/style.css").write_text("p {}")
    rebuild(site)
    deployed(site, "--allow", "foreign")
    (site / "output/more/feed.xml").unlink()
    for name in ("table.csv", "k4y.txt", "_headers", "sitemap-2.xml", "logo.PNG"):
        (site / "output" / name).unlink()
    (site / "templates/assets/style.css").write_text("p { color: red }")
    rebuild(site)
    text = deployed(site, code=3)
    assert "2 addresses would be removed without a redirect: /more/feed.xml, /table.csv; " in text
    deployed(site, "--allow", "removed-addresses")


FORMATS = {"rss": "feed.xml", "atom": "feed.atom", "json": "feed.json"}


@pytest.mark.parametrize("form", FORMATS)
def test_guards_read_feeds_of_each_format(form: str, site: Path) -> None:
    """A feed that goes, and an old story that it would announce as new."""
    settings = site / "site.yaml"
    settings.write_text(f"{settings.read_text()}feeds: {{formats: [{form}]}}\n")
    (site / "templates" / FORMATS[form]).unlink()  # the real one, which is also read back
    rebuild(site, brief("three", "Acme", topics="[robots]"))
    deployed(site)
    rebuild(site, brief("three", "Acme", id="another"))
    text = deployed(site, code=3)
    assert f"redirect: /topics/robots/{FORMATS[form]}, /topics/robots/; " in text
    assert "feeds would announce 1 old story as new: " in text


def test_a_feed_goes_on_where_a_redirect_leads_its_page_on(site: Path) -> None:
    """Readers of feeds do not follow pages that lead elsewhere; so there are two."""
    company = "=== content/companies/{}.md\n---\nname: {}\n{}---\n"
    text = brief("three", "Acme", companies="[Acme]")
    rebuild(site, company.format("acme", "Acme", "") + text)
    deployed(site)
    (site / "content/companies/acme.md").unlink()
    text = text.replace("[Acme]", "[Apex]")
    rebuild(site, company.format("apex", "Apex", "") + text)
    text_ = deployed(site, code=3)
    assert "redirect: /companies/acme/feed.xml, /companies/acme/; " in text_
    rebuild(site, company.format("apex", "Apex", "redirects: [acme]\n") + text)
    deployed(site)
    assert (www(site) / "companies/acme/feed.xml").is_file()


def test_what_an_editor_takes_away_is_asked_about(site: Path) -> None:
    text = brief("three", "Scale AI three", topics="[robots, labelling]")
    rebuild(site, text)
    deployed(site)
    rebuild(site, text.replace("[robots, labelling]", "[labelling]"))
    assert "without a redirect: /topics/robots/feed.xml, /topics/robots/;" in deployed(site, code=3)
    rebuild(site, text.replace("id: id-three", "id: id-three\nstatus: draft"))
    assert "without a redirect: /briefs/three/;" in deployed(site, code=3)


# Each guard: what is done to the site after a deploy, and to the command.
OBJECTIONS = {
    "not-as-built": "edit",
    "other-base-url": "base-url",
    "drafts": "drafts",
    "at": "at",
    "uncommitted": "git",
    "placeholder": "sample",
    "foreign": "foreign",
    "other-site": "moved",
    "removed-addresses": "remove",
    "feed-identity": "new-id",
    "many-deletions": "limit",
    "shrunk": "remove",
    "empty-site": "empty",
    "older": "remove",
}


def spoil(site: Path, how: str) -> None:
    """Make something that a guard objects to."""
    settings = site / "site.yaml"
    if how == "edit":
        (site / "content/briefs/one.md").write_text("---\ntitle: Not a brief\n---\n")
    elif how == "base-url":
        build_site(site, now=_now(), base_url="https://elsewhere.example")
    elif how == "foreign":
        (site / "output/proof.html").write_text("<script>alert(1)</script>")
    elif how == "drafts":
        build_site(site, now=_now(), drafts=True)
    elif how == "at":
        build_site(site, told=True)
    elif how == "git":
        for words in (["init", "-q"], ["add", "site.yaml"], ["commit", "-qm", "Begin"]):
            who = ["-c", "user.name=A", "-c", "user.email=a@test.example"]
            subprocess.run(["git", *who, *words], cwd=site, check=True)
    elif how == "moved":
        settings.write_text(settings.read_text().replace(URL, "https://new.example"))
        rebuild(site)
    elif how == "empty":
        for name in ("content/briefs", "output"):
            shutil.rmtree(site / name)
        build_site(site, now=_now())
    elif how == "remove":
        for file in (site / "content/briefs").iterdir():
            file.unlink()
        rebuild(site, brief("zero", "Scale AI zero", date="2025-06-01"))
    elif how == "sample":
        text = (REPOSITORY / "builder/starter/content/pages/about.md").read_text("utf-8")
        (site / "content/pages").mkdir()
        (site / "content/pages/who.md").write_text(text.replace("id: minted\n", ""))
        rebuild(site)
    elif how == "new-id":
        rebuild(site, brief("one", "Scale AI one", id="another"))
    elif how == "limit":
        settings.write_text(
            settings.read_text().replace("kind: folder", "deletions: 1, kind: folder")
        )
        spoil(site, "remove")


def _now():  # type: ignore[no-untyped-def]
    from support.deploys import now

    return now()


@pytest.mark.parametrize("guard", OBJECTIONS)
def test_each_guard_refuses_and_can_be_allowed(guard: str, site: Path) -> None:
    more = "".join(brief(f"more-{n}", f"Scale AI {n}") for n in range(12))
    rebuild(site, more)
    deployed(site)
    before = public(www(site))
    spoil(site, OBJECTIONS[guard])
    if guard == "not-as-built":
        run(site, "build", code=1)
        text = run(site, "deploy", "live", "--yes", code=1).output  # it says what is wrong
        assert "needs `date`" in text
        (site / "content/briefs/one.md").unlink()
    text = deployed(site, code=3)
    assert f"\n  {guard}: " in text
    assert public(www(site)) == before
    refused = text.partition("Refused: ")[2].partition(".\n")[0].split("; ")
    assert guard in refused
    others = [word for name in refused if name != guard for word in ("--allow", name)]
    assert f"Refused: {guard}." in deployed(site, *others, code=3)
    deployed(site, *others, "--allow", guard)


def test_every_guard_is_tried() -> None:
    """(Tests of repositories try others' commits; tests of previews, previews; tests of versions,
    silent changes.)"""
    assert {*OBJECTIONS, "others-work", "preview", "silent-change"} == {
        guard.name for guard in GUARDS
    }


def test_a_guard_that_there_is_not(site: Path) -> None:
    text = run(site, "deploy", "live", "--allow", "shrink", code=2).output
    assert "did you mean `shrunk`?" in text


def test_a_story_whose_file_was_renamed_is_not_announced_anew(site: Path) -> None:
    """Without an `id` it is known by its file's name, and has another address and identity now."""
    text = brief("three", "Scale AI three").replace("id: id-three\n", "")
    rebuild(site, text)
    deployed(site)
    (site / "content/briefs/three.md").unlink()
    rebuild(site, text.replace("three.md\n---\n", "tres.md\n---\nredirects: [three]\n"))
    assert "feeds would announce 1 old story as new: " in deployed(site, code=3)
    # A new story is new, also beside one that is gone.
    rebuild(site, text.replace("three.md", "tres.md").replace("AI three", "AI and a new story"))
    assert "feed-identity" not in deployed(site, "--allow", "removed-addresses")


GONE = {
    "withdrawn": "status: withdrawn\nwithdrawn_because: x",
    "expired": "expires: 2025-07-01",
}


@pytest.mark.parametrize("how", GONE)
def test_a_story_that_comes_back_is_the_one_that_it_was(site: Path, how: str) -> None:
    """The record of corrections, which has a feed, knows a withdrawal by a name of its own."""
    note = "corrections: [{at: 2025-06-20, kind: factual, was: x, now: y}]"
    rebuild(site, brief("two", "Scale AI two").replace("id: id-two", f"id: id-two\n{note}"))
    text = brief("three", "Scale AI three", date="2024-02-03 09:00")
    rebuild(site, text)
    deployed(site)
    rebuild(site, text.replace("id: id-three", f"id: id-three\n{GONE[how]}"))
    deployed(site)
    rebuild(site, text.replace("id: id-three", "id: another"))
    if how == "withdrawn":
        assert "(was id-three, is another)" in deployed(site, code=3)
    rebuild(site, text)
    assert "new in feeds: Scale AI three" in deployed(site)


def test_feeds_that_announce_are_named(site: Path) -> None:
    deployed(site)
    rebuild(site, brief("three", "Scale AI three", date="2025-06-20"))
    text = deployed(site)
    assert text.count("new in feeds: Scale AI three") == 1
    assert "Scale AI one" not in text


def test_a_target_that_is_somebody_s_is_left_alone(site: Path) -> None:
    www(site).mkdir(parents=True)
    (www(site) / "diary.txt").write_text("mine")
    text = deployed(site, code=3)
    assert "other-site: the target has files that no deploy put there: news/diary.txt" in text
    text = deployed(site, "--allow", "other-site", code=1)
    assert "move it away" in text
    assert (www(site) / "diary.txt").read_text() == "mine"


def test_two_deploys_at_once(site: Path) -> None:
    deployed(site)
    rebuild(site, brief("one", "Scale AI won"))
    lock = www(site).with_name("news.releases") / "lock"
    elsewhere = {"token": "x", "user": "ann", "host": "desk", "pids": [7], "at": "10:00"}
    lock.write_text(json.dumps(elsewhere))
    before = public(www(site))
    text = deployed(site, code=1)
    assert "is locked by ann on desk (process 7), since 10:00" in text
    assert public(www(site)) == before
    deployed(site, "--break-lock")
    assert not lock.exists()
    # One that was killed on this machine is known to be dead.
    process = subprocess.Popen(["true"])
    process.wait()
    here = {**elsewhere, "host": os.uname().nodename, "pids": [process.pid]}
    lock.write_text(json.dumps(here))
    rebuild(site, brief("one", "Scale AI one more"))
    deployed(site)


def test_of_two_that_find_a_dead_lock_at_once_one_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has read whose it was before either removes it, unless only one of them may look."""
    context = multiprocessing.get_context("fork")
    looked, taken = context.Barrier(2), context.Queue()
    (tmp_path / "news.releases").mkdir()
    process = subprocess.Popen(["true"])
    process.wait()
    held = {"token": "x", "user": "ann", "host": socket.gethostname(), "pids": [process.pid]}
    (tmp_path / "news.releases/lock").write_text(json.dumps({**held, "at": "10:00"}))

    def take(pause: float) -> None:
        def read(data: bytes) -> object:
            found = decode_holder(data)
            with suppress(threading.BrokenBarrierError):
                looked.wait(0.5)
                time.sleep(pause)
            return found

        monkeypatch.setattr("builder.deploy.targets.folder.decode_holder", read)
        try:
            with Folder(tmp_path, "live", TargetSettings(kind="folder", to=Line("news"))).locked(
                False
            ):
                taken.put(True)
                time.sleep(1)
        except DeployError:
            taken.put(False)

    both = [context.Process(target=take, args=(pause,)) for pause in (0, 0.2)]
    for process_ in both:
        process_.start()
    assert sorted(taken.get(timeout=20) for _ in both) == [False, True]
    for process_ in both:
        process_.join()
    assert not (tmp_path / "news.releases/lock").exists()


def test_a_deploy_whose_plan_is_not_true_any_more(tmp_path: Path, site: Path) -> None:
    """Between the plan and the lock another deploy ended."""
    from builder.content.config import read_config
    from builder.deploy import deploy as deploys
    from support.sites import options

    config = read_config(site)
    with deploys.open_target(site, config, "live") as (settings, target):
        found = deploys.prepare(
            site, config, "live", settings, target, site / "output", options(_now())
        )
        deployed(site)
        with pytest.raises(
            DeployError, match="another deploy has finished since this one was planned"
        ):
            deploys.execute(found, False, lambda *_: None)


def test_a_release_is_kept_as_it_was_whatever_becomes_of_the_output(site: Path) -> None:
    """Its bytes have names of their own; what somebody writes into them is noticed."""
    deployed(site)
    first = public(www(site))
    rebuild(site, brief("one", "Scale AI won"))
    deployed(site)
    run(site, "build", "--clean", "--quiet")
    run(site, "rollback", "live", "--yes")
    assert public(www(site)) == first


def test_what_is_gone_is_called_gone(tmp_path: Path) -> None:
    """Only so many releases can be brought back, and nobody says otherwise."""
    site = site_of(tmp_path / "site", "  live: {kind: folder, to: ../www/news, keep: 2}\n")
    deployed(site)
    first = run(site, "releases").output.split()[1]
    for n in range(3):
        rebuild(site, brief("one", f"Scale AI {n}"))
        deployed(site)
    assert len(run(site, "releases").output.splitlines()) == 2
    assert "no release begins with" in run(site, "rollback", "live", first, code=1).output
    objects = [*(site / ".slugline/releases/.objects").rglob("*")]
    assert sum(file.is_file() for file in objects) < 3 * len(output(site))


def test_somebody_s_file_in_the_output_is_sent_and_what_programs_left_is_not(site: Path) -> None:
    for name in ("proof.html", ".DS_Store", "index.html~", ".well-known/security.txt"):
        (site / "output" / name).parent.mkdir(exist_ok=True)
        (site / "output" / name).write_text(name)
    text = deployed(site, code=3)
    assert (
        "foreign: no build wrote these files in output/, and readers do not have them yet:" in text
    )
    assert " .well-known/security.txt, proof.html; check them, and delete those" in text
    text = deployed(site, "--allow", "foreign")
    assert "note: Slugline did not write proof.html, which is sent too" in text
    found = public(www(site)).keys() - {*output(site)}
    assert not found
    assert {".DS_Store", "index.html~"} == output(site).keys() - public(www(site)).keys()


def test_a_page_that_was_altered_by_hand_is_not_sent(site: Path) -> None:
    page = site / "output/briefs/one/index.html"
    data = page.read_bytes()
    page.unlink()
    page.write_bytes(data + b"<p>by hand")
    assert "files in output/ were modified after the build: briefs/one/index.html" in deployed(
        site, code=3
    )


def test_a_file_that_somebody_removed_from_the_target_is_sent_again(site: Path) -> None:
    deployed(site)
    (www(site) / "briefs/one/index.html").unlink()
    assert sent(deployed(site)) == 2
    assert public(www(site)) == output(site)


def test_assets_of_the_release_before_stay_for_one_release(site: Path) -> None:
    """A page that a reader opened a moment ago may yet ask for them."""
    (site / "templates/assets").mkdir()
    style = site / "templates/assets/style.css"
    names = []
    for colour in ("red", "blue", "green"):
        style.write_text(f"p {{ color: {colour} }}\n")
        rebuild(site)
        deployed(site)
        names.append(next(p for p in output(site) if p.startswith("assets/style")))
    found = public(www(site))
    assert [name in found for name in names] == [False, True, True]


def test_pictures_of_a_withdrawn_brief_go_at_once(site: Path) -> None:
    """They may be withdrawn for what they show."""
    shutil.rmtree(site / "templates")
    (site / "content/media").mkdir(exist_ok=True)
    Image.effect_noise((700, 400), 60).save(site / "content/media/hall.jpg")
    figures = [
        f"{{id: v{n}, of: Scale AI, metric: size, value: {n + 1}bn USD, as_of: 202{n}}}"
        for n in range(3)
    ]
    shown = brief("hall", image="{file: hall.jpg, alt: A hall}") + brief(
        "chart", image="{chart: size of Scale AI}", figures=f"[{', '.join(figures)}]"
    )
    write_site(site, shown, usual=False)
    assert not problems(site)
    rebuild(site)
    deployed(site)
    folders = ("assets/pictures/", "assets/charts/", "media/")
    assert {path.rpartition("/")[0] + "/" for path in public(www(site))} >= {*folders[:2]}
    gone = "status: withdrawn\nwithdrawn: {show: nothing}\nid:"
    for name in ("hall", "chart"):
        file = site / f"content/briefs/{name}.md"
        file.write_text(file.read_text("utf-8").replace("id:", gone, 1), "utf-8")
    rebuild(site)
    deployed(site)
    assert not [path for path in public(www(site)) if path.startswith(folders)]


def test_a_target_that_is_not_there(site: Path) -> None:
    assert "did you mean `live`?" in run(site, "deploy", "life", code=2).output
    with (site / "site.yaml").open("a") as file:
        file.write("  more: {kind: folder, to: elsewhere}\n")
    assert "name a target: live, more" in run(site, "deploy", code=2).output


def test_where_the_site_is_sent_is_on_no_page(site: Path) -> None:
    with (site / "site.yaml").open("a") as file:
        file.write("  more: {kind: folder, to: elsewhere}\n")
    result = build_site(site, now=_now(), explain=True)
    assert result.rendered == ()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    target = Folder(tmp_path, "live", TargetSettings(kind="folder", to=Line("file/news")))
    with pytest.raises(DeployError, match="cannot be written"), target.locked(False):
        pass


def test_what_is_somebody_s_beside_the_releases_stays(site: Path) -> None:
    """The folder of the releases may have been there before: by its name it could be anybody's."""
    beside = www(site).with_name("news.releases")
    (beside / "notes").mkdir(parents=True)
    theirs = [beside / "notes/may.txt", beside / "press.txt", beside / "package.json"]
    for file in theirs:
        file.write_text("mine")
    deployed(site)
    rebuild(site, brief("one", "Scale AI won"))
    deployed(site)
    assert [file.read_text() for file in theirs] == ["mine"] * 3
    assert len(run(site, "releases").output.splitlines()) == 2


def test_a_record_that_names_a_place_outside_is_not_one() -> None:
    """Who can write to the target could have its release put anywhere on the next machine."""
    good = Release(id="20250701-120000-abcdef", at="", site=URL, files={})
    assert decode_release(encode_release(good)) == good
    for name in ("../../outside", "/outside", "..", "", "20250701-120000-abcdef/.."):
        assert decode_release(encode_release(replace(good, id=name))) is None


def test_a_record_whose_digest_is_no_digest_is_not_one(tmp_path: Path, site: Path) -> None:
    """Digests name files on this machine: one that leads elsewhere removed a file there when the
    release was brought back."""
    deployed(site)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    beside = www(site).with_name("news.releases")
    (first,) = beside.glob("*.json")
    rebuild(site, brief("one", "Scale AI won"))
    deployed(site)
    release = decode_release(first.read_bytes())
    assert release is not None
    path = "briefs/one/index.html"
    for wrong in (
        replace(release.files[path], digest=f"../{victim}"),
        replace(release.files[path], md5="x"),
        replace(release.files[path], size=-1),
    ):
        first.write_bytes(encode_release(replace(release, files={**release.files, path: wrong})))
        (site / ".slugline/releases/live" / first.name).unlink(missing_ok=True)
        assert "is missing or damaged" in run(site, "rollback", "live", "--yes", code=1).output
        assert victim.exists()


def test_a_record_of_another_release_or_with_a_path_of_two_lines_is_not_one() -> None:
    good = Release(id="20250701-120000-abcdef", at="", site=URL, files={})
    assert decode_release(encode_release(good), good.id) == good
    assert decode_release(encode_release(good), "20250701-120001-abcdef") is None
    file = ReleaseFile("0" * 32, 1, "0" * 32)
    assert decode_release(encode_release(replace(good, files={"a": file}))) is not None
    for path in ("a\nb", "a\n../b", "a\rb", "../b", "/b", ".slugline/b"):
        assert decode_release(encode_release(replace(good, files={path: file}))) is None


def test_the_names_in_a_record_stay() -> None:
    """Targets have records that earlier versions wrote."""
    file = ReleaseFile("0" * 32, 1, "0" * 32)
    release = Release(
        id="20250701-120000-abcdef",
        at="",
        site=URL,
        files={},
        retained={"a": file},
        restores="20250630-120000-abcdef",
    )
    record = json.loads(encode_release(release))
    assert record["again"] == "20250630-120000-abcdef"
    assert record["kept"] == {"a": ["0" * 32, 1, "0" * 32]}
    assert decode_release(json.dumps(record).encode()) == release


def test_what_somebody_wrote_into_kept_bytes_is_not_sent(tmp_path: Path) -> None:
    """A file that is written into keeps its second names: the bytes of a release change with it."""
    more = "  more: {kind: folder, to: ../www/more}\n"
    site = site_of(tmp_path / "site", FOLDER + more)
    deployed(site)
    page = site / "output/index.html"
    with page.open("a") as file:
        file.write("<p>by hand")
    run(site, "build", "--clean", "--quiet")
    run(site, "deploy", "more", "--yes")
    assert public(www(site).with_name("more")) == output(site)


def test_a_link_to_a_file_of_the_output_is_sent_as_the_file(site: Path) -> None:
    (site / "output/proof.txt").write_text("mine")
    (site / "output/more.txt").symlink_to("proof.txt")
    deployed(site, "--allow", "foreign")
    for name in ("proof.txt", "more.txt"):
        assert (www(site) / name).read_text() == "mine"
        assert not (www(site) / name).is_symlink()
    assert "foreign" not in deployed(site), "readers have it already"
    (site / "output/proof.txt").write_text("changed")
    assert ": more.txt, proof.txt; check them" in deployed(site, code=3)


@pytest.mark.parametrize(
    "name", ["key.txt", "briefs/key.txt", "index.html", "briefs/one", "briefs"]
)
def test_a_link_out_of_the_output_is_never_followed(tmp_path: Path, site: Path, name: str) -> None:
    (tmp_path / "secret").mkdir()
    for path in ("index.html", "one/index.html"):
        (tmp_path / "secret" / path).parent.mkdir(exist_ok=True)
        (tmp_path / "secret" / path).write_text("the key")
    place = site / "output" / name
    if place.exists():
        place.rename(tmp_path / "aside")
        place.symlink_to(
            tmp_path / "secret" / ("" if (tmp_path / "aside").is_dir() else "index.html")
        )
    else:
        place.symlink_to(tmp_path / "secret/index.html")
    text = run(site, "deploy", "--yes", "--allow", "foreign", code=3 if name == "index.html" else 1)
    assert ("is a symbolic link" in text.output) == (name != "index.html")
    assert not www(site).exists()


def test_what_git_tracks_in_output_is_not_sent(site: Path) -> None:
    for words in (("init", "-q"), ("add", "--force", "."), ("commit", "-qm", "Begin")):
        in_git(site, *words)
    text = run(site, "deploy", "--plan", code=1).output
    generated = (".output.lock", ".output.spare", ".slugline", "output")
    for name in generated:
        assert f"run `git rm -r --cached {name}`, and build again with --clean" in text
    in_git(site, "rm", "-rq", "--cached", *generated)
    in_git(site, "commit", "-qm", "Leave generated files out")
    (site / ".gitignore").write_text("output\n.output.*\n")
    deployed(site)


@pytest.mark.parametrize("name", ["link", "nowhere", "pipe", "two\nlines", os.fsdecode(b"caf\xe9")])
def test_what_cannot_be_sent_is_named(tmp_path: Path, site: Path, name: str) -> None:
    place = site / "output" / name
    if name == "pipe":
        os.mkfifo(place)
    elif name in ("link", "nowhere"):
        (tmp_path / "link").mkdir()
        place.symlink_to(tmp_path / name)
    else:
        place.write_text("mine")
    assert "move it out of `output/`" in deployed(site, code=1)
    place.unlink()
    deployed(site)


def test_what_is_kept_may_have_things_of_others_among_it(site: Path) -> None:
    deployed(site)
    for name in (".objects/.DS_Store", "live/notes.json", "notes.json"):
        (site / ".slugline/releases" / name).write_text("mine")
    rebuild(site, brief("one", "Scale AI won"))
    deployed(site)
    assert len(run(site, "releases").output.splitlines()) == 2
    run(site, "rollback", "live", "--yes")


def test_a_live_release_without_its_record_is_not_taken_for_nothing(site: Path) -> None:
    """No guard would know what readers have."""
    deployed(site)
    (record,) = www(site).with_name("news.releases").glob("*.json")
    data = record.read_bytes()
    record.write_bytes(data[:100])
    (site / "content/briefs/two.md").unlink()
    rebuild(site)
    for words in (("deploy",), ("rollback", "live"), ("releases",)):
        text = run(site, *words, code=1).output
        assert "the record of the live release, " in text
        assert f"{record.name}, is missing or damaged" in text
    www(site).unlink()
    deployed(site)


def test_a_release_of_the_end_of_time_is_named(site: Path) -> None:
    deployed(site)
    (record,) = www(site).with_name("news.releases").glob("*.json")
    for name in ("99991231-235959-abcdef", "99999999-999999-abcdef"):
        record.with_stem(name).write_bytes(record.read_bytes())
        rebuild(site, brief("one", f"Scale AI {name}"))
        assert f"has a release {name}, and no later id is possible" in deployed(site, code=1)
        record.with_stem(name).unlink()


@pytest.mark.parametrize("pid", [10**20, -1, 0, "x"])
def test_a_lock_of_a_process_that_there_cannot_be(site: Path, pid: object) -> None:
    deployed(site)
    rebuild(site, brief("one", "Scale AI won"))
    lock = www(site).with_name("news.releases") / "lock"
    held = {"token": "t", "user": "ann", "host": socket.gethostname(), "pids": [pid], "at": "10:00"}
    lock.write_text(json.dumps(held))
    assert "is locked by an unknown process" in deployed(site, code=1)
    deployed(site, "--break-lock")


def test_the_root_of_a_machine_is_no_target(tmp_path: Path) -> None:
    site = site_of(tmp_path / "site", "  live: {kind: folder, to: /}\n")
    assert "set `to` to a folder in it" in deployed(site, code=1)


def told(text: str) -> list[str]:
    """The words of the command that a message names."""
    return shlex.split(re.findall(r"`(slugline .*?)`", text)[0])[1:]


def test_a_command_that_is_named_is_about_the_same_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is typed as it stands there, in the folder where the first one was."""
    to = "  live: {kind: folder, to: ../www/news, url: 'https://news.example/a'}\n"
    to += "  more: {kind: folder, to: ../www/more}\n"
    site = site_of(tmp_path / "my site", to)
    monkeypatch.chdir(tmp_path)

    def says(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(cli.main, words)
        assert result.exit_code == code, result.output
        return result.output

    at = ("--site", "my site")
    deploy = (*at, "deploy", "live", "--yes", "--no-check", "--output", "made here")
    named = told(says(*deploy, code=1))  # there is nothing yet
    assert named == [*at, "build", "--output", "made here", "--base-url", "https://news.example/a"]
    says(*named)
    (site / "content/briefs/one.md").write_text(brief("one", "Scale AI won").partition("\n")[2])
    assert told(says(*deploy, code=3)) == named
    says(*at, "build", "--output", "made here")
    text = says(*deploy, code=3)
    assert "other-base-url: " in text
    says(*told(text))
    says(*deploy)
    for words in (("rollback", "live", "2020"), ("diff", "live", "2020")):
        text = says(*at, *words, code=1)
        assert "* 2" in says(*told(text))
    # Where nothing was given nothing is needed.
    monkeypatch.chdir(site)
    assert told(says("deploy", "more", "--yes", code=3)) == ["build"]


def test_all_that_is_refused_is_named_at_once(site: Path) -> None:
    deployed(site)
    (site / "content/briefs/two.md").unlink()
    rebuild(site)
    text = deployed(site, code=3)
    words = text.partition("all the same, add: ")[2].split()
    assert words.count("--allow") > 1
    deployed(site, *words)


def test_what_others_wrote_on_a_target_does_not_drive_the_terminal(site: Path) -> None:
    deployed(site)
    rebuild(site, brief("one", "Scale AI won"))
    held = {"token": "x", "user": "\x1b]0;ann\x07", "host": "desk", "pids": [7], "at": "10:00"}
    (www(site).with_name("news.releases") / "lock").write_text(json.dumps(held))
    text = deployed(site, code=1)
    assert "on desk" in text
    assert "\x1b" not in text
    assert "\x07" not in text


def test_what_another_deploy_has_just_kept_is_not_dropped(tmp_path: Path, site: Path) -> None:
    """Deploys to two targets share what is kept, and one ends while the other has not begun."""
    (tmp_path / "new.html").write_text("new")
    new = describe(b"new")
    other = ReleaseArchive(site, "other")
    with other.in_use():
        assert other.add_files({"new.html": new}, {"new.html": tmp_path / "new.html"}) == []
        deployed(site)
        assert other.has_object(new.digest)
    rebuild(site, brief("one", "Scale AI won"))
    deployed(site)
    assert not other.has_object(new.digest)


def test_an_output_that_changes_between_the_plan_and_the_deploy(site: Path) -> None:
    from builder.content.config import read_config
    from builder.deploy import deploy as deploys
    from support.sites import options

    page = site / "output/briefs/one/index.html"
    with deploys.open_target(site, read_config(site), "live") as (settings, target):
        args = (site, read_config(site), "live", settings, target, site / "output")
        found = deploys.prepare(*args, options(_now()))
        page.unlink()
        with pytest.raises(DeployError, match=r"index\.html changed after the deploy was planned"):
            deploys.execute(found, False, lambda *_: None)
    assert not www(site).exists()


def in_git(site: Path, *words: str) -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@test.example")
    return subprocess.check_output(["git", *who, *words], cwd=site, text=True).strip()


def test_a_release_is_of_a_commit_only_where_all_of_it_is_committed(site: Path) -> None:
    """Who builds that commit again gets that release."""
    in_git(site, "init", "-q")
    in_git(site, "config", "status.showUntrackedFiles", "no")
    assert "not committed: content/" in deployed(site, code=3)
    in_git(site, "add", "content", "templates", "site.yaml")
    in_git(site, "commit", "-qm", "Begin")
    deployed(site)
    head = in_git(site, "rev-parse", "HEAD")
    assert f", revision {head[:12]}\n" in run(site, "releases").output
    rebuild(site, brief("new", "Scale AI anew"))
    text = deployed(site, code=3)
    assert "  uncommitted: not committed: content/briefs/new.md; " in text
    deployed(site, "--allow", "uncommitted")
    assert "revision" not in run(site, "releases").output.splitlines()[-1]


@pytest.mark.parametrize("above", ["", ".work/news/"])
def test_what_git_is_told_to_ignore_is_built_all_the_same(tmp_path: Path, above: str) -> None:
    site = site_of(tmp_path / f"{above}site", FOLDER)
    (tmp_path / ".gitignore").write_text(
        "secret*\n.DS_Store\n*.tmp\n.obsidian/\noutput/\n.output.*\n"
    )
    for name in (".DS_Store", "briefs/one.tmp", ".obsidian/secrets.json"):
        (site / "content" / name).parent.mkdir(exist_ok=True)
        (site / "content" / name).write_text("x")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "Begin")):
        in_git(tmp_path, *words)
    deployed(site)
    rebuild(site, brief("secret-plan", "Scale AI plans"))
    path = f"{above}site/content/briefs/secret-plan.md"
    assert f"  uncommitted: not committed: {path}; " in deployed(site, code=3)


def test_a_picture_that_changed_since_the_build_is_not_as_built(site: Path) -> None:
    picture = site / "content/media/sign.txt"
    picture.parent.mkdir()
    picture.write_text("one")
    rebuild(site, brief("one", "Scale AI one", body="[Sign](/media/sign.txt)"))
    deployed(site)
    picture.write_text("two")
    assert "not-as-built" in deployed(site, code=3)
    rebuild(site)
    deployed(site)
    assert public(www(site))["media/sign.txt"] == b"two"


class Disk:
    """A disk on which, of what changes anything below a folder, the n-th step fails; or that and
    all after it. A file that is being written is left in part."""

    CHANGES = ("os.mkdir", "os.link", "os.symlink", "os.rename")

    def __init__(self, folder: Path) -> None:
        self.folder, self.left, self.number, self.lasting = str(folder), 0, 0, False
        sys.addaudithook(self._look)  # which stays as long as the process

    def _look(self, event: str, words: tuple[Any, ...]) -> None:
        writes = event == "open" and words[2] & (os.O_WRONLY | os.O_RDWR)
        if not self.number or not (writes or event in self.CHANGES):
            return
        if not any(str(word).startswith(self.folder) for word in words[:2]):
            return
        self.left -= 1
        if self.left == 0 or (self.lasting and self.left < 0):
            number, self.number = self.number, 0
            if writes and not os.path.exists(words[0]):  # noqa: PTH110
                Path(words[0]).write_bytes(b"-")
            self.number = number
            raise OSError(number, os.strerror(number), words[0])


EVERY = int(os.environ.get("SLUGLINE_REQUESTS", "9"))  # every ninth step; 1 tries all


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_at_any_step(site: Path, number: int) -> None:
    """From the n-th on it is full, or the n-th step alone fails, for every n. The link leads to one
    whole release or the other, and the next deploy completes it."""
    deployed(site)
    disk = Disk(www(site).parent)
    disk.lasting = number == errno.ENOSPC
    n, failed, before = 1, 0, output(site)
    while True:
        rebuild(site, brief("one", f"Scale AI one, {n}"))
        after, disk.left, disk.number = released(site, "one"), n, number
        result = CliRunner().invoke(cli.main, ["--site", str(site), "deploy", "live", "--yes"])
        disk.number = 0
        assert result.exit_code in (0, 1), (result.output, result.exception)
        assert public(www(site)) in (before, after), n
        if disk.left > 0:
            break
        failed += result.exit_code
        deployed(site, "--break-lock")
        assert public(www(site)) == after, n
        before, n = after, n + EVERY
    assert failed > 8 // EVERY
    found = {file.stem for file in www(site).with_name("news.releases").iterdir()}
    assert len([name for name in found if is_release_id(name)]) <= 5


def test_deploys_that_are_killed(tmp_path: Path) -> None:
    """A few of what `make torture-deploys KIND=folder` does many of."""
    torture_deploys.torture(tmp_path, kills=2, seed=11, kind="folder")
