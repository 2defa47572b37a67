"""The templates, assets and look of a site, loaded again only if one of their files has changed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from builder.content.config import Config
from builder.content.template_files import stat_file, stat_templates, wrong_files
from builder.engine.session import LoadedTemplates
from builder.pages.kinds import CONTEXTS
from builder.parallel import in_background
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


class _Collected:
    """A store beside another, which it leaves as it is."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.values: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self.values.get(key) or self.store.get(key)

    def put(self, key: str, value: bytes) -> None:
        self.values[key] = value


@contextmanager
def compile_meanwhile(
    root: Path, config: Config, store: Store, jobs: int, known: LoadedTemplates | None
) -> Iterator[None]:
    """Compile templates in a second process while the block runs.

    Nothing is done if there is one job only, or if templates are `known` or compiled."""
    from builder.render.installed import installed
    from builder.render.templates import outlines_key

    stored = outlines_key() in installed() or store.get(outlines_key()) is not None
    if jobs < 2 or known or stored:
        yield
        return
    compiling = partial(_compile, root, config, store)
    with in_background(compiling, fork=True) as compiled:
        yield
        for key, value in compiled().items():
            store.put(key, value)


def _compile(root: Path, config: Config, store: Store) -> dict[str, bytes]:
    """Return what a build stores of its templates: outlines, and compiled code.

    Mistakes are found again by `load_templates`, which reports them."""
    from builder.render.renderer import Renderer

    collected = _Collected(store)
    with suppress(Exception):
        renderer = Renderer(root, config.settings, config.base_path, collected)
        if not renderer.check():
            renderer.prepare(CONTEXTS)
            renderer.sources.keep_installed()
    return collected.values
