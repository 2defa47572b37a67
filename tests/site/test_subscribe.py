"""The form with which readers subscribe by e-mail, and what the content policy lets it do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.sites import brief, build_site, read, write_site

UUID = "1f2e3d4c-0000-4000-8000-000000000000"
SITE = """\
=== site.yaml
title: Test
base_url: https://test.example
language: en-GB
hosting: netlify
SUBSCRIBE
"""


def with_form(folder: Path, subscribe: str) -> Path:
    line = f"subscribe: {subscribe}" if subscribe else ""
    write_site(folder, SITE.replace("SUBSCRIBE", line) + brief("a") + brief("b"))
    build_site(folder)
    return folder


def policy(site: Path) -> str:
    return next(line for line in read(site, "_headers").splitlines() if "form-action" in line)


@pytest.mark.parametrize(
    ("subscribe", "action", "fields", "origin"),
    [
        (
            "{sender: buttondown, name: the-test}",
            "https://buttondown.com/api/emails/embed-subscribe/the-test",
            {"embed": "1"},
            "https://buttondown.com",
        ),
        (
            f'{{sender: listmonk, url: "https://lists.test.example:8443/", list: {UUID}}}',
            "https://lists.test.example:8443/subscription/form",
            {"nonce": "", "l": UUID},
            "https://lists.test.example:8443",
        ),
        (
            '{sender: form, url: "https://mail.test.example/add?u=1", field: EMAIL,'
            " hidden: [{name: list, value: 7}]}",
            "https://mail.test.example/add?u=1",
            {"list": "7"},
            "https://mail.test.example",
        ),
    ],
)
def test_a_form_is_sent_to_its_service_alone(
    tmp_path: Path, subscribe: str, action: str, fields: dict[str, str], origin: str
) -> None:
    """One plain form on the front page, on a brief and on a list."""
    site = with_form(tmp_path, subscribe)
    assert f"form-action 'self' {origin};" in policy(site), "of the site itself: the search"
    for page in ("index.html", "briefs/a/index.html", "feeds/index.html"):
        text = read(site, page)
        (form,) = re.findall(r'<form action="https:.*?</form>', text, re.S)
        assert f'<form action="{action}" method="post">' in form
        hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)
        assert dict(hidden) == fields
        name = "EMAIL" if "EMAIL" in subscribe else "email"
        assert f'<input type="email" dir="ltr" id="by-mail-address" name="{name}" required' in form
        assert '<label for="by-mail-address">' in form
        assert 'aria-describedby="by-mail-note"' in form and 'id="by-mail-note"' in form
        ids = re.findall(r'\bid="([^"]*)"', text)
        assert len(ids) == len(set(ids))


def test_a_service_whose_form_needs_a_script_gets_a_link(tmp_path: Path) -> None:
    site = with_form(tmp_path, '{sender: ghost, url: "https://news.test.example"}')
    text = read(site, "briefs/a/index.html")
    assert '<a href="https://news.test.example/#/portal/signup">Subscribe</a>' in text
    assert 'method="post"' not in text and "form-action 'self';" in policy(site)


def test_words_of_the_form(tmp_path: Path) -> None:
    """What readers get is typeset and escaped; single opt-in promises no confirmation."""
    given = """{sender: buttondown, name: t, text: "A <b>week's</b> news", opt_in: single}"""
    text = read(with_form(tmp_path, given), "index.html")
    assert "A &lt;b&gt;week’s&lt;/b&gt; news" in text
    assert "by-mail-note" not in text


def test_without_a_form_nothing_is_sent(tmp_path: Path) -> None:
    site = with_form(tmp_path, "")
    assert 'class="subscribe"' not in read(site, "index.html")
    assert "form-action 'self';" in policy(site)
