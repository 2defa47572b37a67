"""The options of the running command -> other commands for the same site, ready to type."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import NamedTuple


class CommandLine(NamedTuple):
    """The values of --site and --output as typed; None if omitted."""

    site: Path | None = None
    output: Path | None = None

    def command(self, *words: str) -> str:
        """Return a command for the same site, in backticks."""
        site = ["--site", str(self.site)] if self.site else []
        return f"`{shlex.join(['slugline', *site, *words])}`"

    def build(self, base_url: str = "", preview: bool = False) -> str:
        """Return the command that builds the site for this target.

        `base_url` is empty if it is the one of site.yaml."""
        output = ["--output", str(self.output)] if self.output else []
        address = ["--base-url", base_url] if base_url else []
        shown = ["--preview"] if preview else []
        return self.command("build", *shown, *output, *address)


NO_OPTIONS = CommandLine()
