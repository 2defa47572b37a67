"""What a command was given -> another command as it has to be typed to be about the same site."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import NamedTuple


class CommandLine(NamedTuple):
    """What leads to the site, and to what is sent of it, as it was typed; None where it was not."""

    site: Path | None = None
    output: Path | None = None

    def command(self, *words: str) -> str:
        """A command on the same site."""
        site = ["--site", str(self.site)] if self.site else []
        return f"`{shlex.join(['slugline', *site, *words])}`"

    def build(self, base_url: str = "") -> str:
        """The command that makes what is sent, where it is for another address than site.yaml's."""
        output = ["--output", str(self.output)] if self.output else []
        address = ["--base-url", base_url] if base_url else []
        return self.command("build", *output, *address)


NOTHING = CommandLine()
