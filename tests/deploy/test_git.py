"""Deploys to a branch of a repository: one commit each, over a path and over the network, and never
over the work of others."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from builder.cli import app as cli
from builder.deploy import revision
from builder.deploy.target import DeployError
from builder.deploy.targets.git import Git
from builder.model.targets import TargetSettings
from builder.model.values import Line
from stress import torture_deploys
from support.deploys import (
    branch,
    git_daemon,
    neither,
    output,
    rebuild,
    released,
    run,
    sent,
    site_of,
)
from support.sites import brief, tree

WHO = ("-c", "user.name=Ann", "-c", "user.email=ann@test.example")


def git(*words: object, folder: Path) -> str:
    ran = subprocess.run(
        ["git", *WHO, *map(str, words)], cwd=folder, capture_output=True, text=True, check=True
    )
    return ran.stdout


def deployed(site: Path, *arguments: object, code: int = 0) -> str:
    return run(site, "deploy", "pages", "--yes", *arguments, code=code).output


def published(remote: Path, folder: Path) -> dict[str, bytes]:
    """What a host of repositories would serve of the branch."""
    git("clone", "-q", "--branch", "gh-pages", remote, folder, folder=remote.parent)
    found = tree(folder)
    return {p: data for p, data in found.items() if not p.startswith((".git/", ".slugline/"))}


def test_a_branch_from_the_first_deploy_to_the_way_back(tmp_path: Path) -> None:
    remote = tmp_path / "remotes" / "pages.git"
    git("init", "-q", "--bare", remote, folder=tmp_path)
    with git_daemon(tmp_path / "remotes") as address:
        to = f"  pages: {{kind: git, to: '{address}/pages.git', cname: test.example}}\n"
        site = site_of(tmp_path / "site", f"{to}slugs: unicode\n")
        first = output(site)
        extra = {"release.json", ".nojekyll", "CNAME"}
        assert sent(deployed(site)) == len(first) + len(extra)
        found = published(remote, tmp_path / "one")
        assert {path: found[path] for path in first} == first
        assert found.keys() - first.keys() == extra
        assert found["CNAME"] == b"test.example\n"
        assert "Nothing to do" in deployed(site)

        (site / "content/briefs/two.md").unlink()
        rebuild(site, brief("one", "Scale AI won") + brief("谷歌-báo", date="2025-06-17"))
        deployed(site, "--allow", "removed-addresses", "--allow", "older")
        second = published(remote, tmp_path / "two")
        assert {path: second[path] for path in output(site)} == output(site)
        assert "briefs/two/index.html" not in second
        assert "briefs/谷歌-báo/index.html" in second
        message = git("log", "-1", "--format=%B", "gh-pages", folder=remote)
        assert "- /briefs/two/" in message
        assert "~ /briefs/one/" in message

        # Back, on a machine that has never deployed it: the bytes come from the branch.
        subprocess.run(["rm", "-rf", site / ".slugline"], check=True)
        run(site, "rollback", "pages", "--yes")
        third = published(remote, tmp_path / "three")
        assert {path: third[path] for path in first} == first
        lines = run(site, "releases").output.splitlines()
        assert len(lines) == 3
        assert lines[2].startswith("* ")
    # Each release follows the one before; nothing was overwritten.
    assert git("rev-list", "--count", "gh-pages", folder=remote).strip() == "3"


@pytest.mark.parametrize("forgotten", [False, True])
def test_the_way_back_does_not_lead_away_from_the_domain(
    tmp_path: Path, remote: Path, forgotten: bool
) -> None:
    """It was set after the release that is brought back, as was the key of search engines."""
    site = site_of(tmp_path / "site", "  pages: {kind: git, to: ../pages.git}\n")
    first = output(site)
    deployed(site)
    settings = site / "site.yaml"
    plain = settings.read_text()

    def set_to(more: str) -> None:
        settings.write_text(plain.replace("pages.git", f"pages.git, {more}"))

    rebuild(site, brief("one", "Scale AI won"))
    deployed(site)
    set_to("cname: test.example")
    deployed(site)
    set_to("cname: test.example, index_now: k4y")  # not deployed yet
    if forgotten:
        shutil.rmtree(site / ".slugline/releases")
    run(site, "rollback", "pages", "--yes", "--no-check")
    found = published(remote, tmp_path / "one")
    assert {path: found[path] for path in first} == first
    assert (found["CNAME"], found["k4y.txt"]) == (b"test.example\n", b"k4y")
    # Taken out of site.yaml, it goes with a deploy; and back, it does not come again.
    settings.write_text(plain)
    run(site, "rollback", "pages", "--yes")
    assert published(remote, tmp_path / "two")["CNAME"] == b"test.example\n"
    deployed(site, "--allow", "removed-addresses")
    assert "CNAME" not in published(remote, tmp_path / "three")
    rebuild(site, brief("one", "Scale AI wins"))
    deployed(site)
    run(site, "rollback", "pages", "--yes")
    assert "CNAME" not in published(remote, tmp_path / "four")


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    remote = tmp_path / "pages.git"
    git("init", "-q", "--bare", remote, folder=tmp_path)
    return remote


def commit(remote: Path, folder: Path, branch: str = "gh-pages") -> None:
    """A commit of somebody else's."""
    if git("branch", "--list", branch, folder=remote):
        git("clone", "-q", "--branch", branch, remote, folder, folder=remote.parent)
    else:
        git("init", "-q", "-b", branch, folder, folder=remote.parent)
    (folder / "ann.txt").write_text("by Ann")
    git("add", "ann.txt", folder=folder)
    git("commit", "-qm", "A file of mine", folder=folder)
    git("push", "-q", remote, branch, folder=folder)


