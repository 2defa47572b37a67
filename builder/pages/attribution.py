"""Attribution: who says what in a brief.

Replaces the names of speakers by slugs, and reports unclear speakers and unknown sources.
"""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from builder.diagnostics.diagnostic import Finding
from builder.language.typography import typographic
from builder.ledger.ids import unknown_id
from builder.model.brief import Brief
from builder.model.statement import AlsoReported, Claim, Quote, Response, Speaker
from builder.model.values import CompanyName, PersonName, Text
from builder.site.registers import resolve_all
from builder.site.view import View


class Voices(NamedTuple):
    """The speakers of quotations and responses, in their order.

    Each is a person or a company, by slug, or nobody.
    """

    quotes: tuple[Speaker, ...] = ()
    responses: tuple[Speaker, ...] = ()


def attribute(
    view: View, brief: Brief, language: str, hidden: bool
) -> tuple[Brief, Voices, list[Finding]]:
    """Return a brief with its statements typeset, and who speaks in them.

    If `hidden`, no page shows it, and unpublished companies may speak."""
    if not (brief.claims or brief.quotes or brief.responses):
        return brief, Voices(), []
    linking = _Linking(view, brief, language, hidden)
    senders = [linking.sender(n, found) for n, found in enumerate(brief.responses)]
    responses = [linking.response(n, found) for n, found in enumerate(brief.responses)]
    known = [n for n, by in enumerate(senders) if by.person or by.company]  # the rest is reported
    speakers = tuple(linking.quoted(n, quote) for n, quote in enumerate(brief.quotes))
    linked = replace(
        brief,
        claims=tuple(linking.claim(n, claim) for n, claim in enumerate(brief.claims)),
        quotes=tuple(linking.quote(n, quote) for n, quote in enumerate(brief.quotes)),
        responses=tuple(responses[n] for n in known),
    )
    return linked, Voices(speakers, tuple(senders[n] for n in known)), linking.findings


class _Linking:
    """The state of linking one brief."""

    def __init__(self, view: View, brief: Brief, language: str, hidden: bool) -> None:
        self.view, self.language, self.broken, self.hidden = view, language, brief.broken, hidden
        self.sources = {source.id: source for source in brief.sources}
        self.complete = all(self.sources)  # if false, a source has an unreadable id
        self.findings: list[Finding] = []

    def claim(self, n: int, claim: Claim) -> Claim:
        self._source(f"claims.{n}.source", claim.source)
        by = claim.by and self._speaker(f"claims.{n}.by", claim.by)
        also = tuple(self._also(f"claims.{n}.also.{k}", one) for k, one in enumerate(claim.also))
        text, interest = (typographic(t, self.language) for t in (claim.text, claim.interest))
        return replace(claim, text=Text(text), interest=interest, by=by, also=also)

    def _also(self, at: str, also: AlsoReported) -> AlsoReported:
        self._source(f"{at}.source", also.source)
        return replace(also, by=also.by and self._speaker(f"{at}.by", also.by))

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
            of=of,
        )

    def quoted(self, n: int, quote: Quote) -> Speaker:
        """Return the speaker of a quotation; a company named in place of one has its own check."""
        slug = "" if self.view.meaning("people", quote.by) else self._known_company(quote.by)
        person = "" if slug else self._person(f"quotes.{n}.by", quote.by)
        return Speaker(
            person=PersonName(person),
            company=CompanyName(slug),
            of=CompanyName(self._known_company(quote.of)),
            described_as=quote.described_as,
        )

    def response(self, n: int, response: Response) -> Response:
        self._source(f"responses.{n}.source", response.source)
        text, to = (typographic(t, self.language) for t in (response.text, response.to))
        return replace(response, text=Text(text), to=to)

    def sender(self, n: int, response: Response) -> Speaker:
        """Return the company or person that responded."""
        at, name = f"responses.{n}.from", response.sender
        if slug := self._known_company(name):
            return Speaker(company=CompanyName(slug))
        person = self.view.meaning("people", name) if name else ""
        names = self.view.everything.names
        known = person or (name and self.view.meaning("companies", name))
        if name and not known and names.unknown_company(at, name):
            near = names.companies.suggest(name) or names.people.suggest(name)
            hint = "add the person to `people`, or create a file for the company"
            hint = f"did you mean `{near}`?" if near else hint
            message = f"no company or person is called `{name}`"
            self.findings.append(Finding(at, "unknown-name", message, hint))
        return Speaker(person=PersonName(person))

    def _known_company(self, name: str) -> str:
        """Return the slug of a company that the brief may name, or nothing."""
        slug = self.view.meaning("companies", name) if name else ""
        return slug if slug and (self.hidden or self.view.has_company(slug)) else ""

    def _source(self, at: str, id: str) -> None:
        if id and id not in self.sources and self.complete:
            self.findings.append(unknown_id(at, "source", id, self.sources))

    def _speaker(self, at: str, by: Speaker) -> Speaker:
        kinds = [by.person, by.company, by.anonymous or (by.described_as and not by.named)]
        if sum(map(bool, kinds)) != 1 and not self.broken:  # the missing part may have been misread
            message = "`by` names no speaker"
            hint = "write `{person: …}`, `{company: …}` or `{anonymous: 5, described_as: …}`"
            if any(kinds):
                message = "`by` names more than one kind of speaker"
            self.findings.append(Finding(at, "unclear-speaker", message, hint))
        return replace(
            by,
            person=PersonName(self._person(f"{at}.person", by.person)),
            company=self._company(f"{at}.company", by.company),
            of=self._company(f"{at}.of", by.of),
        )

    def _company(self, at: str, name: str) -> CompanyName:
        slug = self.view.meaning("companies", name) if name else ""
        if name and not slug and (found := self.view.everything.names.unknown_company(at, name)):
            self.findings.append(found)
        return CompanyName(self._known_company(name))

    def _person(self, at: str, name: str) -> str:
        if not name:
            return ""
        slug = self.view.meaning("people", name)
        if not slug and self.view.meaning("companies", name):
            message, hint = f"`{name}` is a company", f"write `{{company: {name}}}`"
            self.findings.append(Finding(at, "unclear-speaker", message, hint))
        elif not slug:
            (finding,) = resolve_all(
                lambda name: None, "people", (name,), self.view.settings.slug_style
            )[1]
            self.findings.append(finding._replace(at=at))
        return slug
