"""What the addresses on a built site lead to."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from support.pages import pages_of


class Target:
    """A built site below its base URL: what an address in it leads to."""

    def __init__(self, root: Path, base_url: str) -> None:
        self.root = root
        self.base_url = base_url
        self.pages = pages_of(root)

    def fault_of(self, url: str) -> str | None:
        """What is wrong with an absolute address, in words; None when nothing is."""
        parts = urlsplit(url)
        if parts.scheme in {"mailto", "tel"}:
            return None if parts.path else "names nobody"
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            return "is not a web address"
        if re.search(r"\s", url):
            return "has a blank in it"
        base = urlsplit(self.base_url)
        if parts.netloc != base.netloc:
            return None
        if parts.scheme != base.scheme or not parts.path.startswith(base.path):
            return f"is on the site's host, but not below {self.base_url}"
        return self._fault_inside(unquote(parts.path[len(base.path) :]), unquote(parts.fragment))

    def _fault_inside(self, path: str, fragment: str) -> str | None:
        address = path.removesuffix("index.html") if path.split("/")[-1] == "index.html" else path
        if address in self.pages:
            if fragment and fragment not in self.pages[address].ids:
                return "leads to a page that has no such anchor"
            return None
        if (self.root / path).is_dir():
            return "leads to a folder without a page, or lacks the slash at its end"
        return None if (self.root / path).is_file() else "leads to nothing"


def places_of(address: str, base_url: str) -> list[str]:
    """Where a page is shown: at its own address, but the page for mistakes anywhere."""
    if address == "404.html":
        return [base_url + "no-such-page", base_url + "no/such/folder/"]
    return [base_url + address]
