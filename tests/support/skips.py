"""In CI a skipped test fails the run, unless its reason is one of these few."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

# The reason that a test gives -> why a machine that runs the whole suite may lack what it needs.
EXPECTED = {
    "this user may not mount a file system": "mount needs root",
    "this user may not mount a file system, and there is no unshare and nsenter": "as above",
    "this user may mount a file system nowhere": "a container may forbid user namespaces",
    "only root can give files away": "chown needs root",
    "no budgets for this version of Python": "versions differ in what is a call",
}


def _fail_if_unexpected(report: pytest.TestReport | pytest.CollectReport) -> None:
    in_ci = os.environ.get("CI", "").lower() not in ("", "0", "false")
    if not in_ci or not report.skipped or hasattr(report, "wasxfail"):
        return
    said = report.longrepr
    reason = said[2] if isinstance(said, tuple) else str(said)
    reason = reason.removeprefix("Skipped: ").removeprefix("Skipped")
    if reason not in EXPECTED:
        report.outcome = "failed"
        report.longrepr = (
            f"skipped: {reason or 'without a reason'}\n"
            "In CI no test may be skipped, unless support/skips.py expects the reason."
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn an unexpected skip of a test into a failure."""
    report = yield
    _fail_if_unexpected(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn an unexpected skip of a whole module into an error."""
    report = yield
    _fail_if_unexpected(report)
    return report
