"""A search index of a few words, written from the description of its format alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from builder.search.javascript import translate_stemmer

SHARDS, SLOTS, BLOCK = 4, 8, 2


def encoded(rows: list[tuple[int, int]]) -> str:
    """Postings as text: for each, the digits of its distance, then its impact."""
    alphabet = [code for code in map(chr, range(35, 127)) if code not in "<\\"]
    text, last = "", -1
    for key, impact in rows:
        distance, values = key - last - 1, [impact]
        while distance:
            distance, digit = divmod(distance, 45)
            values.insert(0, 45 + digit)
        text += "".join(alphabet[value] for value in values)
        last = key
    return text


def shard_of(term: str) -> int:
    key = term if ":" in term else term[:3]
    value = 2166136261
    for byte in key.encode():
        value = (value ^ byte) * 16777619 % 2**32
    return value % SHARDS


Row = tuple[str, str, str, str]  # slug, date, title, text


def files_of(
    briefs: list[Row], terms: Mapping[str, list[str]], languages: tuple[str, ...] = ("en",)
) -> dict[str, str]:
    """The files of an index in which each brief has the terms that are given for it."""
    data: dict[str, Any] = {}
    years = sorted({date[:4] for _, date, *_ in briefs}, reverse=True)
    for year in years:
        shards: dict[int, dict[str, list[tuple[int, int]]]] = {}
        months: dict[int, int] = {}
        for slug, date, title, text in briefs:
            if date[:4] != year:
                continue
            month = int(date[5:7]) - 1
            n = months[month] = months.get(month, -1) + 1
            row = [slug, date, "", "deals", title, "It hires.", text, 0]
            data.setdefault(f"{year}/{month + 1:02}-{n // BLOCK}", []).append(row)
            for term in terms[slug]:
                where = shards.setdefault(shard_of(term), {}).setdefault(term, [])
                where.append((month * SLOTS + n, 0 if ":" in term else terms[slug].count(term)))
        for number, found_ in shards.items():
            data[f"{year}/{number}"] = {
                term: encoded(sorted({*rows})) for term, rows in found_.items()
            }
    counts = [[y, SHARDS, SLOTS, sum(d[:4] == y for _, d, *_ in briefs)] for y in years]
    data["index"] = {
        "format": 1, "languages": languages, "plain": not languages, "block": BLOCK,
        "years": counts, "sections": [["deals", "Deals"]], "filters": {},
    }  # fmt: skip
    made = {f"search/{name}.js": f"slugline({json.dumps(v)});\n" for name, v in data.items()}
    return made | {"search/stem-en.js": f"slugline({translate_stemmer('english')});\n"}
