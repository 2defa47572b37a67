"""The numbers of companies and people in registers elsewhere, and their pages there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Struct

from builder.model.entity import Company, CompanyIds, PersonIds


class RegisterEntry(Struct, frozen=True):
    """A number in a register."""

    register: Annotated[str, "The name of the register: Wikidata, LEI, SEC or ORCID."]
    number: Annotated[str, "The number."]
    url: Annotated[str, "The address of the register's page about it."]


def company_registers(ids: CompanyIds) -> tuple[RegisterEntry, ...]:
    """Return the entries of a company, without its ticker symbols."""
    return tuple(_company(ids))


def _company(ids: CompanyIds) -> Iterator[RegisterEntry]:
    if ids.wikidata:
        yield _wikidata(ids.wikidata)
    if ids.lei:
        yield RegisterEntry("LEI", ids.lei, f"https://search.gleif.org/#/record/{ids.lei}")
    if ids.cik:
        page = f"https://www.sec.gov/edgar/browse/?CIK={ids.cik}"
        yield RegisterEntry("SEC", ids.cik, page)


def person_registers(ids: PersonIds) -> tuple[RegisterEntry, ...]:
    """Return the entries of a person."""
    found = [_wikidata(ids.wikidata)] if ids.wikidata else []
    if ids.orcid:
        found.append(RegisterEntry("ORCID", ids.orcid, f"https://orcid.org/{ids.orcid}"))
    return tuple(found)


def _wikidata(item: str) -> RegisterEntry:
    return RegisterEntry("Wikidata", item, f"https://www.wikidata.org/wiki/{item}")


def same_as(website: str, ids: CompanyIds | PersonIds) -> str | list[str]:
    """Return the addresses that identify somebody, for schema.org."""
    entries = company_registers(ids) if isinstance(ids, CompanyIds) else person_registers(ids)
    return only_one([*([website] if website else []), *(entry.url for entry in entries)])


def only_one(values: Sequence[str]) -> str | list[str]:
    """Return the only value, or all of several; nothing for none."""
    return [*values] if len(values) > 1 else "".join(values)


def id_columns(company: Company | None, prefix: str = "") -> dict[str, str]:
    """Return the columns of a table that identify a company.

    They are empty without a company."""
    ids = company.ids if company else CompanyIds()
    return {
        f"{prefix}wikidata": ids.wikidata,
        f"{prefix}lei": ids.lei,
        f"{prefix}cik": ids.cik,
        f"{prefix}ticker": " ".join(company.tickers) if company else "",
    }
