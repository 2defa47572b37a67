"""Check what companies and people are in registers elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from builder.content.identity_fields import read_ticker
from builder.diagnostics.diagnostic import Finding
from builder.diagnostics.misread import Misread
from builder.model.entity import Company, Person
from builder.site.site import Site

_REGISTERS = {
    "wikidata": "the item of Wikidata",
    "lei": "the LEI",
    "cik": "the CIK",
    "orcid": "the ORCID iD",
}


def check_identities(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield numbers that two records share, and listings that one states twice.

    Ticker symbols may be shared: a company and its owner often are."""
    names = site.names
    companies = [c for slug, c in names.all_companies.items() if slug not in names.merged]
    yield from _shared(companies)
    yield from _shared(names.all_people.values())
    for company in companies:
        if (
            company.ticker
            and company.ids.ticker
            and _normal(company.ticker) not in company.ids.ticker
        ):
            message = f"`ticker` is `{company.ticker}`, and `ids` has another ticker symbol"
            hint = "keep the one in `ids`, and remove `ticker`"
            yield company.path, Finding("ticker", "tickers-differ", message, hint)


def _shared(records: Iterable[Company | Person]) -> Iterator[tuple[str, Finding]]:
    owners: dict[tuple[str, str], str] = {}
    for record in sorted(records, key=lambda record: (record.draft, record.path)):
        for register, words in _REGISTERS.items():
            number = str(getattr(record.ids, register, ""))
            owner = owners.setdefault((register, number), record.path) if number else record.path
            if owner != record.path:
                message = f"{words} `{number}` is also that of {owner}"
                hint = "correct one of them, or merge the records with `slugline names`"
                yield (
                    record.path,
                    Finding(f"ids.{register}", "shared-identity", message, hint, owner),
                )


def _normal(ticker: str) -> str:
    try:
        return read_ticker(ticker)
    except Misread:
        return ticker
