"""Deploys through rclone, to real hosts on the loopback address: object storage, SFTP, WebDAV;
hosts that fail, deploys that are killed, and what readers get meanwhile."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from builder.deploy.release import FOLDER
from builder.deploy.target import DeployError
from builder.deploy.targets import rclone_rc
from builder.deploy.targets.rclone import Rclone
from builder.deploy.targets.rclone_rc import Daemon, RcloneError, find_rclone
from stress import torture_deploys
from support.deploys import (
    configure,
    half_sites,
    output,
    public,
    rebuild,
    released,
    run,
    sent,
    served,
    site_of,
    use_s3,
)
from support.failing import failing
from support.sites import brief, tree


def test_a_transfer_that_stalls_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow one is not: the limit counts from the last byte, not from the beginning."""
    daemon, calls, sent = Daemon.__new__(Daemon), list[str](), iter((0, 1, 2, 2, 2, 2, 2, 2, 2))
    clock = count()

    def call(command: str, **_: object) -> dict[str, object]:
        calls.append(command)
        if command == "core/stats":
            return {"bytes": next(sent), "transfers": 0, "checks": 0}
        return {"jobid": 7, "finished": False}

    monkeypatch.setattr(daemon, "call", call)
    monkeypatch.setattr(rclone_rc, "_STALL_TIMEOUT", 6)
    monkeypatch.setattr(
        rclone_rc, "time", SimpleNamespace(monotonic=lambda: next(clock), sleep=abs)
    )
    with pytest.raises(RcloneError, match="nothing was transferred for 6 seconds"):
        daemon.run("sync/copy", lambda _: None)
    assert calls.count("core/stats") == 9, "three that make progress, and six seconds without"
    assert calls[-1] == "job/stop"


STORE = "  live: {kind: rclone, to: 'store:bucket/news'}\n"


def deployed(site: Path, *arguments: object, code: int = 0) -> str:
    return run(site, "deploy", "live", "--yes", *arguments, code=code).output


