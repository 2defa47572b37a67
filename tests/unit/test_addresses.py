"""Addresses of links: what is wrong with them, and whether the hint is one that works."""

from __future__ import annotations

import re
from itertools import product

import pytest

from builder.content.addresses import misread_address
from builder.content.feedback_fields import read_feedback
from builder.content.mail_fields import in_ascii, mail_address
from builder.content.mailboxes import read_mailbox
from builder.diagnostics.misread import Misread

SCHEMES = ("", "/", "//", "///", "https:", "https:/", "https//", "http:/", "htp:", "hhttps://")
SCHEMES += ("httpss://", "mailto:", "malito:", "www.", "C:\\", "file://", "ftp://", "javascript:")
SCHEMES += ("localhost:", "media/", "tel:", "data:", "slack://")
RESTS = (
    "",
    "/",
    "reuters.com",
    "reuters.com/a b",
    "reuters.com:80/x",
    "desk@test.example",
    "8000",
    "x",
)


@pytest.mark.parametrize(("scheme", "rest"), [*product(SCHEMES, RESTS)])
def test_what_a_hint_says_to_write_is_an_address(scheme: str, rest: str) -> None:
    wrong = misread_address(scheme + rest)
    if wrong and (said := re.search(r"write `(.*)`", wrong.hint)) and "name.pdf" not in said[1]:
        assert misread_address(said[1]) is None


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/about/#x",
        "https://e.example",
        "HTTP://e.example/a?b",
        "mailto:a@e.example",
        "tel:+31",
    ],
)
def test_an_address_that_is_right(address: str) -> None:
    assert misread_address(address) is None


@pytest.mark.parametrize(
    "address",
    ["javascript:x", "DATA:text/html,x", "vbscript:x", "file:///x", "about:blank", "ftp:x"],
)
def test_an_address_that_is_not_safe(address: str) -> None:
    wrong = misread_address(address)
    assert wrong and wrong.code == "unsafe-link"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ann@news.example", "ann@news.example"),
        ("ann+errors@news.example", "ann+errors@news.example"),
        ("ann@köln.example", "ann@xn--kln-sna.example"),
        ("ann@news", "ann@news"),
        ("jörg@news.example", "jörg@news.example"),
        ("ann@@news.example", None),
        (".ann@news.example", None),
        ("ann..b@news.example", None),
        ("ann.@news.example", None),
        ("ann@-news.example", None),
        ("ann@news..example", None),
        ("ann b@news.example", None),
        ("ann@news.example, bo@news.example", None),
        ("ann@ö..example", None),
        ("ann", None),
        (f"{'a' * 65}@news.example", None),
    ],
)
def test_one_reader_of_mailboxes(text: str, found: str | None) -> None:
    """`feedback` and `mail` agree; only services do not take a mailbox beyond ASCII."""
    assert read_mailbox(text) == found
    sender = mail_address(text)
    assert (sender.bare if sender else None) == (found if found and found.isascii() else None)
    named = mail_address(f"The desk <{text}>")
    assert (named.bare if named else None) == (sender.bare if sender else None)
    if found and "." in found.partition("@")[2]:
        assert read_feedback(text) == found
    elif "@" in text:
        with pytest.raises(Misread):
            read_feedback(text)


def test_a_sender_has_its_host_in_ascii() -> None:
    assert in_ascii("Ann <ann@köln.example>") == "Ann <ann@xn--kln-sna.example>"
    assert in_ascii("ann@köln.example") == "ann@xn--kln-sna.example"
    assert in_ascii("Ann <ann@news.example>") == "Ann <ann@news.example>"
