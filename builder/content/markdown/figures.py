"""Pictures of a text that stand alone, with a caption and a credit.

`![A sign](/media/sign.jpg "The sign | A. Example")`."""

from __future__ import annotations

import html

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from builder.language.typography import typographic

PICTURE_BY = "Picture"  # before a credit


def mark_figures(state: StateCore) -> None:
    """Turn each paragraph of one picture with a title into a figure.

    In a note, the link back to the text stands in its last paragraph, so none is a figure."""
    if "![" not in state.src and "<img" not in state.src:
        return
    tokens, in_note = state.tokens, False
    for n, token in enumerate(tokens):
        if token.type in ("footnote_open", "footnote_close"):
            in_note = token.type == "footnote_open"
        if in_note or token.type != "inline" or not n or n + 1 == len(tokens):
            continue
        before, after = tokens[n - 1], tokens[n + 1]
        picture = _only(token)
        if picture is None or before.type != "paragraph_open" or before.hidden:
            continue
        if str(picture.attrs.get("title") or "").strip(" |"):
            before.tag = after.tag = "figure"
            picture.meta["alone"] = True


def _only(inline: Token) -> Token | None:
    """Return the picture of a block that has nothing else."""
    children = [t for t in inline.children or () if t.type != "text" or t.content.strip()]
    return children[0] if len(children) == 1 and children[0].type == "image" else None


def caption_of(title: str, language: str) -> str:
    """Return the caption of a figure, as HTML.

    What follows the last `|` is the credit."""
    text, _, credit = title.rpartition("|") if "|" in title else (title, "", "")
    parts = [html.escape(typographic(text.strip(), language))] if text.strip() else []
    if credit := html.escape(credit.strip()):
        parts.append(f'<span class="credit">{PICTURE_BY}: {credit}</span>')
    return f"<figcaption>{' '.join(parts)}</figcaption>"
