"""Reads the settings of a build."""

from __future__ import annotations

from pathlib import Path

from builder.content.config import FILE, Config, read_config
from builder.engine.options import Options


def config_of(root: Path, options: Options) -> Config:
    """Return site.yaml as the options of a build have it.

    Raises ContentError if none of it can be read."""
    return read_config(root, options.base_url, options.preview, options.unsaved.get(FILE))
