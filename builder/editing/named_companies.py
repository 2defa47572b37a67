"""Finds the companies of a site that a headline names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from builder.content.document import read_front_matter
from builder.content.files import record_files
from builder.content.walk import walk_content
from builder.model.entity import Company
from builder.names.mentions import find_name, has_unspaced, plain_text
from builder.safe_files import plain_bytes

_WORD = re.compile(r"\w{2,}")
_NAMES = ("aliases", "formerly")


def named_companies(root: Path, title: str) -> list[str]:
    """Return the companies that a title names, in its order.

    They are called by their printed names. The longest of two names counts where one is a part of
    the other. Files that cannot be read are left out: `check` reports them."""
    text = plain_text(title)
    found = [
        (at, at + len(known), name)
        for name, names in _companies(root, text)
        for known in names
        if (at := find_name(text, plain_text(known))) >= 0
    ]
    shown: list[str] = []
    end = 0
    for at, after, name in sorted(found, key=lambda one: (one[0], -one[1])):
        if at >= end:
            end = after
            shown += [name] if name not in shown else []
    return shown


def _companies(root: Path, text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the name and all names of each company whose file has a word of a text."""
    words = [word.encode("utf-8") for word in _WORD.findall(text)]
    everything = has_unspaced(text)  # a word may be a part of what looks like one
    for file in record_files(walk_content(root), []):
        if file.kind is not Company:
            continue
        try:
            data = plain_bytes(root / file.path)
            if not everything and not any(word in data for word in words):
                continue
            document = read_front_matter(file.path, data)
        except (OSError, ValueError, RecursionError):
            continue
        fields: dict[str, Any] = dict(document.fields) if document else {}
        if isinstance(name := fields.get("name"), str) and name and "merged_into" not in fields:
            others = [one for key in _NAMES for one in _listed(fields.get(key))]
            yield name, [name, *others]


def _listed(value: object) -> list[str]:
    """Return a field's texts; one text stands for a list of one."""
    if isinstance(value, list):
        return [one for one in value if isinstance(one, str) and one]
    return [value] if isinstance(value, str) and value else []
