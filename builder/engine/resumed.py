"""Resumes from the linked site that the last build has kept, if an edit leaves it as it is.

Linking depends on the settings, the moment, the names of media files and the outlines of briefs,
but not on titles, summaries and texts. If only those have changed, the site and its lists are read
from the store, where a part is decoded only if it is asked for. A build without a store, after any
other change, or of a site with editions links everything."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from builder.appearance.look import Look
from builder.content.config import Config
from builder.content.content import Content
from builder.content.record import encode
from builder.diagnostics.diagnostic import Diagnostic
from builder.engine.memory import ANYTHING, ContentCache
from builder.engine.options import Options
from builder.engine.searching import marks_of
from builder.engine.session import ArrangedLists
from builder.engine.trace import State
from builder.names.keys import in_nfc
from builder.search.segments import SearchIndex
from builder.site.due import Due
from builder.site.kept import KeptSite, keep_lists, keep_site
from builder.site.lists import Lists
from builder.site.related import Neighbours
from builder.site.relink import LinkedSite, names_line
from builder.store import Index, Store, StoreDamaged, digest

SECTION = "linked"


class _Known(Struct, array_like=True):
    """What of a linked site is stored beside the state of its tasks.

    `file` is the name of the file with the site, and `version` that of the linked records.
    `inputs` and `beside` are digests of everything else that the site and its lists depend on.
    Nothing changes with time between `since` and `until` (seconds since 1970). `search` has the
    digests of the segments of the index."""

    file: bytes
    version: bytes
    inputs: bytes
    beside: bytes
    since: float
    until: float
    problems: tuple[Diagnostic, ...]
    due: bytes  # as JSON, which keeps the time zone
    search: dict[str, bytes]


_known = msgspec.msgpack.Decoder(_Known)
_due = msgspec.json.Decoder(Due | None)


class Resumed:
    """A linked site of the last build, with the texts of today."""

    def __init__(
        self, known: _Known, kept: KeptSite, linked: LinkedSite, changed: Mapping[str, int]
    ) -> None:
        self.known, self.kept, self.linked, self.changed = known, kept, linked, changed

    def due(self, find: Callable[[], Due | None]) -> Due | None:
        """Return the next scheduled change.

        `find` looks for it if its title may differ."""
        due = _due.decode(self.known.due)
        return find() if due and due.path in self.changed else due

    def lists(
        self,
        assets: Mapping[str, str],
        policy: str,
        look: Look,
        related: Callable[[Lists], Mapping[str, Neighbours]],
    ) -> tuple[Lists, bool]:
        """Return the lists, and whether the templates are unchanged, too.

        `related` returns the neighbours of all briefs."""
        around = _Around()
        lists = self.kept.lists(self.linked.site, assets, policy, look, around)
        around.find = lambda: related(lists)
        return lists, self.known.beside == _beside(assets, policy, look)

    def edited(self) -> Iterator[str]:
        """Yield the slugs of the published briefs that changed."""
        site = self.linked.site
        for path in self.changed:
            kind, slug = site.paths.get(in_nfc(path), ("", ""))
            if kind == "brief" and slug not in site.unpublished and slug not in site.withdrawn:
                yield slug


class _Around(Mapping[str, Neighbours]):
    """The neighbours of all briefs, found when one of them is asked for."""

    find: Callable[[], Mapping[str, Neighbours]]

    @cached_property
    def _found(self) -> Mapping[str, Neighbours]:
        return self.find()

    def __getitem__(self, slug: str) -> Neighbours:
        return self._found[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def resume(
    store: Store,
    name: str,
    index: Index,
    memory: ContentCache,
    state: State,
    content: Content,
    config: Config,
    options: Options,
) -> Resumed | None:
    """Return the last build's linked site; None if it needs linking again.

    `index` has the state of the build with a name, as it was read."""
    known = _read(index) if not config.settings.editions else None
    changed = memory.since(known.version) if known else None
    if known is None or changed is None:
        return None
    now = options.now.timestamp()
    if (
        any(level >= ANYTHING for level in changed.values())
        or known.inputs != _inputs(content, config, options)
        or not known.since <= now < known.until
        or any(names_line(problem, changed.keys()) for problem in known.problems)
    ):
        return None
    found = store.load(_file(name))
    if found.get("file") != known.file:
        return None
    try:
        kept = KeptSite(lambda part: _part(found, part))
        if kept.digest != state.lists:
            return None
        site = kept.site(config, content, memory.outlines)
    except (msgspec.DecodeError, StoreDamaged):
        return None
    memory.levels.update(changed)
    moments = (known.since, known.until)
    linked = LinkedSite(site, known.problems, options.now, options.drafts, moments)
    return Resumed(known, kept, linked, changed)


def _read(index: Index) -> _Known | None:
    try:
        known = _known.decode(index.get(SECTION) or b"")
        _due.decode(known.due)
    except msgspec.DecodeError:
        return None
    return known


def _part(found: Index, name: str) -> bytes:
    part = found.get(name)
    if part is None:
        raise StoreDamaged
    return part


def keep_linked(
    store: Store,
    name: str,
    index: Index,
    memory: ContentCache,
    linked: LinkedSite,
    arranged: ArrangedLists,
    search: SearchIndex | None,
    due: Due | None,
    options: Options,
    resumed: Resumed | None,
) -> None:
    """Keep a linked site for the next process, unless it is resumed."""
    lists, site = arranged.lists, linked.site
    if resumed:
        known = resumed.known
    else:
        at = bisect_right(linked.moments, options.now.timestamp())
        since = linked.moments[at - 1] if at else float("-inf")
        until = linked.moments[at] if at < len(linked.moments) else float("inf")
        inputs = _inputs(site.content, site.config, options)
        file = os.urandom(8)
        known = _Known(file, b"", inputs, b"", since, until, linked.problems, b"", {})
        parts = {**keep_site(site), **keep_lists(site, lists), "file": file}
        store.save(_file(name), Index.of(parts))
    known = replace(
        known,
        version=memory.version,
        beside=_beside(lists.assets, lists.policy, lists.look),
        due=msgspec.json.encode(due),
        search=marks_of(search) if search else {},
    )
    index.put(SECTION, msgspec.msgpack.encode(known))


def _file(name: str) -> str:
    return f"linked-{name}"


def _inputs(content: Content, config: Config, options: Options) -> bytes:
    settings = (config.settings, config.problems, dict(config.places), options.drafts)
    media, replies = repr(content.media).encode(), encode(dict(content.replies))
    return digest(b"\0".join((encode(settings), media, replies)))


def _beside(assets: Mapping[str, str], policy: str, look: Look) -> bytes:
    return digest(encode((dict(assets), policy, look)))
