"""After a deploy: readers get what was sent, and those who want to know are told."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from builder.deploy.kinds import TARGETS
from builder.deploy.notify import changed_paths, notify
from builder.deploy.plan import make_plan
from builder.deploy.release import Release, describe
from builder.deploy.target_state import TargetState
from builder.deploy.verify import ascii_url, fetch, wait_for
from builder.model.targets import TargetSettings
from builder.model.values import Line, Slug, Url
from support.deploys import now, run, site_of
from support.sites import brief, build_site, write_site
from support.tools import serve


@contextmanager
def live_site(tmp_path: Path, text: str = "") -> Iterator[tuple[Path, Path, str]]:
    """A site that is deployed to a folder which is served: its folder, that folder, the address."""
    www = tmp_path / "www"
    first = www / "empty"
    first.mkdir(parents=True)
    (www / "news").symlink_to("empty")
    with serve(www / "news") as url:
        (www / "news").unlink()
        to = f"  live: {{kind: folder, to: ../www/news, url: '{url}'}}\n"
        site = site_of(tmp_path / "site", to, text or brief("one", redirects="[uno]"))
        build_site(site, now=now(), base_url=url.rstrip("/"))
        yield site, www, url.rstrip("/")


def do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no host take any time to serve a new release."""
    quick = tuple(target._replace(propagation=0) for target in TARGETS)
    monkeypatch.setattr("builder.deploy.kinds.TARGETS", quick)


def test_readers_get_what_was_sent(tmp_path: Path) -> None:
    with live_site(tmp_path) as (site, www, url):
        assert f"Readers get this release at {url}/." in run(site, "deploy", "--yes").output
        assert json.loads((www / "news/release.json").read_text())["site"] == url


def test_what_readers_get_otherwise_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    do_not_wait(monkeypatch)
    with live_site(tmp_path) as (site, www, url):
        run(site, "deploy", "--yes")
        # The server goes on serving another folder.
        page = www / "news" / "index.html"
        link = (www / "news").readlink()
        write_site(
            site, brief("one", "Scale AI won", redirects="[uno]", updated="2025-06-20"), usual=False
        )
        build_site(site, now=now(), base_url=url)
        monkeypatch.setattr("builder.deploy.targets.folder.Folder._switch", lambda *_: None)
        text = run(site, "deploy", "--yes", code=4).output
        assert f"warning: {url} /release.json: still that of release {link.name}" in text
        monkeypatch.undo()
        run(site, "deploy", "--yes")
        # And here single answers are wrong.
        page = www / "news" / "index.html"
        page.write_bytes(page.read_bytes() + b"<script>")
        (www / "news" / "404.html").unlink()
        (www / "news" / "briefs/one/index.html").unlink()
        from builder.cli.targets import find_target
        from builder.deploy.archive import ReleaseArchive
        from builder.deploy.verify import differences

        assert find_target(site, "live")[1] == "live"
        archive = ReleaseArchive(site, "live")
        release = archive.read_record(archive.releases()[-1])
        assert release
        found = [*differences(url, release, lambda p: archive.object_path(release.files[p].digest))]
        assert "/: the content differs from what was sent" in found
        assert "/briefs/one/: status 404" in found
        assert any("a page other than the site's 404.html" in line for line in found)


def test_until_readers_get_it_each_deploy_asks_again_and_nobody_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server shows something else than what was sent, until somebody mends it."""
    do_not_wait(monkeypatch)
    with live_site(tmp_path) as (site, www, url), listening() as (hub, heard):
        settings = site / "site.yaml"
        more = f"../www/sent, hub: '{hub}', deletions: 9"
        settings.write_text(settings.read_text().replace("../www/news", more))
        (www / "news").symlink_to("empty")
        build_site(site, now=now(), base_url=url)
        run(site, "deploy", "--yes", code=4)
        write_site(site, brief("two", "Scale AI two", companies="[Meta]"), usual=False)
        build_site(site, now=now(), base_url=url)
        run(site, "deploy", "--yes", code=4)
        text = run(site, "deploy", "--yes", code=4).output
        assert "Nothing to do." in text
        assert f"warning: {url} /release.json: status 404" in text
        assert run(site, "deploy").output.endswith("Nothing to do.\n")  # a plan asks nobody
        assert heard == []
        (www / "news").unlink()
        (www / "news").symlink_to("sent")
        text = run(site, "deploy", "--yes").output
        assert f"Readers get this release at {url}/." in text
        (told,) = [parse_qs(data.decode())["hub.url"] for _, _, data in heard]
        assert {f"{url}/feed.xml", f"{url}/companies/meta/feed.xml"} <= {*told}
        run(site, "deploy", "--yes")
        assert len(heard) == 1


def test_an_address_without_a_server() -> None:
    release = Release(id="a", at="", site="https://test.example", files={})
    assert "no response" in wait_for("http://127.0.0.1:9", release, 0)


@contextmanager
def listening(status: int = 200) -> Iterator[tuple[str, list[tuple[str, str, bytes]]]]:
    """Somebody who is told: the address, and what was said."""
    heard: list[tuple[str, str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((self.path, self.headers["Content-Type"], data))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", heard
        finally:
            server.shutdown()
            thread.join()


def test_hubs_and_search_engines_hear_of_what_changed() -> None:
    files = {path: describe(path.encode()) for path in ("index.html", "feed.xml", "a/index.html")}
    release = Release(id="a", at="", site="https://test.example", files=files)
    plan = make_plan(release, TargetState())
    with listening() as (url, heard), listening(503) as (broken, _):
        target = TargetSettings(
            kind="folder", to=Line("x"), hub=Url(f"{url}/hub"), index_now=Slug("k4y")
        )
        where = ("https://test.example", f"{url}/engines")
        told = dict(notify(changed_paths(plan), release, target, *where))
        assert told == {f"{url}/hub": "", f"{url}/engines": ""}
        feed, pages = heard
        assert parse_qs(feed[2].decode()) == {
            "hub.mode": ["publish"],
            "hub.url": ["https://test.example/feed.xml"],
        }
        assert json.loads(pages[2]) == {
            "host": "test.example",
            "key": "k4y",
            "keyLocation": "https://test.example/k4y.txt",
            "urlList": ["https://test.example/a/", "https://test.example/"],
        }
        nobody = TargetSettings(kind="folder", to=Line("x"))
        assert [*notify(changed_paths(plan), release, nobody, "https://test.example")] == []
        target = TargetSettings(kind="folder", to=Line("x"), hub=Url(broken))
        found = [*notify(changed_paths(plan), release, target, "https://test.example")]
        assert found == [(broken, "status 503")]


def test_an_address_with_other_letters_is_asked(tmp_path: Path) -> None:
    assert ascii_url("https://nähe.example:8443/café/a%20b/") == (
        "https://xn--nhe-qla.example:8443/caf%C3%A9/a%20b/"
    )
    (tmp_path / "café").mkdir()
    (tmp_path / "café" / "index.html").write_text("there")
    with serve(tmp_path) as url:
        assert fetch(f"{url.rstrip('/')}/café/").data == b"there"


@pytest.mark.parametrize(
    "said", [b"what?\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"]
)
def test_a_server_that_answers_in_another_language_is_not_a_fault(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with server.accept()[0] as connection:
                connection.recv(4096)
                connection.sendall(said)

        thread = threading.Thread(target=answer)
        thread.start()
        answer_ = fetch(f"http://127.0.0.1:{server.getsockname()[1]}/")
        thread.join()
    assert answer_.status == 0 or answer_.data == b"x"
