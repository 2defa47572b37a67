"""Requests to other sites, against servers on loopback that behave badly."""

from __future__ import annotations

import gzip
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from builder.fetch.addresses import is_public, request_address
from builder.fetch.cache import ReplyCache
from builder.fetch.client import Client, FetchedPage, user_agent
from builder.fetch.exchange import FetchLimits, Wire
from builder.fetch.polite import Manners, retry_after
from builder.fetch.problem import FetchError
from builder.fetch.text import decode
from builder.store import CLIPS, EVIDENCE, FETCHED, Store
from support.webs import CERTIFICATE, Asked, Route, moved, reply, web

QUICK = Manners(delay=0.0, tries=3, backoff=0.01)
LOOPBACK = Wire(private=True)


def client(**options: Any) -> Client:
    return Client("Test/1", **{"manners": QUICK, "wire": LOOPBACK, **options})


def got(route: Route, **options: Any) -> FetchedPage:
    """The page that a server sends for `/`."""
    with web({"/": route}) as server:
        return client(**options).get(server.origin)


def problem_of(route: Route, **options: Any) -> tuple[str, str]:
    """Why there is no page, in one word and in many."""
    with pytest.raises(FetchError) as error:
        got(route, **options)
    return error.value.problem, str(error.value)


# --- addresses


@pytest.mark.parametrize(
    "written, sent",
    [
        ("https://paper.example", "https://paper.example/"),
        ("HTTP://Paper.Example:80/A?b=c#d", "http://paper.example/A?b=c"),
        ("https://paper.example:8443/", "https://paper.example:8443/"),
        ("https://báodântrí.example/tin-tức?q=vốn hóa", None),
        ("http://[2001:db8::1]:81/x", "http://[2001:db8::1]:81/x"),
        ("https://paper.example/a%20b", "https://paper.example/a%20b"),
    ],
)
def test_an_address_is_sent_in_ascii(written: str, sent: str | None) -> None:
    found = str(request_address(written))
    assert found.isascii()
    assert found == (
        sent or "https://xn--bodntr-ptak6h.example/tin-t%E1%BB%A9c?q=v%E1%BB%91n%20h%C3%B3a"
    )


@pytest.mark.parametrize(
    "address",
    [
        "ftp://paper.example/", "file:///etc/passwd", "paper.example", "", "https://", "http://[x/",
        "https://desk:secret@paper.example/", "https://desk@paper.example/", "http://a b.example/",
        "https://paper.example:port/", "https://-x.example/", f"https://{'x' * 64}.example/",
        f"https://paper.example/{'x' * 9000}", "http://paper.example\r\nHost: other.example/",
    ],
)  # fmt: skip
def test_some_addresses_are_never_requested(address: str) -> None:
    with pytest.raises(FetchError) as error:
        client().get(address)
    assert error.value.problem == "address"
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    "ip, public",
    [
        ("93.184.215.14", True), ("2606:4700::1111", True), ("127.0.0.1", False), ("::1", False),
        ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False), ("0.0.0.0", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False), ("fc00::1", False),
        ("255.255.255.255", False), ("fe80::1%eth0", False), ("ff02::1", False), ("::", False),
        ("::ffff:127.0.0.1", False), ("::ffff:93.184.215.14", True), ("64:ff9b::a00:1", False),
        ("64:ff9b::5db8:d70e", True), ("2002:7f00:1::", False), ("fec0::1", False), ("x", False),
    ],
)  # fmt: skip
def test_which_ip_addresses_are_public(ip: str, public: bool) -> None:
    assert is_public(ip) is public


def test_a_private_address_is_refused_unless_allowed() -> None:
    """Whatever it is called: the address that is checked is the one that is connected to."""
    with web({"/": reply("inside")}) as server:
        names = Wire(resolver=lambda host, port: ["127.0.0.1"])
        for address in (server.origin, f"http://paper.example:{server.port}/"):
            with pytest.raises(FetchError, match="is not a public address") as error:
                client(wire=names).get(address)
            assert error.value.problem == "private"
        assert server.asked == []
        assert client().get(server.origin).text == "inside"


def test_a_redirect_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """For this test, only loopback is public."""
    monkeypatch.setattr("builder.fetch.connection.is_public", lambda ip: ip == "127.0.0.1")
    with web({"/": moved("http://10.0.0.1/admin"), "/public": moved("/end")}) as server:
        server.routes["/end"] = reply("end")
        assert client(wire=Wire()).get(f"{server.origin}/public").text == "end"
        with pytest.raises(FetchError, match=r"^10\.0\.0\.1 is not a public address"):
            client(wire=Wire()).get(server.origin)


