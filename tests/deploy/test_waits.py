"""Hosts that take their time and disks without space: a deploy ends, and says what is wrong."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from builder import git
from builder.deploy import archive, notify, verify
from builder.deploy.targets import folder, rclone_rc
from support.deploys import configure, public, rebuild, run, site_of
from support.sites import brief, tree
from support.tools import until

LONGEST = 20  # seconds, on a busy machine


@contextmanager
def dripping(begin: bytes, drip: bytes) -> Iterator[int]:
    """A server that begins an answer and goes on byte by byte; without any, it says nothing."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer(client: socket.socket) -> None:
            with client, suppress(OSError):
                client.sendall(begin)
                while not ended.wait(0.05):
                    if drip:
                        client.sendall(drip)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            server.shutdown(socket.SHUT_RDWR)


@pytest.fixture(autouse=True)
def ends_soon() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < LONGEST


@pytest.mark.parametrize(
    ("begin", "drip"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nX-", b"x"),
        (b"", b"H"),
        (b"", b""),
    ],
    ids=["the body", "a header", "the status", "nothing"],
)
def test_a_server_that_sends_byte_after_byte(
    begin: bytes, drip: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "_DEADLINE", 0.3)
    monkeypatch.setattr(notify, "_DEADLINE", 0.3)
    with dripping(begin, drip) as port:
        response = verify.fetch(f"http://127.0.0.1:{port}/")
        late = "no complete response within 0.3 seconds"
        assert (response.status, response.data.decode()) == (0, late)
        said = notify._post(f"http://127.0.0.1:{port}/hub", b"hub.mode=publish", "text/plain")
        # A hub that has begun its body has accepted the notification.
        assert said == ("" if begin.endswith(b"\r\n\r\n") else late)


def test_an_answer_without_end_is_not_read_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "_MAX_RESPONSE", 3)
    with dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"xxxx") as port:
        assert verify.fetch(f"http://127.0.0.1:{port}/").data == b"xxx"


def test_a_git_host_that_never_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(git.TIMES, "ls-remote", 0.5)
    with dripping(b"", b"") as port:
        site = site_of(tmp_path, f"  live: {{kind: git, to: 'git://127.0.0.1:{port}/x'}}\n")
        said = run(site, "deploy", "--plan", code=1).output
    assert "git ls-remote: no answer within 0.5 seconds" in said


@pytest.mark.parametrize("to", ["fd::0", "fd::0,1/x", "ext::sleep 9"])
def test_a_target_that_is_no_address_but_a_program(to: str, tmp_path: Path) -> None:
    """Git would read from the terminal, and wait."""
    reading, writing = os.pipe()
    before = os.dup(0)
    os.dup2(reading, 0)
    try:
        site = site_of(tmp_path, f"  live: {{kind: git, to: '{to}'}}\n")
        run(site, "deploy", "--plan", code=1)
    finally:
        os.dup2(before, 0)
        for descriptor in (reading, writing, before):
            os.close(descriptor)


def test_storage_that_never_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = {"contimeout": "1s", "timeout": "1s", "low-level-retries": "1"}
    monkeypatch.setattr(rclone_rc, "_LIMITS", quick)
    with dripping(b"", b"") as port:
        configure(
            monkeypatch, "store", type="s3", provider="Other", access_key_id="a",
            secret_access_key="b", endpoint=f"http://127.0.0.1:{port}",
        )  # fmt: skip
        site = site_of(tmp_path, "  live: {kind: rclone, to: 'store:bucket/news'}\n")
        assert "store:bucket/news" in run(site, "deploy", "--plan", code=1).output


def stopped(process: int) -> bool:
    """Whether no thread of a process runs any more (proc(5))."""
    threads = Path(f"/proc/{process}/task").iterdir()
    states = [(thread / "stat").read_text().rpartition(")")[2].split()[0] for thread in threads]
    return set(states) == {"T"}


def test_rclone_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    daemon = rclone_rc.Daemon()
    monkeypatch.setattr(rclone_rc, "_CALL_TIMEOUT", 0.2)
    os.kill(daemon.pid, 19)  # SIGSTOP
    until(lambda: stopped(daemon.pid))
    try:
        with pytest.raises(rclone_rc.DeployError, match="not answered rc/noop within"):
            daemon.call("rc/noop")
    finally:
        os.kill(daemon.pid, 18)
        daemon.close()


# --- folders -----------------------------------------------------------------------------------

FOLDER = "  live: {kind: folder, to: ../www}\n"


def deployed(tmp_path: Path) -> Path:
    site = site_of(tmp_path / "site", FOLDER)
    run(site, "deploy", "--yes")
    rebuild(site, brief("three"))
    return site


def test_a_lock_that_another_process_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    monkeypatch.setattr(archive, "LOCK_WAIT", 0.2)
    site = deployed(tmp_path)
    with (tmp_path / "www.releases/lock.taking").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        said = run(site, "deploy", "--yes", code=1).output
    assert "lock.taking is locked by another deploy that is just starting" in said


def test_a_pipe_in_the_place_of_the_lock(tmp_path: Path) -> None:
    site = deployed(tmp_path)
    os.mkfifo(tmp_path / "www.releases/lock")
    assert "www.releases cannot be written" in run(site, "deploy", "--yes", code=1).output


def full(monkeypatch: pytest.MonkeyPatch, module: Any, at: int) -> None:
    """A disk that is full at the n-th copy of a file, in the middle of it."""
    number = 0

    def copy(source: Path, target: Path) -> Path:
        nonlocal number
        number += 1
        if number == at:
            Path(target).write_bytes(b"half")
            raise OSError(28, "No space left on device", str(source), None, str(target))
        return Path(real(source, target))

    real = shutil.copyfile
    monkeypatch.setattr(module.shutil, "copyfile", copy)


def test_a_full_target_keeps_no_half_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = deployed(tmp_path)
    before, readers = tree(tmp_path / "www.releases"), public(tmp_path / "www")
    half = tmp_path / "www.releases/20990101-000000-abcdef"
    for at in (1, 3):
        (half / "x").mkdir(parents=True)  # of a deploy that was killed
        with pytest.MonkeyPatch.context() as patch:
            full(patch, folder, at)
            said = run(site, "deploy", "--yes", code=1).output
        assert f"the disk of the target, {tmp_path}/www.releases, is full" in said
        assert "readers still get the release before" in said
        assert tree(tmp_path / "www.releases") == before
        folders = [entry for entry in (tmp_path / "www.releases").iterdir() if entry.is_dir()]
        assert len(folders) == 2  # the release, and the words of versions
        assert public(tmp_path / "www") == readers
    run(site, "deploy", "--yes")
    assert public(tmp_path / "www") != readers


def test_a_full_disk_of_this_machine_is_not_the_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = deployed(tmp_path)
    objects = site / ".slugline/releases/.objects"
    before = tree(objects)

    def link_or_copy(source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device", str(target))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive, "_link_or_copy", link_or_copy)
        said = run(site, "deploy", "--yes", code=1).output
    assert f"the disk of this machine is full, at {site}/.slugline/releases/live" in said
    assert tree(objects) == before


def test_an_interrupted_deploy_to_a_folder_removes_its_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = deployed(tmp_path)
    before = tree(tmp_path / "www.releases")

    def interrupted(source: Path, target: Path) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folder, "_copy", interrupted)
        run(site, "deploy", "--yes", code=1)
    assert tree(tmp_path / "www.releases") == before
