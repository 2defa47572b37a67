"""The elements and attributes of HTML that a text may have, with `html: safe`."""

from __future__ import annotations

from builder.patterns import pattern


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Elements without attributes of their own.
_PLAIN = _words(
    "b bdi bdo blockquote br caption cite code dd dfn div dl dt em figcaption figure hr i kbd mark"
    " p pre q rp rt ruby s samp small span strong sub summary sup table tbody tfoot thead tr"
    " u ul var wbr"
)
# The attributes of each allowed element; `lang` and `dir` are allowed for all.
ALLOWED: dict[str, frozenset[str]] = {
    **dict.fromkeys(_PLAIN, _words("")),
    "a": _words("href title"),
    "abbr": _words("title"),
    "del": _words("datetime"),
    "details": _words("open"),
    "iframe": _words("src title width height allowfullscreen loading"),
    "img": _words("src alt title width height loading"),
    "ins": _words("datetime"),
    "li": _words("value"),
    "ol": _words("start reversed"),
    "td": _words("colspan rowspan"),
    "th": _words("colspan rowspan scope"),
    "time": _words("datetime"),
}
EVERYWHERE = _words("lang dir")
VOID = _words("br hr img wbr")
OPTIONAL_END = _words("dd dt li p rp rt tbody td tfoot th thead tr")
# Elements whose content is not shown either.
SILENT = _words("iframe math noscript object script select style svg template textarea")
# What Markdown makes besides, with the attributes that it gives to elements.
_MADE: dict[str, frozenset[str]] = {
    "a": _words("aria-label class href id rel title"),
    "code": _words("class"),
    "div": _words("aria-label class role tabindex"),
    "footer": _words(""),
    **dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), _words("id")),
    "iframe": _words("referrerpolicy sandbox"),
    "li": _words("class id"),
    "section": _words("aria-label class"),
    "span": _words("class"),
    "sup": _words("class"),
    "td": _words("class"),
    "th": _words("class"),
}

_HOLE = "\ufdd0"  # stands for the mark of a placeholder, which HTML does not allow


def clean(text: str) -> str:
    """Return HTML that is balanced and has only what is allowed."""
    import nh3

    attributes = {
        name: {*ALLOWED.get(name, ()), *_MADE.get(name, ()), *EVERYWHERE}
        for name in {*ALLOWED, *_MADE}
    }
    cleaned = nh3.clean(
        text.replace("\0", _HOLE),
        tags=set(attributes),
        attributes=attributes,
        clean_content_tags={"script", "style"},
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"},
    )
    # A block in a paragraph ends it, so that the end of the paragraph makes an empty one.
    return cleaned.replace("<p></p>", "").replace(_HOLE, "\0")


_BARE = pattern(r"<([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[^\s\"'<>/=]+)+)\s*>")


def is_comparison(before: str, tag: str) -> bool:
    """Return whether a tag is text, as in `if a<b and c>d`.

    It follows a letter or a digit, and none of its attributes has a value or is known."""
    found = _BARE.fullmatch(tag) if before[-1:].isalnum() else None
    if found is None:
        return False
    known = {*ALLOWED.get(found[1].lower(), ()), *EVERYWHERE}
    return not any(name.lower() in known for name in found[2].split())
