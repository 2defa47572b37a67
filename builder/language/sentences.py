"""Finds where sentences begin in HTML, and capitalises what begins one."""

from __future__ import annotations

import html
import re

from builder.patterns import pattern

# Elements whose text begins a sentence, and others that do not end one.
_OPENING = pattern(r"<(?:p|h[1-6]|li|dd|dt|figcaption|blockquote|summary|section|div)\b[^>]*>$")
_CLOSING = pattern(r"</(?:p|h[1-6]|li|ul|ol|dl|dd|dt|blockquote|table|pre|section|div)>$")
_INLINE = pattern(
    r"</?(?:a|abbr|b|cite|em|i|mark|s|small|span|strong|sub|sup|u)\b[^>]*>$|<br[^>]*>$"
)
_BRACKETS = "([¿¡"
_CLOSERS = "”’»›\"')]"
# What ends in a full stop in the middle of a sentence, besides single letters.
_ABBREVIATIONS = frozenset(
    (
        "approx", "art", "bijv", "bros", "bzw", "ca", "capt", "cf", "co", "corp", "dr", "dept",
        "ed", "est", "etc", "excl", "fig", "gen", "incl", "inc", "inkl", "jan", "feb", "mar", "apr",
        "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "ltd", "max", "min", "mio", "mld",
        "mln", "mr", "mrd", "mrs", "ms", "no", "nr", "ong", "pag", "par", "prof", "resp", "sen",
        "sr", "st", "u.a", "u.k", "u.s", "d.h", "d.w.z", "e.g", "i.e", "m.n", "o.a", "p.ej", "z.b",
        "vol", "vs", "zzgl",
    )
)  # fmt: skip


def opens_sentence(before: str) -> bool:
    """Return whether what follows some HTML begins a sentence.

    Paragraphs, headings and items of lists begin with one; cells of tables, and what follows a
    colon or an opening quotation mark, do not."""
    text = before.rstrip()
    while found := _INLINE.search(text):
        text = text[: found.start()].rstrip()
    spaced = len(text) < len(before) and bool(re.search(r"[\s>(\[¿¡]$", before))
    text = html.unescape(text)
    bare = text.rstrip(_BRACKETS)
    spaced = spaced or len(bare) < len(text)
    text = bare.rstrip()
    if not text or _OPENING.search(text) or _CLOSING.search(text):
        return True
    ended = text.rstrip(_CLOSERS)
    if not spaced or not ended.endswith((".", "!", "?")):
        return False
    last = re.search(r"([^\s(\[“‘«>]+)\.$", ended)
    word = last[1].casefold() if last else ""
    return not (word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()))


_END = pattern(r"[.!?…][”’»›\"')\]]*\s+|[。！？][」』”）]*\s*")
_BACK = 200  # characters that decide whether a sentence ends


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a plain text of one paragraph."""
    found, start = [], 0
    for end in _END.finditer(text):
        after = text[end.end() : end.end() + 1]
        if end[0][0] in "。！？" or (
            not after.islower()
            and opens_sentence(html.escape(text[max(start, end.end() - _BACK) : end.end()]))
        ):
            found.append(text[start : end.end()].strip())
            start = end.end()
    return [sentence for sentence in (*found, text[start:].strip()) if sentence]


def capitalise(text: str) -> str:
    """Return a text with a capital at its head.

    A name that begins with a small letter keeps it: xAI, eBay."""
    if not text[:1].islower() or text[1:2].isupper():
        return text
    return text[:1].title() + text[1:]
