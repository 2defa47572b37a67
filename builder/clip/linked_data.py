"""JSON-LD of a page -> the article that it describes (schema.org/NewsArticle)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

_ARTICLE = re.compile(r"Article$|^BlogPosting$|^LiveBlogPosting$|^Report$")
_LONGEST = 2000  # characters of a value
_MOST = 2000  # nodes
_WRAPPING = re.compile(r"\A\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|(?://\s*)?\]\]>)\s*\Z")
_DEEP = 40


class LinkedArticle(Struct, frozen=True, kw_only=True):
    """What JSON-LD says of an article; a value that it does not have is empty."""

    headline: str = ""
    published: str = ""
    modified: str = ""
    url: str = ""
    lang: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    owners: tuple[str, ...] = ()  # of the text: an agency
    based_on: tuple[str, ...] = ()  # names and addresses of reports
    translation_of: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    is_free: bool = True


def read_linked_data(scripts: Iterable[str]) -> tuple[LinkedArticle | None, bool]:
    """Return the article that JSON-LD describes, and whether any was broken."""
    nodes: list[dict[str, Any]] = []
    broken = False
    for script in scripts:
        value, is_broken = _parse(script)
        broken = broken or is_broken
        nodes += [node for node in _nodes(value) if _is_article(node)]
    if not nodes:
        return None, broken
    articles = [_article(node) for node in nodes[:50]]
    return max(articles, key=lambda one: (bool(one.published), bool(one.headline))), broken


def _parse(script: str) -> tuple[Any, bool]:
    """Return the value of a script, if need be mended, and whether it was broken."""
    text = _WRAPPING.sub("", script).strip().rstrip(";")
    for mended in (text, re.sub(r",(\s*[}\]])", r"\1", text)):
        try:
            value = json.loads(mended, strict=False)
        except (ValueError, RecursionError):
            continue
        return value, mended is not text
    return _salvaged(text), True


_PAIR = re.compile(
    r'"(@type|headline|datePublished|dateModified|inLanguage|url)"\s*:\s*"((?:[^"\\\n]|\\.){0,1000})"'
)


def _salvaged(text: str) -> dict[str, Any]:
    """Return the plain values of JSON that cannot be parsed."""
    found: dict[str, Any] = {}
    for key, value in _PAIR.findall(text[:200_000]):
        if key == "@type" and not _ARTICLE.search(value):
            continue
        try:
            found.setdefault(key, json.loads(f'"{value}"', strict=False))
        except ValueError:
            continue
    return found


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a value, those in `@graph` and in arrays included."""
    waiting, count = [(value, 0)], 0
    while waiting and count < _MOST:
        one, depth = waiting.pop(0)
        count += 1
        if depth > _DEEP:
            continue
        if isinstance(one, list):
            waiting += [(item, depth + 1) for item in one[:_MOST]]
        elif isinstance(one, dict):
            yield one
            waiting += [(one[key], depth + 1) for key in ("@graph", "mainEntity") if key in one]


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(kind, str) and _ARTICLE.search(kind.rpartition("/")[2])
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _article(node: dict[str, Any]) -> LinkedArticle:
    keywords = _list(node, "keywords")
    return LinkedArticle(
        headline=_text(node, "headline") or _text(node, "name"),
        published=_text(node, "datePublished"),
        modified=_text(node, "dateModified"),
        url=_text(node, "url") or _text(node, "mainEntityOfPage"),
        lang=_text(node, "inLanguage"),
        authors=_list(node, "author"),
        publisher=_text(node, "publisher"),
        owners=(*_list(node, "sourceOrganization"), *_list(node, "provider"),
                *_list(node, "copyrightHolder"), *_list(node, "creditText")),
        based_on=(*_list(node, "isBasedOn"), *_list(node, "isBasedOnUrl")),
        translation_of=_list(node, "translationOfWork"),
        keywords=tuple(word.strip() for one in keywords for word in one.split(",") if word.strip()),
        is_free=str(node.get("isAccessibleForFree", True)).casefold() not in ("false", "no"),
    )  # fmt: skip


def _list(node: dict[str, Any], key: str) -> tuple[str, ...]:
    value = node.get(key)
    values = value if isinstance(value, list) else [value]
    return tuple(text for one in values[:20] if (text := _said(one)))


def _text(node: dict[str, Any], key: str) -> str:
    return next(iter(_list(node, key)), "")


def _said(value: Any) -> str:
    """Return what a value says: its text, or the name or the address of an object."""
    if isinstance(value, dict):
        found = [value.get(key) for key in ("name", "url", "@id", "@value", "alternateName")]
        found = [one[0] if isinstance(one, list) and one else one for one in found]
        value = next((one for one in found if isinstance(one, str) and one), "")
    return value[:_LONGEST].strip() if isinstance(value, str) else ""
