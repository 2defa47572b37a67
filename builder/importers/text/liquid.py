"""Turns the Liquid and Nunjucks in a text into what it prints, as far as that is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote

from builder.importers.notes import ImportNotes
from builder.importers.text.code_pieces import CodePieces
from builder.importers.text.html_markdown import fenced
from builder.importers.text.shortcodes import arguments, figure, frame, link

_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}([\s\S]*?)\{%-?\s*endraw\s*-?%\}")
_COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}[\s\S]*?\{%-?\s*endcomment\s*-?%\}|\{#[\s\S]*?#\}")
_HIGHLIGHT = re.compile(
    r"^[ \t]*\{%-?\s*(?:highlight|codeblock)\s+([\w+#.-]+)[^%]*%\}\n?([\s\S]*?)"
    r"\n?[ \t]*\{%-?\s*end(?:highlight|codeblock)\s*-?%\}",
    re.MULTILINE,
)
_TAG = re.compile(r"\{%-?\s*(\w+)([^%]*(?:%(?!\})[^%]*)*?)-?%\}")
_OUTPUT = re.compile(r"\{\{-?((?:[^{}\"']|\"[^\"]*\"|'[^']*')*?)-?\}\}")
_LITERAL = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)')\s*(?:\|\s*([\w]+)[^|]*)*\s*")
_QUIET = re.compile(r"end\w*|else|elsif|assign|set|capture|break|continue")


def without_liquid(
    body: str,
    place: str,
    notes: ImportNotes,
    variables: Mapping[str, str],
    refer: Callable[[str, str], str | None],
) -> str:
    """Return a text without tags and outputs.

    `variables` maps what may be printed, such as `site.url`; `refer` returns the address of what
    `post_url` and `link` name. Code is evaluated too, as Liquid does, but for `raw`."""
    if "{{" not in body and "{%" not in body and "{#" not in body:
        return body
    code = CodePieces()
    body = re.sub("[\ue000-\ue0ff]", "", body)
    text = _RAW.sub(lambda m: code.keep(m[1]), body)
    text = _COMMENT.sub("", text)
    text = _HIGHLIGHT.sub(lambda m: code.keep(fenced(code.give(m[2]), m[1])), text)

    def tag(match: re.Match[str]) -> str:
        name, rest = match[1], match[2].strip()
        if name in ("post_url", "link"):
            address = refer(name, rest.split(" ")[0].strip("\"'")) if rest else None
            if address is None:
                notes.add("shortcode", place, f"{name} {rest}")
            return address or "#"
        if name in ("youtube", "vimeo") and rest:
            host = "www.youtube.com/embed/" if name == "youtube" else "player.vimeo.com/video/"
            return frame(f"https://{host}{arguments(rest).get('0', '')}")
        if name == "gist" and rest:
            return link(f"https://gist.github.com/{rest.split()[0]}", "Gist")
        if name in ("img", "image", "picture") and rest:
            return figure(arguments(rest))
        if not _QUIET.fullmatch(name):
            notes.add("shortcode", place, f"{name} {rest}"[:80].strip())
        return ""

    def output(match: re.Match[str]) -> str:
        inner = match[1].strip()
        if literal := _LITERAL.fullmatch(inner):
            value = literal[1] if literal[1] is not None else literal[2]
            return quote(value, safe="/:?#=&%+,;@~!$'()*")
        known = variables.get(inner.partition("|")[0].strip())
        if known is not None:
            return known
        notes.add("shortcode", place, f"{{{{ {inner[:60]} }}}}")
        return ""

    text = _TAG.sub(tag, text)
    return code.give(_OUTPUT.sub(output, text))
