"""The templates of a preview's own pages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

HERE = Path(__file__).parent
PREFIX = "/_slugline"  # of the addresses of a preview's own files
DESK = "/_desk/"


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader((HERE, HERE / "desk")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["code"] = _code
    return environment


def _code(text: str) -> Markup:
    """Return text as HTML, with what stands in backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def render(template: str, /, **values: object) -> str:
    """Return a page or a part of one."""
    return _templates().get_template(template).render(prefix=PREFIX, desk_address=DESK, **values)
