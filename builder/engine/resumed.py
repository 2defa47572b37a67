"""Resumes from the linked site that the last build has kept, if an edit leaves it as it is.

Linking depends on the settings, the moment, the names of media files and the outlines of briefs,
but not on titles, summaries and texts. If only those have changed, the site and its lists are read
from the store, where a part is decoded only if it is asked for. A build without a store, or after
any other change, links everything. Of a site with editions, each is kept beside the whole."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial

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
from builder.sections import Index
from builder.site.due import Due
from builder.site.edition_names import MAIN, base_of
from builder.site.edition_words import settings_of
from builder.site.editions import EditionSite
from builder.site.fact_digests import digest_lists
from builder.site.kept import KeptSite, keep_lists, keep_site
from builder.site.lists import Lists
from builder.site.related import Neighbours
from builder.site.relink import LinkedSite, names_line
from builder.site.site import Site
from builder.store import Store, StoreDamaged, digest, needed

SECTION = "linked"
_WHOLE = "*"  # stands for the tag of an edition before the parts of the whole site


class _Known(Struct, array_like=True):
    """What of a linked site is stored beside the state of its tasks.

    `file` is the name of the file with the site, and `version` that of the linked records.
    `inputs` and `beside` are digests of everything else that the site and its lists depend on.
    Nothing changes with time between `since` and `until` (seconds since 1970). `search` has the
    digests of the segments of the index of each edition."""

    file: bytes
    version: bytes
    inputs: bytes
    beside: bytes
    since: float
    until: float
    problems: tuple[Diagnostic, ...]
    due: bytes  # as JSON, which keeps the time zone
    search: dict[str, dict[str, bytes]]


_known = msgspec.msgpack.Decoder(_Known)
_due = msgspec.json.Decoder(Due | None)


class Resumed:
    """A linked site of the last build, with the texts of today."""

    def __init__(
        self,
        known: _Known,
        kept: Mapping[str, KeptSite],
        linked: LinkedSite,
        changed: Mapping[str, int],
    ) -> None:
        self.known, self.kept, self.linked, self.changed = known, kept, linked, changed

    def editions(self) -> Iterator[EditionSite]:
        """Yield the editions of the site, the main one first."""
        whole = self.linked.site
        settings = whole.config.settings
        if not settings.editions:
            yield EditionSite(MAIN, "", whole)
            return
        for tag, kept in self.kept.items():
            site = kept.edition(whole, settings_of(settings, tag))
            yield EditionSite(tag, base_of(settings, tag), site)

    def due(self, find: Callable[[], Due | None]) -> Due | None:
        """Return the next scheduled change.

        `find` looks for it if its title may differ."""
        due = _due.decode(self.known.due)
        return find() if due and due.path in self.changed else due

    def lists(
        self,
        edition: EditionSite,
        assets: Mapping[str, str],
        policy: str,
        look: Look,
        related: Callable[[Lists], Mapping[str, Neighbours]],
    ) -> tuple[Lists, bool]:
        """Return the lists of an edition, and whether the templates are unchanged.

        `related` returns the neighbours of all briefs."""
        around = _Around()
        lists = self.kept[edition.tag].lists(edition.site, assets, policy, look, around)
        around.find = lambda: related(lists)
        return lists, self.known.beside == _beside(assets, policy, look)

    def edited(self, edition: Site) -> Iterator[str]:
        """Yield the slugs of the published briefs of an edition that changed."""
        site = self.linked.site
        for path in self.changed:
            kind, slug = site.paths.get(in_nfc(path), ("", ""))
            published = slug not in site.unpublished and slug not in site.withdrawn
            if kind == "brief" and published and not edition.entries[slug].elsewhere:
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
    known = _read(index)
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
        tags = (MAIN, *config.settings.editions)
        kept = {str(tag): KeptSite(partial(_part, found, tag)) for tag in tags}
        if digest_lists({tag: edition.digest for tag, edition in kept.items()}) != state.lists:
            return None
        whole = KeptSite(partial(_part, found, _WHOLE)) if len(kept) > 1 else kept[MAIN]
        site = whole.site(config, content, memory.outlines)
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


def _part(found: Index, tag: str, name: str) -> bytes:
    return needed(found, f"{tag} {name}")


def keep_linked(
    store: Store,
    name: str,
    index: Index,
    memory: ContentCache,
    linked: LinkedSite,
    arranged: ArrangedLists,
    search: Mapping[str, SearchIndex],
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
        parts = {"file": file, **_parts(linked, arranged)}
        store.save(_file(name), Index.of(parts))
    known = replace(
        known,
        version=memory.version,
        beside=_beside(lists.assets, lists.policy, lists.look),
        due=msgspec.json.encode(due),
        search={tag: marks_of(index) for tag, index in search.items()},
    )
    index.put(SECTION, msgspec.msgpack.encode(known))


def _parts(linked: LinkedSite, arranged: ArrangedLists) -> dict[str, bytes]:
    """Return the parts of a linked site and all its editions."""
    found = {edition.tag: keep_lists(edition.site, edition.lists) for edition in arranged.editions}
    for edition in arranged.editions:
        found[edition.tag] |= keep_site(edition.site)
    if len(arranged.editions) > 1:
        found[_WHOLE] = keep_site(linked.site)
    return {f"{tag} {name}": part for tag, parts in found.items() for name, part in parts.items()}


def _file(name: str) -> str:
    return f"linked-{name}"


def _inputs(content: Content, config: Config, options: Options) -> bytes:
    settings = (config.settings, config.problems, dict(config.places), options.drafts)
    histories = sorted((brief, file.digest) for brief, file in content.histories.items())
    beside = encode((dict(content.replies), histories))
    return digest(b"\0".join((encode(settings), repr(content.media).encode(), beside)))


def _beside(assets: Mapping[str, str], policy: str, look: Look) -> bytes:
    return digest(encode((dict(assets), policy, look)))
