"""No command may need more work than its budget: benchmarks/budgets.json."""

from __future__ import annotations

import sys

import pytest

from support.tools import REPOSITORY

SLACK = 0.9  # of a budget: below it the budget has become too large to notice anything


def test_commands_keep_to_their_budgets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(REPOSITORY / "benchmarks")
    for name in ("counted", "generate"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import counted

    budgets = counted.budgets()
    if not budgets:
        pytest.skip("no budgets for this version of Python")
    counts = [*counted.count_all()]
    assert {count.command for count in counts} == budgets.keys()
    for count in counts:
        most = "\n".join(f"{calls:10,}  {name}" for name, calls in count.functions)
        change = "if that is right, run `python benchmarks/counted.py --write`"
        said = f"`{count.command}` makes {count.calls:,} calls; {change}\n{most}"
        assert count.calls <= budgets[count.command], f"more than its budget: {said}"
        assert count.calls >= SLACK * budgets[count.command], f"much less than its budget: {said}"
