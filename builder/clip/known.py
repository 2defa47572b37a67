"""What a site knows: its publishers, companies, people, topics and earlier briefs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct, convert

from builder.content.config import read_config
from builder.content.urls import host_of, same_address
from builder.content.walk import walk_content
from builder.engine.memory import read_content
from builder.model.outline import Outline
from builder.model.settings import Settings
from builder.names.keys import name_key
from builder.program import program
from builder.site.link import link
from builder.site.registers import Registers
from builder.store import FOLDER, opened

# Publishers of these kinds say what they do themselves; they report on nobody else.
_NOT_PRESS = ("company", "regulator")


class Press(Struct, frozen=True, kw_only=True):
    """A publisher: as the site's register or press.toml has it, or as a page names it."""

    name: str
    names: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    domain: str = ""
    lang: str = ""
    agency: bool = False
    registered: bool = False  # in the site's own register
    kind: str = ""

    @property
    def key(self) -> str:
        """Return what its spellings share."""
        return name_key(self.name)

    @property
    def reports(self) -> bool:
        """Return whether it reports on others."""
        return self.kind not in _NOT_PRESS


class KnownName(NamedTuple):
    """A company, person or topic: its printed name and all its names."""

    name: str
    names: tuple[str, ...]
    people: tuple[str, ...] = ()  # of a company
    company: str = ""  # of a person
    kept: bool = True  # whether translations keep the name


class SiteKnowledge(NamedTuple):
    """What a site knows."""

    settings: Settings
    zone: tzinfo
    companies: tuple[KnownName, ...]
    people: tuple[KnownName, ...]
    topics: tuple[KnownName, ...]
    press: tuple[Press, ...]
    briefs: tuple[Outline, ...]
    names: Registers

    def publisher(self, name: str) -> Press | None:
        """Return the publisher of a name, an alias or a host."""
        host = name.casefold().removeprefix("www.")
        if path := self.names.publisher_path(name) or self.names.publisher_path(host):
            printed = self.names.publisher_files[path].name
            return next((one for one in self.press if one.name == printed), None)
        key = name_key(name)
        for one in self.press:
            if key in map(name_key, (one.name, *one.names, *one.short)):
                return one
            if one.domain and (host == one.domain or host.endswith(f".{one.domain}")):
                return one
        return None

    def copied_from(self, address: str) -> tuple[Press, str] | None:
        """Return whose report is at an address, as a brief has it.

        That is the publisher of a report that the brief has `via` another one, and the path of the
        brief."""
        report = same_address(address) if address else ""
        for brief in self.briefs if report else ():
            for source in brief.sources:
                if source.report == report and source.via and source.role == "original":
                    name = source.publisher
                    return self.publisher(name) or Press(name=name, names=(name,)), brief.path
        return None

    def publisher_at(self, address: str) -> Press | None:
        """Return the publisher of an address."""
        host = host_of(address)
        return self.publisher(host) if host else None


@cache
def common_press() -> tuple[Press, ...]:
    """Return the publishers of press.toml."""
    import tomllib

    found = tomllib.loads(Path(__file__).with_name("press.toml").read_text("utf-8"))
    return tuple(convert({"name": one["names"][0], **one}, Press) for one in found["press"])


def read_known(root: Path, now: datetime) -> SiteKnowledge:
    """Read what a site knows; drafts are included."""
    config = read_config(root)
    with opened(root / FOLDER, program()) as store:
        content = read_content(walk_content(root), config, 1, store)
        site, _ = link(content, config, now, drafts=True)
        names = site.names
        own = tuple(_press(names))
        taken = {name_key(name) for one in own for name in (one.name, *one.names)}
        domains = {one.domain for one in own if one.domain}
        return SiteKnowledge(
            settings=config.settings,
            zone=config.zone,
            companies=tuple(
                KnownName(
                    c.name, names.company_names(c.name), tuple(c.people), "", c.do_not_translate
                )
                for slug, c in names.all_companies.items()
                if slug not in names.merged
            ),
            people=tuple(
                KnownName(p.name, (p.name, *p.aliases), (), p.company)
                for p in names.all_people.values()
            ),
            topics=tuple(
                KnownName(t.name, (t.name, *t.aliases)) for t in names.all_topics.values()
            ),
            press=(
                *own,
                *(
                    one
                    for one in common_press()
                    if one.domain not in domains and taken.isdisjoint(map(name_key, one.names))
                ),
            ),
            briefs=tuple(site.outlines.values()),
            names=names,
        )


def _press(names: Registers) -> Iterable[Press]:
    """Yield the publishers that the site knows, with what press.toml adds to them."""
    common = {name_key(name): one for one in common_press() for name in one.names}
    for one in names.all_publishers.values():
        called = (one.name, *one.aliases)
        known = next((common[key] for key in map(name_key, called) if key in common), None)
        yield Press(
            name=one.name,
            names=tuple(dict.fromkeys((*called, *(known.names if known else ())))),
            short=known.short if known else (),
            domain=host_of(one.website) or (known.domain if known else ""),
            lang=str(one.lang) or (known.lang if known else ""),
            agency=one.kind == "news agency" or bool(known and known.agency),
            registered=True,
            kind=str(one.kind or ""),
        )


def names_pattern(names: Iterable[str], touched: str = "") -> re.Pattern[str]:
    """Return a pattern of whole names, the longest first, case included.

    They may stand directly beside the letters of the class `touched`."""
    found = sorted({name for name in names if name}, key=lambda name: (-len(name), name))
    edge = rf"(?<![^\W_{touched}])(?:", rf")(?![^\W_{touched}])"
    return re.compile(edge[0] + "|".join(map(re.escape, found)) + edge[1]) if found else NOTHING


NOTHING = re.compile(r"(?!)")
