"""Check for topics that are probably misspellings of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from builder.diagnostics.diagnostic import Finding
from builder.model.entity import Topic
from builder.model.outline import Outline
from builder.names.keys import name_key
from builder.names.suggest import nearest
from builder.site.site import Site

# Two topics resemble each other within one edit, or as singular and plural.
_ENDINGS = ("s", "es", "ing")


def check_topics(site: Site) -> Iterator[tuple[str, Finding]]:
    """Yield likely typos: topics of a single brief that resemble another topic.

    A topic with a file is not reported."""
    topics, names = site.names.all_topics, site.names.topics
    uses: dict[str, list[tuple[Outline, int]]] = {}
    for brief in site.outlines.values():
        for n, name in enumerate(brief.topics):
            slug = names.resolve(name) or ""
            if slug in topics:
                uses.setdefault(slug, []).append((brief, n))
    alike = _Alike(topics)
    for slug, users in sorted(uses.items()):
        topic = topics[slug]
        if topic.path or len({brief.path for brief, _ in users}) > 1:
            continue
        others = alike.near(slug, topic)
        near = _resembling(topic.name, [(name, len(uses.get(s, ()))) for name, s in others.items()])
        if not near:
            continue
        other = topics[others[near]]
        # If two that resemble each other are both used once, only one is reported.
        if other.path or len(uses.get(other.slug, ())) > 1 or slug > other.slug:
            brief, n = users[0]
            message = f"the topic `{topic.name}` is used once and resembles `{near}`"
            hint = f"write `{near}`, or give `{topic.name}` a file in content/topics/"
            yield brief.path, Finding(f"topics.{n}", "lonely-topic", message, hint)


_MOST = 200  # topics that one is compared with, so that time is linear in their number


class _Alike:
    """Topics by the first and last three letters of their names.

    A typo leaves one of the two intact."""

    def __init__(self, topics: Mapping[str, Topic]) -> None:
        self.shared: dict[str, list[tuple[str, str]]] = {}
        for slug, topic in topics.items():
            for end in self._ends(topic):
                self.shared.setdefault(end, []).append((topic.name, slug))

    def _ends(self, topic: Topic) -> tuple[str, str]:
        key = name_key(topic.name)
        return f"{key[:3]}-", f"-{key[-3:]}"

    def near(self, slug: str, topic: Topic) -> dict[str, str]:
        """Return the slugs of topics that may resemble this one, by name."""
        found = [pair for end in self._ends(topic) for pair in self.shared[end][: _MOST // 2]]
        return {name: other for name, other in found if other != slug}


def _resembling(name: str, others: list[tuple[str, int]]) -> str:
    key = name_key(name)
    for other, _ in others:
        other_key = name_key(other)
        short, long = sorted((key, other_key), key=len)
        if long.startswith(short) and long[len(short) :] in _ENDINGS:
            return other
    return nearest(name, others) if len(key) >= 6 else ""