# --- responses


def test_a_page_is_read_with_all_that_is_known_of_it() -> None:
    page = got(reply("<p>Fünf", content_type="text/html; charset=UTF-8", etag='"1"'))
    assert (page.status, page.text, page.media_type) == (200, "<p>Fünf", "text/html")
    assert page.hops == () and page.headers["etag"] == '"1"' and not page.moved


def test_a_request_says_who_asks() -> None:
    agent = user_agent("https://daily.example/")
    assert agent.startswith("Slugline/") and agent.endswith(" (+https://daily.example/)")
    with web({"/a": reply("x")}) as server:
        Client(agent, wire=LOOPBACK).get(f"{server.origin}/a?b=c#d", {"X-Key": "1"})
        asked = server.asked[0]
    assert (asked.method, asked.target) == ("GET", "/a?b=c")
    assert asked.headers["user-agent"] == agent and asked.headers["x-key"] == "1"
    assert asked.headers["host"] == f"127.0.0.1:{server.port}"
    assert asked.headers["accept-encoding"] == "gzip" and "cookie" not in asked.headers


@pytest.mark.parametrize("status", [204, 400, 403, 404, 410, 451])
def test_any_status_is_a_page(status: int) -> None:
    assert got(reply("sorry" if status != 204 else "", status)).status == status


def chunked(*pieces: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


def test_pages_come_in_several_forms() -> None:
    assert got(chunked(b"one ", b"two", b"")).text == "one two"
    assert got(b"HTTP/1.0 200 OK\r\n\r\nuntil the end").text == "until the end"
    assert got(reply("packed" * 50_000, coding="gzip")).text == "packed" * 50_000
    members = gzip.compress(b"one ") + gzip.compress(b"two")
    assert got(reply(members, content_encoding="x-gzip")).text == "one two"
    assert got(reply("plain", content_encoding="gzip")).text == "plain"
    assert got(reply("", coding="gzip")).text == ""


PACKED = gzip.compress(b"x" * 999)


@pytest.mark.parametrize(
    "data, problem, words",
    [
        (b"", "invalid", "invalid response"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "invalid", "invalid response"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "invalid", "ended before the whole"),
        (chunked(b"one", b"two")[:-3], "invalid", "ended before the whole"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 200 + b"\r\n", "invalid", "headers"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"1" * 70_000, "invalid", "got more than 65536"),
        (reply("x", content_encoding="br"), "invalid", "unknown content coding `br`"),
        (reply(PACKED[:-9], content_encoding="gzip"), "invalid", "before the whole"),
        (reply(PACKED[:9] + b"garbage", content_encoding="gzip"), "invalid", "not valid gzip"),
    ],
)  # fmt: skip
def test_a_bad_response_is_named(data: bytes, problem: str, words: str) -> None:
    found = problem_of(data, manners=QUICK._replace(tries=1))
    assert found[0] == problem and words in found[1]


# --- limits


def test_a_large_response_is_not_read_to_its_end() -> None:
    def endless(asked: Asked) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        while True:
            yield b"x" * 100_000

    limits = FetchLimits(bytes=1 << 20)
    assert problem_of(endless, limits=limits) == ("size", "the response is larger than 1 MB")
    assert problem_of(reply("x" * 3000), limits=FetchLimits(bytes=2048))[0] == "size"


def test_a_bomb_does_not_go_off() -> None:
    """Some 200 kB of gzip are 200 MB of zeros, of which only the first are unpacked."""
    bomb = reply(gzip.compress(bytes(200 << 20), 9), content_encoding="gzip")
    start = time.process_time()
    assert problem_of(bomb, limits=FetchLimits(bytes=1 << 20))[0] == "size"
    assert time.process_time() - start < 3


def endless_head(asked: Asked) -> Iterator[bytes]:
    while True:
        yield b"HTTP/1.1 100 Continue\r\n\r\n" * 1000


def test_headers_are_limited_too() -> None:
    assert problem_of(endless_head, limits=FetchLimits(bytes=1000))[0] == "size"


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_slow_response_ends_in_time(first: bytes) -> None:
    """A byte is sent often enough for every single timeout."""

    def drip(asked: Asked) -> Iterator[bytes]:
        yield first
        while True:
            time.sleep(0.05)
            yield b"x"

    start = time.monotonic()
    found = problem_of(drip, limits=FetchLimits(seconds=0.3), manners=QUICK._replace(tries=1))
    assert found == ("timeout", "no complete response within 0.3 seconds")
    assert time.monotonic() - start < 2


def test_silence_ends_too() -> None:
    def silent(asked: Asked) -> Iterator[bytes]:
        yield b""
        time.sleep(1)

    found = problem_of(silent, limits=FetchLimits(idle=0.1), manners=QUICK._replace(tries=1))
    assert found == ("timeout", "127.0.0.1 was silent for 0.1 seconds")


def test_a_slow_name_server_ends_too() -> None:
    def slow(host: str, port: int) -> list[str]:
        time.sleep(1)
        return []

    with pytest.raises(FetchError, match="no answer from the name server about paper"):
        client(
            wire=Wire(resolver=slow), limits=FetchLimits(idle=0.1), manners=QUICK._replace(tries=1)
        ).get("http://paper.example/")


# --- hosts


def test_a_host_that_does_not_exist() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchError, match=r"there is no host paper\.example") as error:
        client(wire=Wire(resolver=nowhere)).get("http://paper.example/")
    assert error.value.problem == "dns"


