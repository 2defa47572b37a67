"""Reads the status of a site and the data for its server, without a build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from builder.check.checks import check_site
from builder.check.severity import Severities
from builder.check.verdicts import Suppressed, reported
from builder.content.reply_files import is_catalog
from builder.content.walk import Walk, walk_content
from builder.diagnostics.diagnostic import ContentError, Diagnostic
from builder.engine.build import check
from builder.engine.memory import read_content
from builder.engine.options import Options
from builder.engine.settings import config_of
from builder.hosting.headers import Hosted, content_policy
from builder.language.catalogs import Catalogs
from builder.language.po_file import ListedMessage
from builder.output.manifest import FILE, read_manifest
from builder.program import program
from builder.site.desk import Desk, desk_of
from builder.site.due import Due
from builder.site.edition_names import base_of
from builder.site.editions import editions_of
from builder.site.relink import LinkedSite, link_all
from builder.site.schedule import all_due
from builder.site.translated import EditionStatus, edition_statuses
from builder.store import FOLDER, opened


class SiteStatus(NamedTuple):
    """The status of a site.

    `built` is when the output last changed; `missed` are the scheduled changes since."""

    desk: Desk
    due: tuple[Due, ...]  # after now, the next first
    built: datetime | None
    files: int  # in the output
    missed: tuple[Due, ...]
    secrets: tuple[tuple[Diagnostic, str], ...]  # that files allow, with the reasons


class SiteMessages(NamedTuple):
    """What the pages of a site say, and in which languages."""

    languages: tuple[str, ...]  # that of the site, then of its editions, then of briefs
    catalogs: Catalogs
    own: Mapping[str, ListedMessage]  # of the site's own templates, by key


def read_status(root: Path, output: Path, options: Options) -> SiteStatus:
    """Return the status of the site in `root`, built into `output`.

    Its problems are those of `check`."""
    try:
        problems: Sequence[Diagnostic] = check(root, options).problems
    except ContentError as error:
        problems = error.diagnostics
    linked, walk, found = _linked(root, options)
    allowed = Suppressed(Severities(linked.site).decide(found))
    secrets = tuple(allowed.errors())
    now = options.now
    desk = desk_of(0, linked, walk, now, tuple(problems))
    due = tuple(all_due(linked.site, now))
    try:
        modified = (output / FILE).stat().st_mtime
    except OSError:
        return SiteStatus(desk, due, None, 0, (), secrets)
    built = datetime.fromtimestamp(modified, UTC).astimezone(linked.site.config.zone)
    missed = tuple(all_due(linked.site, built, now))
    return SiteStatus(desk, due, built, len(read_manifest(output).files), missed, secrets)


def read_translations(root: Path, options: Options) -> tuple[EditionStatus, ...]:
    """Return how far each edition is translated, the main one first."""
    return edition_statuses(_linked(root, options)[0].site)


def read_hosted(root: Path, options: Options) -> Hosted:
    """Return what a server needs to host the site in `root`.

    Raises ContentError for an error in the content or a template, since a redirect could then be
    broken."""
    from builder.render.renderer import Renderer

    linked, _, found = _linked(root, options)
    config = linked.site.config
    renderer = Renderer(root, config.settings, config.base_path)
    problems = [*found, *renderer.check(), *map(config.problem, renderer.findings)]
    decided = reported(
        root, Severities(linked.site).decide(problems), linked.site.content.store.value
    )
    if errors := [problem for problem in decided if problem.severity == "error"]:
        raise ContentError(errors)
    settings = config.settings
    scripts = {name: asset.integrity for name, asset in renderer.assets().items()}
    policy = content_policy(
        renderer.inline(), scripts, settings.trusted, settings.frames, settings.forms
    )
    redirects = tuple((r.address, r.target) for r in editions_of(linked.site)[0].site.redirects)
    editions = tuple(base_of(settings, tag) for tag in settings.editions)
    return Hosted(settings.base_url, policy, redirects, settings.preview, editions)


def read_messages(root: Path, options: Options) -> SiteMessages:
    """Return the languages of a site, its catalogs and its own messages.

    Raises ContentError if a template or a catalog cannot be read."""
    from builder.render.extract import own_messages
    from builder.render.renderer import Renderer

    linked, _, found = _linked(root, options)
    site = linked.site
    renderer = Renderer(root, site.config.settings, site.config.base_path)
    wrong = [one for one in found if is_catalog(one.path) and one.code != "invalid-message"]
    if problems := [*wrong, *(p for p in renderer.check() if p.severity == "error")]:
        raise ContentError(problems)
    settings = site.config.settings
    written = sorted({outline.lang for outline in site.outlines.values() if outline.lang})
    languages = dict.fromkeys((settings.language, *settings.editions, *written))
    catalogs = site.content.messages
    return SiteMessages(tuple(languages), catalogs, own_messages(renderer.sources))


def _linked(root: Path, options: Options) -> tuple[LinkedSite, Walk, tuple[Diagnostic, ...]]:
    """Return the linked site, the walk of its files, and its problems."""
    config, walk = config_of(root, options), walk_content(root)
    with opened(root / FOLDER, program(), options.note) as store:
        content = read_content(walk, config, options.jobs or 1, store)
        linked = link_all(content, config, options.now, options.drafts, check_site)
        found = (*config.problems, *content.all_problems(), *linked.problems)
    return linked, walk, found
