"""The templates, assets and look of a site, loaded again only if one of their files has changed."""

from __future__ import annotations

import os
import time
from pathlib import Path

from builder.content.config import Config
from builder.content.template_files import stat_file, stat_templates, wrong_files
from builder.engine.session import LoadedTemplates
from builder.stat import settled_at
from builder.store import Store


def load_templates(
    root: Path, config: Config, store: Store, known: LoadedTemplates | None
) -> LoadedTemplates:
    """Return the templates of a site.

    They are the `known` ones if these are up to date."""
    from builder.render.identity import look_sources

    now, settings = time.time_ns(), config.settings
    look = ((os.fsencode(path), stat_file(path)) for path in look_sources(root, settings))
    stats = [*stat_templates(root), *look]
    if known is not None and known.current(stats, settings):
        return known
    from builder.render.copies import check_copies
    from builder.render.renderer import Renderer

    renderer = Renderer(root, settings, config.base_path, store)
    assets = renderer.assets()
    problems = (
        *wrong_files(root),
        *renderer.check(),
        *(problem for asset in assets.values() for problem in asset.problems),
        *check_copies(root),
        *map(config.problem, renderer.findings),
    )
    settled = settled_at((stat for _, stat in stats), now)
    found = LoadedTemplates(renderer, problems, assets, {}, stats, settled)
    if found.faulty:
        return found
    return found._replace(media=renderer.media(), said=renderer.own_messages())
