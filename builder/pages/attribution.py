"""What a brief says that others said -> the same with names as slugs, and what a sub-editor says of
it: who speaks, how well that is known, and through which source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from builder.check.brief import Finding
from builder.content.markdown.engine import typographic
from builder.model.brief import (
    Brief,
    Claim,
    CompanyName,
    PartyName,
    PersonName,
    Quote,
    Response,
    Speaker,
    Text,
)
from builder.names.register import did_you_mean
from builder.site.link import resolve_all, unknown_company
from builder.site.view import View


def attribute(view: View, brief: Brief, language: str) -> tuple[Brief, list[Finding]]:
    """A brief whose speakers are slugs and whose words are as they are printed. The speaker of a
    quotation, and who answered, is the slug of a person, or `company:` and that of a company."""
    if not (brief.claims or brief.quotes or brief.responses):
        return brief, []
    linking = _Linking(view, brief, language)
    responses = [linking.response(n, found) for n, found in enumerate(brief.responses)]
    linked = replace(
        brief,
        claims=tuple(linking.claim(n, claim) for n, claim in enumerate(brief.claims)),
        quotes=tuple(linking.quote(n, quote) for n, quote in enumerate(brief.quotes)),
        responses=tuple(found for found in responses if found.sender),  # the rest is reported
    )
    return linked, [*linking.findings, *([] if brief.broken else lint_said(linked))]


COMPANY = "company:"


class Party(NamedTuple):
    """A slug, and whether it is a company's."""

    slug: str
    company: bool


def party(linked: str) -> Party:
    """What the name of a linked speaker means."""
    slug = linked.removeprefix(COMPANY)
    return Party(slug, slug != linked)


class _Linking:
    """One brief being linked."""

    def __init__(self, view: View, brief: Brief, language: str) -> None:
        self.view, self.language, self.broken = view, language, brief.broken
        self.sources = {source.id: source for source in brief.sources}
        self.complete = all(self.sources)  # else one of them has an id that could not be read
        self.findings: list[Finding] = []

    def claim(self, n: int, claim: Claim) -> Claim:
        self._source(f"claims.{n}.source", claim.source)
        by = claim.by and self._speaker(f"claims.{n}.by", claim.by)
        text, interest = (typographic(t, self.language) for t in (claim.text, claim.interest))
        return replace(claim, text=Text(text), interest=interest, by=by)

    def quote(self, n: int, quote: Quote) -> Quote:
        self._source(f"quotes.{n}.source", quote.source)
        self._source(f"quotes.{n}.original_source", quote.original_source)
        of = self._company(f"quotes.{n}.of", quote.of)
        said = typographic(quote.text, quote.lang or self.language)
        original = typographic(quote.original, quote.original_lang or self.language)
        return replace(
            quote,
            text=said,
            original=original,
            note=typographic(quote.note, self.language),
            by=PersonName(self._speaking(f"quotes.{n}.by", quote.by)),
            of=of,
        )

    def response(self, n: int, response: Response) -> Response:
        self._source(f"responses.{n}.source", response.source)
        sender = PartyName(self._sender(f"responses.{n}.from", response.sender))
        text, to = (typographic(t, self.language) for t in (response.text, response.to))
        return replace(response, sender=sender, text=Text(text), to=to)

    def _source(self, at: str, id: str) -> None:
        if id and id not in self.sources and self.complete:
            known = ", ".join(sorted(self.sources)) or "none"
            hint = did_you_mean(id, self.sources) or f"the ids are: {known}"
            message = f"no source has the id `{id}`"
            self.findings.append(Finding(at, "unknown-source", message, hint))

    def _speaker(self, at: str, by: Speaker) -> Speaker:
        kinds = [by.person, by.company, by.anonymous or (by.described_as and not by.named)]
        if sum(map(bool, kinds)) != 1 and not self.broken:  # what is missing may be misread
            message = "nobody speaks here"
            hint = "write `{person: …}`, `{company: …}` or `{anonymous: 5, described_as: …}`"
            if any(kinds):
                message = "a speaker is a person, or a company, or not named: one of them"
            self.findings.append(Finding(at, "unclear-speaker", message, hint))
        return replace(
            by,
            person=PersonName(self._person(f"{at}.person", by.person)),
            company=self._company(f"{at}.company", by.company),
            of=self._company(f"{at}.of", by.of),
        )

    def _company(self, at: str, name: str) -> CompanyName:
        slug = self.view.meaning("companies", name) if name else ""
        if name and not slug and (found := unknown_company(self.view.everything, name)):
            self.findings.append(Finding(at, *found))
        return CompanyName(slug if slug and self.view.has_company(slug) else "")

    def _person(self, at: str, name: str) -> str:
        if not name:
            return ""
        slug = self.view.meaning("people", name)
        if not slug and self.view.meaning("companies", name):
            message, hint = f"`{name}` is a company", f"write `{{company: {name}}}`"
            self.findings.append(Finding(at, "unclear-speaker", message, hint))
        elif not slug:
            (finding,) = resolve_all(lambda name: None, "people", (name,))[1]
            self.findings.append(finding._replace(at=at))
        return slug

    def _speaking(self, at: str, name: str) -> str:
        """A person; or the company that is written in the place of one, which `lint_said` tells."""
        if name and not self.view.meaning("people", name):
            slug = self.view.meaning("companies", name)
            if slug and self.view.has_company(slug):
                return COMPANY + slug
        return self._person(at, name)

    def _sender(self, at: str, name: str) -> str:
        slug = self.view.meaning("companies", name) if name else ""
        if slug and self.view.has_company(slug):
            return COMPANY + slug
        person = self.view.meaning("people", name) if name else ""
        if name and not person and not slug and unknown_company(self.view.everything, name):
            names = self.view.everything.names
            near = names.companies.suggest(name) or names.people.suggest(name)
            hint = "list a person in `people`, or make a file for a company"
            hint = f"did you mean `{near}`?" if near else hint
            message = f"no company or person is called `{name}`"
            self.findings.append(Finding(at, "unknown-name", message, hint))
        return person


