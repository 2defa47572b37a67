"""The names in use -> a warning where two are surely one: two pages of one person, one publisher
under two names. Only what is nearly certain is said: for the rest there is `slugline names`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from builder.diagnostics.codes import Code
from builder.diagnostics.diagnostic import Finding
from builder.model.outline import Outline
from builder.names.candidates import pairs
from builder.names.keys import name_key
from builder.names.normalize import NameKind
from builder.names.similarity import CERTAIN
from builder.site.site import Site

Distinct = frozenset[frozenset[str]]


def distinct_pairs(lists: Iterable[tuple[str, ...]]) -> Distinct:
    """What `distinct` in site.yaml says: pairs of names that are not the same."""
    return frozenset(
        frozenset((name_key(a), name_key(b)))
        for names in lists
        for n, a in enumerate(names)
        for b in names[n + 1 :]
    )


def check_duplicate_names(site: Site) -> Iterator[tuple[str, Finding]]:
    """Two names of people or publishers that are almost certainly one.

    Each pair is reported once, where the less used spelling is first used."""
    names = site.names
    briefs = tuple(site.outlines.values())
    apart = distinct_pairs(site.config.settings.distinct)
    files = {str(person.name): person.path for person in names.all_people.values()}
    yield from _doubles(briefs, "people", files, apart)
    files = {str(publisher.name): path for path, publisher in names.publisher_files.items()}
    written = dict.fromkeys(name for brief in briefs for name in brief.cited)
    files |= {name: "" for name in written if not names.publishers.resolve(name)}
    yield from _doubles(briefs, "publishers", files, apart)


def _doubles(
    briefs: tuple[Outline, ...], kind: NameKind, files: Mapping[str, str], apart: Distinct
) -> Iterator[tuple[str, Finding]]:
    """The pairs among names, each with the file that describes it or none."""
    names = sorted(files)
    found = [(names[pair.one], names[pair.other]) for pair in pairs(kind, names, CERTAIN)]
    found = [pair for pair in found if _worth_a_word(pair, files, apart)]
    if not found:
        return
    times, first = _uses(briefs, kind, {name for pair in found for name in pair})

    def weight(name: str) -> tuple[bool, int, str]:
        return bool(files[name]), times[name], name

    for pair in found:
        less, more = sorted(pair, key=weight)
        path, at = first.get(less, (files[less], "name"))
        if not path:
            continue  # only a company names it
        one = "person" if kind == "people" else "publisher"
        message = f"`{less}` and `{more}` are probably one {one}"
        hint = f'write `{more}`: `slugline names merge {kind} "{less}" "{more}"`'
        hint += "; two that only look alike are listed in `distinct` of site.yaml"
        code: Code = "resembling-person" if kind == "people" else "resembling-publisher"
        yield path, Finding(at, code, message, hint)


def _worth_a_word(pair: tuple[str, str], files: Mapping[str, str], apart: Distinct) -> bool:
    """Whether nobody said that two are different, and it is not an error already: two files that
    claim one name."""
    keys = frozenset(map(name_key, pair))
    return keys not in apart and not (len(keys) == 1 and all(files[name] for name in pair))


def _uses(
    briefs: tuple[Outline, ...], kind: NameKind, names: set[str]
) -> tuple[Counter[str], dict[str, tuple[str, str]]]:
    """How often briefs use each of some names, and the path and field where one does first."""
    keys = {name_key(name) if kind == "people" else name: name for name in names}
    times = Counter[str]()
    first: dict[str, tuple[str, str]] = {}
    for brief in briefs:
        for n, written in enumerate(brief.people if kind == "people" else brief.cited):
            name = keys.get(name_key(written) if kind == "people" else written)
            if name is not None:
                times[name] += 1
                at = f"people.{n}" if kind == "people" else f"sources.{n}.publisher"
                first.setdefault(name, (brief.path, at))
    return times, first
