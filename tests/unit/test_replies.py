"""Reactions of readers: asked for on loopback, written into files, moderated there."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from builder.cli.replies import replies
from builder.content.config import read_config
from builder.fetch.client import Client
from builder.fetch.exchange import Wire
from builder.fetch.polite import Manners
from builder.model.sharing import Discussion
from builder.model.values import Url
from builder.replies.merge import HEAD, CannotMerge, merge_places
from builder.replies.plain import MOST_TEXT, from_html, one_line
from builder.replies.run import Discussed, ReplyOutcome, collect
from builder.replies.sources import Found, PlaceReactions
from support.sites import SETTINGS, brief, build_site, edit, problems, read, write_site

Answers = Callable[[str, dict[str, list[str]]], Any]


@contextmanager
def serving(answers: Answers) -> Iterator[str]:
    """A server that answers a path and a query with JSON, with bytes, or with 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            found = answers(parts.path, parse_qs(parts.query))
            data = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def mention(n: int, kind: str = "in-reply-to", **more: Any) -> dict[str, Any]:
    """A webmention as webmention.io has it."""
    return {
        "type": "entry",
        "author": {"type": "card", "name": f"Reader {n}", "url": "https://reader.example/"},
        "url": f"https://reader.example/{n}",
        "published": "2025-06-16T10:00:00+02:00",
        "wm-id": n,
        "wm-source": f"https://reader.example/{n}",
        "wm-target": "https://test.example/briefs/a/?utm_source=x",
        "wm-property": kind,
        "wm-private": False,
        "content": {"html": f"<p>Text {n}</p>", "text": f"Text {n}"},
        **more,
    }


def status(n: int, content: str, **more: Any) -> dict[str, Any]:
    """A reply as Mastodon has it."""
    return {
        "id": str(n),
        "uri": f"https://social.example/users/ann/statuses/{n}",
        "url": f"https://social.example/@ann/{n}",
        "created_at": "2025-06-17T08:00:00.000Z",
        "visibility": "public",
        "spoiler_text": "",
        "content": content,
        "account": {"acct": "ann@social.example", "display_name": "Ann"},
        **more,
    }


def post(n: int, text: str, replies: list[Any] | None = None) -> dict[str, Any]:
    """A thread as Bluesky has it."""
    return {
        "$type": "app.bsky.feed.defs#threadViewPost",
        "post": {
            "uri": f"at://did:plc:abc/app.bsky.feed.post/{n}",
            "author": {"did": "did:plc:abc", "handle": "bo.example", "displayName": ""},
            "record": {"text": text, "createdAt": "2025-06-18T08:00:00Z"},
            "likeCount": 4,
            "repostCount": 1,
        },
        "replies": replies or [],
    }


def site_at(tmp_path: Path, origin: str, text: str = "") -> Path:
    settings = SETTINGS + f"replies: {{webmentions: '{origin}/api/mentions.jf2'}}\n"
    return write_site(tmp_path, settings + (text or brief("a")))


def run(site: Path, *discussion: str, service: str = "") -> list[ReplyOutcome]:
    client = Client("test", wire=Wire(private=True), manners=Manners(), wait=lambda seconds: None)
    links = tuple(Discussion(url=Url(url)) for url in discussion)
    briefs = [Discussed("a", ("test.example/briefs/a",), links)]
    settings = read_config(site).settings
    return [*collect(site, client, settings, briefs, service=service)]


def file(site: Path) -> str:
    return (site / "content/replies/a.yaml").read_text("utf-8")


def test_every_place_is_asked_and_nothing_is_shown_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLUGLINE_WEBMENTIONS_TOKEN", "s3cret")
    asked: list[dict[str, list[str]]] = []

    def answers(path: str, query: dict[str, list[str]]) -> Any:
        if path == "/api/mentions.jf2":
            asked.append(query)
            first = [mention(n) for n in range(1, 100)] + [mention(0, "like-of")]
            more = [
                mention(100, "repost-of"),
                mention(101, **{"wm-target": "https://test.example/"}),
            ]
            return {"type": "feed", "children": more if query["page"] == ["1"] else first}
        if path == "/api/v1/statuses/109302436954721982":
            return {"favourites_count": 12, "reblogs_count": 3}
        if path.endswith("/context"):
            hidden = status(3, "<p>Secret</p>", visibility="private")
            return {"ancestors": [], "descendants": [status(2, "<p>So<br>true</p>"), hidden]}
        if path == "/xrpc/app.bsky.feed.getPostThread":
            assert query["uri"] == ["at://desk.example/app.bsky.feed.post/3k"]
            return {"thread": post(1, "Ours", [post(2, "Yes", [post(3, "No")])])}
        return None

    with serving(answers) as origin:
        site = site_at(tmp_path, origin)
        toots, skeet = (
            f"{origin}/@desk/109302436954721982",
            "https://bsky.app/profile/desk.example/post/3k",
        )
        (outcome,) = run(site, toots, skeet, "https://news.example/1", service=origin)
    assert asked[0]["token"] == ["s3cret"] and asked[0]["domain"] == ["test.example"]
    assert outcome.merged and len(outcome.merged.added) == 102 and not outcome.errors
    text = file(site)
    assert text.startswith(HEAD) and "s3cret" not in text and "Secret" not in text
    assert f'- {{of: "{toots}", likes: 12, reposts: 3}}' in text
    assert '- {of: "webmentions", likes: 1, reposts: 1}' in text
    assert 'text: "So true"' in text and 'author: "bo.example"' in text
    assert text.count("status: pending") == 102 and "status: shown" not in text[len(HEAD) :]
    build_site(site)
    page = read(site, "briefs/a/index.html")
    assert "17 likes, 5 reposts" in page and "From readers" not in page and "Reader 1" not in page
    edit(
        site / "content/replies/a.yaml",
        'text: "Text 7"\n    status: pending',
        'text: "Text 7"\n    status: shown',
    )
    built = build_site(site)
    assert {page.url for page in built.rendered} == {"/briefs/a/"}
    page = read(site, "briefs/a/index.html")
    assert (
        '<a href="https://reader.example/7" rel="nofollow ugc noopener external">Reader 7<' in page
    )
    assert "Text 7" in page and "Text 8" not in page


