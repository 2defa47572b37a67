"""Reports references to sources and figures that no id of the file matches."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from builder.diagnostics.codes import Code
from builder.diagnostics.diagnostic import Finding, Place
from builder.names.suggest import did_you_mean


def unknown_id(
    at: str | Place, kind: Literal["source", "figure"], id: str, known: Collection[str]
) -> Finding:
    """Return the finding for a reference without a target, or with several.

    Sources of one publisher that have no id of their own are numbered: `reuters-1`, `reuters-2`."""
    numbered = [name for name in known if re.fullmatch(rf"{re.escape(id)}-[0-9]+", name)]
    if numbered:
        message = f"several {kind}s could be `{id}`"
        hint = f"write `{'` or `'.join(numbered)}`, or give the {kind} an `id`"
        return Finding(at, "ambiguous-id", message, hint)
    hint = did_you_mean(id, known) or f"the ids are: {', '.join(sorted(known)) or 'none'}"
    message = f"no {kind} in this file has the id `{id}`"
    if kind == "source":
        message = f"no source has the id `{id}`"
    code: Code = "unknown-source" if kind == "source" else "unknown-figure"
    return Finding(at, code, message, hint)
