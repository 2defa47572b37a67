"""Builds, checks and verifies a site.

The modules of a full build are imported only if something has changed."""

from __future__ import annotations

import filecmp
import hashlib
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property, partial
from pathlib import Path

from builder import parallel
from builder.content.walk import walk_content
from builder.diagnostics.diagnostic import ContentError
from builder.diagnostics.reported import Reported
from builder.engine.build_info import BuildInfo, name_of, write_build_info
from builder.engine.options import Options
from builder.engine.released import former_histories
from builder.engine.result import Result
from builder.engine.tracked import OUTPUT, check_tracked, refuse_tracked
from builder.engine.up_to_date import (
    SECTION,
    inputs_of,
    load_result,
    reuse_result,
)
from builder.media.variants import CARDS, CHARTS
from builder.media.variants import FOLDER as VARIANTS
from builder.output.inventory import SpareDifference, compare_spare, take_inventory
from builder.output.lock import locked
from builder.output.manifest import read_manifest
from builder.output.ownership import check_place
from builder.output.stat_cache import SourceLost, decode_stats, encode_stats
from builder.output.swap import heal, spare_of
from builder.output.tree import Output
from builder.program import program
from builder.sections import Index
from builder.store import (
    FOLDER,
    PICTURES,
    Store,
    StoreDamaged,
    opened,
    remove,
)


def build(root: Path, output: Path, options: Options) -> Result:
    """Build the site in `root` into `output`.

    Raises ContentError for an error in the content or a template, and OutputError if the output
    cannot be written. In both cases the output is unchanged."""
    refuse_tracked(root, output)
    with opened(root / FOLDER, program(), options.note) as store:
        if options.clean:
            store.clear()
            remove(root / FOLDER / PICTURES)
        result = _run(root, options, store, output)
        write_build_info(root, output, options, result)
    return result


def check(root: Path, options: Options) -> Result:
    """Return what `build` would, without writing.

    Every page that was not checked before is rendered. An error of an unpublished record, which
    does not stop a build, is an error here. Raises ContentError as `build` does."""
    from builder.check.verdicts import as_checked

    tracked = check_tracked(root, root / OUTPUT)
    try:
        result = _check(root, options, trusted=not tracked)
    except ContentError as error:
        raise ContentError([*tracked, *map(as_checked, error.diagnostics)]) from None
    problems = (*tracked, *map(as_checked, result.problems))
    return result._replace(problems=Reported.of(problems))


def _check(root: Path, options: Options, trusted: bool = True) -> Result:
    """Return the result of a build that writes nothing.

    It uses no cache unless the cache is `trusted`."""
    if not trusted:
        return _run(root, options, Store(None, program()), None)
    with opened(root / FOLDER, program(), options.note) as store:
        return _run(root, options, store, None)


def is_current(root: Path, output: Path, built: BuildInfo, options: Options) -> bool:
    """Return whether a build with the same options would change nothing.

    Raises ContentError if it would fail."""
    asked = built.asked(options)
    manifest = read_manifest(output)
    if not manifest.files or manifest.digest != built.output:
        return False
    with opened(root / FOLDER, program(), options.note) as store:
        index = store.load(f"output-{name_of(output)}")
        inputs = inputs_of(root, walk_content(root), asked)
        saved = load_result(index.get(SECTION), inputs, asked.now)
    if saved is not None:
        return saved.output == manifest.digest
    # A stat changed: compare the pages and the copied files.
    found = _check(root, asked._replace(explain=True))  # `explain` ignores the saved result
    assert found.manifest is not None and found.copied is not None
    try:
        if {**found.manifest.files, **found.copied()} == manifest.files:
            return True
    except SourceLost:
        return False
    former = former_histories(root, output)
    if not former:
        return False
    found = _run(root, asked._replace(explain=True, unsaved=former), Store(None, program()), None)
    assert found.manifest is not None and found.copied is not None
    return {**found.manifest.files, **found.copied()} == manifest.files


