"""Values in braces that a comma cuts short: `{value: 7,5 GW, period: 2024}`."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import yaml
from yaml.nodes import Node, ScalarNode

from builder.diagnostics.diagnostic import Place

# A line of a file by its number, from 1.
LineOf = Callable[[int], str]


def stands_alone(line_of: LineOf, key: ScalarNode, value: Node) -> bool:
    """Return whether a key is only the rest of a value."""
    if key.style or value.__class__ is not ScalarNode or value.style or value.value:
        return False
    end = cast(yaml.Mark, key.end_mark)
    return line_of(end.line + 1)[end.column :].lstrip()[:1] in (",", "}")


def cut_at_comma(rest: str) -> tuple[str, str]:
    """Return the message and the hint about the rest of a value."""
    return f"the value ends at the comma: `{rest}` stands alone", "quote the whole value"


def with_rest(line_of: LineOf, value: Place, key: ScalarNode) -> str:
    """Return a value with the text behind its comma.

    Returns an empty text if the value is quoted, or not on the line of the key."""
    end = cast(yaml.Mark, key.end_mark)
    line = line_of(value.line)
    if value.line != end.line + 1 or line[value.column - 1 : value.column] in ("'", '"'):
        return ""
    return line[value.column - 1 : end.column]