# --- what a sub-editor says ----------------------------------------------------------------------


def lint_said(brief: Brief) -> Iterator[Finding]:
    """Every finding about the claims and quotations of a linked brief."""
    for n, claim in enumerate(brief.claims):
        yield from _lint_claim(f"claims.{n}", claim)
    for n, quote in enumerate(brief.quotes):
        if not quote.by:
            hint = "add `by:` with the name of the person who said it"
            yield Finding(f"quotes.{n}.text", "quote-without-speaker", "nobody says this", hint)
        elif party(quote.by).company:
            hint = "name the person; what a company states is a response with a `text`"
            message = "a company does not speak; a person does"
            yield Finding(f"quotes.{n}.by", "quote-by-company", message, hint)


# People who know of a matter, and are for that of nowhere.
_FAMILIAR = re.compile(
    r"familiar with|briefed on|knowledge of|bekend met|op de hoogte|vertraut mit|au fait d"
    r"|proches? du dossier|al tanto|thạo tin|am hiểu",
    re.IGNORECASE,
)


def _lint_claim(at: str, claim: Claim) -> Iterator[Finding]:
    if (by := claim.by) and by.of and not by.named and _FAMILIAR.search(by.described_as):
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


# Sources, said to be inside: in English, Dutch, German, French, Spanish, Vietnamese.
_INSIDE = (
    # A word begins so, and with one of these letters: all else in a text is passed quickly.
    r"\b(?=[bfimnpqs])(?:"
    r"(?<!data )(?<!code )(?:sources?|people|persons?|insiders)\s+(?:inside|within)"
    r"|(?<!data )(?<!code )(?:sources?|insiders?)\s+at"
    r"|(?:bronnen|bron|mensen|personen|ingewijden|insiders)\s+binnen"
    r"|(?:bronnen|bron|ingewijden|insiders)\s+bij"
    r"|(?:Quellen|Personen|Insidern?)\s+(?:innerhalb\s+von|in)"
    r"|(?:Quellen|Insidern?)\s+bei"
    r"|(?:sources?|personnes)\s+(?:au\s+sein\s+de|à\s+l['’]intérieur\s+de)"
    r"|sources?\s+(?:chez|internes?\s+à)"
    r"|(?:fuentes|personas)\s+dentro\s+de"
    r"|nguồn\s+tin\s+(?:trong|bên\s+trong|nội\s+bộ)"
    r")"
)
_INSIDE_SOMETHING = re.compile(rf"{_INSIDE}\s", re.IGNORECASE)
_QUOTED = re.compile(
    r"<blockquote>.*?</blockquote>|<code>.*?</code>|“[^”]*”|„[^“”]*[“”]|«[^»]*»", re.DOTALL
)
_TAG = re.compile(r"<[^>]*>")


def lint_inside(brief: Brief, names: Iterable[str]) -> Iterator[Finding]:
    """A translation moves sources: who is familiar with a matter becomes somebody inside a company.
    Where a claim rests on people who are said to be of nowhere, and none on people of a company,
    no text may say that they are inside one. Quoted words do not count. `names` are those of the
    companies that the brief lists; its text has its holes filled."""
    unnamed = [(n, c.by) for n, c in enumerate(brief.claims) if c.by and not c.by.named]
    if not unnamed or any(by.of for _, by in unnamed):
        return
    told = [(at, _TAG.sub("", _QUOTED.sub("", text))) for at, text in _texts(brief)]
    words = [f"people {by.described_as}" for _, by in unnamed]
    if not any(_INSIDE_SOMETHING.search(text) for text in (*words, *(text for _, text in told))):
        return  # nearly always; the names are a pattern of their own for each brief
    inside = re.compile(
        rf"{_INSIDE}\s+(?:{'|'.join(map(re.escape, names)) or r'(?!)'})(?!\w)", re.IGNORECASE
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
