"""Two builds of a site -> what readers would notice if the second replaced the first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from builder.deploy.collect import collect_release
from builder.deploy.guards import GuardContext, Refusal, counted, refusals
from builder.deploy.plan import DeployPlan, make_plan
from builder.deploy.target_state import TargetState
from builder.model.targets import TargetSettings
from builder.model.values import Line

_MAX_SHOWN = 12  # addresses or stories of one kind
_SETTINGS = TargetSettings(kind="folder", to=Line("."))
# Guards that compare what readers have with what they would get.
_COMPARING = frozenset(
    ("removed-addresses", "feed-identity", "many-deletions", "shrunk", "empty-site", "older")
)


class Comparison(NamedTuple):
    """What differs between two builds, and why a deploy would refuse the second."""

    plan: DeployPlan
    refusals: tuple[Refusal, ...]


def compare_outputs(root: Path, before: Path, after: Path, now: datetime) -> Comparison:
    """Compare the output folders of two builds.

    Raises DeployError if one does not exist, or has a file that no deploy could send."""
    old, new = (
        collect_release(root, folder, _SETTINGS, TargetState(), now, "", "`slugline build`")
        for folder in (before, after)
    )
    plan = make_plan(new.release, TargetState(live=old.release))
    context = GuardContext(
        plan=plan,
        settings=_SETTINGS,
        site=plan.new.site,
        build_info=new.build_info,
        current=True,
        modified=(),
        uncommitted=(),
        foreign=(),
        rollback=False,
    )
    found = tuple(refusal for refusal in refusals(context) if refusal.guard in _COMPARING)
    return Comparison(plan, found)


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Yield a comparison in words, for colleagues who review a change."""
    plan = comparison.plan
    kinds = [("new", plan.added), ("changed", plan.changed), ("removed", plan.removed)]
    pages = [(word, [p for p in paths if p.endswith(".html")]) for word, paths in kinds]
    said = [f"{counted(len(paths), 'page')} {word}" for word, paths in pages if paths]
    yield ", ".join(said) or "No page would change"
    if plan.items:
        yield f"{counted(len(plan.items), 'story')} would be announced in feeds:"
        yield from _listed(f"“{item.title}”" for item in plan.items)
    for word, paths in pages:
        if paths:
            yield f"{word.capitalize()}:"
            yield from _listed(f"/{path.removesuffix('index.html')}" for path in paths)
    for refusal in comparison.refusals:
        yield f"A deploy would refuse this ({refusal.guard}): {refusal.reason}"


def _listed(items: Iterator[str]) -> Iterator[str]:
    found = [*items]
    yield from (f"  {item}" for item in found[:_MAX_SHOWN])
    if len(found) > _MAX_SHOWN:
        yield f"  and {len(found) - _MAX_SHOWN} more"
