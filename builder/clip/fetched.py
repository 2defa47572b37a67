"""Fetches a page that an editor names."""

from __future__ import annotations

from builder.clip.clipping import SavedPage
from builder.clip.decode import MAX_PAGE, ClipError
from builder.fetch.client import Client, user_agent
from builder.fetch.exchange import FetchLimits, Wire
from builder.fetch.problem import FetchError

_REFUSED = (401, 402, 403, 405, 406, 407, 410, 418, 429, 451, 503)
_BROWSER = (
    "open it in your browser, and save it as HTML, or use the bookmarklet of the desk"
    " (`slugline serve`)"
)
_HTML = ("text/html", "application/xhtml+xml", "")
_WIRE = Wire()


def fetch_page(address: str, contact: str, wire: Wire = _WIRE) -> SavedPage:
    """Return the page of an address.

    `contact` is where the site finds out who asks. Raises ClipError if there is no such page."""
    client = Client(user_agent(contact), limits=FetchLimits(bytes=MAX_PAGE), wire=wire)
    try:
        page = client.get(address)
    except FetchError as error:
        more = f"; {_BROWSER}" if error.problem in ("busy", "tls", "size", "redirects") else ""
        raise ClipError(f"{error}{more}") from None
    if page.status in (404, 410):
        raise ClipError(f"{page.address} does not exist ({page.status})")
    if page.status in _REFUSED:
        raise ClipError(f"the site refuses programs ({page.status}): {_BROWSER}")
    if page.status != 200:
        raise ClipError(f"the site answers with an error ({page.status}); try again later")
    if page.media_type not in _HTML:
        raise ClipError(f"the address leads to {page.media_type}, not to HTML")
    charset = page.headers.get("content-type", "").lower().partition("charset=")[2]
    return SavedPage(page.body, charset.strip(" \"'").partition(";")[0], page.address)
