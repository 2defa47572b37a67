"""The names of a site's records, which forms suggest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from builder.content.files import record_files
from builder.content.walk import walk_content
from builder.model.entity import Company, Person, Publisher
from builder.names.keys import name_key
from builder.safe_files import plain_bytes
from builder.site.desk import UnsettledExpectation

_NAME = re.compile(rb"^name[ \t]*:[ \t]*(.*?)\r?$", re.MULTILINE)
_OTHERS = re.compile(rb"^(?:aliases|formerly)[ \t]*:(.*(?:\r?\n[ \t]*-.*)*)", re.MULTILINE)
_HEAD = 4096  # bytes of a file that are searched
_KINDS = {Company: "companies", Person: "people", Publisher: "publishers"}


class SiteNames(NamedTuple):
    """The names of companies, people and publishers that have files."""

    companies: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    company_keys: frozenset[str] = frozenset()  # of all their names
    expectations: tuple[UnsettledExpectation, ...] = ()  # by the last build, where a form asks

    @property
    def parties(self) -> tuple[str, ...]:
        """Return the names of companies and people."""
        return (*self.companies, *self.people)


def site_names(root: Path) -> SiteNames:
    """Return the names in the files of content/."""
    found: dict[str, list[str]] = {kind: [] for kind in _KINDS.values()}
    keys: set[str] = set()
    for file in record_files(walk_content(root), []):
        kind = _KINDS.get(file.kind)
        if kind is None:
            continue
        try:
            head = plain_bytes(root / file.path)[:_HEAD]
        except OSError:
            continue
        names = [*_texts(match[1] for match in _NAME.finditer(head))]
        found[kind] += names[:1]
        if kind == "companies":
            others = [*_texts(match[1] for match in _OTHERS.finditer(head))]
            keys |= {name_key(name) for name in (*names, *others)}
    companies, people, publishers = (tuple(sorted(names)) for names in found.values())
    return SiteNames(companies, people, publishers, frozenset(keys))


def _texts(written: Iterator[bytes]) -> Iterator[str]:
    for data in written:
        try:
            values = yaml.load(data, Loader=yaml.CBaseLoader)
        except (yaml.YAMLError, UnicodeDecodeError):
            continue
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, str) and value.strip():
                yield value