def place(*found: Found, of: str = "webmentions", likes: int = 0) -> PlaceReactions:
    return PlaceReactions(of, found, likes, 0)


def found(n: int, text: str = "Hi", **more: Any) -> Found:
    return Found(
        f"wm-{n}", "reply", "Ann", f"https://a.example/{n}", "2025-06-16 08:00 +00:00", text
    )._replace(**more)


def test_what_an_editor_wrote_stays(tmp_path: Path) -> None:
    first = merge_places("a.yaml", "", [place(found(1), found(2), likes=2)]).text
    mine = first.replace("status: pending", "status: shown  # good one", 1).replace(
        "likes: 2}", "likes: 2}  # so few"
    )
    mine = mine.replace('text: "Hi"', 'text: "Hi [shortened]"', 1)
    again = merge_places("a.yaml", mine, [place(found(1), found(3), likes=9)])
    kept = mine.replace("likes: 2}", "likes: 9}")
    assert again.text.startswith(kept) and [f.id for f in again.added] == ["wm-3"]
    assert (again.edited, again.gone) == (("wm-1",), ("wm-2",))
    assert (
        merge_places("a.yaml", again.text, [place(found(1), found(2), found(3), likes=9)]).text
        == again.text
    )
    # A place that was not asked says nothing about what is gone.
    assert merge_places("a.yaml", mine, [place(of="https://social.example/@a/1234567")]).gone == ()


def test_only_the_place_of_a_reaction_knows_that_it_is_gone() -> None:
    social, sky = "https://social.example/@a/1234567", "https://bsky.app/profile/a.example/post/3k"
    text = merge_places("a.yaml", "", [place(found(1, id="m-1"), of=social)]).text
    assert merge_places("a.yaml", text, [place(of=sky)]).gone == ()
    assert merge_places("a.yaml", text, [place(of=social)]).gone == ("m-1",)
    # Another post, at which it may be, did not answer.
    assert merge_places("a.yaml", text, [place(of=social)], complete=False).gone == ()


def test_a_file_with_a_mistake_is_left_alone() -> None:
    with pytest.raises(CannotMerge, match="correct it first"):
        merge_places(
            "a.yaml", "replies:\n  - {id: x, author: A, url: nowhere}\n", [place(found(1))]
        )
    with pytest.raises(CannotMerge, match="move `replies:` to its end"):
        merge_places("a.yaml", "replies: []\ncounts: []\n", [place(found(1))])


def test_never_more_than_the_limit() -> None:
    many = merge_places("a.yaml", "", [place(*map(found, range(1500)))])
    assert (len(many.added), many.left_out) == (1000, 500)


@pytest.mark.parametrize(
    "markup, text",
    [
        ("<p>One</p><p>Two</p>", "One Two"),
        ("a<script>alert(1)</script>b<style>p{}</style>", "ab"),
        ("<img src=x onerror=alert(1)>&lt;b&gt;", "<b>"),
        ("abc\u202egnp.exe\u2066x\u200b", "abcgnp.exex"),
        ("a\x00b\r\n\tc\ud800", "a b c"),
        ("<!-- x --> y <!", "y <!"),
        ("<" * 100_000, None),
        ("x " * 100_000, None),
        ("y" * 100_000, None),
    ],
)
def test_only_plain_text_is_kept(markup: str, text: str | None) -> None:
    plain = from_html(markup)
    assert len(plain) <= MOST_TEXT and "\n" not in plain
    assert text is None or plain == text