def test_a_host_that_refuses() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match=f"127.0.0.1:{port} refuses connections") as error:
        client().get(f"http://127.0.0.1:{port}/")
    assert error.value.problem == "refused"


def test_certificates_are_checked() -> None:
    trusted = ssl.create_default_context(cafile=CERTIFICATE)
    with web({"/": reply("secure")}, tls=True) as server:
        wire = Wire(True, None, lambda host, port: ["127.0.0.1"])
        address = f"https://paper.example:{server.port}/"
        assert client(wire=wire._replace(context=trusted)).get(address).text == "secure"
        for host, context, words in (
            ("paper.example", None, "self-signed certificate"),
            ("other.example", trusted, "not valid for 'other.example'"),
        ):
            with pytest.raises(FetchError, match=words) as error:
                client(wire=wire._replace(context=context)).get(f"https://{host}:{server.port}/")
            assert error.value.problem == "tls" and host in str(error.value)
    with web({}) as server, pytest.raises(FetchError, match="no secure connection") as error:
        client().get(server.origin.replace("http:", "https:"))
    assert error.value.problem == "tls"


# --- redirects


def test_the_way_of_redirects_is_kept() -> None:
    routes = {"/": moved("/b?x=ü".encode().decode("latin-1"), 308), "/b": moved("c/d", 301)}
    with web({**routes, "/c/d": reply("end")}) as server:
        page = client().get(server.origin)
        assert [(hop.address, hop.status) for hop in page.hops] == [
            (f"{server.origin}/", 308),
            (f"{server.origin}/b?x=%C3%BC", 301),
        ]
        assert (page.address, page.text) == (f"{server.origin}/c/d", "end")
        assert page.moved and not page.downgraded
        server.routes["/b"] = moved("c/d", 302)
        assert not client().get(server.origin).moved


def test_redirects_end() -> None:
    with web({"/": moved("/a"), "/a": moved("/")}) as server:
        with pytest.raises(FetchError, match="redirects lead back to"):
            client().get(server.origin)
        server.routes = {f"/{n}": moved(f"/{n + 1}") for n in range(30)}
        with pytest.raises(FetchError, match="more than 10 redirects"):
            client().get(f"{server.origin}/0")
        assert len(server.asked) == 2 + 11
        server.routes = {"/": moved("javascript:alert(1)")}
        with pytest.raises(FetchError, match="does not begin with http"):
            client().get(server.origin)


def test_what_is_sent_to_one_host_is_not_sent_to_the_next() -> None:
    """A key of a service stays with the service; a change from https to http is noted."""
    trusted = ssl.create_default_context(cafile=CERTIFICATE)
    with web({"/": reply("end")}) as other, web({"/": moved(other.origin)}, tls=True) as server:
        wire = Wire(True, trusted, lambda host, port: ["127.0.0.1"])
        page = client(wire=wire).get(
            f"https://paper.example:{server.port}/", {"Authorization": "k"}
        )
        assert "authorization" in server.asked[0].headers
        assert "authorization" not in other.asked[0].headers
        assert page.downgraded


# --- manners


def test_a_host_is_asked_one_at_a_time_with_a_pause() -> None:
    def slow(asked: Asked) -> Iterator[bytes]:
        time.sleep(0.02)
        yield reply("x")

    with web({"/": slow}) as server:
        one = client(manners=Manners(delay=0.1))
        threads = [threading.Thread(target=one.get, args=(server.origin,)) for _ in range(4)]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert server.most_at_once == 1 and len(server.asked) == 4
        assert time.monotonic() - start >= 3 * 0.12


def in_turn(*replies: bytes) -> Route:
    """A route that sends one response after the other, and then the last one for ever."""
    left = [*replies]
    return lambda asked: left.pop(0) if len(left) > 1 else left[0]


