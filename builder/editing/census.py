"""The names that a site uses, and groups of names that are probably duplicates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, cast

from builder.check.checks import check_site
from builder.content.config import Config, read_config
from builder.content.content import Content
from builder.content.document import read_document
from builder.content.urls import is_host
from builder.content.walk import walk_content
from builder.diagnostics.diagnostic import Diagnostic, place_of
from builder.engine.memory import read_content
from builder.engine.options import Options
from builder.model.entity import Company, Person, Publisher, Topic
from builder.model.outline import Outline
from builder.names.candidates import pairs
from builder.names.keys import SlugStyle, exact_slug, name_key
from builder.names.normalize import NameKind
from builder.names.register import DistinctNames
from builder.names.similarity import CERTAIN, Similarity
from builder.program import program
from builder.site.link import link
from builder.site.site import Site
from builder.store import FOLDER, opened

KINDS: tuple[NameKind, ...] = ("topics", "people", "companies", "publishers")


class Spelling(NamedTuple):
    """A spelling of a name, the number of briefs that use it, and the places.

    A place is the path of a brief and the first index of the name in the brief's list."""

    name: str
    briefs: int
    places: tuple[tuple[str, int], ...]


class NamedRecord(NamedTuple):
    """A named thing: a topic, person, company or publisher, with its spellings.

    `path` is the file that describes it, or empty; `names` are the names in that file. `parent` is
    the slug of a company's owner."""

    kind: NameKind
    name: str
    slug: str
    path: str
    names: tuple[str, ...]
    redirects: tuple[str, ...]
    formerly: tuple[str, ...]
    parent: str
    text: bool  # whether its file has body text
    spellings: tuple[Spelling, ...]

    @property
    def briefs(self) -> int:
        """Return how often briefs use any of the spellings."""
        return sum(spelling.briefs for spelling in self.spellings)


class Duplicate(NamedTuple):
    """A record whose name is similar to that of the record to keep."""

    known: NamedRecord
    likeness: Similarity


class NameGroup(NamedTuple):
    """A group of probable duplicates, with the record to keep."""

    kind: NameKind
    keep: NamedRecord
    others: tuple[Duplicate, ...]

    @property
    def certain(self) -> bool:
        """Return whether the group can be merged without review."""
        is_similar = all(double.likeness.confidence >= CERTAIN for double in self.others)
        return is_similar and not any(double.known.text for double in self.others)


class Census(NamedTuple):
    """All named records of a site, its distinct names and its problems."""

    known: dict[NameKind, tuple[NamedRecord, ...]]
    distinct: DistinctNames
    problems: tuple[Diagnostic, ...]
    slugs: SlugStyle

    def new_name(self, kind: NameKind, name: str) -> NamedRecord:
        """Return a record for a name that is not used yet."""
        slug = exact_slug(name, self.slugs)
        return NamedRecord(kind, name, slug, "", (), (), (), "", False, ())

    def find(self, kind: NameKind, name: str) -> NamedRecord | None:
        """Return the record with this name; prefer an exact spelling."""
        key = name_key(name)
        for known in self.known[kind]:
            if name in (known.name, *(s.name for s in known.spellings)):
                return known
        for known in self.known[kind]:
            written = (known.name, *known.names, *(s.name for s in known.spellings))
            if key in map(name_key, written):
                return known
        return None


def take_census(root: Path, options: Options) -> Census:
    """Read the names that a site uses."""
    config = read_config(root)
    with opened(root / FOLDER, program(), options.note) as store:
        content = read_content(walk_content(root), config, options.jobs or 1, store)
        return census_of(content, config, options.now)


def census_of(content: Content, config: Config, now: datetime) -> Census:
    """Return the names that some content uses, drafts included."""
    site, problems = link(content, config, now, drafts=True)
    problems += check_site(site)
    known = {kind: tuple(_census(kind, site, content)) for kind in KINDS}
    distinct = DistinctNames(config.settings.distinct)
    return Census(
        known, distinct, (*config.problems, *content.all_problems(), *problems), config.slugs
    )


# --- records in use ---------------------------------------------------------------------------

Described = Topic | Person | Company | Publisher
RECORDS: dict[NameKind, type[Described]] = {
    "topics": Topic, "people": Person, "companies": Company, "publishers": Publisher,
}  # fmt: skip


def _census(kind: NameKind, site: Site, content: Content) -> Iterator[NamedRecord]:
    register = getattr(site.names, kind)
    written = cast(tuple[Described, ...], content.records[RECORDS[kind]])
    described = {_slug(kind, record): record for record in written}
    found: dict[str, dict[str, list[tuple[str, int]]]] = {slug: {} for slug in described}
    for outline in content.outlines:
        seen = set()
        for n, name in enumerate(_written_in(outline, kind)):
            if kind == "publishers" and is_host(name):
                continue  # the source names no publisher
            slug = register.resolve(name) or (
                name if kind == "publishers" else exact_slug(name, site.names.slugs)
            )
            if name not in seen and (slug in described or kind != "companies"):
                seen.add(name)
                found.setdefault(slug, {}).setdefault(name, []).append((outline.path, n))
    for slug in sorted(found):
        spellings = tuple(
            sorted(
                (Spelling(name, len(uses), tuple(uses)) for name, uses in found[slug].items()),
                key=lambda spelling: (-spelling.briefs, spelling.name),
            )
        )
        if record := described.get(slug):
            if not getattr(record, "merged_into", ""):
                yield _described(kind, site, record, slug, spellings)
        else:
            name = spellings[0].name
            own = site.names.publisher_slug(name) if kind == "publishers" else slug
            yield NamedRecord(kind, name, own, "", (), (), (), "", False, spellings)


