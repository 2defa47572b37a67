"""What is wrong with a query, and where."""

from __future__ import annotations

from builder.errors import SluglineError


class QueryError(SluglineError):
    """A query that cannot be read or run; its text shows the place."""

    def __init__(self, query: str, at: int, width: int, message: str, hint: str = "") -> None:
        line = " ".join(query.splitlines())
        marks = f"{' ' * at}{'^' * max(1, min(width, len(line) - at))}"
        shown = f"\n  {line}\n  {marks.rstrip()}" if line.strip() else ""
        advice = f"\n{hint}" if hint else ""
        super().__init__(f"{message}{shown}{advice}")
        self.message, self.hint, self.at, self.width = message, hint, at, width
