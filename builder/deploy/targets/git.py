"""A release -> a commit on a branch that GitHub, GitLab or Codeberg Pages serve.

Each release is the child of the commit before: other people's commits are never overwritten. The
commit is created in a bare repository in .slugline/."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import takewhile
from pathlib import Path
from typing import IO, NamedTuple

from builder.deploy.archive import try_lock
from builder.deploy.plan import DeployPlan
from builder.deploy.release import (
    DOMAIN_FILE,
    FOLDER,
    LARGEST,
    Release,
    decode_release,
    digest_in,
    encode_release,
    is_release_id,
    word_digests,
    words_path,
)
from builder.deploy.revision import git
from builder.deploy.target import Content, DeployError, Progress, TargetDeclaration
from builder.deploy.target_state import ListedFile, TargetState
from builder.machine_key import sealed, unsealed
from builder.model.targets import TargetSettings as Settings
from builder.safe_files import make_folders, open_lock, plain_bytes, replace_file
from builder.store import FOLDER as SITE_FOLDER
from builder.store import RELEASES, make_folder, remove

_RECORD = f"{FOLDER}/release.json"
_TRAILER = "Slugline-Release"
_FETCHED = "refs/slugline/live"
_NO_OBJECT = "0" * 40
_SEALED_CONFIG = "slugline-config"  # the settings with which the repository was created
_PURPOSE = "git repository"  # of their seal
# Everything else in a repository that names programs or other repositories (gitrepository-layout).
_SETTINGS = (
    "config.worktree", "hooks", "info", "objects/info", "commondir", "modules", "worktrees",
)  # fmt: skip
_LOCK_TIMEOUT = 5  # seconds for the child processes of a killed deploy to end
_UNKNOWN_SIZE = -1  # of a file that somebody may have changed
_MAX_LISTED = 40  # files in the message of a commit


class _Commit(NamedTuple):
    """A commit of the branch. `release` may be empty."""

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
        self.tip_name = ""  # the newest commit when the state was read
        self._usage_lock: IO[bytes] | None = None
        self._ready = False

    def _git(self, *words: str, data: bytes | None = None, index: Path | None = None) -> bytes:
        environment = {"GIT_DIR": str(self.repository)}
        if index:
            environment["GIT_INDEX_FILE"] = str(index)
        # A child process may outlive this one. It holds the lock as long as it runs.
        lock = self._usage_lock
        inherited = (lock.fileno(),) if lock and os.name == "posix" else ()
        return git(
            *words, folder=self.root, data=data, environment=environment, inherited=inherited
        )

    def _open_repository(self) -> None:
        """Create the repository in .slugline/ if necessary, and lock it."""
        if self._ready:
            return
        self._refuse_repository_in_site()
        make_folder(self.root / SITE_FOLDER)
        make_folders(self.root / SITE_FOLDER, f"{RELEASES}/{self.folder.name}")
        self._usage_lock = open_lock(self.folder / "used")
        if not self._restore_settings():
            self._create_repository()
        elif [*self._lock_files()]:
            self._remove_dead_locks(self._usage_lock)
        try_lock(self._usage_lock, exclusive=False)
        self._ready = True

    def _refuse_repository_in_site(self) -> None:
        """Raise DeployError if the target is a folder of the site: Git would run its hooks."""
        place = Path(os.path.realpath(self.root / self.settings.to.removeprefix("file://")))
        site = Path(os.path.realpath(self.root))
        if place.is_dir() and place.is_relative_to(site):
            raise DeployError(f"{self.settings.to} is inside the site's folder; move it elsewhere")

    def _create_repository(self) -> None:
        temporary = self.folder / "git.new"
        remove(temporary)
        remove(self.repository)
        git("init", "--quiet", "--bare", "--template=", str(temporary))
        settings = plain_bytes(temporary / "config")
        replace_file(temporary / _SEALED_CONFIG, [sealed(_PURPOSE, settings)])
        temporary.rename(self.repository)

    def _restore_settings(self) -> bool:
        """Restore the settings of a repository that this user created; return whether there is one.

        The folder may have come with the site's repository, and settings can name programs."""
        if self.repository.is_symlink():
            return False
        try:
            settings = unsealed(_PURPOSE, plain_bytes(self.repository / _SEALED_CONFIG))
            if settings is None or not (self.repository / "HEAD").is_file():
                return False
            for name in _SETTINGS:
                if os.path.lexists(self.repository / name):
                    remove(self.repository / name)
            replace_file(self.repository / "config", [settings])
        except OSError:
            return False
        return True

    def _remove_dead_locks(self, usage_lock: IO[bytes]) -> None:
        """Remove the lock files of killed commands.

        Waits until no other process uses the repository."""
        deadline = time.monotonic() + _LOCK_TIMEOUT
        while not try_lock(usage_lock, exclusive=True):
            if time.monotonic() > deadline:
                return
            time.sleep(0.1)
        for place in self._lock_files():
            place.unlink(missing_ok=True)

    def _lock_files(self) -> Iterator[Path]:
        yield from self.repository.glob("*.lock")
        yield from (self.repository / "refs").rglob("*.lock")

    # --- state ---------------------------------------------------------------------------------

    def tip(self) -> str:
        """Return the newest commit of the branch, or an empty string."""
        self._open_repository()
        name = f"refs/heads/{self.branch}"
        # The command also lists names that end in this one.
        rows = self._git("ls-remote", self.settings.to, name).decode("utf-8", "replace").split("\n")
        return next((row.split("\t")[0] for row in rows if row.endswith(f"\t{name}")), "")

    def read_state(self, thorough: bool) -> TargetState:
        tip = self.tip()
        if not tip:
            return TargetState()
        self._fetch()
        self.commits, self.tip_name = self._log(tip), tip
        live = self._live(tip)
        if live is None:
            return TargetState(foreign=tuple(self._files(tip)), tip=tip)
        after = takewhile(lambda commit: commit.release != live.id, self.commits)
        foreign = [commit for commit in after if not commit.release]
        # Which files foreign commits changed is not known: every file is sent again.
        changed = dict.fromkeys(self._files(tip), ListedFile(_UNKNOWN_SIZE)) if foreign else None
        return TargetState(
            live=live,
            listing=changed,
            history=tuple(sorted(commit.release for commit in self.commits if commit.release)),
            tip=tip,
            foreign_commits=tuple(f"{c.name[:10]} by {c.author}: {c.subject}" for c in foreign),
        )

    def _live(self, tip: str) -> Release | None:
        """Return the live release.

        It is in the record of the branch, or else in that of the newest commit of a release."""
        last = (self._record(c.name, c.release) for c in self.commits if c.release)
        return self._record(tip) or next(filter(None, last), None)

    def _fetch(self) -> None:
        """Fetch as many commits as there are releases to keep."""
        depth = f"--depth={max(self.settings.keep, 1) + 1}"
        refs = f"+refs/heads/{self.branch}:{_FETCHED}"
        self._git("fetch", "--quiet", "--no-tags", depth, self.settings.to, refs)

    def _log(self, tip: str) -> list[_Commit]:
        """Return the fetched commits, newest first."""
        form = f"--format=%H%x00%an%x00%s%x00%(trailers:key={_TRAILER},valueonly,separator=)"
        lines = self._git("log", "--first-parent", form, tip).decode("utf-8", "replace").split("\n")
        found = [_Commit(*line.split("\0")) for line in lines if line.count("\0") == 3]
        return [c if is_release_id(c.release) else c._replace(release="") for c in found]

    def _files(self, tip: str) -> list[str]:
        found = self._git("ls-tree", "-r", "-z", "--name-only", tip).decode("utf-8", "replace")
        return [path for path in found.split("\0") if path]

    def read_record(self, release_id: str) -> Release | None:
        commit = self._commit_of(release_id)
        if not commit:
            return None
        return self._record(commit, release_id)

    def _record(self, commit: str, release_id: str = "") -> Release | None:
        data = self._blob(commit, _RECORD)
        return decode_release(data, release_id) if data else None

    def _blob(self, commit: str, path: str) -> bytes | None:
        """Return the content of a file in a commit, ignoring Git attributes."""
        with suppress(DeployError):
            return self._git("cat-file", "blob", f"{commit}:{path}")
        return None

    def read_words(self, digest: str) -> bytes | None:
        """Return the words that the newest commit has."""
        with suppress(DeployError):
            name = f"{self.tip_name}:{words_path(digest)}"
            if self.tip_name and int(self._git("cat-file", "-s", name)) <= LARGEST:
                return self._git("cat-file", "blob", name)
        return None

    def _commit_of(self, release_id: str) -> str:
        found = (c.name for c in self.commits if release_id and c.release == release_id)
        return next(found, "")

    def local_copy(self, release: Release, path: str) -> Path | None:
        commit = self._commit_of(release.id)
        data = self._blob(commit, path) if commit else None
        if data is None:
            return None
        file = make_folders(self.folder, "extracted") / release.files[path].digest
        replace_file(file, [data])
        return file

    # --- publishing ----------------------------------------------------------------------------

    @contextmanager
    def locked(self, break_lock: bool) -> Iterator[None]:
        """Lock nothing.

        Of two pushes on top of one commit, the host rejects the second."""
        yield

    def publish(self, plan: DeployPlan, content: Content, progress: Progress) -> None:
        index = self.repository / "slugline-index"
        index.unlink(missing_ok=True)
        if plan.state.tip:
            self._git("read-tree", plan.state.tip, index=index)
        progress("Storing", 0, len(plan.send))
        blobs = self._store([content(path) for path in plan.send])
        record = self._git("hash-object", "-w", "--stdin", data=encode_release(plan.new))
        entries = [f"0 {_NO_OBJECT}\t{path}" for path in plan.remove]
        entries += [f"100644 {b}\t{p}" for p, b in zip(plan.send, blobs, strict=True)]
        entries += self._word_entries(plan, content)
        entries.append(f"100644 {record.decode().strip()}\t{_RECORD}")
        lines = "".join(f"{entry}\0" for entry in entries).encode("utf-8")
        self._git("update-index", "-z", "--index-info", data=lines, index=index)
        tree = self._git("write-tree", index=index).decode().strip()
        progress("Pushing", 0, 1)
        self._push(self._commit(tree, plan))
        progress("Pushing", 1, 1)
        index.unlink(missing_ok=True)

    def _word_entries(self, plan: DeployPlan, content: Content) -> list[str]:
        """Return the entries that add and remove the words of versions."""
        tip = plan.state.tip
        there = {path for path in self._files(tip) if digest_in(path)} if tip else set[str]()
        wanted = {words_path(digest) for digest in word_digests(plan.new.versions)}
        new = {path: file for path in sorted(wanted - there) if (file := content(path)).exists()}
        blobs = self._store([*new.values()])
        added = [f"100644 {blob}\t{path}" for path, blob in zip(new, blobs, strict=True)]
        return [f"0 {_NO_OBJECT}\t{path}" for path in sorted(there - wanted)] + added

    def _store(self, files: Sequence[Path]) -> list[str]:
        """Add files to the repository; return the names of their blobs."""
        if not files:
            return []
        names = "".join(f"{file}\n" for file in files).encode("utf-8")
        found = self._git("hash-object", "-w", "--no-filters", "--stdin-paths", data=names)
        return found.decode().split()

    def _commit(self, tree: str, plan: DeployPlan) -> str:
        parent = ["-p", plan.state.tip] if plan.state.tip else []
        words = [*self._identity(), "commit-tree", tree, *parent]
        return self._git(*words, data=message(plan).encode("utf-8")).decode().strip()

    def _identity(self) -> list[str]:
        """Return options that set the author, if Git has none configured."""
        environment = {"GIT_DIR": str(self.repository)}
        known = git("config", "user.email", environment=environment, expected=(0, 1)).strip()
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
                    f"{self.settings.to}: somebody else has pushed to {self.branch}, and nothing"
                    " was changed; run the command again"
                ) from None
            raise

    def close(self) -> None:
        # The folder may be a link that came with the site until its repository is opened.
        if self._ready:
            remove(self.folder / "extracted")
        if self._usage_lock:
            self._usage_lock.close()


def message(plan: DeployPlan) -> str:
    """Return the message of a release's commit, which lists its changes."""
    new = plan.new
    head = f"Restore release {new.restores}" if new.restores else f"Release {new.id}"
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
    shown = [row.removesuffix("index.html") for row in rows[:_MAX_LISTED]]
    if len(rows) > len(shown):
        shown.append(f"and {len(rows) - len(shown)} more")
    revision = [f"Slugline-Revision: {new.revision}"] if new.revision else []
    body = "\n".join(shown)
    trailers = "\n".join([*revision, f"{_TRAILER}: {new.id}"])
    return f"{head}: {', '.join(counts) or 'nothing'}\n\n{body}\n\n{trailers}\n"


def _extra_files(settings: Settings) -> dict[str, bytes]:
    """Return the files that configure hosts of repositories."""
    domain = {DOMAIN_FILE: f"{settings.cname}\n".encode()} if settings.cname else {}
    return {".nojekyll": b""} | domain


# A host of repositories builds a site from each push before it serves it.
TARGET = TargetDeclaration(kind="git", open=Git, propagation=180, extra_files=_extra_files)
