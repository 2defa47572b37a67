"""What other sites know about reactions: webmentions as JF2, Mastodon, Bluesky.

Each is read by its public interface; values of another type than documented are passed over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from builder.content.urls import has_host, split_address
from builder.errors import SluglineError
from builder.fetch.client import Client
from builder.fetch.problem import FetchError
from builder.model.replies import ReactionKind
from builder.replies.plain import MOST_NAME, from_html, one_line

BLUESKY = "https://public.api.bsky.app"
_PAGE, _MOST_PAGES = 100, 20  # webmentions in a response, responses
_MOST_REACTIONS = 500  # to a brief from one place
_MOST_ADDRESS = 500  # characters
_JSON = {"Accept": "application/json"}
_KINDS: Mapping[str, ReactionKind] = {
    "in-reply-to": "reply", "mention-of": "mention", "bookmark-of": "mention",
}  # fmt: skip


class SourceError(SluglineError):
    """A place that cannot be asked; the message names it and says why."""


class Found(NamedTuple):
    """A reaction as another site tells of it."""

    id: str
    kind: ReactionKind
    author: str
    url: str
    at: str  # UTC, as front matter writes it; may be empty
    text: str


class PlaceReactions(NamedTuple):
    """All that one place says about a brief."""

    of: str  # the address of the post, or `webmentions`
    found: tuple[Found, ...]
    likes: int
    reposts: int


# --- webmentions ---------------------------------------------------------------------------------


def webmentions(client: Client, address: str, domain: str, token: str) -> list[dict[str, Any]]:
    """Return all received webmentions of a site, the oldest first (webmention.io, JF2)."""
    found: list[dict[str, Any]] = []
    for page in range(_MOST_PAGES):
        asked = {"domain": domain, "per-page": _PAGE, "page": page, "sort-dir": "up"}
        query = urlencode({**asked, **({"token": token} if token else {})})
        asking = f"{address}{'&' if '?' in address else '?'}{query}"
        try:
            data = _json(client, asking, "webmentions")
        except SourceError as error:  # never print the token
            raise SourceError(str(error).replace(token or "\0", "…")) from None
        children = [c for c in _list(data, "children") if isinstance(c, dict)]
        found += children
        if len(_list(data, "children")) < _PAGE:
            return found
    return found


def webmentions_of(entries: list[dict[str, Any]], targets: set[str]) -> PlaceReactions:
    """Return the webmentions of a brief by its addresses."""
    likes = reposts = 0
    found = []
    for entry in entries:
        if _bare(_text(entry, "wm-target")) not in targets or entry.get("wm-private") is True:
            continue
        kind = _text(entry, "wm-property")
        likes += kind == "like-of"
        reposts += kind == "repost-of"
        address = _address(_text(entry, "url")) or _address(_text(entry, "wm-source"))
        if kind not in _KINDS or not address:
            continue
        author, content = _dict(entry, "author"), _dict(entry, "content")
        text = _text(content, "text")
        identity = entry.get("wm-id")
        found.append(
            Found(
                f"wm-{identity}" if isinstance(identity, int) else f"wm-{_digest(address)}",
                _KINDS[kind],
                one_line(_text(author, "name"), MOST_NAME) or _host(address),
                address,
                _moment(_text(entry, "published") or _text(entry, "wm-received")),
                one_line(text) if text else from_html(_text(content, "html")),
            )
        )
    return PlaceReactions("webmentions", tuple(found[:_MOST_REACTIONS]), likes, reposts)


# --- Mastodon ------------------------------------------------------------------------------------

_STATUS = re.compile(r"(https?://[^/]+)/@[^/]+/(\d{6,})/?$")


def mastodon(client: Client, address: str) -> PlaceReactions | None:
    """Return the replies to a post; None for another address."""
    matched = _STATUS.match(address)
    if not matched:
        return None
    api = f"{matched[1]}/api/v1/statuses/{matched[2]}"
    post, context = _json(client, api, address), _json(client, f"{api}/context", address)
    found = []
    for status in _list(context, "descendants")[:_MOST_REACTIONS]:
        if not isinstance(status, dict) or status.get("visibility") not in ("public", "unlisted"):
            continue
        account, url = _dict(status, "account"), _address(_text(status, "url"))
        if not url:
            continue
        name = _text(account, "display_name") or _text(account, "acct")
        name = one_line(name, MOST_NAME) or _host(url)
        text = from_html(f"{_text(status, 'spoiler_text')} {_text(status, 'content')}")
        identity = f"m-{_digest(_text(status, 'uri') or url)}"
        at = _moment(_text(status, "created_at"))
        found.append(Found(identity, "reply", name, url, at, text))
    likes, reposts = _count(post, "favourites_count"), _count(post, "reblogs_count")
    return PlaceReactions(address, tuple(found), likes, reposts)


# --- Bluesky -------------------------------------------------------------------------------------

_POST = re.compile(r"https://bsky\.app/profile/([\w.:-]+)/post/(\w+)/?$")


def bluesky(client: Client, address: str, service: str = BLUESKY) -> PlaceReactions | None:
    """Return the replies to a post; None for another address."""
    matched = _POST.match(address)
    if not matched:
        return None
    uri = f"at://{matched[1]}/app.bsky.feed.post/{matched[2]}"
    query = urlencode({"uri": uri, "depth": 6, "parentHeight": 0}, quote_via=quote)
    data = _json(client, f"{service}/xrpc/app.bsky.feed.getPostThread?{query}", address)
    thread = _dict(data, "thread")
    found = [*_answers(thread)][:_MOST_REACTIONS]
    post = _dict(thread, "post")
    return PlaceReactions(
        address, tuple(found), _count(post, "likeCount"), _count(post, "repostCount")
    )


def _answers(thread: Mapping[str, Any]) -> Iterator[Found]:
    """Yield the replies below a post, without recursion."""
    waiting = _list(thread, "replies")[::-1]
    while waiting:
        reply = waiting.pop()
        if not isinstance(reply, dict):
            continue
        waiting += _list(reply, "replies")[::-1]
        post = _dict(reply, "post")
        author, record, uri = _dict(post, "author"), _dict(post, "record"), _text(post, "uri")
        handle, key = _text(author, "handle"), uri.rpartition("/")[2]
        if not (re.fullmatch(r"[\w.:-]{1,250}", handle) and re.fullmatch(r"\w{1,60}", key)):
            continue
        yield Found(
            f"b-{_digest(uri)}",
            "reply",
            one_line(_text(author, "displayName"), MOST_NAME) or handle,
            f"https://bsky.app/profile/{handle}/post/{key}",
            _moment(_text(record, "createdAt")),
            one_line(_text(record, "text")),
        )


# --- values --------------------------------------------------------------------------------------


def _json(client: Client, address: str, name: str) -> Mapping[str, Any]:
    """Return a JSON object; raise SourceError with the name of the place."""
    try:
        page = client.get(address, _JSON)
    except FetchError as error:
        raise SourceError(f"{name}: {error}") from None
    if page.status != 200:
        raise SourceError(f"{name}: the server answers with {page.status}")
    try:
        data = json.loads(page.body)
    except (ValueError, RecursionError):
        raise SourceError(f"{name}: the answer is not JSON") from None
    if not isinstance(data, dict):
        raise SourceError(f"{name}: the answer is not what its documentation describes")
    return data


def _text(of: Mapping[str, Any], key: str) -> str:
    value = of.get(key)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _dict(of: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = of.get(key)
    return value if isinstance(value, dict) else {}


def _list(of: Mapping[str, Any], key: str) -> list[Any]:
    value = of.get(key)
    return value if isinstance(value, list) else []


def _count(of: Mapping[str, Any], key: str) -> int:
    value = of.get(key)
    return value if isinstance(value, int) and 0 < value < 1_000_000 else 0


def _address(text: str) -> str:
    """Return a web address that a page may link to, or nothing."""
    plain = text.strip()
    parts = split_address(plain)
    good = parts and parts.scheme in ("http", "https") and has_host(plain) and not parts.password
    usual = len(plain) <= _MOST_ADDRESS and not re.search(r"[\s<>\"{}|\\^`\x00-\x1f\x7f]", plain)
    return plain if good and usual and plain.isprintable() else ""


def _host(address: str) -> str:
    parts = split_address(address)
    return (parts.hostname or "") if parts else ""


def _bare(address: str) -> str:
    """Return an address to compare: without fragment, query and protocol."""
    return re.sub(r"^https?://", "", re.split(r"[?#]", address, maxsplit=1)[0]).rstrip("/")


def _moment(text: str) -> str:
    """Return a moment in UTC as front matter writes it, or nothing."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return ""
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    try:
        at = at.astimezone(UTC)
    except OverflowError:
        return ""
    return f"{at:%Y-%m-%d %H:%M} +00:00" if 1990 <= at.year <= 2200 else ""


def _digest(text: str) -> str:
    import hashlib

    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
