"""What an answer means: whether a report is there, moved, gone, closed, or cannot be judged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from builder.content.urls import normal_address, split_address
from builder.evidence.page_text import PageText, page_text
from builder.evidence.words import fold, has_words
from builder.fetch.client import FetchedPage
from builder.fetch.problem import FetchError

Outcome = Literal[
    "there",  # the page is there
    "moved",  # … at another address, permanently
    "gone",  # the server says that it does not exist
    "front-page",  # it redirects to a front page
    "no-host",  # its host does not exist
    "closed",  # it is refused, or behind a paywall
    "unavailable",  # no usable answer this time
]
LOST = ("gone", "front-page", "no-host")  # readers do not get the report
THERE = ("there", "moved")  # readers get a page, perhaps with other words
_GONE, _CLOSED = (404, 410), (401, 402, 403, 407, 451)
# Front pages: /, /en/, /index.html, /de/home.
_FRONT = re.compile(r"/?(?:[a-z]{2}(?:-[a-z]{2})?/?)?(?:home/?|index\.\w+)?", re.IGNORECASE)
_TEXTUAL = ("", "text/html", "application/xhtml+xml", "text/plain")
_FEWEST = 400  # letters of a page that shows an article


class PageVerdict(NamedTuple):
    """What an answer means for the records that cite a page."""

    outcome: Outcome
    note: str = ""  # in words, for a report
    target: str = ""  # the address to which it leads, if that is another
    found: tuple[str, ...] = ()  # words that it has
    missing: tuple[str, ...] = ()  # words that it does not have; empty if they cannot be checked
    unchecked: str = ""  # why words were not checked


def judge_error(error: FetchError) -> PageVerdict:
    """Return what it means that there is no answer."""
    if error.problem == "dns":
        return PageVerdict("no-host", str(error))
    if error.problem == "robots":
        return PageVerdict("closed", str(error))
    return PageVerdict("unavailable", str(error))


def judge_page(address: str, page: FetchedPage, words: Iterable[str] = ()) -> PageVerdict:
    """Return what an answer means; `words` should be on the page."""
    if page.status in _GONE:
        return PageVerdict("gone", f"status {page.status}")
    if page.status in _CLOSED:
        return PageVerdict("closed", f"status {page.status}")
    if page.status != 200:
        return PageVerdict("unavailable", f"status {page.status}")
    target = page.address if normal_address(page.address) != normal_address(address) else ""
    if target and _is_front_page(target) and not _is_front_page(address):
        return PageVerdict("front-page", f"it redirects to {target}", target)
    outcome: Outcome = "moved" if target and page.moved else "there"
    note = "a redirect leads from https to http" if page.downgraded else ""
    return check_words(PageVerdict(outcome, note, target), page, words)


def check_words(verdict: PageVerdict, page: FetchedPage, words: Iterable[str]) -> PageVerdict:
    """Return a verdict with the words that a page has, and lacks."""
    words = tuple(words)
    if not words:
        return verdict
    if page.media_type not in _TEXTUAL:
        return verdict._replace(unchecked=f"words are not checked in {page.media_type}")
    text = page_text(page.text)
    shown = fold(text.shown)
    found = tuple(w for w in words if has_words(shown, w))
    if len(found) < len(words):
        data = fold(text.data)
        found = tuple(w for w in words if w in found or has_words(data, w))
    missing = tuple(w for w in words if w not in found)
    if missing and (why := _illegible(text, shown)):
        outcome: Outcome = "closed" if not text.free else verdict.outcome
        return verdict._replace(outcome=outcome, found=found, unchecked=why)
    return verdict._replace(found=found, missing=missing)


def shows_article(page: FetchedPage) -> bool:
    """Return whether a page has the text of an article."""
    if page.media_type not in _TEXTUAL:
        return bool(page.body)
    return len(fold(page_text(page.text).shown)) >= _FEWEST


def _illegible(text: PageText, shown: str) -> str:
    """Return why a page cannot be judged by what it shows, or nothing."""
    if not text.free:
        return "the page declares a paywall"
    if len(shown) < _FEWEST:
        return "the page shows no article without scripts"
    return ""


def _is_front_page(address: str) -> bool:
    parts = split_address(address)
    return parts is not None and not parts.query and _FRONT.fullmatch(parts.path) is not None
