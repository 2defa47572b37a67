"""The workflows that ask the sources every week, and what their steps do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from builder.cli.app import main
from builder.cli.console import relative
from builder.editing.workflows import EVIDENCE_WORKFLOWS
from support.sites import brief, tree, write_site

SCHEDULES = {
    runner: path for runner, found in EVIDENCE_WORKFLOWS.items() for path in found.files.values()
}

# A command that behaves like `slugline evidence`: writes a copy, and what it should not.
ASKING = """#!/bin/sh
echo "$@" > asked-with
[ -z "$EVIDENCE_TOKEN" ] || echo "it sees the token"
sed -i 's/published: 2025-06-13/archive: X/' content/briefs/a.md
mkdir -p .github/workflows && echo x > .github/workflows/theirs.yml
echo '1 report no longer says what you quote'
echo '````'
exit $CODE
"""
# A command `gh`, which notes how it is called, and knows of no proposal or issue.
GH = '#!/bin/sh\necho "$@" >> "$RUNNER_TEMP/gh"\n'


def workflow(tmp_path: Path, runner: str) -> dict[str, Any]:
    """A workflow as the command writes it into a site."""
    site = write_site(tmp_path / "site", brief("a"))
    arguments = ["--site", str(site), "evidence", "--ci", runner]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    found: dict[str, Any] = yaml.safe_load((site / SCHEDULES[runner]).read_text("utf-8"))
    return found


@pytest.mark.parametrize("runner", SCHEDULES)
def test_a_workflow_is_added_and_never_replaced(tmp_path: Path, runner: str) -> None:
    site = write_site(tmp_path, brief("a"))
    before = tree(site)
    arguments = ["--site", str(site), "evidence", "--ci", runner]
    assert (
        f"Wrote {relative(site / SCHEDULES[runner])}" in CliRunner().invoke(main, arguments).output
    )
    after = tree(site)
    program = EVIDENCE_WORKFLOWS[runner].program
    listed = after[f"{program}/requirements.txt"].decode()
    new = {SCHEDULES[runner], *(path for path in after if path.startswith(f"{program}/"))}
    assert after.keys() - before.keys() == new
    assert f"-r {program}/requirements.txt" in after[SCHEDULES[runner]].decode()
    assert "protego==" in listed and "warcio==" in listed
    (site / SCHEDULES[runner]).write_text("name: mine\n")
    assert ", which exists" in CliRunner().invoke(main, arguments).output
    assert (site / SCHEDULES[runner]).read_text() == "name: mine\n"
    (site / SCHEDULES[runner]).write_bytes(after[SCHEDULES[runner]])
    schema = {"github": "github-workflows", "gitlab": "gitlab-ci"}[runner]
    checker = Path(sys.executable).with_name("check-jsonschema")
    command = [str(checker), "--builtin-schema", f"vendor.{schema}", str(site / SCHEDULES[runner])]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=x", "-c", "user.email=x@x.example", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def shell(
    script: str, folder: Path, tools: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a step as a runner does, with some commands replaced."""
    path = f"{tools}:{os.environ['PATH']}"
    known = {"PATH": path, "HOME": str(tools), "GIT_CONFIG_NOSYSTEM": "1", **variables}
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=folder, env=known, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path) -> tuple[Path, Path]:
    """A checkout with its origin, and a folder with commands."""
    tools, origin, checkout = (tmp_path / name for name in ("tools", "origin", "checkout"))
    tools.mkdir()
    for name, text in (("slugline", ASKING), ("gh", GH)):
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(origin))
    git(tmp_path, "clone", "--quiet", str(origin), str(checkout))
    write_site(checkout, brief("a"))
    git(checkout, "switch", "--quiet", "--create", "main")
    git(checkout, "add", "--all")
    git(checkout, "commit", "--quiet", "--message", "Begin")
    git(checkout, "push", "--quiet", "origin", "main")
    return checkout, tools


def steps(found: dict[str, Any], job: str) -> dict[str, str]:
    return {
        step.get("name", ""): step["run"] for step in found["jobs"][job]["steps"] if "run" in step
    }


