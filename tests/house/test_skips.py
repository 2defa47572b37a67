"""A test that CI skips without being expected to fails the run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.skips import EXPECTED
from support.tools import TESTS

EXPECTED_REASON = "only root can give files away"
WAYS = {
    "in the test": "def test_it():\n    pytest.skip({reason!r})",
    "by a mark": "@pytest.mark.skipif(True, reason={reason!r})\ndef test_it(): ...",
    "in a fixture": (
        "@pytest.fixture\ndef tool():\n    pytest.skip({reason!r})\n\ndef test_it(tool): ..."
    ),
    "as a module": "pytest.skip({reason!r}, allow_module_level=True)",
}


def run(folder: Path, source: str, ci: str) -> subprocess.CompletedProcess[str]:
    """A run of one test module with the rule, and one test beside it that passes."""
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "conftest.py").write_text(
        "from support.skips import pytest_make_collect_report, pytest_runtest_makereport\n"
    )
    (folder / "test_passes.py").write_text("def test_passes(): ...\n")
    (folder / "test_it.py").write_text(f"import pytest\n\n{source}\n")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"],
        cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(TESTS), "CI": ci},
    )  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_an_unexpected_skip_fails_in_ci(way: str, tmp_path: Path) -> None:
    ran = run(tmp_path, WAYS[way].format(reason="there is no java"), ci="true")
    assert ran.returncode != 0, ran.stdout
    assert "skipped: there is no java\n" in ran.stdout


@pytest.mark.parametrize("way", WAYS)
def test_an_expected_skip_does_not(way: str, tmp_path: Path) -> None:
    assert EXPECTED_REASON in EXPECTED
    ran = run(tmp_path, WAYS[way].format(reason=EXPECTED_REASON), ci="true")
    assert ran.returncode == 0, ran.stdout
    assert "1 passed, 1 skipped" in ran.stdout


@pytest.mark.parametrize("ci", ["", "0", "false"])
def test_elsewhere_a_test_may_be_skipped(ci: str, tmp_path: Path) -> None:
    ran = run(tmp_path, WAYS["in the test"].format(reason="there is no java"), ci)
    assert ran.returncode == 0, ran.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    ran = run(tmp_path, "@pytest.mark.xfail\ndef test_it():\n    assert False", ci="true")
    assert ran.returncode == 0, ran.stdout
    assert "1 passed, 1 xfailed" in ran.stdout


def test_every_expected_reason_is_given_by_a_test() -> None:
    sources = [file.read_text("utf-8") for file in TESTS.glob("*/test_*.py")]
    for reason in EXPECTED:
        assert any(f'pytest.skip("{reason}")' in source for source in sources), reason
