"""`slugline evidence` against sources and archives on loopback, which behave badly."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote

import pytest
from click.testing import CliRunner, Result

from builder.cli.app import main
from builder.clips import Clip, write_clip
from builder.content.urls import same_address
from builder.evidence import services
from builder.evidence.keep import copy_path, kept_page
from builder.fetch.exchange import Wire
from builder.fetch.polite import Manners
from support.sites import brief, problems, write_site
from support.tools import REPOSITORY
from support.webs import Asked, Route, Web, moved, reply, web

ARTICLE = "<p>" + "Scale AI hires people for its data centres, it said on Friday. " * 12 + "</p>"
WORDS = "Scale AI hires people"
OTHER = "<p>" + "Scale AI dismisses people from its data centres, as we know. " * 12 + "</p>"
STAMP = "20250614090000"


@dataclass
class Archive:
    """The services of the Wayback Machine: what they hold, and which faults they have."""

    server: Web
    copies: dict[str, bytes] = field(default_factory=dict)  # by `stamp/address`
    status: dict[str, str] = field(default_factory=dict)  # of a capture, if not 200

    def add(self, address: str, stamp: str = STAMP, page: bytes | str = ARTICLE) -> str:
        """Add a capture, and return the address of its copy."""
        self.copies[f"{stamp}/{address}"] = reply(page) if isinstance(page, str) else page
        return f"{self.server.origin}/web/{stamp}/{address}"

    def captures(self, address: str) -> list[tuple[str, str]]:
        found = (key.partition("/") for key in self.copies)
        return sorted((stamp, a) for stamp, _, a in found if a == address)

    def available(self, asked: Asked) -> bytes:
        query = parse_qs(asked.target.partition("?")[2])
        found = self.captures(query["url"][0])
        closest = {}
        if found:
            stamp, address = found[-1]
            closest = {
                "closest": {
                    "available": True,
                    "url": f"http://web.archive.org/web/{stamp}/{address}",
                    "timestamp": stamp,
                    "status": self.status.get(f"{stamp}/{address}", "200"),
                }
            }
        return as_json({"url": query["url"][0], "archived_snapshots": closest})

    def listed(self, asked: Asked) -> bytes:
        query = parse_qs(asked.target.partition("?")[2])
        first = query.get("from", ["0"])[0]
        rows = [
            [stamp, address]
            for stamp, address in self.captures(query["url"][0])
            if stamp >= first and self.status.get(f"{stamp}/{address}", "200") == "200"
        ]
        return as_json([["timestamp", "original"], *rows] if rows else [])

    def copy(self, asked: Asked) -> bytes:
        path = unquote(asked.target.removeprefix("/web/"))
        return self.copies.get(path.replace("id_/", "/", 1), reply("not archived", 404))


def as_json(data: object, status: int = 200) -> bytes:
    return reply(json.dumps(data), status, content_type="application/json")


class _Routes(dict[str, Route]):
    """Routes of which some are for all paths with a beginning."""

    def get(self, path: str, default: Route | None = None) -> Route | None:  # type: ignore[override]
        if path in self:
            return self[path]
        found = (
            route
            for name, route in self.items()
            if name.endswith("/*") and path.startswith(name[:-1])
        )
        return next(found, default)


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """An archive, which the command asks instead of the real one; nobody waits."""
    with web({}) as server:
        found = Archive(server)
        server.routes = _Routes({
            "/available": found.available, "/cdx": found.listed, "/web/*": found.copy,
        })  # fmt: skip
        at = server.origin
        where = services.ArchiveServices(f"{at}/available", f"{at}/cdx", f"{at}/save", f"{at}/web")
        monkeypatch.setattr(services, "SERVICES", where)
        quick = Manners(delay=0.0, tries=2, backoff=0.01)
        monkeypatch.setattr(services, "MANNERS", services.AskingManners(quick, quick))
        monkeypatch.setattr(services, "WIRE", Wire(private=True))
        monkeypatch.setattr("builder.evidence.wayback._PAUSE", 0.01)
        for name in (services.ACCESS_KEY, services.SECRET_KEY):
            monkeypatch.delenv(name, raising=False)
        yield found


@pytest.fixture
def paper() -> Iterator[Web]:
    """A newspaper."""
    with web({"/one": reply(ARTICLE)}) as server:
        yield server


def site_with(folder: Path, source: str, words: str = "", **more: str) -> Path:
    """A site with a brief `a` that has one source, of which it may quote words."""
    claims = {}
    if words:
        claims = {"claims": f"[{{text: It hires, status: reported, source: p, words: '{words}'}}]"}
    fields = {
        "sources": f"\n  - {{id: p, publisher: Paper, {source}}}  # a comment",
        **claims,
        **more,
    }
    return write_site(folder, brief("a", **fields))


def run(site: Path, *arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["--site", str(site), "evidence", *arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def text_of(site: Path) -> str:
    return (site / "content/briefs/a.md").read_text("utf-8")


def asked(server: Web, path: str) -> list[Asked]:
    return [one for one in server.asked if one.target.partition("?")[0] == path]


def query(one: Asked) -> dict[str, list[str]]:
    return parse_qs(one.target.partition("?")[2])


# --- copies


def test_a_copy_is_found_and_written(tmp_path: Path, archive: Archive, paper: Web) -> None:
    address = f"{paper.origin}/one"
    copy = archive.add(address)
    site = site_with(tmp_path, f"url: '{address}', published: 2025-06-13", WORDS)
    before = text_of(site)
    output = run(site).output
    assert "1 report, 1 archived copy found, 1 record changed" in output
    written = f', archive: {{url: "{copy}", at: 2025-06-14}}}}  # a comment'
    assert text_of(site) == before.replace("}  # a comment", written)
    assert problems(site) == ()
    assert "/robots.txt" in paper.targets


def test_requests_are_those_of_the_documents(tmp_path: Path, archive: Archive, paper: Web) -> None:
    address = f"{paper.origin}/one?a=b&c=d"
    paper.routes["/one"] = reply(ARTICLE)
    archive.add(address, "20250610000000", OTHER)
    copy = archive.add(address, "20250614090000")
    site = site_with(tmp_path, f"url: '{address}', published: 2025-06-13 10:00", WORDS)
    archive.server.routes["/available"] = as_json({"url": address, "archived_snapshots": {}})
    run(site)
    (available,) = asked(archive.server, "/available")
    assert query(available) == {"url": [address], "timestamp": ["20250613080000"]}
    (listed,) = asked(archive.server, "/cdx")
    assert query(listed) == {
        "url": [address], "output": ["json"], "fl": ["timestamp,original"],
        "filter": ["statuscode:200"], "collapse": ["digest"], "limit": ["5"],
        "from": ["20250612080000"],
    }  # fmt: skip
    (read,) = [one for one in archive.server.asked if one.target.startswith("/web/")]
    assert unquote(read.target) == f"/web/20250614090000id_/{address}"
    assert copy in text_of(site)
    assert available.headers["user-agent"].endswith("(+https://test.example)")


def test_the_first_capture_that_says_the_words_is_taken(
    tmp_path: Path, archive: Archive, paper: Web
) -> None:
    address = f"{paper.origin}/one"
    archive.add(address, "20250613200000", reply("<h1>503</h1>"))
    copy = archive.add(address, "20250614090000")
    archive.add(address, "20250620000000", OTHER)
    site = site_with(tmp_path, f"url: '{address}', published: 2025-06-13", WORDS)
    run(site)
    assert f'url: "{copy}", at: 2025-06-14' in text_of(site)


@pytest.mark.parametrize(
    "stamp, page, status",
    [
        (STAMP, OTHER, "200"),  # an article of other words
        (STAMP, "<h1>Please enable cookies</h1>", "200"),  # a capture of an error page
        (STAMP, ARTICLE, "404"),  # a capture of a missing page
        ("20250101000000", ARTICLE, "200"),  # captured before the report was published
    ],
)
def test_other_captures_are_no_copies(
    tmp_path: Path, archive: Archive, paper: Web, stamp: str, page: str, status: str
) -> None:
    address = f"{paper.origin}/one"
    archive.add(address, stamp, page)
    archive.status[f"{stamp}/{address}"] = status
    site = site_with(tmp_path, f"url: '{address}', published: 2025-06-13", WORDS)
    before = text_of(site)
    assert "no archive has a copy that says the words" in run(site).output
    assert text_of(site) == before


def test_a_capture_of_an_error_page_is_no_copy_of_a_report_without_words(
    tmp_path: Path, archive: Archive, paper: Web
) -> None:
    address = f"{paper.origin}/one"
    archive.add(address, page="<h1>Please enable cookies</h1>" + "<script>x</script>" * 99)
    site = site_with(tmp_path, f"url: '{address}'")
    assert "no archive has a copy" in run(site).output
    copy = archive.add(address, "20250615090000")
    run(site, "--again")
    assert copy in text_of(site)


@pytest.mark.parametrize(
    "fault, why",
    [
        (reply("busy", 503), "the archive answers with status 503"),
        (reply("slow down", 429, retry_after="3600"), "the archive answers with status 429"),
        (reply("<html>", content_type="application/json"), "the archive's answer is not JSON"),
        (reply("[" * 100_000), "the archive's answer is not JSON"),
        (as_json({"archived_snapshots": []}), "no archive has a copy"),
        (as_json({"archived_snapshots": {"closest": {"available": True}}}), "no archive has"),
        (as_json("a text"), "no archive has a copy"),
        (b"", "the archive: 127.0.0.1 sent an invalid response"),
    ],
)  # fmt: skip
def test_faults_of_an_archive_stop_nothing(
    tmp_path: Path, archive: Archive, paper: Web, fault: bytes, why: str
) -> None:
    archive.server.routes["/available"] = fault
    site = site_with(tmp_path, f"url: '{paper.origin}/one'", WORDS)
    assert why in run(site).output


@pytest.mark.parametrize("rows", [{"a": 1}, [["timestamp"], ["x"]], [[], [1, 2], ["2025", "x"]]])
def test_faults_of_the_list_of_captures_stop_nothing(
    tmp_path: Path, archive: Archive, paper: Web, rows: object
) -> None:
    archive.server.routes["/cdx"] = as_json(rows)
    output = run(site_with(tmp_path, f"url: '{paper.origin}/one'")).output
    assert "1 report has no archived copy" in output


# --- captures that are made


def saving(archive: Archive, address: str, *status: object) -> None:
    """Have Save Page Now accept a capture, and answer one thing after the other about it."""
    left = [*status]
    routes = archive.server.routes
    routes["/save"] = as_json({"url": address, "job_id": "spn2-1"})
    routes["/save/status/spn2-1"] = lambda _: as_json(left.pop(0) if len(left) > 1 else left[0])


PENDING = {"status": "pending", "job_id": "spn2-1", "resources": []}


def saved(address: str) -> dict[str, object]:
    return {
        "status": "success", "job_id": "spn2-1", "timestamp": "20250701120000",
        "original_url": address, "http_status": 200,
    }  # fmt: skip


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(services.ACCESS_KEY, "access")
    monkeypatch.setenv(services.SECRET_KEY, "hidden")


def test_a_capture_is_made(tmp_path: Path, archive: Archive, paper: Web, keys: None) -> None:
    address = f"{paper.origin}/one"
    saving(archive, address, PENDING, PENDING, saved(address))
    site = site_with(tmp_path, f"url: '{address}'", WORDS)
    output = run(site, "--save").output
    (save,) = asked(archive.server, "/save")
    assert save.method == "POST" and save.headers["authorization"] == "LOW access:hidden"
    assert save.headers["accept"] == "application/json"
    assert save.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(save.body.decode()) == {
        "url": [address], "skip_first_archive": ["1"], "if_not_archived_within": ["30d"],
    }  # fmt: skip
    status = asked(archive.server, "/save/status/spn2-1")
    assert len(status) == 3 and status[0].headers["authorization"] == "LOW access:hidden"
    assert f"{archive.server.origin}/web/20250701120000/{address}" in text_of(site)
    assert "hidden" not in output and "hidden" not in text_of(site)
    everyone = [*paper.asked, *asked(archive.server, "/cdx")]
    assert all("authorization" not in one.headers for one in everyone)


@pytest.mark.parametrize(
    "answer, why",
    [
        (as_json({"message": "You need to be logged in"}, 401), "Save Page Now refuses the keys"),
        (as_json({"message": "Too many"}, 429), "Save Page Now makes no more captures for now"),
        (as_json({"status": "error", "status_ext": "error:user-session-limit"}), "session-limit"),
        (as_json({"status": "error", "message": "This URL is blocked."}), "This URL is blocked."),
        (as_json({"url": "x"}), "Save Page Now: status 200"),
        (reply("<html>", 502), "Save Page Now: status 502"),
        (moved("https://archive.example/login", 302), "Save Page Now: status 302"),
    ],
)  # fmt: skip
def test_a_capture_may_be_refused(
    tmp_path: Path, archive: Archive, paper: Web, keys: None, answer: bytes, why: str
) -> None:
    archive.server.routes["/save"] = answer
    site = site_with(tmp_path, f"url: '{paper.origin}/one'")
    assert why in run(site, "--save").output
    assert "archive:" not in text_of(site)


def test_a_capture_may_fail_later(tmp_path: Path, archive: Archive, paper: Web, keys: None) -> None:
    address = f"{paper.origin}/one"
    failed = {"status": "error", "status_ext": "error:service-unavailable", "message": "It failed."}
    saving(archive, address, PENDING, failed)
    assert (
        "Save Page Now: It failed."
        in run(site_with(tmp_path, f"url: '{address}'"), "--save").output
    )


def test_the_next_run_looks_for_an_unfinished_capture(
    tmp_path: Path, archive: Archive, paper: Web, keys: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{paper.origin}/one"
    monkeypatch.setattr("builder.evidence.wayback._PATIENCE", 0.02)
    saving(archive, address, PENDING)
    site = site_with(tmp_path, f"url: '{address}'")
    assert "the capture is not finished; the next run looks for it" in run(site, "--save").output
    saving(archive, address, saved(address))
    run(site, "--save")
    assert "20250701120000" in text_of(site)
    assert len(asked(archive.server, "/save")) == 1


def test_no_capture_is_made_for_what_is_not_published(
    tmp_path: Path, archive: Archive, paper: Web, keys: None
) -> None:
    """An archive shows which pages it was asked to visit, and when. Nor is one made of a page that
    does not say the words."""
    run(site_with(tmp_path / "draft", f"url: '{paper.origin}/one'", status="draft"), "--save")
    for date in ("2039-01-01 09:00", "1 January"):  # later, and nobody knows when
        run(site_with(tmp_path / date[:4], f"url: '{paper.origin}/one'", date=date), "--save")
    run(site_with(tmp_path / "other", f"url: '{paper.origin}/one'", "It fires"), "--save", code=3)
    assert asked(archive.server, "/save") == []


@pytest.mark.parametrize("library", ["protego", "warcio.warcwriter"])
def test_a_missing_extra_is_named(
    tmp_path: Path, archive: Archive, paper: Web, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    output = run(site_with(tmp_path, f"url: '{paper.origin}/one'"), "--keep", code=1).output
    assert 'pip install "slugline[evidence]"' in output


def test_saving_needs_keys(tmp_path: Path, archive: Archive) -> None:
    output = run(site_with(tmp_path, "url: 'https://paper.example'"), "--save", code=2).output
    assert "IA_ACCESS_KEY_ID" in output


# --- copies of one's own


def test_a_page_is_kept(tmp_path: Path, archive: Archive, paper: Web) -> None:
    paper.routes["/one"] = reply(ARTICLE, coding="gzip", set_cookie="a=b")
    site = site_with(tmp_path, f"url: '{paper.origin}/one'", WORDS)
    assert "1 copy kept in evidence/" in run(site, "--keep", "--no-archive").output
    digest = text_of(site).partition("sha256: ")[2].partition("}")[0]
    assert kept_page(site, digest) == ARTICLE.encode()
    assert archive.server.asked == []
    assert {d.code for d in problems(site)} <= {"archive-date"}  # it is kept after the site's now
    from warcio.archiveiterator import ArchiveIterator

    with (site / copy_path(digest)).open("rb") as stream:
        kinds = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"))
            for record in ArchiveIterator(stream, check_digests="raise")
        ]
    assert kinds == [("warcinfo", None), ("response", f"{paper.origin}/one")]
    assert "Set-Cookie" not in str(kinds)


def test_a_kept_page_gets_the_address_of_a_copy_later(
    tmp_path: Path, archive: Archive, paper: Web
) -> None:
    address = f"{paper.origin}/one"
    site = site_with(tmp_path, f"url: '{address}'")
    run(site, "--keep", "--no-archive")
    copy = archive.add(address)
    run(site, "--again")
    assert f'archive: {{url: "{copy}", at: 2025-06-14, sha256: ' in text_of(site)


def test_a_damaged_copy_is_reported(tmp_path: Path, archive: Archive, paper: Web) -> None:
    site = site_with(tmp_path, f"url: '{paper.origin}/one'")
    run(site, "--keep", "--no-archive")
    (file,) = (site / "evidence").iterdir()
    data = file.read_bytes()
    for damaged in (data[:-30], data[:200] + bytes(40) + data[240:], b""):
        file.write_bytes(damaged)
        assert "1 kept copy is missing or damaged" in run(site, "--no-archive", code=3).output


# --- what became of a source


def verdict_of(
    tmp_path: Path, route: Route, archive: Archive, code: int = 0, words: str = ""
) -> str:
    with web(
        {"/one": route, "/new": reply(ARTICLE), "/one/": reply(ARTICLE), "/": reply(ARTICLE)}
    ) as server:
        site = site_with(tmp_path, f"url: '{server.origin}/one'", words)
        return run(site, code=code).output.replace(server.origin, "https://paper")


@pytest.mark.parametrize(
    "route, code, expected",
    [
        (reply("", 410), 3, "1 report is gone\n  URL: status 410\n    content/briefs/a.md:8"),
        (moved("/new"), 0, "1 report has moved for good\n  URL: write `url: https://paper/new`"),
        (moved("/new", 302), 0, "1 report has no archived copy"),
        (moved("/"), 0, "1 report seems to be gone\n  URL: it redirects to https://paper/"),
        (reply("", 403), 0, "1 report cannot be read\n  URL: status 403"),
        (reply("", 402), 0, "1 report cannot be read\n  URL: status 402"),
        (moved("/one/"), 0, "1 report has no archived copy"),
    ],
)
def test_what_becomes_of_sources(
    tmp_path: Path, archive: Archive, route: Route, code: int, expected: str
) -> None:
    output = verdict_of(tmp_path, route, archive, code)
    assert output.startswith(expected.replace("URL", "https://paper/one")), output


def test_a_page_without_an_answer_is_asked_again(tmp_path: Path, archive: Archive) -> None:
    with web({"/one": reply("", 500)}) as server:
        site = site_with(tmp_path, f"url: '{server.origin}/one'")
        assert "is this computer online?" in run(site, code=1).output
        assert "gone:" not in text_of(site)
        server.routes["/one"] = reply(ARTICLE)
        run(site)


def test_a_computer_that_is_offline_asks_few(tmp_path: Path, archive: Archive) -> None:
    """Each host counts once, and is asked once."""
    with web({}) as gone:
        pass  # nothing listens there any more
    sources = [f"http://127.0.0.{n}:{gone.port}/{page}" for n in range(1, 30) for page in "ab"]
    site = write_site(tmp_path, "".join(
        brief(f"b{n}", sources=f"[{{url: '{url}'}}]") for n, url in enumerate(sources)
    ))  # fmt: skip
    data = run(site, "--no-archive", "--format", "json", code=1).output
    assert 8 <= data.count('"outcome": "unavailable"') <= 24
    assert "is this computer online?" in data


def test_robots_are_obeyed(tmp_path: Path, archive: Archive, paper: Web) -> None:
    paper.routes["/robots.txt"] = reply("User-agent: *\nDisallow: /one")
    output = run(site_with(tmp_path, f"url: '{paper.origin}/one'")).output
    assert "1 report cannot be read" in output and "robots.txt disallows it" in output
    assert paper.targets == ["/robots.txt"]


def test_a_page_that_is_gone_and_comes_back(tmp_path: Path, archive: Archive, paper: Web) -> None:
    site = site_with(tmp_path, f"url: '{paper.origin}/one'")
    before = text_of(site)
    paper.routes["/one"] = reply("", 404)
    run(site, code=3)
    assert ", gone: 20" in text_of(site)
    assert run(site, "--again").exit_code == 0  # its record says so already
    paper.routes["/one"] = reply(ARTICLE)
    assert "1 report is online again" in run(site, "--again", code=3).output
    assert text_of(site) == before


def test_a_redirect_to_the_front_page_is_believed_after_a_day(
    tmp_path: Path, archive: Archive, paper: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper.routes |= {"/one": moved("/"), "/": reply(ARTICLE)}
    site = site_with(tmp_path, f"url: '{paper.origin}/one'")
    run(site)
    assert "gone:" not in text_of(site)
    monkeypatch.setattr("builder.evidence.run.FRESH", timedelta(-1))
    assert "1 report is gone" in run(site, code=3).output
    assert "gone:" in text_of(site)


# --- words


def test_a_report_that_was_edited_leads(tmp_path: Path, archive: Archive, paper: Web) -> None:
    """The archive's copy says the words, the page does not any more: that is news."""
    paper.routes["/one"] = reply(OTHER)
    copy = archive.add(f"{paper.origin}/one")
    site = site_with(tmp_path, f"url: '{paper.origin}/one'", WORDS)
    lines = run(site, code=3).output.splitlines()
    assert lines[:4] == [
        "1 report no longer says what you quote",
        f"  {paper.origin}/one",
        f"    content/briefs/a.md:9: “{WORDS}”",
        f"      it did on 2025-06-14; a copy is at {copy}",
    ]
    assert lines[4].startswith("  Read it again; if it has changed, write `changed: 20")
    assert copy in text_of(site)  # which is the proof
    again = run(site, "--again", code=3).output  # now the copy is in the record
    assert "it did on 2025-06-14" in again
    (site / "content/briefs/a.md").write_text(
        text_of(site).replace("publisher: Paper", "publisher: Paper, changed: 2025-06-20")
    )
    assert "no longer" not in run(site, "--again").output


