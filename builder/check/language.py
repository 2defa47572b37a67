"""Check the language of a file: past years in the future tense, texts in another language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from builder.check.context import FileContext
from builder.check.own_words import own_words, place_in
from builder.diagnostics.diagnostic import Finding
from builder.language.detect import evident_language, name_of
from builder.language.tense import in_future
from builder.model.brief import Brief
from builder.model.entity import PlainPage, Profile
from builder.patterns import pattern


def check_tenses(context: FileContext) -> Iterator[Finding]:
    """Yield years before the story's that the text puts in the future."""
    brief, document, language = context.record, context.document, context.language
    if not isinstance(brief, Brief):
        return
    year = brief.happened.at.year
    if not any(in_future(document.body, language, year)):
        return
    for slip in in_future(own_words(document.body), language, year):
        written = " ".join(document.body[slip.start : slip.end].split())
        message = f"`{written}` puts {slip.year} in the future"
        hint = f"use the past tense: the story happened in {year}"
        place = place_in(document, slip.start, slip.end)
        yield Finding(place, "period-past-planned", message, hint)


_PICTURE = pattern(r"!\[([^\]\[]*)\]\(")


_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"]*\"")


def check_languages(context: FileContext) -> Iterator[Finding]:
    """Yield titles, captions and alternative texts in another language than their page.

    Of translations, also other texts. Names and quoted words are ignored."""
    record, document, language = context.record, context.document, context.language
    listed = context.companies
    if not isinstance(record, (Brief, PlainPage, Profile)):
        return

    def judge(what: str, text: str, at: str | tuple[int, int]) -> Finding | None:
        names = [name for company in listed for name in company.names]
        if isinstance(record, Brief):
            names += [*record.companies, *record.people, *record.products]
        found = evident_language(_QUOTED.sub(" ", text), language, names)
        if not found:
            return None
        page = name_of(language)
        message = f"the {what} seems to be in {name_of(found)}, but the page is in {page}"
        hint = f"write it in {page}"
        if what == "title":
            hint += f", or add `lang: {found}` if the whole page is in {name_of(found)}"
        where = at if isinstance(at, str) else place_in(document, *at)
        return Finding(where, "other-language", message, hint)

    found = [judge("title", record.title, "title")]
    if isinstance(record, Profile):
        found.append(judge("summary", record.summary, "summary"))
        found += [judge(*part) for part in _paragraphs_of(document.body)]
    if isinstance(record, Brief) and (image := record.image):
        found.append(judge("alternative text", image.alt, "image.alt"))
        found.append(judge("caption", image.caption, "image.caption"))
    if "![" in document.body:
        for picture in _PICTURE.finditer(document.body):
            found.append(judge("alternative text", picture[1], picture.span(1)))
    if isinstance(record, Brief) and record.translation_of:
        found += [judge(*part) for part in _words_of(record, document.body)]
    yield from (finding for finding in found if finding)


_PARAGRAPH = pattern(r"\S.*?(?=\n[ \t]*\n|\Z)", re.DOTALL)
_MOST = 5  # paragraphs to name: a draft may begin with all words of its original


def _words_of(brief: Brief, body: str) -> Iterator[tuple[str, str, str | tuple[int, int]]]:
    """Yield what a translation may have left in the language of its original.

    Of each part, yield what it is, its text and its place."""
    yield "summary", brief.summary, "summary"
    yield "reason why it matters", brief.why, "why"
    for field, texts in (("yes_but", brief.yes_but), ("whats_next", brief.steps)):
        for n, text in enumerate(texts):
            yield f"item of `{field}`", text, f"{field}.{n}"
    for n, expected in enumerate(brief.expects):
        yield "expectation", expected.text, f"expects.{n}.text"
    for n, claim in enumerate(brief.claims):
        yield "claim", claim.text, f"claims.{n}.text"
    yield from _paragraphs_of(body)


def _paragraphs_of(body: str) -> Iterator[tuple[str, str, tuple[int, int]]]:
    paragraphs = (p for p in _PARAGRAPH.finditer(body) if p[0][:1] not in ">|`")
    for paragraph in islice(paragraphs, _MOST):
        yield "paragraph", paragraph[0], paragraph.span()
