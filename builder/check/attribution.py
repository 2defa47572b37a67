"""Check attribution: claims, quotations, and sources placed inside a company."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from builder.check.context import BriefContext
from builder.diagnostics.diagnostic import Finding
from builder.language.word_patterns import NEVER, expression, of_all, one_of
from builder.model.brief import Brief
from builder.model.statement import Claim, Speaker
from builder.patterns import pattern


def check_statements(context: BriefContext) -> Iterator[Finding]:
    """Yield the problems in the claims and quotations of a linked brief."""
    brief = context.brief
    for n, claim in enumerate(brief.claims):
        yield from _check_claim(f"claims.{n}", claim)
    for n, by in enumerate(context.speakers):
        if not (by.person or by.company):
            hint = "add `by:` with the name of the person who said it"
            message = "the quotation names no speaker"
            yield Finding(f"quotes.{n}.text", "quote-without-speaker", message, hint)
        elif by.company:
            hint = "attribute it to a person; a company's statement is a response with a `text`"
            message = "the quotation is attributed to a company"
            yield Finding(f"quotes.{n}.by", "quote-by-company", message, hint)


@cache
def _familiar() -> re.Pattern[str]:
    """Return a pattern of people who know of a matter; that does not place them in a company."""
    return re.compile(one_of(of_all(lambda one: one.sources.familiar)), re.IGNORECASE)


def _check_claim(at: str, claim: Claim) -> Iterator[Finding]:
    if (by := claim.by) and by.of and not by.named and _familiar().search(by.described_as):
        hint = "remove `of`, unless the report itself says where they work"
        message = f"people `{by.described_as}` are placed inside a company"
        yield Finding(f"{at}.by.of", "sources-inside", message, hint)
    if claim.status == "confirmed" and claim.by and not claim.by.named:
        hint = "write `reported`, or name who confirms it"
        message = "no named source confirms this claim"
        yield Finding(f"{at}.status", "anonymous-confirmation", message, hint)
    if claim.status == "claimed":
        if not claim.by:
            hint = "add `by:`, or write `reported`"
            message = "the claim names no speaker"
            yield Finding(f"{at}.status", "claim-without-speaker", message, hint)
        elif not claim.interest:
            hint = "add `interest:`, such as `a rival of Scale AI`, or write `reported`"
            message = "the claim does not state its speaker's interest"
            yield Finding(f"{at}.status", "claim-without-interest", message, hint)


_SPACE = r"\s+"


@cache
def _inside() -> str:
    """Return an expression for sources who are said to be inside, in any language."""
    phrases = of_all(lambda one: one.sources.inside)
    forms = (
        "".join(rf"(?<!{expression(word)} )" for word in phrase.not_after)
        + rf"(?:{one_of(phrase.people, _SPACE)})\s+(?:{one_of(phrase.where, _SPACE)})"
        for phrase in phrases
    )
    # A word begins so, and with one of these letters: all else in a text is passed quickly.
    first = {word[0].casefold() for phrase in phrases for word in phrase.people}
    near = f"(?=[{''.join(sorted(first))}])" if all(map(str.isalpha, first)) else ""
    return rf"\b{near}(?:{'|'.join(forms)})"


@cache
def _inside_something() -> re.Pattern[str]:
    phrases = "|".join(pattern.replace("NAME", "") for pattern in _patterns()) or NEVER
    return re.compile(rf"{_inside()}\s|{phrases}", re.IGNORECASE)


def _patterns() -> list[str]:
    """Return the phrases of scripts without spaces; `NAME` in them is that of a company."""
    return of_all(lambda one: one.sources.patterns)


def _inside_of(names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of sources who are said to be inside one of some companies."""
    name = "|".join(map(re.escape, names)) or "(?!)"
    phrases = "|".join(p.replace("NAME", f"(?:{name})") for p in _patterns()) or NEVER
    return re.compile(rf"{_inside()}\s+(?:{name})(?!\w)|{phrases}", re.IGNORECASE)


_QUOTED = pattern(
    r"<blockquote>.*?</blockquote>|<code>.*?</code>|“[^”]*”|„[^“”]*[“”]|«[^»]*»", re.DOTALL
)


_TAG = pattern(r"<[^>]*>")


def check_inside_sources(context: BriefContext) -> Iterator[Finding]:
    """Yield texts that place sources inside a company though no claim does.

    Translations introduce this mistake: "people familiar with the matter" become "people inside
    Meta". If claims rest on unnamed people, and none has a company in `of`, then no text of the
    brief may place sources inside a company that it lists. Quoted words are exempt."""
    brief, names = context.brief, context.names
    unnamed = [(n, c.by) for n, c in enumerate(brief.claims) if c.by and not c.by.named]
    if not unnamed or any(by.of for _, by in unnamed):
        return
    texts = [(at, _TAG.sub("", _QUOTED.sub("", text))) for at, text in _texts(brief)]
    words = [f"people {by.described_as}" for _, by in unnamed]
    if not any(_inside_something().search(text) for text in (*words, *(text for _, text in texts))):
        return  # nearly always, so the pattern of this brief's companies is rarely compiled
    inside = _inside_of(names)
    hint = "do not say where they work, unless the source does: then write it in `of`"
    outside = [(n, by) for n, by in unnamed if not inside.search(f"people {by.described_as}")]
    for n, by in unnamed:
        if (n, by) not in outside and outside:
            message = f"`{by.described_as}` here, but `{outside[0][1].described_as}` elsewhere"
            yield Finding(f"claims.{n}.by.described_as", "sources-inside", message, hint)
    for at, text in texts:
        if outside and (found := inside.search(text)):
            n, by = outside[0]
            message = f"the brief says `{found[0]}`, but the claim says only `{_described(by)}`"
            where = at or (f"claims.{n}.by.described_as" if by.described_as else f"claims.{n}.by")
            yield Finding(where, "sources-inside", message, hint)


def _described(by: Speaker) -> str:
    return by.described_as or "unnamed"


def _texts(brief: Brief) -> Iterator[tuple[str, str]]:
    """Yield a brief's texts, each with its field (empty for the body)."""
    yield from (("title", brief.title), ("summary", brief.summary), ("why", brief.why))
    for n, claim in enumerate(brief.claims):
        yield f"claims.{n}.text", claim.text
    yield "", brief.body.html
