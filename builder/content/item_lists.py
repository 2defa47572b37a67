"""Texts that may stand for several items of a list."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from builder.content.field_types import SENTENCES, text_field
from builder.content.yaml_syntax import BULLETS
from builder.model.values import Text, Url

_SEPARATORS = (r"\s*,\s*", r"\s*-")
_MAY_HAVE_COMMAS = (Text, Url, *SENTENCES)
_MARKED = re.compile(rf"(?:^|\s+)[{BULLETS}]\s+")


def unclear_list(kind: Any, part: type[Struct] | None, raw: str, name: str) -> str:
    """Return a hint if a text may stand for several items."""
    if re.match(r"-\S", raw):
        return "put a space after the hyphen"
    if _MARKED.match(raw):
        return f"write `- ` instead of `{raw[0]} `"
    if "," not in raw or (part or kind) in _MAY_HAVE_COMMAS or not raw.strip(", "):
        return ""
    if part and text_field(part, raw) in ("", "url"):
        return ""
    parts = [part.strip() for part in raw.split(",") if part.strip()]
    return f'write `{name}: [{", ".join(parts)}]`, or `{name}: ["{raw}"]` for one item'


def split_items(raw: str) -> list[str]:
    """Return the items for which a text may stand."""
    separator = _MARKED if _MARKED.match(raw) else _SEPARATORS[raw[0] == "-"]
    return [part for part in re.split(separator, raw) if part]
