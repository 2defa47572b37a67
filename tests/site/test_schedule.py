"""What falls due next: in a build's last line, for timers, in `slugline status`; and the workflows
that wait for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from builder import __version__
from builder.cli import app as cli
from builder.editing.new import STARTER, WORKFLOWS
from support.sites import brief, build_site, small_site, tree, write_site

# Sorted by what happens first. A draft waits for nobody, and what has expired is over.
PLAN = (
    brief("out", title="Scale AI is out")
    + brief("short", title="Scale AI for a while", expires="2025-07-03 18:00")
    + brief("soon", title="Scale AI soon", date="2025-07-02 09:00", updated="2025-07-05")
    + brief("gone", title="Scale AI is gone", expires="2025-06-20", updated="2025-07-09")
    + brief("draft", title="Scale AI, perhaps", date="2025-07-01 18:00", status="draft")
    + brief("read", title="Scale AI, to be read", date="2025-06-01", status="review")
    + "=== content/pages/about.md\n---\ntitle: About\nupdated: 2025-07-08\n---\nText.\n"
)
AT = ("--at", "2025-07-01 12:00")


def run(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(cli.main, [str(argument) for argument in arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def test_what_falls_due_next(tmp_path: Path) -> None:
    small_site(tmp_path, PLAN)

    def due(at: str) -> str:
        return run("--site", tmp_path, "build", "--at", at, "--until-due").stdout

    # The moments are in the zone of Amsterdam, two hours ahead.
    assert due("2025-07-01 12:00") == "2025-07-02T07:00:00Z\n"
    assert due("2025-07-01 12:01") == "2025-07-02T07:00:00Z\n", "from a build that did nothing"
    assert (tmp_path / "output/briefs/out/index.html").is_file(), "it builds"
    assert not (tmp_path / "output/briefs/soon/index.html").is_file()
    assert due("2025-07-02 09:00") == "2025-07-03T16:00:00Z\n", "what falls due is in the build"
    assert (tmp_path / "output/briefs/soon/index.html").is_file()
    assert due("2025-07-04") == "2025-07-04T22:00:00Z\n"
    assert due("2025-07-05") == "2025-07-07T22:00:00Z\n"
    last = run("--site", tmp_path, "build", "--at", "2025-07-08", "--until-due", code=3)
    assert last.output == "", "nothing is due, and an exit code of its own says so"


def test_a_build_says_what_is_next(tmp_path: Path) -> None:
    small_site(tmp_path, PLAN)
    time.sleep(0.12)  # until the times of files tell whether they changed
    for how in ("rendered", "nothing to render"):
        said = run("--site", tmp_path, "build", *AT).output
        assert how in said
        assert said.endswith(
            "\nNext scheduled change: 2025-07-02 09:00  “Scale AI soon” is published\n"
        )
    assert (
        "Next scheduled change" not in run("--site", tmp_path, "build", "--at", "2025-08-01").output
    )


def test_status(tmp_path: Path) -> None:
    small_site(tmp_path, PLAN)
    said = run("--site", tmp_path, "status", *AT).output
    assert "does not contain a build yet" in said
    found = build_site(tmp_path)
    assert found.due
    before = tree(tmp_path / "output")
    said = run("--site", tmp_path, "status", *AT).output
    parts = {part.split("\n")[0]: part for part in said.split("\n\n")}
    assert parts["Scheduled changes"].split("\n")[1:] == [
        "  2025-07-02 09:00  “Scale AI soon” is published  content/briefs/soon.md",
        "  2025-07-03 18:00  “Scale AI for a while” expires  content/briefs/short.md",
        "  2025-07-05 00:00  “Scale AI soon” is updated  content/briefs/soon.md",
        "  2025-07-08 00:00  “About” is updated  content/pages/about.md",
    ]
    assert "content/briefs/draft.md" in parts["Drafts (1)"]
    assert (
        "“Scale AI, to be read” by The desk  content/briefs/read.md"
        in (parts["Waiting for review (1)"])
    )
    assert "2 July 2025" in parts["Scheduled briefs (1)"]
    assert "content/briefs/short.md" in parts["Expiring soon (1)"]
    assert "Scale AI" in parts["Companies without a profile (3)"]
    assert tree(tmp_path / "output") == before, "nothing was built"
    assert "since then" not in said


def test_status_says_what_a_build_missed(tmp_path: Path) -> None:
    """The output is of just now, and in a week something was due."""
    soon = datetime.now(UTC) + timedelta(days=1)
    small_site(tmp_path, brief("soon", title="Scale AI soon", date=f"{soon:%Y-%m-%d %H:%M} +00:00"))
    run("--site", tmp_path, "build")
    later = f"{soon + timedelta(days=6):%Y-%m-%d}"
    said = run("--site", tmp_path, "status", "--at", later).output
    assert "“Scale AI soon” is published\n  Run `slugline build` to publish these changes." in said
    assert said.rstrip().split("\n\n")[1].startswith("No scheduled changes.")


# --- workflows ---------------------------------------------------------------------------------


@pytest.mark.parametrize("runner", WORKFLOWS)
def test_workflow(runner: str, tmp_path: Path) -> None:
    """Alone in a site that is there, with a new one, and never over another."""
    mine = write_site(tmp_path / "mine")
    before = tree(mine)
    run("init", mine, "--ci", runner)
    after = tree(mine)
    (name,) = after.keys() - before.keys()
    assert name == WORKFLOWS[runner]
    assert {path: after[path] for path in before} == before
    assert "already exists" in run("init", mine, "--ci", runner, code=2).stderr
    assert tree(mine) == after
    run("init", tmp_path / "new", "--ci", runner)
    assert (tmp_path / "new" / name).read_bytes() == after[name]
    assert (tmp_path / "new/content/briefs").is_dir()
    assert not (tmp_path / "new/ci").exists()
    text = after[name].decode()
    # A deploy through rclone needs the program, which no runner has by itself.
    assert f"slugline[rclone]=={__version__}" in text
    assert "@VERSION@" not in text
    assert isinstance(yaml.safe_load(text), dict)


def test_workflows_are_what_their_runners_read() -> None:
    """By their own schemas, which the checker brings along."""
    program = Path(sys.executable).with_name("check-jsonschema")
    for runner, schema in (("github", "github-workflows"), ("gitlab", "gitlab-ci")):
        file = STARTER / f"ci/{runner}.yml"
        ran = subprocess.run(
            [str(program), "--builtin-schema", f"vendor.{schema}", str(file)],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_workflow_for_github_pages(tmp_path: Path) -> None:
    """As the page on deployment has it. A job that names the environment `github-pages` fails
    for every proposed change, whatever its steps ask for."""
    text = (STARTER.parents[1] / "docs/deployment.md").read_text("utf-8")
    step, outputs, job = re.findall(r"```yaml\n( .*?)```", text, re.DOTALL)
    found = yaml.safe_load((STARTER / "ci/github.yml").read_text("utf-8"))
    site = found["jobs"]["site"]
    names = [one.get("name") for one in site["steps"]]
    site["steps"][names.index("Deploy")] = yaml.safe_load(step)[0]
    site |= yaml.safe_load(outputs)
    found["jobs"] |= yaml.safe_load(job)
    found["on"] = found.pop(True)  # YAML 1.1
    file = tmp_path / "site.yml"
    file.write_text(yaml.safe_dump(found))
    assert "RCLONE_CONF" not in file.read_text()
    program = Path(sys.executable).with_name("check-jsonschema")
    command = [str(program), "--builtin-schema", "vendor.github-workflows", str(file)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "environment" not in site
    assert found["jobs"]["pages"]["if"] == "needs.site.outputs.pages != ''"


def test_workflow_on_gitlab_runs_where_git_is() -> None:
    """A release names the revision that it is of."""
    found = yaml.safe_load((STARTER / "ci/gitlab.yml").read_text("utf-8"))
    assert not found["default"]["image"].endswith(("-slim", "-alpine"))


def test_workflow_on_github_has_few_rights() -> None:
    found = yaml.safe_load((STARTER / "ci/github.yml").read_text("utf-8"))
    assert found["permissions"] == {"contents": "read"}
    (job,) = found["jobs"].values()
    assert "permissions" not in job
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z/-]+@[0-9a-f]{40}", use) for use in used)
    names = [step.get("name") or step["uses"] for step in job["steps"]]
    removed = names.index("Remove committed output")
    assert removed == 1, "before a cache is restored and anything is built"
    assert "rm -rf output .slugline" in job["steps"][removed]["run"]
    (checking,) = [step for step in job["steps"] if step.get("name") == "Check"]
    assert "env" not in job and "secrets." not in str(checking)
    for step in job["steps"]:
        if "cache" in step.get("uses", ""):
            assert "!= 'pull_request'" in step["if"], "a change from outside writes no cache"
        if "secrets." in str(step):
            assert "!= 'pull_request'" in step["if"], "a change from outside sees no secret"
        assert "${{ " not in step.get("run", ""), "what others write is never run"


def test_workflow_on_gitlab_checks_without_a_cache_or_a_secret() -> None:
    found = yaml.safe_load((STARTER / "ci/gitlab.yml").read_text("utf-8"))
    check = found["check"]
    assert "cache" not in check and "variables" not in check
    assert check["script"][0].startswith("rm -rf output .slugline")
    assert "--require-hashes" in check["script"][1]


def test_installations_by_hash_are_what_the_page_says() -> None:
    """Both workflows install from the file that docs/deployment.md describes."""
    text = (STARTER.parents[1] / "docs/deployment.md").read_text("utf-8")
    for runner, file in (("github", ".github/slugline.txt"), ("gitlab", "slugline.txt")):
        workflow = (STARTER / f"ci/{runner}.yml").read_text("utf-8")
        assert f"if [ -f {file} ]" in workflow
        assert f"--require-hashes --only-binary :all: -r {file}" in workflow
        assert f"`{file}`" in text


def _scripts() -> dict[str, str]:
    """The part of each workflow that asks whether a build is due; it then prints `WORK=yes`."""
    github = yaml.safe_load((STARTER / "ci/github.yml").read_text("utf-8"))
    steps = github["jobs"]["site"]["steps"]
    (asking,) = [step["run"] for step in steps if step.get("name") == "Is a build due?"]
    gitlab = yaml.safe_load((STARTER / "ci/gitlab.yml").read_text("utf-8"))
    lines = gitlab["publish"]["script"]
    before = next(n for n, line in enumerate(lines) if "pip install" in line)
    return {
        "github": f"{asking}\ncat $GITHUB_ENV",
        "gitlab": "\n".join([*lines[:before], "echo WORK=yes"]),
    }


@pytest.mark.parametrize("runner", WORKFLOWS)
def test_workflow_waits_until_something_is_due(runner: str, tmp_path: Path) -> None:
    def works(event: str) -> bool:
        variables = {"EVENT": event, "CI_PIPELINE_SOURCE": event, "GITHUB_ENV": "env"}
        variables["PATH"] = os.environ["PATH"]
        (tmp_path / "env").write_text("")
        ran = subprocess.run(
            ["bash", "-e", "-c", _scripts()[runner]],
            cwd=tmp_path, env=variables, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return "WORK=yes" in ran.stdout

    now, hour = datetime.now(UTC), timedelta(hours=1)
    assert works("schedule"), "nothing is known of an earlier build"
    (tmp_path / ".slugline").mkdir()
    for text, expected in (
        ("", False),
        (f"{now + hour:%Y-%m-%dT%H:%M:%SZ}\n", False),
        (f"{now - hour:%Y-%m-%dT%H:%M:%SZ}\n", True),
    ):
        (tmp_path / ".slugline/next-due").write_text(text)
        assert works("schedule") == expected, text
        assert works("push"), "a change is always published"


def test_report_for_gitlab(tmp_path: Path) -> None:
    twice = "[{publisher: A, role: relay}, {publisher: A, role: relay}]"
    small_site(tmp_path, brief("a", companies="[Scael AI]") + brief("b", sources=twice))
    found = json.loads(run("--site", tmp_path, "check", "--format", "gitlab", code=1).output)
    wrong = next(row for row in found if row["check_name"] == "unknown-company")
    assert wrong["severity"] == "critical"
    assert wrong["location"] == {"path": "content/briefs/a.md", "lines": {"begin": 6}}
    assert wrong["description"].startswith("no company is called `Scael AI`; did you mean")
    assert len({row["fingerprint"] for row in found}) == len(found)
    (tmp_path / "content/briefs/a.md").unlink()
    (tmp_path / "content/briefs/b.md").unlink()
    assert json.loads(run("--site", tmp_path, "check", "--format", "gitlab").output) == []