def proposed(checkout: Path) -> list[str]:
    """The files that a proposal changes."""
    return git(
        checkout.parent / "origin", "diff", "--name-only", "main", "slugline-evidence"
    ).split()


@pytest.mark.parametrize("code", ["0", "3"])
def test_github_proposes_changes_of_content(
    tmp_path: Path, repository: tuple[Path, Path], code: str
) -> None:
    checkout, tools = repository
    found = workflow(tmp_path, "github")
    assert (
        found["permissions"] == {"contents": "read"} and "permissions" not in found["jobs"]["ask"]
    )
    ask = shell(steps(found, "ask")["Ask"], checkout, tools, CODE=code, IA_ACCESS_KEY_ID="")
    assert ask.returncode == 0, ask.stderr
    assert (checkout / "asked-with").read_text() == "evidence\n"
    runner = tmp_path / "runner"
    runner.mkdir()
    (checkout / "found").rename(runner / "found")
    git(checkout, "reset", "--quiet", "--hard")
    variables = {"RUNNER_TEMP": str(runner), "BASE": "main"}
    propose = shell(steps(found, "propose")["Propose"], checkout, tools, **variables)
    assert propose.returncode == 0, propose.stderr
    assert proposed(checkout) == ["content/briefs/a.md"]
    calls = (runner / "gh").read_text()
    assert "pr create --head slugline-evidence --base main" in calls
    assert ("issue create" in calls) is (code == "3")
    body = (checkout / "body.md").read_text()
    assert "no longer says" in body and body.count("````") == 2


def test_github_saves_with_keys_and_fails_with_errors(
    tmp_path: Path, repository: tuple[Path, Path]
) -> None:
    checkout, tools = repository
    script = steps(workflow(tmp_path, "github"), "ask")["Ask"]
    assert shell(script, checkout, tools, CODE="1", IA_ACCESS_KEY_ID="x").returncode == 1
    assert (checkout / "asked-with").read_text() == "evidence --save\n"


def test_github_proposes_nothing_without_changes(
    tmp_path: Path, repository: tuple[Path, Path]
) -> None:
    checkout, tools = repository
    runner = tmp_path / "runner"
    (runner / "found").mkdir(parents=True)
    for name, text in (("report.txt", "1 report"), ("code", "0"), ("changes.patch", "")):
        (runner / "found" / name).write_text(text)
    script = steps(workflow(tmp_path, "github"), "propose")["Propose"]
    ran = shell(script, checkout, tools, RUNNER_TEMP=str(runner), BASE="main")
    assert ran.returncode == 0, ran.stderr
    assert not (runner / "gh").exists()
    assert "slugline-evidence" not in git(checkout, "ls-remote")


def test_gitlab_proposes_changes_of_content(tmp_path: Path, repository: tuple[Path, Path]) -> None:
    checkout, tools = repository
    found = workflow(tmp_path, "gitlab")
    assert found["evidence"]["allow_failure"] == {"exit_codes": 3}
    asking = "\n".join(line for line in found["evidence"]["script"] if "pip install" not in line)
    ask = shell(asking, checkout, tools, CODE="3", EVIDENCE_TOKEN="t", IA_ACCESS_KEY_ID="")
    assert ask.returncode == 3 and "it sees the token" not in ask.stdout
    git(checkout, "reset", "--quiet", "--hard")
    lines = found["evidence-proposal"]["script"]
    address = next(line for line in lines if line.startswith("git push"))
    server = f"file://{checkout.parent}/origin"
    there = address.replace(
        "https://evidence:$EVIDENCE_TOKEN@$CI_SERVER_HOST/$CI_PROJECT_PATH.git", server
    )
    assert there != address and "merge_request.target=$CI_DEFAULT_BRANCH" in address
    git(checkout.parent / "origin", "config", "receive.advertisePushOptions", "true")
    script = "\n".join([*lines[: lines.index(address)], there])
    ran = shell(script, checkout, tools, CI_SERVER_HOST="x.example", CI_DEFAULT_BRANCH="main")
    assert ran.returncode == 0, ran.stderr
    assert proposed(checkout) == ["content/briefs/a.md"]
    assert "no longer says" in git(checkout.parent / "origin", "log", "-1", "slugline-evidence")
