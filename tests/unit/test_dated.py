"""Every message with a date of any length, in every language: read the golden file as an editor.

When a change is meant: `GOLDEN=write python -m pytest tests/unit/test_dated.py`, then read the
diff."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from builder.language.catalogs import Catalogs, package_languages
from builder.language.words import Words
from builder.model.expectation import DueDate
from builder.model.time import Moment, Precision
from builder.pages.parts import dated
from builder.pages.parts.expectations import due_in_words

GOLDEN = Path(__file__).parent / "golden" / "dated-words.txt"
AT = datetime(2025, 6, 13, tzinfo=UTC)
PRECISIONS: tuple[Precision, ...] = ("day", "month", "year")
TABLES = {
    name: table
    for name, table in vars(dated).items()
    if name.isupper() and name not in ("DUE", "MEASURED")
}


def lines(words: Words) -> Iterator[str]:
    for iso in ("2025-09-01", "2025-09-30", "2025-09", "2025-Q1", "2025-Q3", "2025-H2", "2025"):
        yield f"{iso}: {due_in_words(words, DueDate(iso, AT))}"
    for name, table in TABLES.items():
        for precision in PRECISIONS:
            yield f"{name}, {precision}: {dated.dated(words, table, Moment(AT, precision))}"
    for precision in PRECISIONS:
        since = dated.dated(words, dated.SINCE, Moment(datetime(2019, 3, 1, tzinfo=UTC), precision))
        date = dated.unbroken(Moment(AT, precision), words.language)
        measured = words.key(dated.MEASURED[precision], {"date": date, "since": since})
        yield f"MEASURED, {precision}: {measured}"


def test_dates_of_each_length_in_each_language() -> None:
    """A day, a month and a quarter take other words beside them in many languages."""
    catalogs = Catalogs()
    languages = ("en-GB", *sorted(package_languages()))
    assert len(languages) == 10 and len(TABLES) == 5
    found = "\n".join(
        f"[{language}]\n" + "\n".join(lines(catalogs.words(language))) + "\n"
        for language in languages
    ).replace("\u00a0", "~")
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(found, "utf-8")
    assert found == GOLDEN.read_text("utf-8")
