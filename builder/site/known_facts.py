"""The kinds of fact about what changed, and since when it is known."""

from __future__ import annotations

from builder.ledger.fact_change import FactChange
from builder.site.fact import Fact, split_key

# The key is a group of subjects (companies, topics, watchlists) and a slug.
CHANGES: Fact[tuple[FactChange, ...]] = Fact(
    "changes", "changes of facts about {}", lambda s, key: s.lists.known.about(*split_key(key))
)
CHANGED: Fact[tuple[str, ...]] = Fact(
    "changed", "{} with changes of facts", lambda s, group: (*s.lists.known.subjects(group),)
)
NEWS: Fact[tuple[FactChange, ...]] = Fact(
    "news", "all changes of facts", lambda s, _: s.lists.known.news
)
