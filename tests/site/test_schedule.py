"""What falls due next: in a build's last line, for timers, in `slugline status`."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from builder.cli import app as cli
from support.sites import brief, build_site, small_site, tree

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
