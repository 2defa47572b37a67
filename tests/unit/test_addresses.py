"""Addresses of links: what is wrong with them, and whether the hint is one that works."""

from __future__ import annotations

import re
from itertools import product

import pytest

from builder.content.addresses import misread_address

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
