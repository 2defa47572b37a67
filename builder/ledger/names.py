"""Functions by which the ledgers resolve names."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from builder.model.period import FiscalYear


class NameResolvers(NamedTuple):
    """Functions that return what a name means.

    These are a company's slug, a publisher's printed name, a company's fiscal year and a person's
    slug. An unknown company or person is an empty string; a merged company is the one that it is
    now part of."""

    company: Callable[[str], str]
    publisher: Callable[[str], str]
    fiscal_year: Callable[[str], FiscalYear | None]
    person: Callable[[str], str] = lambda name: ""


class Imprints(NamedTuple):
    """Functions that return what the name of a publisher means.

    `name` is what its spellings share, `owner` what all publishers of one owner share. `company` is
    the company that it is, by slug, or nothing. `speaks_for` is the company, by slug, for which a
    person or a company speaks, given both names; or nothing."""

    name: Callable[[str], str]
    owner: Callable[[str], str]
    is_agency: Callable[[str], bool]
    company: Callable[[str], str]
    speaks_for: Callable[[str, str], str]