def test_words_that_were_seen_by_an_earlier_run(
    tmp_path: Path, archive: Archive, paper: Web
) -> None:
    site = site_with(tmp_path, f"url: '{paper.origin}/one'", WORDS)
    run(site, "--no-archive")
    paper.routes["/one"] = reply(OTHER)
    assert "1 report no longer says" in run(site, "--no-archive", "--again", code=3).output


def test_words_that_were_clipped(tmp_path: Path, archive: Archive, paper: Web) -> None:
    """The text that `clip` has kept proves what the page said."""
    paper.routes["/one"] = reply(OTHER)
    address = f"{paper.origin}/one"
    site = site_with(tmp_path, f"url: '{address}'", WORDS)
    clip = Clip(
        address, "2025-06-15T09:30:00+00:00", "It said:\n\nScale AI hires people.", "0" * 64
    )
    write_clip(site, same_address(address), clip)
    output = run(site, "--no-archive", code=3).output
    assert "1 report no longer says" in output and "it did on 2025-06-15" in output


def test_words_that_nobody_ever_saw(tmp_path: Path, archive: Archive, paper: Web) -> None:
    site = site_with(tmp_path, f"url: '{paper.origin}/one'", "Scale AI fires people")
    output = run(site, "--no-archive", code=3).output
    assert output.startswith("1 report does not say what you quote")
    assert "copy the sentence from the page" in output.lower()


