"""Histories in the content: written by a deploy, and read from a target on another machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.content.histories import MOST_BYTES, decode_history, encode_history, read_history
from builder.deploy.histories import merged
from builder.model.version import MOST, History, Part, PastVersion, Version, VersionWords
from support import deploys
from support.deploys import run, s3, site_of
from support.sites import brief, build_site, read

__all__ = ["s3"]
FOLDER = "{kind: folder, to: ../www/news}"
PAGE = "briefs/one/history/index.html"
SHOWN = """\
=== templates/history.html
{% for entry in history.entries %}
{{ entry.number }} {{ entry.reason }}
{% for change in entry.changes %}
{% for run in change.runs %}{{ run.kind }}:{{ run.text }}|{% endfor %}
{% endfor %}
{% endfor %}
"""


def story(words: str, **fields: str) -> str:
    return brief(
        "one", body=f"Scale AI sold {words} of its shares.", title="Scale AI one", **fields
    )


def site_with(folder: Path, target: str, text: str = "") -> Path:
    text = text or story("14 per cent") + brief("two", "Scale AI two", date="2025-06-16 09:00")
    return site_of(folder, f"  live: {target}\n", text + SHOWN)


def change(site: Path, words: str, **fields: str) -> None:
    deploys.rebuild(site, story(words, **fields), announced=False)


def deploy(site: Path, *arguments: str, code: int = 0) -> str:
    return run(site, "deploy", "live", "--yes", "--no-check", *arguments, code=code).output


def versions(site: Path, identity: str = "id-one") -> list[str]:
    """The words of the versions in the content, first to last."""
    history = read_history(site, identity)
    assert history is not None
    return [
        " ".join(part.text for part in version.words.parts if part.kind == "text")
        if version.words
        else "?"
        for version in history.versions
    ]


def said(*shares: str) -> list[str]:
    return [f"Scale AI sold {share} of its shares." for share in shares]


def test_a_deploy_writes_the_versions_of_what_changed(tmp_path: Path) -> None:
    site = site_with(tmp_path / "site", FOLDER)
    deploy(site)
    assert not (site / "content/history").exists()
    change(site, "49 per cent", updated="2025-06-20")
    text = deploy(site)
    assert text.startswith("Wrote content/history/id-one.json; building output/ with it.\n")
    assert "+ /briefs/one/history/" in text
    assert "the next build shows it" not in text
    assert "Nothing to do." in deploy(site)  # what it wrote does not make output/ stale
    assert versions(site) == said("14 per cent", "49 per cent")
    assert [path.name for path in (site / "content/history").iterdir()] == ["id-one.json"]
    # What follows needs nothing else: the build compares with the version that readers have.
    change(site, "51 per cent", updated="2025-06-21")
    assert "same:Scale AI sold |del:49|same: |ins:51|" in read(site, PAGE)
    assert "content/history" in deploy(site)
    change(site, "52 per cent", updated="2025-06-21")
    deploy(site, "--allow", "silent-change", "--reason", "A slip.")
    assert versions(site) == said("14 per cent", "49 per cent", "51 per cent", "52 per cent")
    assert read(site, PAGE).strip().startswith("4 A slip.")
    before = deploys.public(site.parent / "www/news")
    build_site(site, now=deploys.now())
    text = deploy(site)
    assert "Nothing to do." in text
    assert "content/history" not in text
    assert deploys.public(site.parent / "www/news") == before


def kinds(tmp_path: Path, kind: str, bucket: Path) -> tuple[str, Callable[[], dict[str, bytes]]]:
    """A target of a kind, and what readers get of it."""
    if kind == "git":
        remote = tmp_path / "remote"
        subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)
        target = f"{{kind: git, to: {remote}, branch: gh-pages}}"
        return target, lambda: deploys.branch(remote)
    if kind == "s3":
        return '{kind: rclone, to: "store:bucket"}', lambda: deploys.public(bucket)
    return FOLDER, lambda: deploys.public(tmp_path / "www/news")


@pytest.mark.parametrize("kind", ["folder", "git", "s3"])
def test_a_release_carries_the_history_of_what_it_changes(
    tmp_path: Path, s3: tuple[str, Path], kind: str
) -> None:
    """Of the first change too; the deploy after it has nothing to send."""
    target, live = kinds(tmp_path, kind, s3[1])
    site = site_with(tmp_path / "site", target)
    deploy(site)
    assert PAGE not in live()
    change(site, "49 per cent", updated="2025-06-20")
    plan = run(site, "deploy", "live", "--plan").output
    assert "note: the deploy first builds the history of 1 brief, and sends it too" in plan
    assert not (site / "content/history").exists()
    deploy(site)
    assert "same:Scale AI sold |del:14|same: |ins:49|" in live()[PAGE].decode()
    # With the reason of a silent change too.
    change(site, "51 per cent", updated="2025-06-20")
    refused = deploy(site, code=3)
    assert "building" not in refused
    deploy(site, "--allow", "silent-change", "--reason", "A slip.")
    assert live()[PAGE].decode().strip().startswith("3 A slip.")
    sent = live()
    assert sent == {path: data for path, data in deploys.output(site).items() if path in sent}
    for _ in range(2):
        text = deploy(site)
        assert "Nothing to do." in text
        assert "building" not in text
        build_site(site, now=deploys.now())
    assert live() == sent


DIES = """
import os, sys
from builder.cli.app import main
from builder.{module} import {name}
import builder.{module} as module
module.{name} = lambda *_: os._exit(9)
main(["--site", sys.argv[1], "deploy", "live", "--yes", "--no-check", *sys.argv[2:]])
"""


@pytest.mark.parametrize("words", ["51 per cent", "52 per cent"])
@pytest.mark.parametrize("name", ["engine.build.build", "deploy.deploy.execute"])
def test_a_deploy_that_is_killed_publishes_no_version(
    tmp_path: Path, name: str, words: str
) -> None:
    """What it left in the content is not history until a deploy ends, also of other words."""
    site = site_with(tmp_path / "site", FOLDER)
    deploy(site)
    change(site, "49 per cent", updated="2025-06-20")
    deploy(site)
    sent = deploys.public(tmp_path / "www/news")
    change(site, "51 per cent", updated="2025-06-21")
    module, _, function = name.rpartition(".")
    code = DIES.format(module=module, name=function)
    died = subprocess.run([sys.executable, "-c", code, site], check=False, capture_output=True)
    assert died.returncode == 9, died.stderr
    assert deploys.public(tmp_path / "www/news") == sent
    left = read_history(site, "id-one")
    assert left is not None
    assert [version.pending for version in left.versions] == [False, False, True]
    change(site, words, updated="2025-06-21")
    assert f"del:49|same: |ins:{words[:2]}|" in read(site, PAGE)
    deploy(site)
    assert versions(site) == said("14 per cent", "49 per cent", words)
    kept = read_history(site, "id-one")
    assert kept is not None
    assert not any(version.pending for version in kept.versions)
    live = deploys.public(tmp_path / "www/news")
    build_site(site, now=deploys.now())
    assert "Nothing to do." in deploy(site)
    assert deploys.public(tmp_path / "www/news") == live


def test_a_site_without_its_histories_fetches_them(tmp_path: Path) -> None:
    """Also of a brief that the next deploy changes for the first time."""
    site = site_with(tmp_path / "site", FOLDER)
    assert "Nothing has been deployed to live yet." in run(site, "history", "fetch").output
    deploy(site)
    change(site, "49 per cent", updated="2025-06-20")
    deploy(site)
    build_site(site, now=deploys.now())
    deploy(site)
    kept = read(site, PAGE), read_history(site, "id-one")

    def lose() -> None:
        for folder in ("content/history", ".slugline"):
            shutil.rmtree(site / folder)
        build_site(site, now=deploys.now())

    lose()
    refused = run(site, "deploy", "live", "--plan", code=3).output
    assert f"1 address would be removed without a redirect: /{PAGE[:-10]}" in refused
    assert "`slugline history fetch` brings back the versions of briefs" in refused
    assert "Nothing to do." in deploy(site)  # it brings them back itself
    assert (read(site, PAGE), read_history(site, "id-one")) == kept
    lose()
    assert "Wrote content/history/id-one.json" in run(site, "history", "fetch").output
    assert "has every version" in run(site, "history", "fetch", "--target", "live").output
    build_site(site, now=deploys.now())
    assert (read(site, PAGE), read_history(site, "id-one")) == kept
    deploys.rebuild(site, brief("two", "Scale AI 2", date="2025-06-16 09:00", updated="2025-06-17"))
    assert not (site / "output/briefs/two/history").exists()
    assert "id-two.json" in run(site, "history", "fetch").output
    build_site(site, now=deploys.now())
    assert "del:two|same: |ins:2|" in read(site, "briefs/two/history/index.html")


@pytest.mark.parametrize("kind", ["git", "s3"])
def test_any_kind_of_target_has_them(tmp_path: Path, s3: tuple[str, Path], kind: str) -> None:
    if kind == "git":
        subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "remote")], check=True)
        target = f"{{kind: git, to: {tmp_path / 'remote'}, branch: gh-pages}}"
    else:
        target = '{kind: rclone, to: "store:bucket"}'
    site = site_with(tmp_path / "site", target)
    deploy(site)
    change(site, "49 per cent", updated="2025-06-20")
    deploy(site)
    kept = read_history(site, "id-one")
    for folder in ("content/history", ".slugline"):
        shutil.rmtree(site / folder)
    run(site, "history", "fetch")
    assert read_history(site, "id-one") == kept
    assert versions(site) == said("14 per cent", "49 per cent")


def test_only_the_target_that_readers_see_writes_a_history(tmp_path: Path) -> None:
    site = site_with(
        tmp_path / "site",
        f"{FOLDER}\n  other: {{kind: folder, to: ../www/other, url: 'https://staging.example'}}\n"
        "  preview: {kind: folder, preview: true, to: ../www/preview}",
    )
    for words, date in (("14 per cent", "2025-06-19"), ("49 per cent", "2025-06-20")):
        change(site, words, updated=date)
        run(site, "deploy", "other", "--yes", "--no-check", "--allow", "other-base-url")
    assert not (site / "content/history").exists()
    run(site, "history", "fetch", "--target", "preview", code=2)
    deploy(site)
    change(site, "51 per cent", updated="2025-06-21")
    deploy(site)
    assert versions(site) == said("49 per cent", "51 per cent")


def test_nobody_has_to_commit_a_history(tmp_path: Path) -> None:
    site = site_with(tmp_path / "site", FOLDER)
    (site / ".gitignore").write_text("output/\n.output*\n.slugline/\n")

    def git(*words: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.com")
        subprocess.run(["git", *who, *words], cwd=site, check=True, capture_output=True)

    git("init", "-q")
    for words, date in (("14 per cent", "2025-06-19"), ("49 per cent", "2025-06-20")):
        change(site, words, updated=date)
        git("add", ".")
        git("commit", "-qm", "Say so")
        deploy(site)
    assert (site / "content/history/id-one.json").exists()
    build_site(site, now=deploys.now())
    deploy(site)
    assert "revision" in run(site, "releases").output.splitlines()[-1]
    (site / "content/history/notes.txt").write_text("mine")
    assert "uncommitted" in run(site, "deploy", "live", "--plan", code=3).output


def test_a_renamed_brief_keeps_its_history_and_a_withdrawn_one(tmp_path: Path) -> None:
    site = site_with(tmp_path / "site", FOLDER)
    deploy(site)
    change(site, "49 per cent", updated="2025-06-20")
    deploy(site)
    build_site(site, now=deploys.now())
    deploy(site)
    (site / "content/briefs/one.md").unlink()
    text = story("49 per cent", updated="2025-06-20", redirects="[one]")
    deploys.rebuild(site, text.replace("briefs/one.md", "briefs/uno.md"), announced=False)
    deploy(site)
    assert (site / "output/briefs/uno/history/index.html").exists()
    text = story("1", status="withdrawn", withdrawn_because="It was wrong.", redirects="[one]")
    deploys.rebuild(site, text.replace("briefs/one.md", "briefs/uno.md"), announced=False)
    deploy(site)
    assert len(versions(site)) == 3
    # An expired brief goes with its history.
    text = text.replace("status:", "expires: 2025-06-20\nstatus:")
    deploys.rebuild(site, text.replace("briefs/one.md", "briefs/uno.md"), announced=False)
    assert not (site / "output/briefs/uno").exists()
    deploy(site)


# --- merging -------------------------------------------------------------------------------------


def version(digest: str, minute: int, reason: str = "") -> Version:
    at = datetime(2025, 6, 15 + minute // 1440, minute // 60 % 24, minute % 60, tzinfo=UTC)
    return Version(digest * 32, at, reason=reason)


def words_of(digest: str) -> VersionWords:
    return VersionWords("en", (Part("text", digest[0]),))


def merge(old: History | None, *chain: Version) -> History:
    return merged("a", old, chain, words_of)


def letters(history: History) -> str:
    return "".join(one.words.parts[0].text if one.words else "?" for one in history.versions)


def test_histories_are_merged_and_never_shortened() -> None:
    first = merge(None, version("a", 1), version("b", 2))
    # A target that was set up later knows less; a mirror has other times.
    assert merge(first, version("b", 9)) == first
    assert letters(merge(first, version("b", 9), version("c", 10))) == "abc"
    assert letters(merge(first, version("c", 10))) == "abc"
    assert merge(first, version("a", 7), version("b", 8)).versions[0].at == first.versions[0].at
    # A version that comes back is one more; what was known of it later is added.
    again = merge(first, version("a", 1), version("b", 2), version("a", 3, "Back"))
    assert letters(again) == "aba"
    assert merge(again, version("a", 1), version("b", 2), version("a", 3, "Back")) == again
    # Of a version that was only set again, the new words replace the old ones.
    assert letters(merge(first, version("a", 1), version("d", 2))) == "ad"
    # Words that an editor removed stay removed.
    without = History("a", (PastVersion("a" * 32, first.versions[0].at),))
    assert letters(merge(without, version("a", 1), version("b", 2))) == "?b"


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=12), st.data())
def test_a_release_after_the_other_makes_one_history(
    digests: list[str], data: st.DataObject
) -> None:
    """However often it is written in between, and wherever a new target begins."""
    chain = [version(digest, minute) for minute, digest in enumerate(digests)]
    chain = [v for n, v in enumerate(chain) if not n or v.digest != chain[n - 1].digest]
    history, begin = None, 0
    for n in range(1, len(chain) + 1):
        if data.draw(st.booleans()):
            begin = data.draw(st.integers(begin, n - 1))
        history = merge(history, *chain[begin:n])
    assert history is not None
    assert [one.version for one in history.versions] == chain


def test_a_long_history_keeps_the_first_and_the_newest() -> None:
    chain = [Version(f"{n:032x}", version("a", n).at) for n in range(500)]

    def long(digest: str) -> VersionWords:
        return VersionWords("en", (Part("text", digest * 600),))

    history: History | None = None
    for n in range(0, 500, 100):
        history = merged("a", history, tuple(chain[: n + 100]), long)
    assert history is not None
    assert len(history.versions) <= MOST
    assert history.versions[0].version == chain[0]
    kept = [one.version for one in history.versions[1:]]
    assert kept == chain[-len(kept) :]
    assert decode_history(encode_history(history)) == history
    assert len(encode_history(history)) < MOST_BYTES
    (huge,) = merged("a", None, (chain[0],), lambda digest: long(digest * 1000)).versions
    assert huge.words is None
