"""Finds the footnotes of an HTML text, whichever program made them.

A footnote is a link to an element of the text that has a link back to it: so write kramdown,
Goldmark, Python-Markdown, markdown-it, WordPress (block `core/footnotes`) and Substack."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

# Private characters stand for the mark of a footnote, and are replaced last.
OPEN, CLOSE = "\ue001", "\ue002"
_CONTAINERS = ("li", "div", "p", "dd", "section", "aside")


class FoundNote(NamedTuple):
    """A footnote: its number in the text, and the element that has its words."""

    number: int
    element: Tag


def take_footnotes(soup: BeautifulSoup) -> list[FoundNote]:
    """Replace references by marks, and take the notes out of the text."""
    targets = {str(tag["id"]): tag for tag in soup.find_all(id=True)}
    if not targets:
        return []
    numbers: dict[str, int] = {}
    notes: dict[str, Tag] = {}
    for link in soup.find_all("a", href=re.compile("^#.")):
        name = str(link["href"])[1:]
        target = targets.get(name)
        if target is None or link.parent is None:
            continue
        note = notes.get(name) or _note(target)
        if note is None or link in note.descendants:
            continue
        mine = {str(tag["id"]) for tag in (link, *link.parents) if tag.get("id")}
        back = {str(a["href"])[1:] for a in note.find_all("a", href=True)}
        if not mine & back and not (name in notes and re.fullmatch(r"\W*\d+\W*", link.get_text())):
            continue
        notes[name] = note
        number = numbers.setdefault(name, len(numbers) + 1)
        outer = (
            link.parent if link.parent.name == "sup" and len(link.parent.contents) == 1 else link
        )
        outer.replace_with(f"{OPEN}{number}{CLOSE}")
    found = [FoundNote(number, _taken(notes[name], name)) for name, number in numbers.items()]
    _remove_remains(soup)
    return found


def _note(target: Tag) -> Tag | None:
    """Return the element of a note: the target, or what holds it."""
    if target.name in _CONTAINERS:
        return target
    for parent in target.parents:
        if parent.name in _CONTAINERS and parent.get_text(strip=True):
            return parent
    return None


_BACK = re.compile(r"[\s\[\]()]*(?:[↩⤴↑^]\ufe0e?|\d+|back|return)?[\s\[\]().]*", re.I)


def _taken(note: Tag, name: str) -> Tag:
    note.extract()
    for link in note.find_all("a", href=re.compile("^#")):
        if _BACK.fullmatch(link.get_text()):
            outer = link.parent if link.parent and link.parent.name == "sup" else link
            outer.decompose()
    return note


def _remove_remains(soup: BeautifulSoup) -> None:
    """Remove what held the notes: empty lists, their heading and their rule."""
    for holder in soup.find_all(["ol", "ul", "div", "section", "aside"]):
        if holder.decomposed:
            continue
        classes = " ".join(holder.get("class") or [])
        if "footnote" not in classes and holder.name not in ("ol", "ul"):
            continue
        words = holder.get_text(strip=True)
        if not words or re.fullmatch(r"(foot|end)?notes?:?", words, re.I):
            holder.decompose()