@contextmanager
def host(kind: str, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A host of a kind that serves a folder, set up as the remote `store`; where its bucket is."""
    bucket = folder / "bucket"
    bucket.mkdir(parents=True)
    words = ("--user", "ann", "--pass", "secret") if kind == "sftp" else ()
    with served(kind, folder, *words) as port:
        if kind == "s3":
            use_s3(patch, port)
        elif kind == "webdav":
            url = f"http://127.0.0.1:{port}"
            configure(patch, "store", type="webdav", url=url, vendor="other")
        else:
            hidden = subprocess.check_output(
                [find_rclone(), "obscure", "secret"], text=True
            ).strip()
            it = {"type": "sftp", "host": "127.0.0.1", "port": port, "user": "ann"}
            configure(patch, "store", **it, **{"pass": hidden, "shell_type": "none"})
        yield bucket / "news"


@pytest.mark.parametrize("kind", ["s3", "sftp", "webdav"])
def test_a_host_from_the_first_deploy_to_the_way_back(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = site_of(tmp_path / "site", f"{STORE}slugs: unicode\n")  # any letters may be in a name
    with host(kind, tmp_path / "host", monkeypatch) as news:
        (news.parent / "beside.txt").write_text("not ours")
        first = output(site)
        assert sent(deployed(site)) == len(first) + 1
        assert public(news) == first
        assert "Nothing to do" in deployed(site)

        rebuild(site, brief("one", "Scale AI won"))
        (site / "content/briefs/two.md").unlink()
        rebuild(site, brief("谷歌-báo-กี่", "Scale AI anew", date="2025-06-20"))
        second = released(site, "one")
        changed = {path for path, data in second.items() if first.get(path) != data}
        text = deployed(site, "--allow", "removed-addresses", "--allow", "shrunk")
        assert sent(text) == len(changed) + 1
        assert public(news) == second
        assert (news / "briefs/谷歌-báo-กี่/index.html").exists()
        assert not (news / "briefs/two").exists()
        assert sorted(p for p in tree(news) if p.startswith(f"{FOLDER}/lock")) == []

        assert ("rclone does not verify the server's key" in text) == (kind == "sftp")
        assert len(run(site, "releases").output.splitlines()) == 2
        run(site, "rollback", "live", "--yes")  # though it takes an address away
        assert public(news) == first

        # Somebody else's hand in it: a file is gone, another has other bytes of the same length.
        (news / "index.html").write_bytes(b"x" * len(first["index.html"]))
        (news / "about.txt").write_text("not ours either")
        (news / "feed.xml").unlink()
        rebuild(site, brief("two", "Scale AI two", date="2025-06-16 09:00"))
        (site / "content/briefs/谷歌-báo-กี่.md").unlink()
        rebuild(site, brief("one", "Scale AI one"))
        deployed(site, "--thorough")
        found = public(news)
        assert found.pop("briefs/one/history/index.html"), "its title has changed, and back"
        assert found == {**first, "about.txt": b"not ours either"}
        assert (news.parent / "beside.txt").exists()


def test_files_have_the_headers_that_browsers_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is sent for each file, as storage receives it."""
    site = site_of(tmp_path / "site", STORE)
    with host("s3", tmp_path / "host", monkeypatch), recorded(monkeypatch) as puts:
        deployed(site)
    cache = {path: headers.get("cache-control", "") for path, headers in puts}
    kinds = {path: headers.get("content-type", "") for path, headers in puts}
    style = next(path for path in cache if path.startswith("assets/style"))
    assert "immutable" in cache[style]
    assert cache["index.html"] == cache["briefs/one/index.html"] == "public, no-cache"
    assert cache["feed.xml"] == "public, max-age=300"
    assert kinds["feed.xml"] == "application/rss+xml; charset=utf-8"
    assert kinds["index.html"] == "text/html; charset=utf-8"
    # The order: assets, pages, the front page and what tells of them, the stamp.
    order = [path for path, _ in puts if not path.startswith(FOLDER)]
    places = [order.index(p) for p in (style, "briefs/one/index.html", "feed.xml", "release.json")]
    assert places == sorted(places)
    assert order[-1] == "release.json"


@contextmanager
def recorded(patch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict[str, str]]]]:
    """What is put into storage from here on: each path with its headers, in order."""
    there = os.environ["RCLONE_CONFIG_STORE_ENDPOINT"]
    with failing(there) as proxy:
        patch.setenv("RCLONE_CONFIG_STORE_ENDPOINT", proxy.url)
        found: list[tuple[str, dict[str, str]]] = []
        yield found
        for method, path, headers in proxy.seen:
            if method == "PUT" and "/news/" in path:
                found.append((path.partition("/news/")[2].partition("?")[0], headers))


