"""A release -> a commit on a branch of a repository, from which GitHub, GitLab or Codeberg Pages
serve it. The commits of others are never overwritten: each release follows the one before.

The site is put together in a repository of its own in .slugline/, without a work tree."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import IO, NamedTuple

from builder.deploy.archive import take_lock
from builder.deploy.plan import DeployPlan
from builder.deploy.release import (
    DOMAIN_FILE,
    FOLDER,
    Release,
    encode_release,
    is_name,
    read_release,
)
from builder.deploy.revision import git
from builder.deploy.target import Content, DeployError, Progress, TargetDeclaration
from builder.deploy.target_state import ListedFile, TargetState
from builder.model.settings import TargetSettings as Settings
from builder.store import FOLDER as SITE_FOLDER
from builder.store import RELEASES, make_folder, remove

_RECORD = f"{FOLDER}/release.json"
_TRAILER = "Slugline-Release"
_FETCHED = "refs/slugline/live"
_NONE = "0" * 40
_PATIENCE = 5  # seconds for what a killed deploy began to end
_ANY = -1  # the size of a file that may have been changed
_NAMED = 40  # files that a commit's message names


class _Commit(NamedTuple):
    """A commit of the branch: its name, whose it is, its subject, and the release that it is."""

    name: str
    author: str
    subject: str
    release: str


class Git:
    """A branch of a repository."""

    def __init__(self, root: Path, name: str, settings: Settings) -> None:
        self.root, self.settings = root, settings
        self.branch = settings.branch or "gh-pages"
        self.folder = Path(os.path.abspath(root / SITE_FOLDER / RELEASES / name))  # noqa: PTH100
        self.repository = self.folder / "git"
        self.commits: list[_Commit] = []
        self._used: IO[bytes] | None = None

    def _git(self, *words: str, data: bytes | None = None, index: Path | None = None) -> bytes:
        environment = {"GIT_DIR": str(self.repository)}
        if index:
            environment["GIT_INDEX_FILE"] = str(index)
        # What this process began may outlive it, and is at work in the repository until it ends.
        held = (self._used.fileno(),) if self._used and os.name == "posix" else ()
        return git(*words, folder=self.root, data=data, environment=environment, held=held)

    @cached_property
    def _made(self) -> bool:
        """Make the repository in .slugline/ where there is none."""
        make_folder(self.root / SITE_FOLDER)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._used = (self.folder / "used").open("ab")
        if not (self.repository / "HEAD").is_file():
            unfinished = self.folder / "git.new"
            remove(unfinished)
            git("init", "--quiet", "--bare", str(unfinished))
            unfinished.rename(self.repository)
        elif [*self._locks()]:
            self._free(self._used)
        take_lock(self._used, alone=False)
        return True

    def _free(self, used: IO[bytes]) -> None:
        """Remove what commands that were killed held, as soon as nobody else is at work here."""
        until = time.monotonic() + _PATIENCE
        while not take_lock(used, alone=True):
            if time.monotonic() > until:
                return
            time.sleep(0.1)
        for place in self._locks():
            place.unlink(missing_ok=True)

    def _locks(self) -> Iterator[Path]:
        yield from self.repository.glob("*.lock")
        yield from (self.repository / "refs").rglob("*.lock")

    # --- what is there -------------------------------------------------------------------------

    def tip(self) -> str:
        assert self._made
        found = self._git("ls-remote", self.settings.to, f"refs/heads/{self.branch}").split()
        return found[0].decode() if found else ""

    def look(self, thorough: bool) -> TargetState:
        tip = self.tip()
        if not tip:
            return TargetState()
        self._fetch()
        self.commits = self._log(tip)
        live = self._live(tip)
        if live is None:
            return TargetState(strangers=tuple(self._files(tip)), tip=tip)
        after = takewhile(lambda commit: commit.release != live.id, self.commits)
        others = [commit for commit in after if not commit.release]
        history = [commit.release for commit in self.commits if commit.release]
        return TargetState(
            live=live,
            # What others changed is not known file by file: everything that is there is sent again.
            there=dict.fromkeys(self._files(tip), ListedFile(_ANY)) if others else None,
            history=tuple(sorted(history)),
            tip=tip,
            others=tuple(f"{c.name[:10]} by {c.author}: {c.subject}" for c in others),
        )

    def _live(self, tip: str) -> Release | None:
        """The release that the branch says it is; where others took the record away, the last one
        that a commit is of."""
        last = (self._record(c.name, c.release) for c in self.commits if c.release)
        return self._record(tip) or next(filter(None, last), None)

    def _fetch(self) -> None:
        """The branch, as far back as releases can be brought back from."""
        depth = f"--depth={max(self.settings.keep, 1) + 1}"
        refs = f"+refs/heads/{self.branch}:{_FETCHED}"
        self._git("fetch", "--quiet", "--no-tags", depth, self.settings.to, refs)

    def _log(self, tip: str) -> list[_Commit]:
        """The commits that were fetched, the newest first."""
        form = f"--format=%H%x00%an%x00%s%x00%(trailers:key={_TRAILER},valueonly,separator=)"
        lines = self._git("log", "--first-parent", form, tip).decode("utf-8", "replace").split("\n")
        found = [_Commit(*line.split("\0")) for line in lines if line.count("\0") == 3]
        return [c if is_name(c.release) else c._replace(release="") for c in found]

    def _files(self, tip: str) -> list[str]:
        found = self._git("ls-tree", "-r", "-z", "--name-only", tip).decode("utf-8", "replace")
        return [path for path in found.split("\0") if path]

    def read(self, name: str) -> Release | None:
        commit = self._commit_of(name)
        if not commit:
            return None
        return self._record(commit, name)

    def _record(self, commit: str, name: str = "") -> Release | None:
        data = self._blob(commit, _RECORD)
        return read_release(data, name) if data else None

    def _blob(self, commit: str, path: str) -> bytes | None:
        """The bytes of a file in a commit, as they are, whatever attributes are there."""
        with suppress(DeployError):
            return self._git("cat-file", "blob", f"{commit}:{path}")
        return None

    def _commit_of(self, name: str) -> str:
        return next((c.name for c in self.commits if name and c.release == name), "")

    def bytes_of(self, release: Release, path: str) -> Path | None:
        commit = self._commit_of(release.id)
        data = self._blob(commit, path) if commit else None
        if data is None:
            return None
        file = self.folder / "extracted" / release.files[path].digest
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return file

    # --- sending -------------------------------------------------------------------------------

    @contextmanager
    def locked(self, breaking: bool) -> Iterator[None]:
        """Nothing to hold: of two pushes from one commit only the first is taken."""
        yield

    def publish(self, plan: DeployPlan, content: Content, told: Progress) -> None:
        index = self.repository / "slugline-index"
        index.unlink(missing_ok=True)
        if plan.seen.tip:
            self._git("read-tree", plan.seen.tip, index=index)
        told("Storing", 0, len(plan.send))
        blobs = self._store([content(path) for path in plan.send])
        record = self._git("hash-object", "-w", "--stdin", data=encode_release(plan.new))
        entries = [f"0 {_NONE}\t{path}" for path in plan.drop]
        entries += [f"100644 {b}\t{p}" for p, b in zip(plan.send, blobs, strict=True)]
        entries.append(f"100644 {record.decode().strip()}\t{_RECORD}")
        lines = "".join(f"{entry}\0" for entry in entries).encode("utf-8")
        self._git("update-index", "-z", "--index-info", data=lines, index=index)
        tree = self._git("write-tree", index=index).decode().strip()
        told("Pushing", 0, 1)
        self._push(self._commit(tree, plan))
        told("Pushing", 1, 1)
        index.unlink(missing_ok=True)

    def _store(self, files: Sequence[Path]) -> list[str]:
        """The names by which git knows the bytes of files, once it has them."""
        if not files:
            return []
        names = "".join(f"{file}\n" for file in files).encode("utf-8")
        found = self._git("hash-object", "-w", "--no-filters", "--stdin-paths", data=names)
        return found.decode().split()

    def _commit(self, tree: str, plan: DeployPlan) -> str:
        after = ["-p", plan.seen.tip] if plan.seen.tip else []
        who = [*self._identity(), "commit-tree", tree, *after]
        return self._git(*who, data=message(plan).encode("utf-8")).decode().strip()

    def _identity(self) -> list[str]:
        """Whose the commits are, where git does not know it."""
        environment = {"GIT_DIR": str(self.repository)}
        known = git("config", "user.email", environment=environment, wanted=(0, 1)).strip()
        if known or "GIT_AUTHOR_EMAIL" in os.environ:
            return []
        return ["-c", "user.name=Slugline", "-c", "user.email=slugline@localhost"]

    def _push(self, commit: str) -> None:
        try:
            self._git("push", "--quiet", self.settings.to, f"{commit}:refs/heads/{self.branch}")
        except DeployError as error:
            moved = ("fetch first", "non-fast-forward", "failed to update ref", "cannot lock ref")
            if any(words in str(error) for words in moved):
                raise DeployError(
                    f"{self.settings.to}: somebody has pushed to {self.branch} meanwhile; nothing"
                    " was changed. Plan anew"
                ) from None
            raise

    def close(self) -> None:
        shutil.rmtree(self.folder / "extracted", ignore_errors=True)
        if self._used:
            self._used.close()


def message(plan: DeployPlan) -> str:
    """The message of a release's commit: what changed."""
    new = plan.new
    head = f"Bring back release {new.again}" if new.again else f"Release {new.id}"
    counts = [
        f"{len(paths)} {word}"
        for word, paths in (
            ("added", plan.added),
            ("changed", plan.changed),
            ("removed", plan.removed),
        )
        if paths
    ]
    rows = [f"+ /{path}" for path in plan.added] + [f"- /{path}" for path in plan.removed]
    rows += [f"~ /{path}" for path in plan.changed]
    shown = [row.removesuffix("index.html") for row in rows[:_NAMED]]
    if len(rows) > len(shown):
        shown.append(f"and {len(rows) - len(shown)} more")
    revision = [f"Slugline-Revision: {new.revision}"] if new.revision else []
    body = "\n".join(shown)
    trailers = "\n".join([*revision, f"{_TRAILER}: {new.id}"])
    return f"{head}: {', '.join(counts) or 'nothing'}\n\n{body}\n\n{trailers}\n"


def _extra_files(settings: Settings) -> dict[str, bytes]:
    """Return the files by which hosts of repositories are configured."""
    domain = {DOMAIN_FILE: f"{settings.cname}\n".encode()} if settings.cname else {}
    return {".nojekyll": b""} | domain


# A host of repositories builds a site from each push before it serves it.
TARGET = TargetDeclaration(kind="git", open=Git, propagation=180, extra_files=_extra_files)