def test_hostile_authors(tmp_path: Path) -> None:
    """Nothing that they write reaches a page but as text; wrong types are passed over."""
    bad = [
        mention(
            1,
            author={"name": '</a><script>alert("1")</script>\u202e: "'},
            content={"html": "x\n  - id: y"},
        ),
        mention(2, url="javascript:alert(1)", **{"wm-source": "javascript:alert(2)"}),
        mention(1, content={"text": "the same id"}),
        mention(3, author="Ann", content=["no"], published=5),
        mention(4, url="https://u:p@bad.example/ x", **{"wm-source": "https://ok.example/4"}),
        mention(5, **{"wm-private": True}),
        "no object",
        None,
        {"wm-target": 7},
        mention(6, published="0001-01-01T00:00:00+23:00", author={}, content={"text": "# {a: b}"}),
    ]
    with serving(lambda path, query: {"children": bad}) as origin:
        site = site_at(tmp_path, origin)
        (outcome,) = run(site)
    assert outcome.merged and [f.id for f in outcome.merged.added] == [
        "wm-1",
        "wm-3",
        "wm-4",
        "wm-6",
    ]
    path = site / "content/replies/a.yaml"
    path.write_text(file(site).replace("pending", "shown"), "utf-8")
    assert not [p for p in problems(site) if p.path.startswith("content/replies")]
    build_site(site)
    page = read(site, "briefs/a/index.html")
    assert "<script>alert" not in page and "javascript:" not in page and "\u202e" not in page
    assert (
        "&lt;/a&gt;" in page and "x - id: y" in page and "# {a: b}" in page and "u:p@" not in page
    )


@pytest.mark.parametrize(
    "answer, why",
    [(None, "404"), (b"<html>", "not JSON"), ([1], "documentation"), (b"[" * 99_999, "not JSON")],
)
def test_a_place_that_fails_is_named(
    tmp_path: Path, answer: Any, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLUGLINE_WEBMENTIONS_TOKEN", "s3cret")
    with serving(lambda path, query: answer) as origin:
        site = site_at(tmp_path, origin)
        outcomes = run(site, f"{origin}/@desk/109302436954721982")
    said = [error for outcome in outcomes for error in outcome.errors]
    assert len(said) == 2 and all(why in error for error in said) and "s3cret" not in str(said)
    assert not (site / "content/replies").exists()


def test_mistakes_in_a_file_are_reported(tmp_path: Path) -> None:
    text = brief("a") + "=== content/replies/a.yaml\nreplies:\n"
    text += "  - {id: x, author: Ann, url: 'https://a.example/', status: show}\n"
    text += "  - {id: x, author: Bo, url: 'javascript:x', text: \"a\\u202Eb\"}\n"
    text += "=== content/replies/b.yaml\nreplies: []\n=== content/replies/notes.txt\nx\n"
    found = [
        (p.path.rpartition("/")[2], p.code)
        for p in problems(write_site(tmp_path, text))
        if "replies" in p.path
    ]
    assert sorted(found) == [
        ("a.yaml", "control-character"), ("a.yaml", "duplicate-id"), ("a.yaml", "invalid-choice"),
        ("a.yaml", "invalid-url"), ("b.yaml", "stray-file"), ("notes.txt", "stray-file"),
    ]  # fmt: skip


def test_a_draft_shows_no_reactions(tmp_path: Path) -> None:
    text = brief("a", status="draft") + "=== content/replies/a.yaml\nreplies:\n"
    text += "  - {id: x, author: Zebulon, url: 'https://a.example/', status: shown,"
    text += " text: Hidden words}\n"
    site = write_site(tmp_path, text + brief("b"))
    build_site(site)
    every = b"".join(p.read_bytes() for p in (site / "output").rglob("*") if p.is_file())
    assert b"Zebulon" not in every and b"Hidden words" not in every
    edit(site / "content/briefs/a.md", "status: draft", "status: published")
    build_site(site)
    assert "Zebulon" in read(site, "briefs/a/index.html")


def test_the_endpoint_is_in_heads(tmp_path: Path) -> None:
    text = SETTINGS + "replies: {endpoint: https://mentions.example/webmention}\n" + brief("a")
    build_site(write_site(tmp_path, text))
    assert '<link rel="webmention" href="https://mentions.example/webmention">' in read(
        tmp_path, "index.html"
    )


def test_long_lines_end_at_a_word() -> None:
    assert one_line("word " * 500, 12) == "word word…"


def test_the_command_names_briefs_that_there_are_not(tmp_path: Path) -> None:
    site = write_site(tmp_path, brief("a") + brief("later", date="2190-01-01"))
    for slug in ("b", "later"):
        result = CliRunner().invoke(replies, [slug], obj=site)
        assert (
            result.exit_code == 2 and f"no published brief has the slug `{slug}`" in result.output
        )
    result = CliRunner().invoke(replies, [], obj=site)
    assert result.exit_code == 0 and "0 reactions added" in result.output