def waits_of(route: Route, **options: Any) -> tuple[FetchedPage, list[float]]:
    """The page, and the seconds that were waited for it."""
    waited: list[float] = []
    manners = options.pop("manners", Manners(delay=0.0))
    return got(route, manners=manners, wait=waited.append, **options), [round(s) for s in waited]


def test_a_busy_host_is_asked_again_later() -> None:
    busy = reply("busy", 503)
    page, waited = waits_of(in_turn(busy, busy, reply("now")))
    assert page.text == "now" and waited == [2, 4]
    page, waited = waits_of(in_turn(reply("slower", 429, retry_after="7"), reply("now")))
    assert page.text == "now" and waited == [7]
    page, waited = waits_of(busy)
    assert page.status == 503 and waited == [2, 4]
    page, waited = waits_of(reply("gone", 404))
    assert page.status == 404 and waited == []


def test_a_host_that_asks_for_hours_is_left_alone() -> None:
    with web({"/": reply("no", 429, retry_after="7200")}) as server:
        one = client(wait=lambda seconds: pytest.fail(f"waits for {seconds}"))
        assert one.get(server.origin).status == 429
        with pytest.raises(FetchError, match="asks to wait for 120 minutes") as error:
            one.get(server.origin)
        assert error.value.problem == "busy" and len(server.asked) == 1


def test_retry_after_is_a_number_or_a_date() -> None:
    now = datetime(2025, 6, 15, 9, tzinfo=UTC)
    for text, seconds in (
        ("30", 30.0), ("0", 0.0), ("Sun, 15 Jun 2025 09:01:00 GMT", 60.0), ("soon", None),
        ("Sun, 15 Jun 2025 08:00:00 GMT", 0.0), ("", None), ("-5", None), ("1e9", None),
        ("9" * 40, None),
    ):  # fmt: skip
        assert retry_after({"retry-after": text}, now) == seconds, text


# --- robots.txt


def allowed(robots: Route, path: str = "/story", **options: Any) -> bool | str:
    """Whether a page may be requested by a robots.txt, or else why there is no answer."""
    with web({"/robots.txt": robots, path: reply("x")}) as server:
        try:
            page = client(robots=True, **options).get(server.origin + path)
        except FetchError as error:
            assert path not in server.targets
            return False if error.problem == "robots" else error.problem
        return page.status == 200