@pytest.mark.parametrize(
    "page, why",
    [
        (reply('<script>{"isAccessibleForFree": false}</script>' + OTHER), "declares a paywall"),
        (reply("<div id=app></div><script src=app.js></script>"), "no article without scripts"),
        (reply("%PDF-1.7", content_type="application/pdf"), "not checked in application/pdf"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_not_judged(
    tmp_path: Path, archive: Archive, page: bytes, why: str
) -> None:
    output = verdict_of(tmp_path, page, archive, words=WORDS)
    assert why in output and "say what you quote" not in output


# --- runs


def test_a_run_asks_once_about_a_report(tmp_path: Path, archive: Archive, paper: Web) -> None:
    address = f"{paper.origin}/one"
    copy = archive.add(address)
    source = f"[{{id: p, url: '{address}'}}]"
    site = write_site(
        tmp_path,
        brief("a", sources=source)
        + brief("b", sources=f"[{{id: p, url: '{address}?utm_source=x'}}, {{id: q, publisher: Q}}]")
        + brief("c", sources=address)
        + f"=== content/companies/scale-ai.md\n---\nname: Scale AI\nsources: {source}\n---\n",
    )
    assert "1 report, 1 archived copy found, 4 records changed" in run(site).output
    assert paper.targets == ["/robots.txt", "/one"]
    for path in ("briefs/a", "briefs/b", "briefs/c", "companies/scale-ai"):
        assert copy in (site / f"content/{path}.md").read_text()
    assert [d for d in problems(site) if d.severity == "error"] == []


def test_what_was_asked_recently_is_not_asked_again(
    tmp_path: Path, archive: Archive, paper: Web
) -> None:
    site = site_with(tmp_path, f"url: '{paper.origin}/one'", WORDS)
    run(site)
    asked_before = len(paper.asked), len(archive.server.asked)
    run(site)
    assert (len(paper.asked), len(archive.server.asked)) == asked_before
    path = site / "content/briefs/a.md"
    path.write_text(text_of(site).replace(WORDS, "it said on Friday"))
    run(site)  # other words
    assert paper.targets.count("/one") == 2
    run(site, "--again")
    assert paper.targets.count("/one") == 3


def test_a_dry_run_writes_nothing(tmp_path: Path, archive: Archive, paper: Web) -> None:
    archive.add(f"{paper.origin}/one")
    site = site_with(tmp_path, f"url: '{paper.origin}/one'", WORDS)
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    assert "1 record would change" in run(site, "--dry-run", "--keep").output
    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before


def test_some_records_only(tmp_path: Path, archive: Archive, paper: Web) -> None:
    paper.routes |= {f"/{n}": reply(ARTICLE) for n in range(3)}
    site = write_site(
        tmp_path,
        "".join(
            brief(f"b{n}", date=f"2025-06-1{n}", sources=f"[{{url: '{paper.origin}/{n}'}}]")
            for n in range(3)
        ),
    )
    for arguments, expected in (
        (("b1",), {"/1"}),
        (("content/briefs/b2.md", str(site / "content/briefs/b0.md")), {"/0", "/2"}),
        (("--since", "2025-06-11"), {"/1", "/2"}),
    ):
        paper.asked.clear()
        run(site, "--again", "--no-archive", *arguments)
        assert {*paper.targets} - {"/robots.txt"} == expected
    assert "did you mean `b1`?" in run(site, "b11", code=2).output
    assert "--since" in run(site, "--since", "soon", code=2).output


def test_json(tmp_path: Path, archive: Archive, paper: Web) -> None:
    paper.routes["/one"] = reply(OTHER)
    copy = archive.add(f"{paper.origin}/one")
    site = site_with(tmp_path, f"url: '{paper.origin}/one'", WORDS)
    data = json.loads(run(site, "--format", "json", code=3).output)
    (report,) = data["reports"]
    assert report["outcome"] == "there" and report["copy"] == copy
    assert report["no_longer_says"] == [
        {
            "path": "content/briefs/a.md", "line": 9, "field": "claims.0", "words": WORDS,
            "said_at": "2025-06-14T09:00:00+00:00",
        }
    ]  # fmt: skip
    assert report["written"] == ["content/briefs/a.md"]


def test_what_cannot_be_edited_is_for_a_person(
    tmp_path: Path, archive: Archive, paper: Web
) -> None:
    archive.add(f"{paper.origin}/one")
    site = site_with(tmp_path, f"url: '{paper.origin}/one'", topics="[a]\ntopics: [b]")
    before = text_of(site)
    output = run(site, code=3).output
    assert "1 change has to be made by hand" in output
    assert "content/briefs/a.md has errors; fix them first" in output
    assert text_of(site) == before


PROCESS = """
import sys
from builder.evidence import services
from builder.fetch.exchange import Wire
from builder.fetch.polite import Manners
at = sys.argv.pop(1)
paths = (f"{at}/{name}" for name in ("available", "cdx", "save", "web"))
services.SERVICES, services.WIRE = services.ArchiveServices(*paths), Wire(private=True)
services.MANNERS = services.AskingManners(Manners(0.02), Manners(0.0))
from builder.cli.app import run
run()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_run_loses_nothing(
    tmp_path: Path, archive: Archive, paper: Web, number: signal.Signals
) -> None:
    many = 30
    paper.routes |= {f"/{n}": reply(ARTICLE) for n in range(many)}
    for n in range(many):
        archive.add(f"{paper.origin}/{n}")
    site = write_site(
        tmp_path,
        "".join(brief(f"b{n}", sources=f"[{{url: '{paper.origin}/{n}'}}]") for n in range(many)),
    )
    command = [
        sys.executable,
        "-c",
        PROCESS,
        archive.server.origin,
        "--site",
        str(site),
        "evidence",
    ]
    process = subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        end = time.monotonic() + 30
        while len(paper.asked) < 8 and time.monotonic() < end:
            time.sleep(0.01)
        process.send_signal(number)
        output, _ = process.communicate(timeout=20)
    finally:
        process.kill()
    if number == signal.SIGINT:
        assert process.returncode == 130 and "run the command again to go on" in output
    assert 8 <= len(paper.asked) < many  # it was interrupted
    run(site)
    files = [(site / f"content/briefs/b{n}.md").read_text() for n in range(many)]
    assert all("archive: {url: " in text for text in files)
    assert len(paper.asked) <= many + 4  # robots.txt twice, and what was under way
