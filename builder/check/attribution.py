"""Who says what: claims and quotations of a brief, and sources said to be inside a company."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from builder.check.context import BriefContext
from builder.diagnostics.diagnostic import Finding
from builder.language.word_patterns import expression, of_all, one_of
from builder.model.brief import Brief
from builder.model.statement import Claim, Speaker

COMPANY = "company:"


class Party(NamedTuple):
    """A slug, and whether it is a company's."""

    slug: str
    company: bool


def party(linked: str) -> Party:
    """What the name of a linked speaker means."""
    slug = linked.removeprefix(COMPANY)
    return Party(slug, slug != linked)


def check_statements(context: BriefContext) -> Iterator[Finding]:
    """Every finding about the claims and quotations of a linked brief."""
    brief = context.brief
    for n, claim in enumerate(brief.claims):
        yield from _check_claim(f"claims.{n}", claim)
    for n, quote in enumerate(brief.quotes):
        if not quote.by:
            hint = "add `by:` with the name of the person who said it"
            yield Finding(f"quotes.{n}.text", "quote-without-speaker", "nobody says this", hint)
        elif party(quote.by).company:
            hint = "name the person; what a company states is a response with a `text`"
            message = "a company does not speak; a person does"
            yield Finding(f"quotes.{n}.by", "quote-by-company", message, hint)


@cache
def _familiar() -> re.Pattern[str]:
    """Return a pattern of people who know of a matter; that does not place them in a company."""
    return re.compile(one_of(of_all(lambda one: one.sources.familiar)), re.IGNORECASE)


def _check_claim(at: str, claim: Claim) -> Iterator[Finding]:
    if (by := claim.by) and by.of and not by.named and _familiar().search(by.described_as):
        hint = "remove `of`, unless the report itself says where they work"
        message = f"people `{by.described_as}` are said to work for a company"
        yield Finding(f"{at}.by.of", "sources-inside", message, hint)
    if claim.status == "confirmed" and claim.by and not claim.by.named:
        hint = "write `reported`, or say who confirms it by name"
        message = "nobody who is named confirms this"
        yield Finding(f"{at}.status", "anonymous-confirmation", message, hint)
    if claim.status == "claimed":
        if not claim.by:
            hint = "add `by:`; what nobody in particular claims is `reported`"
            yield Finding(f"{at}.status", "claim-without-speaker", "nobody claims this", hint)
        elif not claim.interest:
            hint = "add `interest:`, such as `a rival of Scale AI`; without one it is `reported`"
            message = "a claim by an interested party, and no interest"
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
    return re.compile(rf"{_inside()}\s", re.IGNORECASE)


_QUOTED = re.compile(
    r"<blockquote>.*?</blockquote>|<code>.*?</code>|“[^”]*”|„[^“”]*[“”]|«[^»]*»", re.DOTALL
)


_TAG = re.compile(r"<[^>]*>")


def check_inside_sources(context: BriefContext) -> Iterator[Finding]:
    """A translation moves sources: who is familiar with a matter becomes somebody inside a company.
    Where a claim rests on people who are said to be of nowhere, and none on people of a company,
    no text may say that they are inside one. Quoted words do not count. `names` are those of the
    companies that the brief lists; its text has its holes filled."""
    brief, names = context.brief, context.names
    unnamed = [(n, c.by) for n, c in enumerate(brief.claims) if c.by and not c.by.named]
    if not unnamed or any(by.of for _, by in unnamed):
        return
    told = [(at, _TAG.sub("", _QUOTED.sub("", text))) for at, text in _texts(brief)]
    words = [f"people {by.described_as}" for _, by in unnamed]
    if not any(_inside_something().search(text) for text in (*words, *(text for _, text in told))):
        return  # nearly always; the names are a pattern of their own for each brief
    inside = re.compile(
        rf"{_inside()}\s+(?:{'|'.join(map(re.escape, names)) or r'(?!)'})(?!\w)", re.IGNORECASE
    )
    hint = "the source does not say where they work; where it does, write it in `of`"
    outside = [(n, by) for n, by in unnamed if not inside.search(f"people {by.described_as}")]
    for n, by in unnamed:
        if (n, by) not in outside and outside:
            message = f"`{by.described_as}` here, and `{outside[0][1].described_as}` elsewhere"
            yield Finding(f"claims.{n}.by.described_as", "sources-inside", message, hint)
    for at, text in told:
        if outside and (found := inside.search(text)):
            n, by = outside[0]
            message = f"the brief says `{found[0]}`; by this claim they are only `{_called(by)}`"
            where = at or (f"claims.{n}.by.described_as" if by.described_as else f"claims.{n}.by")
            yield Finding(where, "sources-inside", message, hint)


def _called(by: Speaker) -> str:
    return by.described_as or "not named"


def _texts(brief: Brief) -> Iterator[tuple[str, str]]:
    """What the brief itself says, and in which field; the text is in none."""
    yield from (("title", brief.title), ("summary", brief.summary), ("why", brief.why))
    for n, claim in enumerate(brief.claims):
        yield f"claims.{n}.text", claim.text
    yield "", brief.body.html