@pytest.mark.parametrize(
    "rules, expected",
    [
        ("", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /st*y$", False),
        ("User-agent: *\nDisallow: /\nAllow: /story", True),
        ("User-agent: other\nDisallow: /", True),
        ("User-agent: *\nDisallow:\n\nUser-agent: Slugline\nDisallow: /story", False),
        ("\ufeffUser-agent: *\nDisallow: /story", False),
        ("<html>not a robots file", True),
    ],
)
def test_robots_txt_is_obeyed(rules: str, expected: bool) -> None:
    assert allowed(reply(rules, content_type="text/plain")) is expected


def test_a_missing_robots_txt_allows_and_a_broken_one_forbids() -> None:
    """RFC 9309, 2.3.1.3 and 2.3.1.4."""
    assert allowed(reply("", 404)) is True
    assert allowed(reply("", 403)) is True
    assert allowed(reply("", 500)) is False
    assert allowed(moved("/robots.txt")) is True  # in a circle
    assert allowed(b"not http") is False
    assert allowed(reply("x" * 9000), limits=FetchLimits(bytes=5000)) is True


def test_a_host_without_an_answer_is_asked_once() -> None:
    asked: list[str] = []

    def nowhere(host: str, port: int) -> list[str]:
        asked.append(host)
        raise socket.gaierror(-2, "Name or service not known")

    one = client(robots=True, wire=Wire(resolver=nowhere))
    for page in "abc":
        with pytest.raises(FetchError, match="there is no host"):
            one.get(f"http://paper.example/{page}")
    assert asked == ["paper.example"]


def test_robots_txt_is_asked_once_and_its_delay_kept() -> None:
    waited: list[float] = []
    rules = reply("User-agent: *\nCrawl-delay: 5\nDisallow: /no")
    with web({"/robots.txt": rules, "/a": moved("/no"), "/b": reply("x")}) as server:
        one = client(robots=True, wait=waited.append)
        one.get(f"{server.origin}/b")
        one.get(f"{server.origin}/b")
        with pytest.raises(FetchError, match=r"robots\.txt disallows it"):
            one.get(f"{server.origin}/a")
        assert server.targets == ["/robots.txt", "/b", "/b", "/a"]
    assert [round(s) for s in waited] == [5, 5]


# --- conditional requests


def conditional(asked: Asked) -> bytes:
    if asked.headers.get("if-none-match") == '"v1"':
        return reply(status=304, etag='"v1"')
    return reply("version 1", etag='"v1"', last_modified="Sun, 15 Jun 2025 09:00:00 GMT")


def test_an_unchanged_page_is_not_sent_again(tmp_path: Path) -> None:
    with web({"/": conditional}) as server:
        pages = [client(cache=ReplyCache(tmp_path / "kept")).get(server.origin) for _ in range(2)]
        assert [page.text for page in pages] == ["version 1"] * 2
        assert [page.unmodified for page in pages] == [False, True]
        assert pages[1].status == 200 and pages[1].media_type == "text/html"
        assert server.asked[1].headers["if-modified-since"] == "Sun, 15 Jun 2025 09:00:00 GMT"
        server.routes["/"] = reply("version 2", etag='"v2"')
        assert client(cache=ReplyCache(tmp_path / "kept")).get(server.origin).text == "version 2"


def test_a_damaged_or_foreign_cache_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = ReplyCache(tmp_path / "kept")
    with web({"/": conditional}) as server:
        client(cache=cache).get(server.origin)
        (file,) = cache.folder.iterdir()
        whole = file.read_bytes()
        for data in (b"", whole[:-1], whole[:20] + b"X" + whole[21:]):
            file.write_bytes(data)
            assert not client(cache=cache).get(server.origin).unmodified
        monkeypatch.setenv("SLUGLINE_KEY", "of somebody else")
        assert not client(cache=cache).get(server.origin).unmodified


def test_what_must_not_be_kept_is_not(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path / "kept")
    for route in (
        reply("x"),
        reply("x", etag="1", cache_control="private, no-store"),
        reply("x", 500, etag="1"),
        reply("x" * (5 << 20), etag="1"),
    ):
        got(route, cache=cache)
    assert not cache.folder.exists()


def test_the_cache_has_a_limit(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path / "kept")
    with web({f"/{n}": reply("x" * 1000, etag="1") for n in range(5)}) as server:
        for n in range(5):
            client(cache=cache).get(f"{server.origin}/{n}")
        for age, file in enumerate(sorted(cache.folder.iterdir())):
            os.utime(file, (1e9 - age, 1e9 - age))
    kept = sorted(file.name for file in cache.folder.iterdir())
    cache.tidy(2500)
    assert sorted(file.name for file in cache.folder.iterdir()) == kept[:2]


def test_a_clean_build_keeps_what_was_fetched(tmp_path: Path) -> None:
    for name in (CLIPS, EVIDENCE, FETCHED, "foreign"):
        (tmp_path / name).mkdir()
    Store(tmp_path, "program").clear()
    assert sorted(path.name for path in tmp_path.iterdir()) == [CLIPS, EVIDENCE, FETCHED]


# --- text

EUC_KR = b'<meta charset="euc-kr">'
LATIN_2 = b'<?xml version="1.0" encoding="iso-8859-2"?>'


@pytest.mark.parametrize(
    "data, content_type, text",
    [
        ("Việt Nam".encode(), "", "Việt Nam"),
        ("Zürich".encode("latin-1"), "", "Zürich"),
        ("Zürich".encode("latin-1"), "text/html; charset=utf-8", "Z\ufffdrich"),
        ("€ “x”".encode("cp1252"), "text/html; charset=ISO-8859-1", "€ “x”"),
        ("新华".encode("gb18030"), "text/html; charset=gb2312", "新华"),
        ("日本".encode("cp932"), 'text/html; charset="Shift_JIS"', "日本"),
        (EUC_KR + "한국".encode("cp949"), "text/html", EUC_KR.decode() + "한국"),
        (b"<meta charset=utf-16>x", "", "<meta charset=utf-16>x"),
        ("\ufeffé".encode(), "text/html; charset=latin-1", "é"),
        ("é".encode("utf-16"), "", "é"),
        (LATIN_2 + b"\xb1", "", LATIN_2.decode() + "ą"),
        ("é".encode(), "text/html; charset=zlib", "é"),
        ("é".encode(), "text/html; charset=nonsense", "é"),
    ],
)  # fmt: skip
def test_the_text_of_a_page(data: bytes, content_type: str, text: str) -> None:
    assert decode(data, content_type) == text


def test_post_sends_once() -> None:
    with web({"/save": reply("busy", 503)}) as server:
        page = client().post(f"{server.origin}/save", b"url=x", {"Content-Type": "text/plain"})
        assert page.status == 503 and len(server.asked) == 1
        asked = server.asked[0]
        assert (asked.method, asked.body) == ("POST", b"url=x")
