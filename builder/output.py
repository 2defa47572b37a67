"""Rendered bytes -> output/: a complete new tree beside the old one, then one exchange of names.

Nothing under output/ changes until everything is there; a kill at any moment leaves the old site
or the new one. The new tree is made of hard links to unchanged files and of the changed files.
Only what the manifest lists is ever dropped: a file that someone else put into output/ is taken
along and reported. This is the only module that writes output/."""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from builder.manifest import FILE, Manifest, bytes_digest, encode_manifest


class OutputError(Exception):
    """The output could not be written; what was there is untouched. The message says why."""


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """Hold the lock on an output folder. Raises OutputError when another build holds it; the
    system lets go of the lock of a process that ends in any way."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(_beside(output, "lock"), os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise OutputError(_why(error, output)) from error
    try:
        try:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:  # no such lock on this system: two builds at once are not noticed
            pass
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            raise OutputError(
                f"another build is writing {output.name}/ (process {holder}); wait for it to end"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _beside(output: Path, what: str) -> Path:
    return output.with_name(f".{output.name}.{what}")


def present(output: Path, manifest: Manifest) -> set[str]:
    """The files of the manifest that are there as they were written. Whoever changed one since
    gets it back."""
    found = set()
    for path, entry in manifest.files.items():
        file = output / path
        with suppress(OSError):
            if _is(file, entry.digest):
                found.add(path)
    return found


def foreign_files(output: Path, old: Manifest, new: Manifest) -> tuple[str, ...]:
    """The files of an output folder that somebody else put there."""
    ours = old.files.keys() | new.files.keys() | {FILE}
    ours |= {f"{folder}/" for path in ours for folder in (path, *_parents(path))}
    return tuple(sorted(path for path in _files(output) if path not in ours))


def refuse_foreign(output: Path, old: Manifest, new: Manifest) -> None:
    """Raise OutputError where a new page would take the place of a file that is not ours."""
    if not old.files and (output / FILE).exists():
        return  # the manifest cannot be read: these are probably what it listed
    folders = _folders(new)
    for path in sorted((new.files.keys() - old.files.keys()) | folders):
        file = output / path
        if path in folders:
            taken = os.path.lexists(file) and (file.is_symlink() or not file.is_dir())
        else:
            taken = os.path.lexists(file) and not _is(file, new.files[path].digest)
        if taken and path not in old.files:
            raise OutputError(
                f"{output.name}/{path} is not Slugline's, and a page of the site belongs there;"
                " move it away"
            )


def _folders(manifest: Manifest) -> set[str]:
    return {parent for path in manifest.files for parent in _parents(path)}


def _parents(path: str) -> Iterator[str]:
    """The folders that a file is in: `a/b/c` is in `a/b` and `a`."""
    while path := path.rpartition("/")[0]:
        yield path


def _is(file: Path, digest: str) -> bool:
    return not file.is_symlink() and file.is_file() and bytes_digest(file.read_bytes()) == digest


def publish(
    output: Path, new: Manifest, changed: Mapping[str, bytes], foreign: tuple[str, ...]
) -> None:
    """Make `output` what `new` lists: `changed` has the content of what is not as it was. Foreign
    files are taken along. Raises OutputError when that fails, with the old site in place."""
    try:
        _publish(output, new, changed, foreign)
    except OSError as error:
        raise OutputError(_why(error, output)) from error


def _publish(
    output: Path, new: Manifest, changed: Mapping[str, bytes], foreign: tuple[str, ...]
) -> None:
    staged = _beside(output, "next")
    shutil.rmtree(staged, ignore_errors=True)
    try:
        staged.mkdir(parents=True)
        made = {""}
        for path in new.files:
            target = staged / path
            _make_folder(staged, path, made)
            content = changed.get(path)
            if content is None:
                _link(output / path, target)
            else:
                target.write_bytes(content)
        (staged / FILE).write_bytes(encode_manifest(new))
        for path in foreign:
            _make_folder(staged, path, made)
            if path.endswith("/"):
                continue
            if not os.path.lexists(staged / path):
                _link(output / path, staged / path)
        for folder in {parent for path in foreign for parent in _parents(path)} - _folders(new):
            shutil.copystat(output / folder, staged / folder)
        _exchange(staged, output)
    finally:
        # After the exchange this is the old tree; before, the unfinished one.
        shutil.rmtree(staged, ignore_errors=True)


def check_place(output: Path) -> None:
    """Refuse to replace what is not ours: a folder with folders and no manifest is somebody's.
    (Files alone may have been put there for the site: a CNAME, a .nojekyll.)"""
    if output.is_symlink():
        raise OutputError(f"{output} is a symbolic link; name a folder with --output")
    if output.exists() and not output.is_dir():
        raise OutputError(f"{output} is not a folder; name another with --output")
    ours = not output.is_dir() or (output / FILE).exists()
    if not ours and any(entry.is_dir() for entry in output.iterdir()):
        raise OutputError(
            f"{output} holds something that Slugline did not make; empty it, or name another folder"
            " with --output"
        )


def _files(folder: Path) -> Iterator[str]:
    """Every file below a folder, links included and not followed; and every folder that is empty,
    with a slash at its end."""
    if not folder.is_dir():
        return
    for base, folders, files in os.walk(folder):
        linked = [name for name in folders if Path(base, name).is_symlink()]
        for name in (*files, *linked):
            yield Path(base, name).relative_to(folder).as_posix()
        if not files and not folders and base != str(folder):
            yield f"{Path(base).relative_to(folder).as_posix()}/"


def _make_folder(staged: Path, path: str, made: set[str]) -> None:
    folder = path.rpartition("/")[0]
    if folder not in made:
        (staged / folder).mkdir(parents=True, exist_ok=True)
        made.add(folder)


_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.EXDEV, errno.ENOSYS)


def _link(source: Path, target: Path) -> None:
    """The same file under another name; a copy where the file system knows no hard links."""
    if source.is_symlink():
        target.symlink_to(source.readlink())
        return
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copy2(source, target)


_RENAME_EXCHANGE = 2  # linux/fs.h; the same number as macOS's RENAME_SWAP (stdio.h)
_AT_FDCWD = -100


def _exchange(staged: Path, output: Path) -> None:
    """Put `staged` in the place of `output` and `output` in that of `staged`, in one step where
    the system can (Linux renameat2, macOS renamex_np), else in two."""
    if not output.exists():
        staged.rename(output)
        return
    if _swap(os.fsencode(staged), os.fsencode(output)):
        return
    aside = _beside(output, "old")
    shutil.rmtree(aside, ignore_errors=True)
    output.rename(aside)
    try:
        staged.rename(output)
    except OSError:
        aside.rename(output)
        raise
    aside.rename(staged)


def _swap(a: bytes, b: bytes) -> bool:
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return bool(library.renamex_np(a, b, _RENAME_EXCHANGE) == 0)
        return bool(library.renameat2(_AT_FDCWD, a, _AT_FDCWD, b, _RENAME_EXCHANGE) == 0)
    except (AttributeError, OSError, TypeError):
        return False


def heal(output: Path) -> None:
    """Tidy up after a build that was killed: bring back a site that it left aside between the two
    steps of an exchange, and remove what it had begun."""
    aside = _beside(output, "old")
    if aside.is_dir() and not output.exists():
        aside.rename(output)
    for what in ("old", "next"):
        shutil.rmtree(_beside(output, what), ignore_errors=True)


def _why(error: OSError, output: Path) -> str:
    """An error of the system in words that say what to do."""
    if error.errno == errno.ENOSPC:
        return f"the disk is full; {output.name}/ is as it was"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{error.filename or output} may not be written; {output.name}/ is as it was"
    return f"{output.name}/ could not be written, and is as it was: {error}"
