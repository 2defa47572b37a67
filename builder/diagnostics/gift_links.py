"""Gift links, whose tokens are meant to be public."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from builder.diagnostics.secrets import has_key_of_service
from builder.patterns import pattern


class GiftParameter(NamedTuple):
    """A parameter of gift links, at a host and its subdomains."""

    host: str
    parameter: str


# Publishers that let subscribers share an article: the host, and the parameters of such links.
_PUBLISHERS = """
aftermath.site giftLink
barrons.com st shareToken
bloomberg.com accessToken
chicagotribune.com share
defector.com giftLink
economist.com giftId
ft.com accessToken shareToken token
haaretz.com gift
marketwatch.com st shareToken
medium.com sk
mercurynews.com share
nj.com gift
nytimes.com unlocked_article_code
oregonlive.com gift
puck.news sharer token
spiegel.de giftToken
sueddeutsche.de token
theatlantic.com gift
thetimes.co.uk shareToken
thetimes.com shareToken
washingtonpost.com pwapi_token
wsj.com st shareToken
zeit.de freebie
"""
GIFT_PARAMETERS: tuple[GiftParameter, ...] = tuple(
    GiftParameter(host, parameter)
    for host, *parameters in map(str.split, _PUBLISHERS.strip().splitlines())
    for parameter in parameters
)

# It ends before another address: `[a](https://a.example/)[b](https://b.example/)`.
_ADDRESS = pattern(r"(?i:https?)://([^\s/?#\"'<>\\]+)(?:[^\s\"'<>hH]++|[hH](?!(?i:ttps?)://))*+")
_VALUE = pattern(r"(?<=[?&;])([\w.-]+)=([A-Za-z0-9._~%+/=-]+)")


def without_gifts(text: str, allowed: Iterable[tuple[str, str]] = ()) -> str:
    """Return a text of the same length without gift tokens.

    A key of a service, such as AWS, stays even as the value of such a parameter. `allowed` has the
    hosts and parameters of more gift links."""
    known = [(host.lower(), name.lower()) for host, name in (*GIFT_PARAMETERS, *allowed)]

    @cache
    def names_at(host: str) -> set[str]:
        return {name for at, name in known if f".{host}".endswith(f".{at}")}

    def in_address(address: re.Match[str]) -> str:
        names = names_at(_host_of(address))

        def value(match: re.Match[str]) -> str:
            gift = match[1].lower() in names and not has_key_of_service(match[2])
            return f"{match[1]}={'-' * len(match[2])}" if gift else match[0]

        return _VALUE.sub(value, address[0]) if names else address[0]

    return _ADDRESS.sub(in_address, text)


def parameter_at(text: str, start: int) -> GiftParameter | None:
    """Return the parameter of a web address at a place."""
    for address in _ADDRESS.finditer(text, text.rfind("\n", 0, start) + 1):
        if address.start() <= start < address.end():
            for value in _VALUE.finditer(text, address.start(), address.end()):
                host = _host_of(address)
                if host and value.start(2) <= start < value.end(2):
                    known = has_key_of_service(value[2])
                    return None if known else GiftParameter(host, value[1])
    return None


def _host_of(address: re.Match[str]) -> str:
    """Return the host, or nothing if a user precedes it: no gift link has one."""
    return "" if "@" in address[1] else address[1].partition(":")[0].rstrip(".").lower()
