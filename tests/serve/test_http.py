"""The preview's server over real sockets: what a static host does, and what hostile requests
get."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.hosting.headers import DRAWING_POLICY, content_policy, type_of
from builder.serve.host_check import host_check, is_loopback
from builder.serve.messages import Badge
from builder.serve.sockets import CannotListen, bind
from support.previews import Preview, mistake, page, previewed
from support.tools import PATIENCE, until

FILES = {
    "index.html": page("<p>The front page</p>"),
    "404.html": page("<p>Nothing here</p>"),
    "a/index.html": page("<p>A</p>"),
    "data.json": '{"a": 1}\n',
    "media/big.bin": "0123456789" * 100_000,
    "é/index.html": page("<p>An accent</p>"),
    ".slugline.json": "{}",
    "empty/.keep": "",
}


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    root = tmp_path_factory.mktemp("site")
    (root / "secret.txt").write_text("secret")
    with previewed(root) as preview:
        preview.build(FILES)
        (preview.folder / "out.txt").symlink_to(root / "secret.txt")
        (preview.folder / "outside").symlink_to(root)
        os.mkfifo(preview.folder / "pipe.txt")
        until(lambda: get(preview, "/").status == 200)
        yield preview


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()


def get(preview: Preview, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", preview.serving.port, timeout=PATIENCE)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def raw(preview: Preview, request: bytes) -> bytes:
    """What the server sends to bytes that no browser sends."""
    with socket.create_connection(("127.0.0.1", preview.serving.port), timeout=PATIENCE) as one:
        one.sendall(request)
        one.shutdown(socket.SHUT_WR)
        parts = []
        while part := one.recv(65536):
            parts.append(part)
    return b"".join(parts)


def raw_get(preview: Preview, target: bytes, host: bytes = b"localhost") -> bytes:
    return raw(
        preview, b"GET %b HTTP/1.1\r\nHost: %b\r\nConnection: close\r\n\r\n" % (target, host)
    )


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


# --- what a static host does -------------------------------------------------------------------


def test_pages_and_addresses(preview: Preview) -> None:
    front = get(preview, "/")
    assert front.status == 200
    assert b"The front page" in front.body
    assert front.headers["content-type"] == "text/html; charset=utf-8"
    assert front.headers["cache-control"] == "no-store"
    assert front.headers["x-content-type-options"] == "nosniff"
    assert int(front.headers["content-length"]) == len(front.body)
    moved = get(preview, "/a?b=c%20d")
    assert (moved.status, moved.headers["location"]) == (302, "/a/?b=c%20d")
    assert b"<p>A</p>" in get(preview, "/a/").body
    assert b"<p>A</p>" in get(preview, "/a/index.html").body
    assert b"An accent" in get(preview, "/%C3%A9/").body
    assert get(preview, "/%C3%A9").headers["location"] == "/%C3%A9/"


@pytest.mark.parametrize(
    "path",
    ["/none", "/none/", "/a/none.html", "/empty/", "/empty", "/media/", "/a.json", "/data.json/"],
)
def test_what_is_not_there_is_the_sites_own_page(preview: Preview, path: str) -> None:
    answer = get(preview, path)
    assert answer.status == 404
    assert b"Nothing here" in answer.body
    assert b"big.bin" not in answer.body


def test_bytes_on_disk_are_not_changed(preview: Preview) -> None:
    answer = get(preview, "/a/")
    assert b"/_slugline/client.js" in answer.body
    assert answer.body.index(b"client.js") < answer.body.index(b"</body>")
    assert (preview.folder / "a/index.html").read_text("utf-8") == FILES["a/index.html"]
    assert get(preview, "/data.json").body == b'{"a": 1}\n'


@pytest.mark.parametrize("path", ["/", "/a/", "/data.json", "/media/big.bin", "/none", "/_desk/"])
def test_head_is_get_without_a_body(preview: Preview, path: str) -> None:
    head, whole = get(preview, path, "HEAD"), get(preview, path)
    assert head.body == b""
    assert head.status == whole.status
    for name in ("content-length", "content-type", "etag"):
        assert head.headers[name] == whole.headers[name]
    assert int(whole.headers["content-length"]) == len(whole.body)


def test_ranges(preview: Preview) -> None:
    text = FILES["media/big.bin"].encode()
    for asked, wanted in (
        ("bytes=0-9", text[:10]),
        ("bytes=5-5", text[5:6]),
        ("bytes=-7", text[-7:]),
        ("bytes=999990-", text[999_990:]),
        ("bytes=10-99999999", text[10:]),
        ("bytes=3-600000", text[3:600_001]),
    ):
        answer = get(preview, "/media/big.bin", Range=asked)
        assert (answer.status, answer.body) == (206, wanted), asked
        start = len(text) - len(wanted) if asked == "bytes=-7" else int(asked[6:].split("-")[0])
        end = start + len(wanted) - 1
        assert answer.headers["content-range"] == f"bytes {start}-{end}/{len(text)}"
    for asked in ("bytes=1000000-", "bytes=-0"):
        answer = get(preview, "/media/big.bin", Range=asked)
        assert (answer.status, answer.headers["content-range"]) == (416, "bytes */1000000")
    for asked in ("bytes=9-3", "bytes=a-b", "lines=0-1", "bytes=0-1,4-5", "bytes=-"):
        answer = get(preview, "/media/big.bin", Range=asked)
        assert (answer.status, answer.body) == (200, text), asked
    page = get(preview, "/")
    answer = get(preview, "/", Range="bytes=0-14")
    assert (answer.status, answer.body) == (206, page.body[:15])


def test_a_range_of_what_has_changed_is_all_of_it(preview: Preview) -> None:
    whole = get(preview, "/media/big.bin")
    for validator in (whole.headers["etag"], whole.headers["last-modified"]):
        answer = get(preview, "/media/big.bin", Range="bytes=0-1", If_Range=validator)
        assert answer.status == 206
    answer = get(preview, "/media/big.bin", Range="bytes=0-1", If_Range='"old"')
    assert answer.status == 200


def test_content_types_are_the_same_on_every_machine() -> None:
    for name, wanted in {
        "a.html": "text/html; charset=utf-8",
        "feed.xml": "application/xml",
        "a.svg": "image/svg+xml",
        "a.json": "application/json",
        "a.csv": "text/csv; charset=utf-8",
        "a.graphml": "application/graphml+xml",
        "robots.txt": "text/plain; charset=utf-8",
        "a.woff2": "font/woff2",
        "a.webmanifest": "application/manifest+json",
        "a.avif": "image/avif",
        "a.JPG": "image/jpeg",
        "style.0123456789.css": "text/css; charset=utf-8",
        "a.js": "text/javascript; charset=utf-8",
        "none": "application/octet-stream",
    }.items():
        assert type_of(name) == wanted


def test_below_a_path(tmp_path: Path) -> None:
    with previewed(tmp_path) as preview:
        preview.build(FILES, base_path="/news")
        until(lambda: get(preview, "/news/").status == 200)
        assert get(preview, "/").headers["location"] == "/news/"
        assert get(preview, "/news").headers["location"] == "/news/"
        assert get(preview, "/news/a").headers["location"] == "/news/a/"
        assert get(preview, "/a/").status == 404


# --- hostile requests --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        b"/../secret.txt",
        b"/%2e%2e/secret.txt",
        b"/a/%2E%2e/%2e%2e/secret.txt",
        b"/a/..%2f..%2fsecret.txt",
        b"/..%5csecret.txt",
        b"/a\\..\\secret.txt",
        b"/%00",
        b"/a/index.html%00.txt",
        b"/%ff%fe",
        b"//etc/passwd",
        b"/%2fetc/passwd",
        b"/%252e%252e/secret.txt",
        b"/out.txt",
        b"/outside/secret.txt",
        b"/outside/preview/.slugline.json",
        b"/.slugline.json",
        b"/%2eslugline.json",
        b"/empty/.keep",
        b"/pipe.txt",
        b"/_slugline/server.py",
        b"/_slugline/..%2fserver.py",
        b"/_slugline/%2e%2e/cli.py",
        b"/" + b"a" * 5000,
        b"http://localhost/secret.txt",
        b"http://evil.example/",
        b"*",
        b"evil.example:443",
    ],
)
def test_nothing_outside_is_served(preview: Preview, target: bytes) -> None:
    answer = raw_get(preview, target)
    assert status_of(answer) in (400, 404)
    assert b"secret" not in answer.partition(b"\r\n\r\n")[2].replace(target, b"")
    assert get(preview, "/").status == 200


def test_a_redirect_stays_here(preview: Preview) -> None:
    for target in (b"//evil.example/..", b"//evil.example/a", b"/\\evil.example/a", b"//a"):
        answer = raw_get(preview, target)
        assert status_of(answer) in (400, 404)
        assert b"\r\nlocation" not in answer.lower()


@pytest.mark.parametrize(
    "host",
    [
        b"evil.example",
        b"evil.example:8000",
        b"localhost.evil.example",
        b"127.0.0.1.evil.example",
        b"192.168.1.2",
        b"0.0.0.0",
        b"",
        b"localhost@evil.example",
        b"localhost, evil.example",
        b"[::2]",
        b"local\xc3\xa9",
    ],
)
def test_foreign_names_are_refused(preview: Preview, host: bytes) -> None:
    answer = raw_get(preview, b"/", host)
    assert status_of(answer) in (400, 421)
    assert b"front page" not in answer
    for path in (b"/_slugline/events", b"/_desk/", b"/_slugline/client.js"):
        assert status_of(raw_get(preview, path, host)) in (400, 421)


@pytest.mark.parametrize(
    "host",
    [
        b"localhost",
        b"LOCALHOST:80",
        b"localhost.",
        b"news.localhost:1",
        b"127.0.0.1",
        b"127.9.9.9:8000",
        b"[::1]:8000",
    ],
)
def test_own_names_are_answered(preview: Preview, host: bytes) -> None:
    assert status_of(raw_get(preview, b"/", host)) == 200


def test_other_hosts() -> None:
    everywhere = host_check("0.0.0.0")
    assert everywhere("192.168.1.2:8000")
    assert everywhere("[fe80::1]")
    assert everywhere("localhost")
    assert everywhere(f"{socket.gethostname()}:8000")
    assert not everywhere("evil.example")
    assert host_check("studio.example")("Studio.example:8000")
    assert is_loopback("localhost")
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert not is_loopback("0.0.0.0")
    assert not is_loopback("studio.example")


def test_no_host_or_two(preview: Preview) -> None:
    for request in (
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    ):
        assert status_of(raw(preview, request)) in (400, 421)


def test_strange_requests(preview: Preview) -> None:
    big = b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 200_000 + b"\r\n\r\n"
    for request in (big, b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\x16\x03\x01\x02"):
        try:
            answer = raw(preview, request)
            assert not answer or status_of(answer) == 400
        except OSError:  # it may hang up before all was sent
            pass
        assert get(preview, "/").status == 200


def test_only_looking(preview: Preview) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"):
        answer = get(preview, "/", method)
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


# --- other sites, frames and scripts -------------------------------------------------------------

ELSEWHERE = [
    {"Sec_Fetch_Site": site, "Sec_Fetch_Mode": mode, "Sec_Fetch_Dest": dest}
    for site in ("cross-site", "same-site")
    for mode, dest in (
        ("navigate", "object"),
        ("navigate", "iframe"),
        ("navigate", "embed"),
        ("no-cors", "image"),
        ("no-cors", "script"),
        ("no-cors", "empty"),
        ("cors", "empty"),
    )
]


@pytest.mark.parametrize("said", ELSEWHERE, ids=lambda said: " ".join(said.values()))
def test_other_sites_learn_nothing(preview: Preview, said: dict[str, str]) -> None:
    """Whatever they ask for, there or not, the answer is the same."""
    paths = ("/", "/a/", "/nothing/", "/data.json", "/_desk/", "/_slugline/client.js", "/..")
    answers = [get(preview, path, **said) for path in paths]
    assert {answer.status for answer in answers} == {403}
    assert len({answer.body for answer in answers}) == 1
    assert len({str(answer.headers.items()).partition("date")[0] for answer in answers}) == 1


def test_a_visit_from_another_site_is_answered(preview: Preview) -> None:
    visit = {"Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    assert get(preview, "/a/", Sec_Fetch_Site="cross-site", **visit).status == 200
    assert get(preview, "/_desk/", Sec_Fetch_Site="none", **visit).status == 200
    before = {"Sec_Purpose": "prefetch;prerender"}
    assert get(preview, "/a/", Sec_Fetch_Site="cross-site", **visit, **before).status == 403


def test_the_desk_is_not_for_scripts_and_frames_of_the_site(preview: Preview) -> None:
    for mode, dest in (("cors", "empty"), ("navigate", "iframe"), ("no-cors", "script")):
        said = {"Sec_Fetch_Site": "same-origin", "Sec_Fetch_Mode": mode, "Sec_Fetch_Dest": dest}
        assert get(preview, "/_desk/", **said).status == 403
        assert get(preview, "/%5fdesk/", **said).status == 403
        assert get(preview, "/a/", **said).status == 200
    worker = {"Sec_Fetch_Site": "same-origin", "Sec_Fetch_Dest": "serviceworker"}
    assert get(preview, "/a/", **worker).status == 403
    assert get(preview, "/a/", Service_Worker="script").status == 403


def test_every_answer_says_who_may_have_it(preview: Preview) -> None:
    for path in ("/", "/nothing/", "/data.json", "/media/big.bin", "/_desk/", "/_desk", "/a",
                 "/_slugline/client.js", "/_slugline/nothing", "/%ff"):  # fmt: skip
        headers = get(preview, path).headers
        own = path.startswith("/_")
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff" or headers["location"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        opener = "same-origin" if own else "same-origin-allow-popups"
        assert headers["cross-origin-opener-policy"] == opener
        assert len(headers.get_all("content-security-policy")) == 1


def test_a_preview_has_the_policy_of_the_site(tmp_path: Path) -> None:
    policy = content_policy([("script", "'sha256-x'")], {"a.css": ""})
    with previewed(tmp_path) as preview:
        preview.build({**FILES, "media/sign.SVG": "<svg/>"}, policy=policy)
        until(lambda: get(preview, "/").status == 200)
        found = get(preview, "/").headers["content-security-policy"]
        address = f"http://127.0.0.1:{preview.serving.port}/_slugline"
        assert f"script-src 'sha256-x' {address}/client.js;" in found
        assert f"connect-src 'self' {address}/events" in found
        assert "default-src 'none'" in found
        desk = get(preview, "/_desk/").headers["content-security-policy"]
        assert f"script-src {address}/client.js" in desk
        assert "sha256" not in desk
        drawing = get(preview, "/media/sign.SVG").headers
        assert drawing["content-security-policy"] == DRAWING_POLICY
        assert drawing["content-type"] == "image/svg+xml"
        assert get(preview, "/data.json").headers["content-security-policy"] == found


# --- before the first build, without JavaScript ------------------------------------------------


def test_a_page_stands_there_at_once(tmp_path: Path) -> None:
    with previewed(tmp_path) as preview:
        answer = get(preview, "/a/b/")
        assert answer.status == 503
        assert b"Building the site" in answer.body
        preview.progress("Rendering", 1234, 5000)
        until(lambda: b"1,234 of 5,000" in get(preview, "/").body)
        preview.fail(mistake("<script>alert(1)</script>"), message="A & B")
        until(lambda: b"1 error in 1 file" in get(preview, "/").body)
        answer = get(preview, "/")
        assert answer.status == 503
        assert b"&lt;script&gt;alert(1)" in answer.body
        assert b"<script>alert" not in answer.body
        assert b"A &amp; B" in answer.body


def test_without_reload_pages_are_plain(tmp_path: Path) -> None:
    with previewed(tmp_path, reload=False) as preview:
        badge = Badge("draft", "", "content/briefs/a b.md")
        preview.build(FILES, badges={"a/index.html": badge})
        until(lambda: get(preview, "/").status == 200)
        assert get(preview, "/").body.decode() == FILES["index.html"]
        assert get(preview, "/_slugline/events").status == 404
        badged = get(preview, "/a/").body.decode()
        assert "Draft" in badged
        assert f'href="edit://{tmp_path}/content/briefs/a%20b.md:1"' in badged
        assert "<script" not in badged
        preview.fail(mistake())
        until(lambda: b"unknown key" in get(preview, "/").body)


# --- sockets -----------------------------------------------------------------------------------


def test_the_next_free_port() -> None:
    first = bind("localhost", 0)
    port = first[0].getsockname()[1]
    try:
        assert {one.getsockname()[1] for one in first} == {port}
        second = bind("localhost", port)
        taken = second[0].getsockname()[1]
        assert port < taken < port + 20
        for one in second:
            one.close()
        with pytest.raises(CannotListen, match=f"port {port} is in use on localhost"):
            bind("localhost", port, tries=1)
    finally:
        for one in first:
            one.close()


def test_hosts_that_are_not_here() -> None:
    with pytest.raises(CannotListen, match=r"0\.0\.0\.0"):
        bind("203.0.113.1", 8000)
    with pytest.raises(CannotListen, match=r"cannot resolve the host `nowhere\.invalid`"):
        bind("nowhere.invalid", 8000)


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    """Killed, and so unable to say anything, the process that builds takes the other with it."""
    script = (
        "import sys, time; from pathlib import Path; from support.previews import Preview\n"
        "print(Preview(Path(sys.argv[1])).serving.port, flush=True); time.sleep(60)"
    )
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen(
        [sys.executable, "-c", script, tmp_path], env=paths, stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout
        port = int(parent.stdout.readline())
        parent.kill()

    def is_free() -> bool:
        try:
            sockets = bind("localhost", port, tries=1)
        except CannotListen:
            return False
        for one in sockets:
            one.close()
        return True

    until(is_free)


def test_it_ends_though_browsers_listen(tmp_path: Path) -> None:
    with previewed(tmp_path) as preview, socket.socket() as one:
        one.connect(("127.0.0.1", preview.serving.port))
        one.sendall(
            b"GET /_slugline/events?path=/&token=&build= HTTP/1.1\r\nHost: localhost\r\n\r\n"
        )
        assert b"text/event-stream" in one.recv(4096)
        preview.close()


def test_ctrl_c_is_the_parents(tmp_path: Path) -> None:
    """The terminal sends it to both; the parent ends the preview when it has put things away."""
    with previewed(tmp_path) as preview:
        until(lambda: get(preview, "/").status == 503)
        assert preview.process.pid
        os.kill(preview.process.pid, signal.SIGINT)
        assert get(preview, "/").status == 503
