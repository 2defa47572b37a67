"""Check for people and publishers under two names.

Only near-certain pairs are reported; `slugline names` lists the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from builder.content.urls import is_host
from builder.diagnostics.codes import Code
from builder.diagnostics.diagnostic import Finding
from builder.model.outline import Outline
from builder.names.candidates import pairs
from builder.names.keys import name_key
from builder.names.normalize import NameKind
from builder.names.register import DistinctNames
from builder.names.similarity import CERTAIN
from builder.site.site import Site


def check_duplicate_names(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield pairs of names that almost certainly mean one person or publisher.

    Each pair is reported once, where the less used spelling is first used."""
    names = site.names
    briefs = tuple(site.outlines.values())
    apart = DistinctNames(site.config.settings.distinct)
    files = {str(person.name): person.path for person in names.all_people.values()}
    yield from _duplicates(briefs, "people", files, apart)
    files = {str(publisher.name): path for path, publisher in names.publisher_files.items()}
    written = dict.fromkeys(name for brief in briefs for name in brief.cited)
    # A host stands for its publisher, whose file is to name it as its website.
    unfiled = [name for name in written if not names.publisher_path(name) and not is_host(name)]
    files |= dict.fromkeys(unfiled, "")
    yield from _duplicates(briefs, "publishers", files, apart)


def _duplicates(
    briefs: tuple[Outline, ...], kind: NameKind, files: Mapping[str, str], apart: DistinctNames
) -> Iterator[tuple[str, Finding]]:
    """Yield a finding for each duplicate; `files` maps names to files."""
    names = sorted(files)
    found = [(names[pair.one], names[pair.other]) for pair in pairs(kind, names, CERTAIN)]
    found = [pair for pair in found if _is_reportable(pair, files, apart)]
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
        message = f"`{less}` and `{more}` are probably the same {one}"
        hint = f'merge them with `slugline names merge {kind} "{less}" "{more}"`'
        hint += ", or list both in `distinct` of site.yaml"
        code: Code = "resembling-person" if kind == "people" else "resembling-publisher"
        yield path, Finding(at, code, message, hint)


def _is_reportable(pair: tuple[str, str], files: Mapping[str, str], apart: DistinctNames) -> bool:
    """Return whether a pair is neither declared distinct nor an error already.

    Two files that claim one name are such an error."""
    one, other = pair
    claimed = name_key(one) == name_key(other) and files[one] and files[other]
    return not (claimed or apart.differ((one,), (other,)))


def _uses(
    briefs: tuple[Outline, ...], kind: NameKind, names: set[str]
) -> tuple[Counter[str], dict[str, tuple[str, str]]]:
    """Return how often each name is used, and where it is first."""
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
