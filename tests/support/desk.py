"""A client of the desk: sends forms as a browser does."""

from __future__ import annotations

import http.client
import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import urlencode

from support.previews import Preview
from support.tools import PATIENCE

FORM_TYPE = "application/x-www-form-urlencoded"


class Answer:
    """A response, with its text."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers = response.status, response.headers
        self.text = response.read().decode("utf-8")


def ask(
    preview: Preview,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", preview.serving.port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, {**(headers or {})})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def own(preview: Preview) -> dict[str, str]:
    """The headers with which a browser sends a form of the desk."""
    host = f"localhost:{preview.serving.port}"
    return {
        "Host": host,
        "Origin": f"http://{host}",
        "Sec-Fetch-Site": "same-origin",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
        "Content-Type": FORM_TYPE,
    }


def token_of(preview: Preview) -> str:
    found = re.search(r'name="token" value="([^"]+)"', ask(preview, "GET", "/_desk/new/").text)
    assert found
    return found[1]


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the first form of a page that posts."""
    form = page[page.index('method="post"') :].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    return {name: unescape(value) for name, value in found}


def send(preview: Preview, page: str, fields: Mapping[str, str]) -> Answer:
    """Send the first form of a page with what is typed into it."""
    address = re.search(r'method="post" action="([^"]+)"', page)
    assert address, page
    body = urlencode({**hidden(page), **fields}).encode()
    return ask(preview, "POST", address[1], body, own(preview))