def test_storage_that_fails_from_any_request_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the n-th request on everything is refused, for every n. Readers get whole pages of one
    release or the other, and the next deploy completes it, with as many tries as any deploy."""
    site = site_of(tmp_path / "site", STORE, brief("one", "Scale AI one"))
    with (
        host("s3", tmp_path / "host", monkeypatch) as news,
        failing(os.environ["RCLONE_CONFIG_STORE_ENDPOINT"]) as proxy,
    ):
        monkeypatch.setenv("RCLONE_CONFIG_STORE_ENDPOINT", proxy.url)
        deployed(site)
        before, n, failed = output(site), 0, 0
        while True:
            n += STEP
            rebuild(site, brief("one", f"Scale AI one, {n}"))
            after = released(site, "one")
            proxy.fail_from(n)
            with monkeypatch.context() as impatient:
                impatient.setenv("RCLONE_LOW_LEVEL_RETRIES", "1")
                impatient.setattr("builder.deploy.targets.rclone._TRIES", 1)
                done = run_any(site)
            assert not half_sites(tree(news), [before, after]), n
            proxy.fail_from(0)
            if done == 0:
                break
            failed += 1
            deployed(site, "--break-lock")
            assert public(news) == after, n
            before = after
    assert failed > 15 // STEP


STEP = int(os.environ.get("SLUGLINE_REQUESTS", "11"))  # every eleventh request; 1 tries all


def run_any(site: Path) -> int:
    from click.testing import CliRunner

    from builder.cli import app as cli

    words = ["--site", str(site), "deploy", "live", "--yes"]
    result = CliRunner().invoke(cli.main, words)
    assert result.exit_code in (0, 1), (result.output, result.exception)
    assert "Traceback" not in result.output
    return result.exit_code


def test_deploys_that_are_killed(tmp_path: Path) -> None:
    """A few of what `make torture-deploys` does many of."""
    torture_deploys.torture(tmp_path, kills=2, seed=11)


def test_a_large_place_of_somebody_s_is_not_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file of theirs is enough to leave it alone; folders without files are nobody's."""
    site = site_of(tmp_path / "site", STORE)
    with (
        host("webdav", tmp_path / "host", monkeypatch) as news,
        failing(os.environ["RCLONE_CONFIG_STORE_URL"]) as proxy,
    ):
        monkeypatch.setenv("RCLONE_CONFIG_STORE_URL", proxy.url)
        for n in range(25):
            (news / f"albums/{n}").mkdir(parents=True)
            (news / f"albums/{n}/picture.txt").write_text("mine")
        text = deployed(site, code=3)
        assert re.search(r"files that no deploy put there: albums/\d+/picture\.txt;", text)
        assert len(proxy.seen) < 20
        deployed(site, "--allow", "other-site")
        assert output(site).items() <= public(news).items()
        assert (news / "albums/7/picture.txt").read_text() == "mine"
        assert "Nothing to do" in deployed(site)
        for n in range(25):
            (news / f"albums/{n}/picture.txt").unlink()
        shutil.rmtree(news / FOLDER)
        for path in output(site):
            (news / path).unlink()
        (news / "release.json").unlink()
        deployed(site)


def test_two_deploys_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_of(tmp_path / "site", STORE)
    with host("s3", tmp_path / "host", monkeypatch) as news:
        held: dict[str, Any] = {"token": "x", "user": "ann", "host": "desk", "pids": [7]}
        (news / FOLDER / "locks").mkdir(parents=True)
        lock = news / FOLDER / "locks" / "x.json"
        lock.write_text(json.dumps({**held, "at": "10:00"}))
        text = deployed(site, code=1)
        assert "is locked by ann on desk (process 7), since 10:00" in text
        assert not public(news)
        deployed(site, "--break-lock")
        assert public(news) == output(site)
        assert not lock.exists()


def test_rclone_ends_with_us() -> None:
    daemon = Daemon()
    daemon.close()
    assert daemon._process.returncode is not None
    assert not daemon.folder.exists()


def test_without_rclone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = site_of(tmp_path / "site", STORE)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(
        "builder.deploy.targets.rclone_rc.sysconfig.get_path", lambda _: str(tmp_path)
    )
    assert 'pip install "slugline[rclone]"' in deployed(site, code=1)


def test_a_remote_that_is_not_set_up(tmp_path: Path) -> None:
    site = site_of(tmp_path / "site", "  live: {kind: rclone, to: 'nowhere:bucket'}\n")
    text = deployed(site, code=1)
    assert "nowhere:bucket" in text
    assert "didn't find section in config file" in text


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_deploy_that_is_asked_to_end_lets_go_of_the_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: signal.Signals
) -> None:
    """CI ends a run so, and the next one is on another machine: a lock would stay for ever."""
    site = site_of(tmp_path / "site", STORE)

    def ended(self: Rclone, group: object, *_: object) -> None:
        os.kill(os.getpid(), asked)

    with host("s3", tmp_path / "host", monkeypatch) as news:
        with monkeypatch.context() as patch:
            patch.setattr(Rclone, "_send", ended)
            text = deployed(site, code=1)
        assert "Error: interrupted; readers get only whole files, and the next" in text
        assert not [*news.glob(".slugline/locks/*")]
        assert "the first deploy was interrupted; this one completes it" in deployed(site)
        assert public(news) == output(site)


def site_beside(news: Path, patch: pytest.MonkeyPatch) -> Path:
    """A site that rclone sends to a folder beside it."""
    configure(patch, "disk", type="local")
    return site_of(news.parent / "site", f"  live: {{kind: rclone, to: 'disk:{news}'}}\n")


