"""What tests of deploys share: a small site, hosts on the loopback address, what readers get."""

from __future__ import annotations

import io
import os
import re
import subprocess
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from builder.cli import app as cli
from builder.deploy.release import FOLDER, STAMP
from builder.deploy.targets.rclone_rc import find_rclone
from builder.pages.kinds import CONTEXTS
from support.sites import brief, build_site, files, tree, write_site
from support.tools import free_port, wait_for

URL = "https://test.example"
# Pages with a style sheet and a feed with items; all else prints next to nothing.
PAGE = '<html><link rel="stylesheet" href="/assets/style.css"><title>{{ head.title }}</title>\n'
FEED = (
    "<rss><channel>{% for i in items %}<item><guid>{{ i.guid }}</guid><link>{{ i.url }}</link>"
    "<title>{{ i.title }}</title><pubDate>{{ i.published|rfc822 }}</pubDate></item>{% endfor %}"
    "</channel></rss>\n"
)
CARD = '<svg width="1" height="1"/>\n'
SMALL = "".join(
    f"=== templates/{name}\n"
    + (FEED if name == "feed.xml" else PAGE if name in ("brief.html", "front.html") else blank)
    for name, blank in {**dict.fromkeys(CONTEXTS, "-\n"), "card.svg": CARD}.items()
    if name != "redirect.html"
)
TWO = brief("one", "Scale AI one") + brief("two", "Scale AI two", date="2025-06-16 09:00")


def site_of(folder: Path, targets: str, text: str = TWO) -> Path:
    """A small site with targets, built."""
    write_site(folder, SMALL + text)
    with (folder / "site.yaml").open("a") as file:
        file.write(f"deploy:\n{targets}")
    rebuild(folder)
    return folder


def rebuild(site: Path, text: str = "", announced: bool = True) -> None:
    """Write files of `text`, and build as of now. A brief that changes says so in `updated`, or
    readers would not be told (`silent-change`)."""
    write_site(site, announce(site, text) if announced else text, usual=False)
    build_site(site, now=now())


_CHANGES = count()


def announce(site: Path, text: str) -> str:
    """Files with a later `updated` in each brief that exists and changes without one."""
    return "".join(_announced(site, path, file) for path, file in files(text).items())


def _announced(site: Path, path: str, text: str) -> str:
    place = site / path
    if path.startswith("content/briefs/") and place.exists() and "\nupdated:" not in text:
        at = datetime(2025, 7, 1, tzinfo=UTC) + timedelta(minutes=next(_CHANGES))
        text = text.replace("---\n", f"---\nupdated: {at:%Y-%m-%d %H:%M}\n", 1)
    return f"=== {path}\n{text}"


def now() -> datetime:
    return datetime.now(UTC)


def run(site: Path, *arguments: object, code: int = 0) -> Result:
    """The command, in this process."""
    words = ["--site", str(site), *map(str, arguments)]
    result = CliRunner().invoke(cli.main, words)
    assert result.exit_code == code, (result.output, result.exception)
    assert "Traceback" not in result.output
    assert "bug in Slugline" not in result.output
    return result


def sent(text: str) -> int:
    """How many files a plan sends."""
    found = re.search(r"(\d+) to send", text)
    return int(found[1]) if found else 0


def public(folder: Path) -> dict[str, bytes]:
    """What readers get of a folder: neither records nor the stamp."""
    if not folder.exists():
        return {}
    hidden = (f"{FOLDER}/", ".git")
    found = tree(folder)
    return {p: data for p, data in found.items() if not p.startswith(hidden) and p != STAMP}


def output(site: Path) -> dict[str, bytes]:
    """What a build made, without its manifest."""
    return {path: data for path, data in tree(site / "output").items() if path != ".slugline.json"}


def released(site: Path, *slugs: str) -> dict[str, bytes]:
    """What a deploy sends of the output: with the histories of what it changes."""
    pages = {f"briefs/{slug}/history/index.html": b"-\n" for slug in slugs}
    return {**output(site), **pages}


def half_sites(found: Mapping[str, bytes], releases: list[dict[str, bytes]]) -> list[str]:
    """What a reader of these files would get that no release has: a file in part, a page whose
    style sheet is not there."""
    wrong = []
    for path, data in found.items():
        # The pretended host keeps what it is being sent beside its files, under such names.
        if path == STAMP or path.startswith(FOLDER) or "/.rclone_temp_put_" in f"/{path}":
            continue
        if not any(release.get(path) == data for release in releases):
            wrong.append(f"{path} is of no release")
        for asset in re.findall(rb'href="([^"]*assets/[^"]+)"', data):
            name = "assets/" + asset.decode().rpartition("assets/")[2]
            if name not in found:
                wrong.append(f"{path} asks for {name}")
    return wrong


def neither(found: dict[str, bytes], releases: Sequence[dict[str, bytes]]) -> list[str]:
    """What keeps these files from being one whole release."""
    if found in releases:
        return []
    return [path for path in found if all(r.get(path) != found[path] for r in releases)] or [
        f"{len(found)} files, of {[len(release) for release in releases]}"
    ]


def branch(remote: Path, name: str = "gh-pages") -> dict[str, bytes]:
    """What a host of repositories would serve of a branch."""
    command = ["git", "--git-dir", str(remote), "archive", "--format=tar", name]
    data = subprocess.run(command, capture_output=True, check=False).stdout
    if not data:
        return {}
    with tarfile.open(fileobj=io.BytesIO(data)) as found:
        files = {member.name: found.extractfile(member) for member in found if member.isfile()}
        read = {path: file.read() for path, file in files.items() if file}
    hidden = (f"{FOLDER}/", STAMP, ".nojekyll")
    return {path: content for path, content in read.items() if not path.startswith(hidden)}


# --- hosts -------------------------------------------------------------------------------------


@contextmanager
def served(kind: str, folder: Path, *words: str) -> Iterator[int]:
    """`rclone serve` of a folder; the port."""
    port = free_port()
    # What is changed behind its back is seen at once.
    words = ("--dir-cache-time", "1ms", *words)
    command = [find_rclone(), "serve", kind, "--addr", f"127.0.0.1:{port}", *words, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.kill()
        process.wait()


@contextmanager
def git_daemon(folder: Path) -> Iterator[str]:
    """`git daemon` of a folder of repositories; its address."""
    port = free_port()
    command = [
        "git", "daemon", "--reuseaddr", "--export-all", "--enable=receive-pack",
        "--listen=127.0.0.1", f"--port={port}", f"--base-path={folder}", str(folder),
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        wait_for(port, process)
        yield f"git://127.0.0.1:{port}"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()


def configure(monkeypatch: pytest.MonkeyPatch, name: str, **settings: object) -> None:
    """A remote of rclone's, in the environment as a server would have it."""
    for key, value in settings.items():
        monkeypatch.setenv(f"RCLONE_CONFIG_{name.upper()}_{key.upper()}", str(value))


@pytest.fixture
def s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Path]]:
    """Object storage: the address of a bucket for readers, and its folder."""
    bucket = tmp_path / "s3" / "bucket"
    bucket.mkdir(parents=True)
    with served("s3", bucket.parent) as port:
        use_s3(monkeypatch, port)
        yield f"http://127.0.0.1:{port}/bucket", bucket


def use_s3(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    endpoint = f"http://127.0.0.1:{port}"
    configure(monkeypatch, "store", type="s3", provider="Rclone", endpoint=endpoint)
