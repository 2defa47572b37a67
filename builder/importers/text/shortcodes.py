"""Turns the shortcodes of Hugo and Zola into Markdown and HTML, or into the text inside them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping

from builder.importers.notes import ImportNotes
from builder.importers.text.code_pieces import CodePieces
from builder.importers.text.html_markdown import fenced

_HUGO = re.compile(
    r"\{\{([<%])\s*(/?)\s*([\w/.-]+)((?:[^\"`>%}]|\"(?:[^\"\\]|\\.)*\"|`[^`]*`)*?)(/?)\s*[>%]\}\}"
)
_HUGO_SHOWN = re.compile(r"\{\{([<%])/\*([\s\S]*?)\*/([>%])\}\}")
_HIGHLIGHT = re.compile(
    r"\{\{[<%]\s*highlight\s+\"?([\w+#.-]+)\"?[^}]*?[>%]\}\}\n?([\s\S]*?)\n?\{\{[<%]\s*/\s*highlight\s*[>%]\}\}"
)
_ZOLA = re.compile(
    r"\{\{\s*([\w:]+)\(([^{}]*)\)\s*\}\}|\{%\s*([\w:]+)\(([^{}]*)\)\s*%\}|\{%\s*end\s*%\}"
)
_ZOLA_SHOWN = re.compile(r"\{\{/\*([\s\S]*?)\*/\}\}|\{%/\*([\s\S]*?)\*/%\}")
_ARGUMENT = re.compile(
    r"(?:([\w-]+)\s*=\s*)?(?:\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|`([^`]*)`|([^\s\"'`,]+))"
)

Arguments = Mapping[str, str]  # by name, or by position: "0", "1"


def arguments(text: str) -> dict[str, str]:
    """Return the arguments of a shortcode, by name or position."""
    found: dict[str, str] = {}
    for match in _ARGUMENT.finditer(text):
        value = match[2] if match[2] is not None else match[3] or match[4] or match[5] or ""
        found[match[1] or str(len(found))] = value.replace('\\"', '"')
    return found


def hugo_shortcodes(body: str, place: str, notes: ImportNotes, refer: Callable[[str], str]) -> str:
    """Return a text of Hugo without shortcodes.

    `refer` returns the address of a page that `ref` and `relref` name. (gohugo.io/shortcodes)"""
    if "{{<" not in body and "{{%" not in body:
        return body
    code = CodePieces()
    body = _HIGHLIGHT.sub(lambda m: fenced(m[2], m[1]), body)
    text = code.take(body)
    text = _HUGO_SHOWN.sub(lambda m: code.keep(f"`{{{{{m[1]}{m[2]}{m[3]}}}}}`"), text)

    def replaced(match: re.Match[str]) -> str:
        name, closing, found = match[3], bool(match[2]), arguments(match[4])
        if name in ("ref", "relref"):
            return refer(found.get("path") or found.get("0") or "")
        if closing:
            return ""
        if (made := _known(name, found)) is not None:
            return made
        notes.add("shortcode", place, name)
        return ""

    return code.give(_HUGO.sub(replaced, text))


def zola_shortcodes(body: str, place: str, notes: ImportNotes) -> str:
    """Return a text of Zola without shortcodes.

    (getzola.org/documentation/content/shortcodes)"""
    if "{{" not in body and "{%" not in body:
        return body
    code = CodePieces()
    text = code.take(body)
    text = _ZOLA_SHOWN.sub(lambda m: code.keep(f"`{(m[1] or m[2]).strip()}`"), text)

    def replaced(match: re.Match[str]) -> str:
        name = (match[1] or match[3] or "").rpartition(":")[2]
        if not name:
            return ""  # the end of one with a body
        if (made := _known(name, arguments(match[2] or match[4] or ""))) is not None:
            return made
        notes.add("shortcode", place, name)
        return ""

    return code.give(_ZOLA.sub(replaced, text))


def _known(name: str, found: Arguments) -> str | None:
    """Return what a shortcode that many sites have becomes, or None."""
    first = found.get("id") or found.get("0") or ""
    match name.lower():
        case "figure" | "image" | "img" | "imgproc":
            return figure(found)
        case "youtube" | "youtubepl":
            return frame(f"https://www.youtube.com/embed/{first}", found.get("title", ""))
        case "vimeo" | "vimeo_simple":
            return frame(f"https://player.vimeo.com/video/{first}", found.get("title", ""))
        case "x" | "tweet" | "twitter" | "x_simple" | "twitter_simple":
            user = found.get("user", "i")
            number = found.get("id") or found.get("1") or found.get("0") or ""
            if not number.isdigit():
                return None
            return link(f"https://x.com/{user}/status/{number}", "Post on X")
        case "instagram" | "instagram_simple":
            return link(f"https://www.instagram.com/p/{first}/", "Post on Instagram")
        case "gist":
            address = (
                found.get("url") or f"https://gist.github.com/{found.get('0')}/{found.get('1')}"
            )
            return link(address, "Gist")
        case "details":
            summary = found.get("summary", "")
            return f"\n\n**{summary}**\n\n" if summary else ""
        case "rawhtml" | "html" | "raw":
            return ""
    return None


def figure(found: Arguments) -> str:
    """Return a picture with a caption as HTML."""
    source = next((found[k] for k in ("src", "path", "url", "link", "0") if found.get(k)), "")
    alt = found.get("alt") or found.get("title") or ""
    parts = [found.get(k, "") for k in ("title", "caption", "attr")]
    caption = ". ".join(
        dict.fromkeys(p.strip().rstrip(".") for p in parts if p.strip() and p != alt)
    )
    source, alt, caption = (html.escape(value) for value in (source, alt, caption))
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'\n\n<figure><img src="{source}" alt="{alt}">{below}</figure>\n\n' if source else ""


def frame(address: str, title: str = "") -> str:
    """Return an embedded page as HTML."""
    return f'\n\n<iframe src="{html.escape(address)}" title="{html.escape(title)}"></iframe>\n\n'


def link(address: str, words: str) -> str:
    """Return a link in a paragraph of its own."""
    return f"\n\n[{words}](<{address.replace('>', '%3E')}>)\n\n"
