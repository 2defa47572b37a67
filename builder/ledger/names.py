"""Functions by which the ledgers resolve names."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from builder.model.period import FiscalYear


class NameResolvers(NamedTuple):
    """Functions that return what a name means.

    These are a company's slug, a publisher's printed name and a company's fiscal year. An unknown
    company is an empty string; a merged one is the company that it is now part of."""

    company: Callable[[str], str]
    publisher: Callable[[str], str]
    fiscal_year: Callable[[str], FiscalYear | None]