def test_the_work_of_others_is_not_overwritten(tmp_path: Path, remote: Path) -> None:
    site = site_of(tmp_path / "site", "  pages: {kind: git, to: ../pages.git}\n")
    commit(remote, tmp_path / "before")
    text = deployed(site, code=3)
    assert "other-site: the target has files that no deploy put there: ann.txt" in text
    deployed(site, "--allow", "other-site")
    commit_2 = tmp_path / "after"
    git("clone", "-q", "--branch", "gh-pages", remote, commit_2, folder=tmp_path)
    (commit_2 / "index.html").write_text("by Ann too")
    git("commit", "-qam", "A better front page", folder=commit_2)
    git("push", "-q", remote, "gh-pages", folder=commit_2)

    text = deployed(site, code=3)
    assert "others-work: the branch has commits by others since the last deploy: " in text
    assert "by Ann: A better front page" in text
    deployed(site, "--allow", "others-work")
    found = published(remote, tmp_path / "found")
    assert found["index.html"] == output(site)["index.html"]
    assert found["ann.txt"] == b"by Ann"
    assert git("rev-list", "--count", "gh-pages", folder=remote).strip() == "4"


def test_of_two_deploys_at_once_the_second_is_refused(
    tmp_path: Path, remote: Path, request: pytest.FixtureRequest
) -> None:
    """The push itself decides: nobody else can come between."""
    from builder.deploy.plan import make_plan
    from builder.deploy.release import Release, describe

    site = tmp_path / "site"
    site.mkdir()
    target = Git(site, "pages", TargetSettings(kind="git", to=Line(str(remote))))
    request.addfinalizer(target.close)
    files = {"index.html": describe(b"one")}
    (tmp_path / "file").write_bytes(b"one")
    release = Release(id="20250701-120000-abcdef", at="", site="https://test.example", files=files)
    plan = make_plan(release, target.read_state(False))
    commit(remote, tmp_path / "meanwhile")
    with pytest.raises(DeployError, match="somebody else has pushed to gh-pages"):
        target.publish(plan, lambda _: tmp_path / "file", lambda *_: None)
    assert git("log", "--format=%an", "gh-pages", folder=remote).split() == ["Ann"]


def test_a_repository_that_is_not_there(tmp_path: Path) -> None:
    site = site_of(tmp_path / "site", "  pages: {kind: git, to: ../nowhere.git}\n")
    assert "does not appear to be a git repository" in deployed(site, code=1)


def test_what_is_withdrawn_goes_although_others_changed_the_branch(
    tmp_path: Path, remote: Path
) -> None:
    site = site_of(tmp_path / "site", "  pages: {kind: git, to: ../pages.git}\n")
    deployed(site)
    commit(remote, tmp_path / "after")
    (site / "content/briefs/two.md").unlink()
    rebuild(site)
    objections = ("others-work", "removed-addresses", "older")
    deployed(site, *(word for name in objections for word in ("--allow", name)))
    found = published(remote, tmp_path / "found")
    assert "briefs/two/index.html" not in found
    assert found["ann.txt"] == b"by Ann"


