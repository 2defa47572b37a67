"""A repository in which everything is hostile that a pull request could carry."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from support.sites import brief, write_site

SECRET = "outside-only-5821"
# Errors of `check`, each of which stops a build. Without them, the rest is built and deployed.
REFUSED = (
    "content/media/link.txt", "content/media/draft.txt", "content/media/acts.svg",
    "content/media/a\nb.txt", "content/pages/draft.md", "templates/assets/link.txt",
    "templates/parts", "templates/page.html",
)  # fmt: skip


def git(*words: str | Path, folder: Path) -> None:
    subprocess.run(["git", *map(str, words)], cwd=folder, check=True, capture_output=True)


def trap(folder: Path) -> Path:
    """A program that creates `caught` beside it if anything runs it."""
    program = folder / "trap"
    program.write_text(f"#!/bin/sh\ntouch {folder / 'caught'}\n")
    program.chmod(0o755)
    return program


def hostile_clone(folder: Path) -> Path:
    """A clone of the repository; `outside` beside it has what must not be touched."""
    outside = folder / "outside"
    (outside / "folder").mkdir(parents=True)
    for name in ("secret.txt", "folder/secret.txt", "site.yaml"):
        (outside / name).write_text(f"title: {SECRET}\n")
    origin = write_site(folder / "origin", _texts(folder), fresh=True)
    program = trap(outside)
    _drawing_and_links(origin, outside)
    _generated(origin, outside, program)
    _bare_repository(origin, program)
    git("init", "-q", folder=origin)
    git("config", "user.name", "Stranger", folder=origin)
    git("config", "user.email", "stranger@test.example", folder=origin)
    git("add", "--force", "--all", ".", folder=origin)
    git("commit", "-q", "-m", "Everything", folder=origin)
    git("clone", "-q", origin, folder / "clone", folder=folder)
    return folder / "clone"


def _texts(folder: Path) -> str:
    return f"""\
{brief("one", '"Scale AI ＝cmd|x"', "Text <script>x()</script> [x](javascript:x()).")}\
{brief("two", "Scale AI drafts", SECRET, status="draft")}\
=== templates/page.html
{{{{ site.__class__.__mro__ }}}}{{% include '../site.yaml' %}}
{{{{ "{{0.__class__}}".format(site) }}}}
=== .gitattributes
* filter=x diff=x
=== deploy.yaml
deploy:
  folder: {{kind: folder, to: {folder / "live"}}}
  branch: {{kind: git, to: {folder / "branch.git"}}}
"""


def _drawing_and_links(origin: Path, outside: Path) -> None:
    links = {
        "content/media/link.txt": outside / "secret.txt",
        "content/media/draft.txt": "../briefs/two.md",
        "content/pages/draft.md": "../briefs/two.md",
        "templates/assets/link.txt": "../../../outside/secret.txt",
        "templates/parts": outside / "folder",
    }
    for name, target in links.items():
        (origin / name).parent.mkdir(parents=True, exist_ok=True)
        (origin / name).symlink_to(target)
    (origin / "content/media/a\nb.txt").write_text("a name of two lines")
    (origin / "content/media/acts.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>'
    )
    with (origin / "site.yaml").open("a") as file:
        file.write((origin / "deploy.yaml").read_text())


def _generated(origin: Path, outside: Path, program: Path) -> None:
    """What only Slugline should write, as files and as links."""
    for name in ("output/leak.txt", ".output.lock", ".slugline/preview/address",
                 ".slugline/preview/site.manifest"):  # fmt: skip
        (origin / name).parent.mkdir(parents=True, exist_ok=True)
        (origin / name).symlink_to(outside / "secret.txt")
    for name in (".output.spare", ".slugline/preview/site", ".slugline/releases"):
        (origin / name).symlink_to(outside / "folder")
    (origin / "output/evil.html").write_text("<script>x()</script>")
    (origin / ".slugline/small").write_bytes(os.urandom(64))


def _bare_repository(origin: Path, program: Path) -> None:
    """A site's folder that Git could take for a repository of its own."""
    for name in ("refs/heads", "objects", "hooks"):
        (origin / name).mkdir(parents=True)
        (origin / name / ".keep").touch()
    (origin / "HEAD").write_text("ref: refs/heads/main\n")
    (origin / "config").write_text(
        f"[core]\n\tbare = false\n\tworktree = .\n\tfsmonitor = {program}\n\thooksPath = hooks\n"
        f'[filter "x"]\n\tclean = {program}\n\tsmudge = {program}\n'
    )
    for name in ("pre-push", "post-index-change", "reference-transaction"):
        (origin / "hooks" / name).symlink_to(program)
