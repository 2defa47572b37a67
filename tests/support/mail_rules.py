"""Rules of HTML in e-mails: what programs from Outlook to Gmail show, and readers can hear."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# Elements that act or load, and properties that few programs know.
ACTS = {
    "script", "iframe", "object", "embed", "form", "input", "button", "select", "video", "audio",
    "svg", "link", "base", "picture", "source",
}  # fmt: skip
RISKY = re.compile(
    r"(?:^|;)\s*(position|float|transform|display\s*:\s*(?:flex|grid)|background-image)\b"
    r"|var\(|url\(|calc\(",
    re.IGNORECASE,
)
WIDEST = 600  # pixels


class _Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.seen: set[str] = set()
        self.in_title = False
        self.title = ""
        self.tables: list[bool] = []  # whether each open one is for layout

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.seen.add(tag)
        self.in_title = tag == "title"
        if tag in ACTS:
            self.faults.append(f"<{tag}> acts or loads something")
        if any(name.startswith("on") for name in given):
            self.faults.append(f"<{tag}> has a handler")
        if tag == "html" and not (given.get("lang") and given.get("dir") in ("ltr", "rtl")):
            self.faults.append("<html> has no lang or no dir")
        if tag == "meta" and given.get("name"):
            self.seen.add(given["name"])
        if tag == "table":
            self.tables.append(given.get("role") == "presentation")
        if tag == "tr" and self.tables and not self.tables[-1]:
            self.seen.add("data row")
        if tag == "th" and self.tables and self.tables[-1]:
            self.faults.append("<th> in a table for layout")
        if tag == "img":
            self._image(given)
        if tag == "a" and not re.match(r"(https?://|mailto:)", given.get("href", "")):
            self.faults.append(f"a link leads to `{given.get('href')}`")
        if found := RISKY.search(given.get("style", "")):
            self.faults.append(f"<{tag}> has the style `{found[0].strip('; ')}`")

    def _image(self, given: dict[str, str]) -> None:
        if "alt" not in given:
            self.faults.append(f"{given.get('src')} has no alternative text")
        if not given.get("width", "").isdigit() or int(given["width"]) > WIDEST:
            self.faults.append(f"{given.get('src')} has the width `{given.get('width')}`")
        if not re.match(r"https?://\S+\.(png|jpe?g|gif|webp)$", given.get("src", "")):
            self.faults.append(f"a picture is at `{given.get('src')}`")

    def handle_endtag(self, tag: str) -> None:
        self.in_title = False
        if tag == "table" and self.tables:
            self.tables.pop()

    def handle_data(self, data: str) -> None:
        self.title += data if self.in_title else ""


def faults(html: str) -> list[str]:
    """What is wrong with the HTML of a message."""
    checker = _Checker()
    checker.feed(html)
    found = checker.faults
    if not checker.title.strip():
        found.append("there is no title")
    found += [f"no <meta name={n}>" for n in ("viewport", "color-scheme") if n not in checker.seen]
    if "@media (prefers-color-scheme: dark)" not in html:
        found.append("there are no rules for dark mode")
    if not html[:1000].count('charset="utf-8"'):
        found.append("the encoding is not declared at the beginning")
    if len(html.encode()) > 100 * 1024:
        found.append("Gmail cuts it off")
    return found
