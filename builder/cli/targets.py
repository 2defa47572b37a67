"""Finds the target that a command names in site.yaml: `production`, or the preview of a change."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from builder.content.config import Config


def find_target(root: Path, name: str | None) -> tuple[Config, str]:
    """Return site.yaml and the name of the target.

    The name may be omitted if only one target is not a preview."""
    from builder.content.config import read_config
    from builder.diagnostics.diagnostic import ContentError
    from builder.model.values import Slug
    from builder.names.suggest import did_you_mean

    config = read_config(root)
    errors = [problem for problem in config.problems if problem.severity == "error"]
    if errors:
        raise ContentError(errors)
    known = config.settings.deploy
    if name and "/" in name:
        return _find_preview(config, name)
    if not known:
        raise click.UsageError(
            "site.yaml has no targets; add `deploy` as `slugline help deploys` shows"
        )
    public = [slug for slug, settings in known.items() if not settings.preview]
    if name is None and len(public) == 1:
        return config, public[0]
    if name is None:
        raise click.UsageError(f"name a target: {', '.join(known)}")
    if name not in known:
        hint = did_you_mean(name, known) or f"choose from {', '.join(known)}"
        raise click.UsageError(f"site.yaml has no target `{name}`; {hint}")
    if "{name}" in known[Slug(name)].to:
        raise click.UsageError(f"name the change too, as in `{name}/42`")
    return config, name


def _find_preview(config: Config, name: str) -> tuple[Config, str]:
    """Return the target of one change: `preview/42` is the change 42 on `preview`."""
    from msgspec.structs import replace

    from builder.model.values import Line, Slug, TargetUrl

    kind, _, change = name.partition("/")
    settings = config.settings.deploy.get(Slug(kind))
    if settings is None or not settings.preview or "{name}" not in settings.to:
        raise click.UsageError(
            f"site.yaml has no previews `{kind}/…`; they are a target with `preview: true` and"
            " `{name}` in `to`; see `slugline help deploys`"
        )
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", change):
        raise click.UsageError(
            f"`{change}` cannot name a change; use up to 40 letters a to z, digits and hyphens"
        )
    own = replace(
        settings,
        to=Line(settings.to.replace("{name}", change)),
        url=TargetUrl(settings.url.replace("{name}", change)),
    )
    slug = Slug(f"{kind}-{change}")
    if slug in config.settings.deploy:
        raise click.UsageError(f"site.yaml has a target `{slug}`; choose another name")
    targets = {**config.settings.deploy, slug: own}
    return config._replace(settings=replace(config.settings, deploy=targets)), slug