def test_a_branch_with_links_and_attributes_of_others_can_go_back(
    tmp_path: Path, remote: Path
) -> None:
    """What git would leave out of an archive, or follow out of it, plays no part."""
    site = site_of(tmp_path / "site", "  pages: {kind: git, to: ../pages.git}\n")
    deployed(site)
    theirs = tmp_path / "theirs"
    git("clone", "-q", "--branch", "gh-pages", remote, theirs, folder=tmp_path)
    (theirs / "link").symlink_to("/etc/hostname")
    (theirs / ".gitattributes").write_text("*.html export-ignore\n* text eol=crlf\n")
    git("add", "-A", folder=theirs)
    git("commit", "-qm", "Mine", folder=theirs)
    git("push", "-q", remote, "gh-pages", folder=theirs)
    deployed(site, "--allow", "others-work")
    first = output(site)
    rebuild(site, brief("one", "Scale AI won"))
    deployed(site)
    shutil.rmtree(site / ".slugline/releases")
    run(site, "rollback", "pages", "--yes")
    found = published(remote, tmp_path / "found")
    assert {path: found[path].replace(b"\r", b"") for path in first} == first


def test_what_the_branch_says_it_is_counts(tmp_path: Path, remote: Path) -> None:
    """Others may have made more commits than are fetched, or have taken the record away."""
    site = site_of(tmp_path / "site", "  pages: {kind: git, to: ../pages.git, keep: 1}\n")
    deployed(site)
    theirs = tmp_path / "theirs"
    git("clone", "-q", "--branch", "gh-pages", remote, theirs, folder=tmp_path)
    (site / "content/briefs/two.md").unlink()
    rebuild(site)
    for n in range(3):
        git("commit", "-qm", f"Mine {n}", "--allow-empty", folder=theirs)
    git("push", "-q", remote, "gh-pages", folder=theirs)
    text = deployed(site, code=3)
    assert "removed-addresses: " in text
    assert "by Ann: Mine 2" in text
    git("reset", "-q", "--hard", "HEAD~3", folder=theirs)
    git("rm", "-rq", ".slugline", folder=theirs)
    git("commit", "-qm", "Tidy", folder=theirs)
    git("push", "-qf", remote, "gh-pages", folder=theirs)
    assert "removed-addresses: " in deployed(site, code=3)
    git("commit", "-q", "--amend", "-m", "Release\n\nSlugline-Release: ../x", folder=theirs)
    git("push", "-qf", remote, "gh-pages", folder=theirs)
    assert "by Ann: Release" in deployed(site, code=3)


