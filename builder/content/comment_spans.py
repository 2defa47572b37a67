"""Finds HTML comments in a text that has no code, such as the value of a field."""

from __future__ import annotations

from collections.abc import Iterator


def comment_end(text: str, start: int) -> int | None:
    """Return the end of the comment at `start`, or None."""
    end = text.find("-->", start + len("<!"))  # `<!-->` is a comment
    return None if end < 0 else end + len("-->")


def comment_spans(text: str) -> Iterator[tuple[int, int | None]]:
    """Yield the start of each comment, and its end or None."""
    start = text.find("<!--")
    while start >= 0:
        end = comment_end(text, start)
        yield start, end
        if end is None:
            return
        start = text.find("<!--", end)


def without_comments(text: str, filler: str = "", spaces: str = "") -> str:
    """Return a text without its closed comments.

    Each of their characters becomes a `filler`; `spaces` are characters that are removed after a
    comment."""
    if "<!--" not in text:
        return text
    kept, at = list[str](), 0
    for start, end in comment_spans(text):
        if end is not None:
            kept += (text[at:start], filler * (end - start))
            at = end
            while at < len(text) and text[at] in spaces:
                at += 1
    return "".join((*kept, text[at:]))
