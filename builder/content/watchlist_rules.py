"""site.yaml: mistakes in watchlists that need no other file."""

from __future__ import annotations

from collections.abc import Iterator

from builder.diagnostics.diagnostic import Finding
from builder.model.settings import Settings


def check_watchlists(settings: Settings) -> Iterator[Finding]:
    """Yield the mistakes in watchlists: equal addresses, and lists of everything."""
    seen = set[str]()
    for n, found in enumerate(settings.watchlists):
        at = f"watchlists.{n}"
        if not found.slug and found.name:
            message = f"`{found.name}` has no letter that an address can contain"
            yield Finding(f"{at}.name", "invalid-slug", message, "add a `slug`")
        elif found.slug in seen:
            message = f"two watchlists have the slug `{found.slug}`"
            yield Finding(f"{at}.slug", "duplicate-slug", message, "choose another")
        seen.add(found.slug)
        named = (found.companies, found.topics, found.people, found.sections)
        if not any(named) and found.importance == 3 and not found.lang:
            message = f"the watchlist `{found.name}` would list every brief"
            hint = "add `companies`, `topics`, `people` or `sections`"
            yield Finding(at, "missing-key", message, hint)