def broken_off(site: Path, patch: pytest.MonkeyPatch, stage: str) -> None:
    """A deploy whose connection breaks at a stage."""
    send = Rclone._send

    def breaking(self: Rclone, group: Any, *rest: Any) -> None:
        if group.stage == stage:
            raise DeployError("the connection broke")
        send(self, group, *rest)

    with patch.context() as patched:
        patched.setattr(Rclone, "_send", breaking)
        run(site, "deploy", "live", "--yes", "--allow", "removed-addresses", code=1)


def test_several_deploys_that_were_broken_off_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = tmp_path / "news"
    site = site_beside(news, monkeypatch)
    deployed(site)
    first = output(site)
    rebuild(site, brief("one", "Scale AI won") + brief("new", "Scale AI anew", date="2025-06-20"))
    broken_off(site, monkeypatch, "stamp")
    assert "briefs/new/index.html" in public(news)
    (site / "content/briefs/new.md").unlink()
    rebuild(
        site, brief("one", "Scale AI one") + brief("two", "Scale AI too", date="2025-06-16 09:00")
    )
    broken_off(site, monkeypatch, "pages")
    rebuild(site, brief("two", "Scale AI two", date="2025-06-16 09:00"))
    assert "were interrupted" in deployed(site)
    assert public(news) == first == output(site)
    assert not (news / FOLDER / "next.json").exists()
    assert "Nothing to do" in deployed(site)


def test_the_release_before_is_one_that_readers_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither one that was broken off nor another of the same site."""
    news = tmp_path / "news"
    site = site_beside(news, monkeypatch)
    deployed(site)
    first = output(site)
    rebuild(site, brief("one", "Scale AI won"))
    broken_off(site, monkeypatch, "pages")
    deployed(site)
    (news / "index.html").unlink()
    deployed(site)
    listed = run(site, "releases").output.splitlines()
    assert len(listed) == 3
    assert "only on this machine" not in "".join(listed)
    text = run(site, "rollback", "live", "--yes").output
    assert f"which restores {listed[0].split()[0]}" in text
    assert public(news) == first


def test_rclone_that_is_killed_is_what_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = site_beside(tmp_path / "news", monkeypatch)
    send = Rclone._send

    def killed(self: Rclone, *arguments: Any) -> None:
        os.kill(self.daemon.pid, signal.SIGKILL)
        self.daemon._process.wait()
        send(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Rclone, "_send", killed)
        assert "Error: rclone has ended: " in deployed(site, code=1)
    assert "the first deploy was interrupted; this one completes it" in deployed(
        site, "--break-lock"
    )


def test_what_says_which_release_is_live_may_be_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = site_of(tmp_path / "site", STORE)
    with host("s3", tmp_path / "host", monkeypatch) as news:
        deployed(site)
        live, begun = news / FOLDER / "live.json", news / FOLDER / "next.json"
        good = live.read_bytes()
        for bad in (b"", b"[" * 5000, b'{"release": 5}', b'{"release": "../../x"}'):
            live.write_bytes(bad)
            assert "restore .slugline/live.json, or remove" in deployed(site, code=1)
        live.write_bytes(b'{"release": "20250101-000000-abcdef"}')
        record = ".slugline/releases/20250101-000000-abcdef.json"
        assert f"restore {record}, or remove" in deployed(site, code=1)
        live.write_bytes(good)
        # A deploy was broken off, and which it was is not known: then nothing there is sure.
        for bad in (b"", b"[" * 5000, b'{"release": "20250101-000000-abcdef"}'):
            begun.write_bytes(bad)
            assert "The deploy of " in run(site, "releases").output
            assert "a deploy was interrupted, and this one completes it" in deployed(site)
            assert not begun.exists()
        assert public(news) == output(site)


def test_a_folder_of_others_among_the_locks_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = site_of(tmp_path / "site", STORE)
    with host("webdav", tmp_path / "host", monkeypatch) as news:
        (news / FOLDER / "locks" / "theirs").mkdir(parents=True)
        deployed(site)
        assert public(news) == output(site)
