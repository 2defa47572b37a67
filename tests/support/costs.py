"""`--costs` prints what the tests cost: processor time, which other work on the machine hardly
changes, unlike the time on the clock that `--durations` prints.

The time of processes that a test starts counts once they have ended. What several tests share, such
as a browser or a fixture of a module, counts for the first that asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

import pytest

from support import commands

_MOST = 25  # lines of each table
_SUITE = 850  # seconds that two processors have in less than eight minutes
_DEAR = 1.0  # seconds for which a test has to show what no cheaper one can


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--costs", action="store_true", help="print the processor time of the tests")


class _Meter:
    """Notes the processor time of each phase of a test, in the process that runs it."""

    def __init__(self) -> None:
        self.before = 0.0

    def pytest_collection_finish(self) -> None:
        self.before = _processor_time()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        now = _processor_time()
        report.cost, self.before = now - self.before, now  # type: ignore[attr-defined]
        return report


class _Table:
    """Sums up what the reports of all processes say."""

    def __init__(self) -> None:
        self.tests: Counter[str] = Counter()
        self.modules: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        cost = getattr(report, "cost", 0.0)
        self.tests[report.nodeid] += cost
        self.modules[report.nodeid.split("::")[0]] += cost

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("processor time, in seconds")
        spent, dear = self.tests.total(), [cost for cost in self.tests.values() if cost > _DEAR]
        terminalreporter.line(
            f"{spent:,.0f} s, of {_SUITE} s that the whole suite may cost; {sum(dear):,.0f} s are"
            f" those of {len(dear)} tests that cost more than {_DEAR:.0f} s each"
        )
        for title, costs in (("modules", self.modules), ("tests", self.tests)):
            terminalreporter.line(f"{costs.total():8.1f}  all {len(costs)} {title}")
            for name, cost in costs.most_common(_MOST):
                terminalreporter.line(f"{cost:8.1f}  {name}")


def register(config: pytest.Config) -> None:
    """Measure, if the command asks for it."""
    if not config.getoption("--costs"):
        return
    config.pluginmanager.register(_Meter())
    if not hasattr(config, "workerinput"):  # the process that prints
        config.pluginmanager.register(_Table())


def _processor_time() -> float:
    used = map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used) + commands.used
