"""Attribution: who says what in a brief.

Replaces the names of speakers by slugs, and reports unclear speakers and unknown sources.
"""

from __future__ import annotations

from msgspec.structs import replace

from builder.check.attribution import COMPANY
from builder.diagnostics.diagnostic import Finding
from builder.language.typography import typographic
from builder.model.brief import Brief
from builder.model.statement import Claim, Quote, Response, Speaker
from builder.model.values import CompanyName, PartyName, PersonName, Text
from builder.names.suggest import did_you_mean
from builder.site.registers import resolve_all
from builder.site.view import View


def attribute(view: View, brief: Brief, language: str) -> tuple[Brief, list[Finding]]:
    """Return a brief with speakers as slugs and its statements typeset.

    The speaker of a quotation and the sender of a response are the slug of a person, or `company:`
    followed by the slug of a company.
    """
    if not (brief.claims or brief.quotes or brief.responses):
        return brief, []
    linking = _Linking(view, brief, language)
    responses = [linking.response(n, found) for n, found in enumerate(brief.responses)]
    linked = replace(
        brief,
        claims=tuple(linking.claim(n, claim) for n, claim in enumerate(brief.claims)),
        quotes=tuple(linking.quote(n, quote) for n, quote in enumerate(brief.quotes)),
        responses=tuple(
            found for found in responses if found.sender
        ),  # responses without a sender have been reported
    )
    return linked, linking.findings


class _Linking:
    """The state of linking one brief."""

    def __init__(self, view: View, brief: Brief, language: str) -> None:
        self.view, self.language, self.broken = view, language, brief.broken
        self.sources = {source.id: source for source in brief.sources}
        self.complete = all(self.sources)  # if false, a source has an unreadable id
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
        """Return a person, or a company named in place of one.

        `lint_said` reports the company.
        """
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
        if (
            name
            and not person
            and not slug
            and self.view.everything.names.unknown_company(at, name)
        ):
            names = self.view.everything.names
            near = names.companies.suggest(name) or names.people.suggest(name)
            hint = "add the person to `people`, or create a file for the company"
            hint = f"did you mean `{near}`?" if near else hint
            message = f"no company or person is called `{name}`"
            self.findings.append(Finding(at, "unknown-name", message, hint))
        return person