def _written_in(outline: Outline, kind: NameKind) -> tuple[str, ...]:
    """Return the names of this kind that a brief lists."""
    written: tuple[str, ...] = outline.cited if kind == "publishers" else getattr(outline, kind)
    return written


def _slug(kind: NameKind, record: Described) -> str:
    return record.path if isinstance(record, Publisher) else record.slug


def _described(
    kind: NameKind, site: Site, record: Described, slug: str, spellings: tuple[Spelling, ...]
) -> NamedRecord:
    formerly = tuple(map(str, getattr(record, "formerly", ())))
    return NamedRecord(
        kind=kind,
        name=record.name,
        slug=str(record.slug),
        path=record.path,
        names=(record.name, *record.aliases, *formerly),
        redirects=tuple(map(str, getattr(record, "redirects", ()))),
        formerly=formerly,
        parent=site.names.company(getattr(record, "parent", "")) if kind == "companies" else "",
        text=bool(record.body.html.strip()),
        spellings=spellings,
    )


def line_of(root: Path, kind: NameKind, path: str, n: int) -> int:
    """Return the line of the n-th name of a kind."""
    document, _ = read_document(path, (root / path).read_bytes())
    at = f"sources.{n}.publisher" if kind == "publishers" else f"{kind}.{n}"
    found = place_of(document.places, at) if document else None
    return found.line if found else 1


# --- duplicates --------------------------------------------------------------------------------


def suggest(census: Census, kinds: Iterable[NameKind] = KINDS) -> list[NameGroup]:
    """Return groups of probable duplicates, most confident first in each kind."""
    return [group for kind in kinds for group in _groups(kind, census)]


def _groups(kind: NameKind, census: Census) -> list[NameGroup]:
    known = census.known[kind]
    owners, names = [], []
    for n, one in enumerate(known):
        for name in dict.fromkeys((one.name, *one.names)):
            owners.append(n)
            names.append(name)
    best: dict[tuple[int, int], Similarity] = {}
    for pair in pairs(kind, names):
        a, b = sorted((owners[pair.one], owners[pair.other]))
        if a != b and not _are_distinct(census, known[a], known[b]):
            best.setdefault((a, b), pair.likeness)
    together: dict[int, set[int]] = {}
    loose = []
    for (a, b), likeness in best.items():
        if likeness.confidence < CERTAIN:
            loose.append((a, b))
            continue
        whole = together.get(a, {a}) | together.get(b, {b})
        together |= dict.fromkeys(whole, whole)
    sets = {min(whole): whole for whole in together.values()}
    groups = [_group(kind, [known[n] for n in sorted(whole)]) for whole in sets.values()]
    groups += [_group(kind, [known[a], known[b]]) for a, b in loose]
    return sorted(groups, key=_confidence)


def is_parent_and_subsidiary(a: NamedRecord, b: NamedRecord) -> bool:
    """Return whether one of two companies owns the other."""
    return bool((a.parent and a.parent == b.slug) or (b.parent and b.parent == a.slug))


def _are_distinct(census: Census, a: NamedRecord, b: NamedRecord) -> bool:
    """Return whether site.yaml declares two names distinct, or one company owns the other."""
    if is_parent_and_subsidiary(a, b):
        return True
    return census.distinct.differ((a.name, *a.names), (b.name, *b.names))


def _group(kind: NameKind, members: list[NamedRecord]) -> NameGroup:
    keep, *others = sorted(members, key=_preference)
    doubles = []
    for other in others:
        names = [*dict.fromkeys((keep.name, *keep.names))]
        mine = len(names)
        names += dict.fromkeys((other.name, *other.names))
        met = [p for p in pairs(kind, names) if min(p.one, p.other) < mine <= max(p.one, p.other)]
        likeness = (
            met[0].likeness if met else Similarity(CERTAIN, "both are similar to a third name")
        )
        doubles.append(Duplicate(other, likeness))
    return NameGroup(kind, keep, tuple(doubles))


def _preference(known: NamedRecord) -> tuple[bool, bool, int, bool, str]:
    """Return a sort key: records with a file first, then with text, then by use.

    Among names that are used equally often, those without initials come first."""
    initial = any(len(word.rstrip(".")) == 1 for word in known.name.split())
    return not known.path, not known.text, -known.briefs, initial, known.name


def _confidence(group: NameGroup) -> tuple[float, str]:
    return -max(double.likeness.confidence for double in group.others), group.keep.name