def verify(root: Path, output: Path, options: Options) -> list[str]:
    """Return how the files of a clean build differ from `output`.

    The build uses no cache and a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="slugline-verify-") as folder:
        scratch = Path(folder) / output.name
        plain = options._replace(clean=False, explain=False)
        _run(root, plain, Store(None, program()), scratch)
        wanted, found = _files(scratch), _files(output)
        differing = [f"{path} is missing" for path in wanted.keys() - found.keys()]
        for path in wanted.keys() & found.keys():
            if not filecmp.cmp(wanted[path], found[path], shallow=False):
                differing.append(f"{path} differs")
        ours = read_manifest(output).files
        differing += [f"{path} should not exist" for path in ours.keys() - wanted.keys()]
        return sorted(differing)


def _files(folder: Path) -> dict[str, Path]:
    """Return the files of an output by path."""
    return {f.relative_to(folder).as_posix(): f for f in folder.rglob("*") if f.is_file()}


def fingerprint(output: Path) -> str:
    """Return one digest of all files that Slugline wrote to `output`.

    It is the same on any machine that made the same files. Encoders of pictures differ, so of a
    variant, chart or card only the path counts, which has a digest of its source and recipe."""
    whole = hashlib.blake2b(digest_size=16)
    for path in sorted(read_manifest(output).files):
        if path.startswith((f"{VARIANTS}/", f"{CHARTS}/", f"{CARDS}/")):
            whole.update(f"{path}\0\n".encode())
            continue
        with (output / path).open("rb") as stream:
            digest = hashlib.file_digest(stream, "blake2b").hexdigest()
        whole.update(f"{path}\0{digest}\n".encode())
    return whole.hexdigest()


class _Place:
    """The output folder, of which other processes take the inventory meanwhile."""

    def __init__(self, output: Path, index: Index, options: Options, stack: ExitStack) -> None:
        self.output, self.stack = output, stack
        self.stats, self.old = decode_stats(index.get("stats")), read_manifest(output)
        jobs = options.jobs or parallel.default_jobs()
        self.worth = jobs > 1 and len(self.old.files) >= parallel.FEWEST
        survey = partial(take_inventory, output, self.old, self.stats)
        self.found = stack.enter_context(parallel.in_background(survey, self.worth))
        self.compare: Callable[[], SpareDifference | None] = partial(
            compare_spare, output, spare_of(output), self.old, self.stats
        )

    def begin_with_spare(self) -> None:
        """Compare the spare tree too, since there is something to build."""
        self.compare = self.stack.enter_context(parallel.in_background(self.compare, self.worth))

    @cached_property
    def target(self) -> Output:
        return Output(self.output, self.old, self.stats, self.found(), self.compare)


def _run(root: Path, options: Options, store: Store, output: Path | None) -> Result:
    with ExitStack() as stack:
        name, place = "check", None
        if output is not None:
            name = f"output-{name_of(output)}"
            stack.enter_context(locked(output))
            heal(output)
            check_place(output)
        index = store.load(name)
        if output is not None:
            place = _Place(output, index, options, stack)
        return _built(root, options, store, name, index, place)


def _built(
    root: Path, options: Options, store: Store, name: str, index: Index, place: _Place | None
) -> Result:
    started, began = time.time_ns(), time.perf_counter()
    walk = walk_content(root)
    inputs = inputs_of(root, walk, options)
    if not options.explain and (saved := load_result(index.get(SECTION), inputs, options.now)):
        output = place.target if place else None
        if found := reuse_result(saved, root, store, output):
            if output and output.stats_changed:
                index.put("stats", encode_stats(output.stats))
                store.save(name, index)
            return found._replace(seconds={"look": time.perf_counter() - began})
    if place:
        place.begin_with_spare()
    from builder.engine.pipeline import Pipeline

    target = (lambda: place.target) if place else None

    def whole(store: Store, index: Index) -> Result:
        pipeline = Pipeline(root, options, store, name, index, resumes=True)
        result = pipeline.run(walk, target)
        pipeline.keep((inputs, started))
        return result

    try:
        return whole(store, index)
    except StoreDamaged:
        store.clear()
        if store.load("records").parts:  # the cache cannot be removed, so do not use it
            store = Store(None, program())
        return whole(store, Index())