# Every sixth command of a deploy; 1 tries all.
STEP = int(os.environ.get("SLUGLINE_REQUESTS", "6"))


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_repository_that_refuses_any_one_command(
    tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The n-th command of git fails, or has done its work and nobody hears of it, for every n. The
    branch is one whole release or the other, and the next deploy completes it."""
    site = site_of(tmp_path / "site", "  pages: {kind: git, to: ../pages.git}\n")
    deployed(site)
    left = 0

    def failing(*words: str, **more: Any) -> bytes:
        nonlocal left
        left -= 1
        if left == 0 and when == "before":
            raise DeployError("it fails")
        said = revision.git(*words, **more)
        if left == 0:
            raise DeployError("it fails")
        return said

    monkeypatch.setattr("builder.deploy.targets.git.git", failing)
    n, failed, before = 1, 0, output(site)
    while True:
        rebuild(site, brief("one", f"Scale AI one, {n}"))
        after, left = released(site, "one"), n
        result = CliRunner().invoke(cli.main, ["--site", str(site), "deploy", "pages", "--yes"])
        assert result.exit_code in (0, 1), (result.output, result.exception)
        assert not neither(branch(remote), [before, after]), n
        if left > 0:
            break
        failed += result.exit_code
        deployed(site)
        assert branch(remote) == after, n
        before, n = after, n + STEP
    assert failed > 8 // STEP


@pytest.mark.parametrize("name", ["shallow.lock", "slugline-index.lock", "refs/slugline/live.lock"])
def test_what_a_killed_command_held_is_free_again(tmp_path: Path, remote: Path, name: str) -> None:
    site = site_of(tmp_path / "site", "  pages: {kind: git, to: ../pages.git, keep: 1}\n")
    for n in range(4):
        rebuild(site, brief("one", f"Scale AI one, {n}"))
        deployed(site)
    rebuild(site, brief("one", "Scale AI won"))
    (site / ".slugline/releases/pages/git" / name).write_text("")
    deployed(site)
    assert branch(remote) == output(site)


def test_deploys_that_are_killed(tmp_path: Path) -> None:
    """A few of what `make torture-deploys KIND=git` does many of."""
    torture_deploys.torture(tmp_path, kills=2, seed=11, kind="git")


# --- a stranger's repository -------------------------------------------------------------------


def trap(folder: Path) -> tuple[str, Path]:
    """A program, and the file that it creates if anything runs it."""
    program, caught = folder / "trap", folder / "caught"
    program.write_text(f"#!/bin/sh\ntouch {caught}\n")
    program.chmod(0o755)
    return str(program), caught


def spring(repository: Path, program: str) -> None:
    """Make a repository run a program whenever that is possible."""
    for name in ("pre-push", "reference-transaction", "post-checkout", "update", "post-receive"):
        (repository / "hooks").mkdir(exist_ok=True)
        (repository / "hooks" / name).unlink(missing_ok=True)
        (repository / "hooks" / name).symlink_to(program)
    with (repository / "config").open("a") as config:
        for key in ("fsmonitor", "sshCommand", "pager", "alternateRefsCommand"):
            config.write(f"[core]\n\t{key} = {program}\n")
        config.write(f"[diff]\n\texternal = {program}\n[gpg]\n\tprogram = {program}\n")
        config.write(f"[commit]\n\tgpgSign = true\n[credential]\n\thelper = {program}\n")
        config.write(f'[filter "x"]\n\tclean = {program}\n')


@pytest.mark.parametrize("how", ["whole", "settings"])
def test_a_repository_that_came_with_the_site_runs_nothing(
    tmp_path: Path, remote: Path, how: str
) -> None:
    """Either the whole folder was committed, or a checkout wrote over the settings."""
    site = site_of(tmp_path / "site", "  pages: {kind: git, to: ../pages.git}\n")
    program, caught = trap(tmp_path)
    repository = site / ".slugline/releases/pages/git"
    if how == "whole":
        repository.parent.mkdir(parents=True)
        git("init", "-q", "--bare", repository, folder=tmp_path)
    else:
        deployed(site)
    spring(repository, program)
    deployed(site)
    assert published(remote, tmp_path / "found")["index.html"] == output(site)["index.html"]
    assert not caught.exists()


def test_a_bare_repository_in_the_place_of_a_site_runs_nothing(
    tmp_path: Path, remote: Path
) -> None:
    site = site_of(tmp_path / "site", "  pages: {kind: git, to: ../pages.git}\n")
    program, caught = trap(tmp_path)
    git("init", "-q", "--bare", "bare", folder=tmp_path)
    for entry in (tmp_path / "bare").iterdir():
        entry.rename(site / entry.name)
    (site / "config").write_text(
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n"
    )
    git("--git-dir=.", "--work-tree=.", "add", "site.yaml", folder=site)
    spring(site, program)
    deployed(site)
    assert not caught.exists()


@pytest.mark.parametrize(
    "to", ["./pages.git", "content/../pages.git", "ext::sh -c touch% ../caught", "fd::0"]
)
def test_a_target_that_would_run_programs_is_refused(tmp_path: Path, to: str) -> None:
    site = site_of(tmp_path / "site", f'  pages: {{kind: git, to: "{to}"}}\n')
    git("init", "-q", "--bare", "pages.git", folder=site)
    program, caught = trap(tmp_path)
    spring(site / "pages.git", program)
    text = deployed(site, code=1)
    assert ("inside the site's folder" if "pages" in to else "not allowed") in text
    assert not caught.exists()


def test_a_branch_is_known_by_its_whole_name(tmp_path: Path, remote: Path) -> None:
    site = site_of(tmp_path / "site", "  pages: {kind: git, to: ../pages.git}\n")
    commit(remote, tmp_path / "work")
    git("branch", "-m", "gh-pages", "a/refs/heads/gh-pages", folder=remote)
    assert "nothing has been deployed yet" in run(site, "deploy", "--plan").output
