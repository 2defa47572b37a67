"""Turns HTML into Markdown, through markdownify and what this program's Markdown needs.

markdownify has the rules of most elements. Here are those of footnotes, figures, tables, code,
embedded pages, line breaks and the escaping of characters that Markdown would read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from markdownify import ATX, MarkdownConverter

from builder.importers.notes import Note
from builder.importers.text.html_clean import clean_html
from builder.importers.text.html_footnotes import CLOSE, OPEN, take_footnotes

_BREAK = "\ue000"  # a line break, until it is known what follows
_SPECIAL = re.compile(r"[\\`*\[\]]|(?<![^\W_])_|_(?![^\W_])|<(?=[a-zA-Z/!?])|~(?=~)|&(?=#?\w+;)")
_LINE = re.compile(r"(\s*)(?:(\d{1,9})([.)])(?=\s|$)|([-+#>=|:~])|(\t| {4,}))")
_BLOCK = frozenset((
    "p", "div", "li", "td", "th", "blockquote", "section", "article", "aside", "h1", "h2",
    "h3", "h4", "h5", "h6", "dd", "dt", "figcaption", "main", "header", "footer", "nav",
    "center", "summary", "details", "figure", "caption", "[document]",
))  # fmt: skip
# An address in a text, which becomes a link on a page.
BARE = re.compile(r"(?<![\w/\"'(<\[])https?://[^\s<>\[\]|`]+[^\s<>\[\]|`.,;:!?)\"'*_]", re.I)
_RAISED = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_VIDEO = re.compile(
    r"https?://(?:www\.)?(?:youtube(?:-nocookie)?\.com/embed/([\w-]+)|player\.vimeo\.com/video/(\d+))"
)


class Frames(NamedTuple):
    """How addresses in a text are rewritten.

    `link` returns the new address of a link, or None for plain text. `picture` returns the address
    of a picture and whether it is shown, or None. `hosts` may be in frames."""

    link: Callable[[str], str | None]
    picture: Callable[[str], tuple[str, bool] | None]
    hosts: tuple[str, ...] = ()


KEEP = Frames(lambda address: address, lambda address: (address, True))


def html_to_markdown(html: str, place: str, notes: list[Note], frames: Frames = KEEP) -> str:
    """Return a text as Markdown, with its footnotes at the end."""
    html = re.sub("[\ue000-\ue002]", "", html)
    soup = clean_html(html, place, notes)
    found = take_footnotes(soup)
    writer = _Writer(place, notes, frames)
    text = writer.written(soup)
    for number, element in found:
        lines = writer.written(element).split("\n")
        note = "\n".join([lines[0], *(f"    {line}" if line else "" for line in lines[1:])])
        text += f"\n\n[^{number}]: {note}"
    return text.strip("\n") + "\n" if text.strip() else ""


# The types of markdownify list few of its methods.
_Base: Any = MarkdownConverter


class _Writer(_Base):  # type: ignore[misc]
    """The rules of elements."""

    def __init__(self, place: str, notes: list[Note], frames: Frames) -> None:
        super().__init__(heading_style=ATX, bullets="-", autolinks=False)
        self.place, self.notes, self.frames = place, notes, frames

    def written(self, element: Any) -> str:
        """Return an element as Markdown."""
        text = self.process_tag(element) if element.name != "li" else _inside(self, element)
        text = _paragraphs(text)
        text = re.sub(rf"[ \t]*{_BREAK}[ \t]*+\n?+(?=[>\s]*(?:\n|\Z))", "\n", text)
        text = re.sub(rf"[ \t]*{_BREAK}[ \t]*\n?", "\\\\\n", text)
        text = text.replace(OPEN, "[^").replace(CLOSE, "]")
        text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
        return re.sub(r"\n{3,}", "\n\n", text).strip("\n")

    def note(self, code: str, detail: str) -> None:
        self.notes.append(Note(code, self.place, detail))

    # --- text ----------------------------------------------------------------------------------

    def process_text(self, el: NavigableString, parent_tags: Any = None) -> str:
        parents = parent_tags or set()
        if "pre" in parents:
            return str(el)
        text = (
            " ".join(str(el).replace("\xa0", " ").split(" ")) if "_noformat" in parents else str(el)
        )
        text = re.sub(r"\s+", " ", text)
        before, after = _near(el, "previous_sibling"), _near(el, "next_sibling")
        text = text.lstrip() if before else text
        text = text.rstrip() if after else text
        if "_noformat" in parents:
            return text
        text = self._with_addresses(text, parents)
        return _escape_start(text) if before and text else text

    def _with_addresses(self, text: str, parents: Any) -> str:
        """Return an escaped text whose addresses of the old site are rewritten."""
        if "://" not in text or "a" in parents:
            return str(self.escape(text, parents))
        made, at = list[str](), 0
        for match in BARE.finditer(text):
            new = self.frames.link(match[0])
            made.append(self.escape(text[at : match.start()], parents))
            at = match.end()
            if new is None:
                made.append(code_span(match[0], bool(parents & {"td", "th"})))
            else:
                words = self.escape(match[0], parents)
                made.append(match[0] if new == match[0] else f"[{words}]({destination(new)})")
        return "".join([*made, self.escape(text[at:], parents)])

    def escape(self, text: str, parent_tags: Any) -> str:
        text = _SPECIAL.sub(r"\\\g<0>", text)
        text = re.sub(r"\{(?=\{\s*figure:)", r"\\{", text)
        return text.replace("|", "\\|") if parent_tags & {"td", "th"} else text

    # --- inline --------------------------------------------------------------------------------

    def convert_a(self, el: Tag, text: str, parent_tags: Any) -> str:
        words = re.sub(rf"\s*{_BREAK}?\s*\n\s*", " ", text)
        words = re.sub(r"^(\s*)#{1,6} ", r"\1", words)
        address = str(el.get("href") or "").strip()
        if "_noformat" in parent_tags or not address or not words.strip():
            return words
        new = self.frames.link(address)
        if new is None:
            return words
        lead = words[: len(words) - len(words.lstrip())]
        tail = words[len(words.rstrip()) :]
        return f"{lead}[{words.strip()}]({destination(new)}){tail}"

    def convert_img(self, el: Tag, text: str, parent_tags: Any) -> str:
        figure = el.find_parent("figure")
        if figure is not None and _is_picture(figure):
            return ""  # `convert_figure` writes it, with its caption
        return self._picture(el, str(el.get("title") or ""))

    def _picture(self, el: Tag, caption: str) -> str:
        found = self.frames.picture(str(el.get("src") or "").strip())
        alt = self.escape(" ".join(str(el.get("alt") or "").split()), set())
        caption = " ".join(caption.split())
        if found is None:
            return self.escape(caption, set()) or alt
        address, shown = found
        if not shown:
            return f"[{alt or self.escape(caption, set()) or 'Picture'}]({destination(address)})"
        title = caption.replace("\\", "").replace('"', "”").replace("|", "/")
        return f"![{alt}]({destination(address)}" + (f' "{title}")' if title else ")")

    def convert_br(self, el: Tag, text: str, parent_tags: Any) -> str:
        return " " if "_inline" in parent_tags else f"{_BREAK}\n"

    def convert_code(self, el: Tag, text: str, parent_tags: Any) -> str:
        if "_noformat" in parent_tags - {el.name} and "pre" in parent_tags:
            return text
        text = " ".join(text.split())
        return code_span(text, "td" in parent_tags or "th" in parent_tags) if text else ""

    convert_kbd = convert_samp = convert_tt = convert_code

    def convert_sup(self, el: Tag, text: str, parent_tags: Any) -> str:
        return text.translate(_RAISED) if re.fullmatch(r"[0-9+=()ni-]+", text) else text

    def convert_sub(self, el: Tag, text: str, parent_tags: Any) -> str:
        return text.translate(_LOWERED) if re.fullmatch(r"[0-9+=()-]+", text) else text

    def convert_strong(self, el: Tag, text: str, parent_tags: Any) -> str:
        return _wrapped(text, "**", parent_tags & {"strong", "b", "_noformat", "_heading"})

    convert_b = convert_strong

    def convert_em(self, el: Tag, text: str, parent_tags: Any) -> str:
        return _wrapped(text, "*", parent_tags & {"em", "i", "_noformat"})

    convert_i = convert_cite = convert_dfn = convert_var = convert_em

    def convert_del(self, el: Tag, text: str, parent_tags: Any) -> str:
        return _wrapped(text, "~~", parent_tags & {"del", "s", "strike", "_noformat"})

    convert_s = convert_strike = convert_del

    # --- blocks --------------------------------------------------------------------------------

    def convert_p(self, el: Tag, text: str, parent_tags: Any) -> str:
        if "_inline" in parent_tags:
            return f" {text.strip()} "
        text = _paragraphs(text)
        return f"\n\n{text}\n\n" if text else ""

    convert_div = convert_section = convert_article = convert_main = convert_p
    convert_aside = convert_header = convert_footer = convert_nav = convert_center = convert_p
    convert_figcaption = convert_dd = convert_details = convert_p

    def convert_blockquote(self, el: Tag, text: str, parent_tags: Any) -> str:
        return str(super().convert_blockquote(el, _paragraphs(text), parent_tags))

    def convert_li(self, el: Tag, text: str, parent_tags: Any) -> str:
        return str(super().convert_li(el, _paragraphs(text), parent_tags))

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: Any) -> str:
        text = " ".join(text.replace(_BREAK, " ").split())
        if match := re.fullmatch(r"\*\*([^*]+)\*\*", text):
            text = match[1]
        if "_inline" in parent_tags or not text:
            return text
        if re.search(r"!\[[^\]]*\]\(", text):
            return f"\n\n{text}\n\n"  # a picture needs a paragraph
        return f"\n\n{'#' * min(6, n)} {text}\n\n"

    def convert_dt(self, el: Tag, text: str, parent_tags: Any) -> str:
        text = _wrapped(" ".join(text.replace(_BREAK, " ").split()), "**", set())
        return f"\n\n{text}\n\n" if text else ""

    convert_summary = convert_caption = convert_dt

    def convert_figure(self, el: Tag, text: str, parent_tags: Any) -> str:
        words, picture = el.find("figcaption"), el.find("img")
        if picture is not None and _is_picture(el):
            return f"\n\n{self._picture(picture, words.get_text(' ') if words else '')}\n\n"
        return self.convert_p(el, text, parent_tags)

    def convert_pre(self, el: Tag, text: str, parent_tags: Any) -> str:
        text = "\n".join(line.rstrip() for line in el.get_text().strip("\n").split("\n"))
        if not text.strip():
            return ""
        if "_inline" in parent_tags:
            return code_span(" ".join(text.split()), True)
        return f"\n\n{fenced(text, _language(el))}\n\n"

    def convert_iframe(self, el: Tag, text: str, parent_tags: Any) -> str:
        source = str(el.get("data-src") or el.get("src") or "").strip()
        source = f"https:{source}" if source.startswith("//") else source
        host = re.match(r"https?://([^/?#]+)", source)
        if not host:
            self.note("embed", "a frame without an address")
            return ""
        title = " ".join(str(el.get("title") or "").split())
        if host[1].lower() in self.frames.hosts and "_inline" not in parent_tags:
            safe = quote(source, safe=":/?#=&%+,;@~!$'()*")
            label = re.sub(r"[<>\"&]", "", title) or "Embedded page"
            return f'\n\n<iframe src="{safe}" title="{label}"></iframe>\n\n'
        self.note("embed", host[1])
        return f"\n\n{self._embedded(source, title, host[1])}\n\n"

    def _embedded(self, source: str, title: str, host: str) -> str:
        if video := _VIDEO.match(source):
            tube = f"https://www.youtube.com/watch?v={video[1]}"
            source = tube if video[1] else f"https://vimeo.com/{video[2]}"
            title = title or f"Video on {'YouTube' if video[1] else 'Vimeo'}"
        new = self.frames.link(source)
        words = self.escape(title or host.removeprefix("www."), set())
        return f"[{words}]({destination(new)})" if new else words

    def convert_video(self, el: Tag, text: str, parent_tags: Any) -> str:
        inner = el.find("source")
        source = str(el.get("src") or (inner.get("src") if isinstance(inner, Tag) else "") or "")
        new = self.frames.link(source) if source else None
        if not new:
            return text
        self.note("embed", el.name)
        return f"\n\n[{'Audio' if el.name == 'audio' else 'Video'}]({destination(new)})\n\n"

    convert_audio = convert_video

    def convert_td(self, el: Tag, text: str, parent_tags: Any) -> str:
        span = str(el.get("colspan") or "1")
        columns = max(1, min(50, int(span))) if span.isascii() and span.isdigit() else 1
        return f" {' '.join(text.replace(_BREAK, ' ').split())} " + "|" * columns

    convert_th = convert_td

    def convert_table(self, el: Tag, text: str, parent_tags: Any) -> str:
        """Return a table whose rows have one number of cells each."""
        rows = [line for line in text.strip().split("\n") if line.startswith("|")]
        cells = [re.split(r"(?<!\\)\|", row)[1:-1] for row in rows]
        width = max((len(row) for row in cells), default=0)
        lines = []
        for row in cells:
            rule = all(re.fullmatch(r"\s*-{3,}\s*", cell) for cell in row)
            filler = " --- " if rule and row else " "
            lines.append("|" + "|".join([*row, *[filler] * (width - len(row))]) + "|")
        words = el.find("caption")
        head = self.convert_dt(el, words.get_text(" "), set()) if words else "\n\n"
        return f"{head}" + "\n".join(lines) + "\n\n" if lines else ""


# --- pieces --------------------------------------------------------------------------------------


def _is_picture(figure: Tag) -> bool:
    """Return whether a figure is one picture and its caption."""
    others = figure.find(["pre", "table", "iframe", "blockquote", "ul", "ol", "figure"])
    return len(figure.find_all("img")) == 1 and not others


def _inside(writer: _Writer, element: Tag) -> str:
    """Return the content of an item without its bullet."""
    element.name = "div"
    return str(writer.process_tag(element))


def _near(node: Any, side: str) -> bool:
    """Return whether a text is at the start or end of a line of its block."""
    while True:
        beside = getattr(node, side)
        while isinstance(beside, NavigableString) and not beside.strip():
            beside = getattr(beside, side)
        if beside is not None:
            return isinstance(beside, Tag) and (
                beside.name in _BLOCK or beside.name in ("br", "ul", "ol", "table", "pre", "hr")
            )
        node = node.parent
        if node is None or node.name in _BLOCK or isinstance(node, BeautifulSoup):
            return True


def _escape_start(text: str) -> str:
    """Escape what would begin a block at the start of a line."""
    match = _LINE.match(text)
    if not match:
        return text
    if match[2]:
        return f"{match[1]}{match[2]}\\{text[match.start(3) :]}"
    return f"{match[1]}\\{text[match.start(4) :]}" if match[4] else text.lstrip()


def _paragraphs(text: str) -> str:
    """Return the text of a block, with two line breaks in a row as a new paragraph."""
    text = re.sub(rf"(?:[ \t]*{_BREAK}\n[ \t]*){{2,}}", "\n\n", text.strip(" \t\r\n"))
    return re.sub(rf"^(?:{_BREAK}|\s)+|(?:{_BREAK}|\s)+$", "", text)


def _wrapped(text: str, mark: str, inside: set[str]) -> str:
    """Return a text between marks, if Markdown would read them."""
    if inside or not text.strip():
        return text
    if "\n\n" in text.strip("\n"):  # an element around blocks
        return text
    words = text.strip().strip(_BREAK).strip()
    lead, tail = text[: text.find(words)], text[text.find(words) + len(words) :]
    if not words:
        return text
    # A mark beside punctuation inside and a letter outside is read as an asterisk.
    return f"{lead}{mark}{words}{mark}{tail}"


def code_span(text: str, in_table: bool = False) -> str:
    """Return code in a line, in as many backticks as it needs."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    mark = "`" * (longest + 1)
    gap = " " if text.startswith("`") or text.endswith("`") else ""
    span = f"{mark}{gap}{text}{gap}{mark}"
    return span.replace("|", "\\|") if in_table else span


def fenced(text: str, language: str = "") -> str:
    """Return a block of code in a fence."""
    longest = max((len(run) for run in re.findall(r"^\s*(`{3,})", text, re.MULTILINE)), default=2)
    mark = "`" * (longest + 1)
    return f"{mark}{language}\n{text}\n{mark}"


def _language(el: Tag) -> str:
    inner = el.find("code")
    for tag in (inner, el, el.parent):
        classes = " ".join((tag.get("class") or []) if isinstance(tag, Tag) else [])
        if match := re.search(
            r"(?:language-|lang-|highlight-source-|brush:\s*)([\w+#.-]+)", classes
        ):
            return match[1].lower()
    return ""


def destination(address: str) -> str:
    """Return an address as the destination of a link."""
    address = re.sub(r"\s", lambda m: quote(m[0]), address)
    address = address.replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")
    return f"<{address}>" if re.search(r"[()*_]", address) and not _plain(address) else address


def _plain(address: str) -> bool:
    return "(" not in address and ")" not in address
