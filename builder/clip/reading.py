"""What a page says: its markup, the article that its JSON-LD describes, and its text.

`read_page` runs in a process of its own (`isolation`), because its input may be hostile."""

from __future__ import annotations

import warnings

import msgspec
from msgspec import Struct

from builder.clip.linked_data import LinkedArticle, read_linked_data
from builder.clip.markup import Markup, read_markup

_LONGEST = 200_000  # characters of an article
_LONGEST_PARAGRAPH = 10_000
_MOST = 2000  # paragraphs


class Reading(Struct, kw_only=True):
    """What a page says, before anything is concluded from it."""

    markup: Markup
    linked: LinkedArticle | None = None
    is_broken: bool = False  # whether its JSON-LD was
    paragraphs: tuple[str, ...] = ()
    author: str = ""

    @property
    def text(self) -> str:
        """Return the article, with a blank line between paragraphs."""
        return "\n\n".join(self.paragraphs)

    @property
    def words(self) -> int:
        """Return the number of words of the article."""
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)


def read_page(html: str) -> Reading:
    """Return what a page says."""
    markup = read_markup(html)
    linked, is_broken = read_linked_data(markup.scripts)
    markup.scripts = []
    paragraphs, author = _article(html)
    return Reading(
        markup=markup, linked=linked, is_broken=is_broken, paragraphs=paragraphs, author=author
    )


def _article(html: str) -> tuple[tuple[str, ...], str]:
    """Return the paragraphs of the article, and its author, as trafilatura finds them."""
    from trafilatura import bare_extraction

    html = html.translate(_CONTROLS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its libraries, about odd text
        found = bare_extraction(
            html, include_comments=False, include_tables=True, with_metadata=True
        )
    if found is None:
        return (), ""
    values = found if isinstance(found, dict) else found.as_dict()
    lines = str(values.get("text") or "")[:_LONGEST].split("\n")[:_MOST]
    lines = [" ".join(line.split())[:_LONGEST_PARAGRAPH] for line in lines]
    paragraphs = tuple(filter(None, lines))
    return paragraphs, str(values.get("author") or "")[:500]


# lxml refuses these.
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF), " ")
encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Reading).decode
