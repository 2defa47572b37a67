"""Tables in buckets, and an index whose sections are in two files: only what changed is written,
and what is torn, lost or of another time counts as missing."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path

import msgspec
import pytest

from builder import lazy, sections
from builder.lazy import LazyTable
from builder.store import Store, StoreDamaged, needed

NAME = "index"


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lazy, "_FULL", 4)
    monkeypatch.setattr(sections, "_LARGE", 400)


def table(store: Store) -> tuple[sections.Index, LazyTable[int]]:
    index = store.load(NAME)
    part = partial(needed, index) if index.parts else None
    return index, LazyTable(msgspec.msgpack.decode, part, "numbers")


def save(store: Store, index: sections.Index, numbers: LazyTable[int]) -> None:
    numbers.keep(index.put, msgspec.msgpack.encode)
    store.save(NAME, index)


def test_any_changes_are_those_of_a_dictionary(tmp_path: Path) -> None:
    chance, wanted = random.Random(5), dict[str, int]()
    based = set[str]()
    for step in range(60):
        store = Store(tmp_path, "program")
        index, numbers = table(store)
        for _ in range(chance.randrange(4)):
            key = f"é{chance.randrange(3 * step + 1)}"
            if key in wanted and chance.random() < 0.3:
                del wanted[key], numbers[key]
            else:
                wanted[key] = numbers[key] = chance.randrange(10**9)
        assert numbers.get("é1") == wanted.get("é1")
        if chance.random() < 0.2:  # as a build that ends before it saves
            save(store, *table(store))
            wanted = dict(table(store)[1].items())
        else:
            save(store, index, numbers)
        found = table(Store(tmp_path, "program"))[1]
        assert [*found.items()] == [*wanted.items()]
        assert all(found[key] == number for key, number in wanted.items())
        files = [path.name for path in tmp_path.iterdir()]
        based |= {name for name in files if "+" in name}
        assert len(files) <= 2, "the index, and its base"
    assert len(based) > 1, "it got a new base"


def test_the_last_row_is_removed(tmp_path: Path) -> None:
    wanted: dict[str, int]
    for wanted in ({"key": 1}, {}, {"key": 2}):
        store = Store(tmp_path, "program")
        index, found = table(store)
        found.clear()
        found.update(wanted)
        save(store, index, found)
        assert dict(table(Store(tmp_path, "program"))[1].items()) == wanted


def test_an_edit_writes_what_it_changed(tmp_path: Path) -> None:
    store = Store(tmp_path, "program")
    index, numbers = table(store)
    for number in range(500):
        numbers[f"key {number}"] = number
    save(store, index, numbers)
    (base,) = tmp_path.glob("*+*")
    before = base.stat().st_mtime_ns
    index, numbers = table(Store(tmp_path, "program"))
    numbers["key 7"] = 70
    assert len(numbers.decoded) == 1
    save(store, index, numbers)
    assert base.stat().st_mtime_ns == before
    found = Store(tmp_path, "program").load(NAME)
    changed = [name for name, part in found.parts.items() if part.file is not found._base]
    assert len(changed) == 1
    assert table(Store(tmp_path, "program"))[1]["key 7"] == 70


@pytest.mark.parametrize("which", ["index", "base"])
def test_a_torn_file_counts_as_missing(tmp_path: Path, which: str) -> None:
    store = Store(tmp_path, "program")
    index, numbers = table(store)
    for number in range(100):
        numbers[f"key {number}"] = number
    save(store, index, numbers)
    (base,) = tmp_path.glob("*+*")
    file = base if which == "base" else tmp_path / NAME
    data = file.read_bytes()
    lost = 0
    for end in range(0, len(data), 37):
        file.write_bytes(data[:end])
        found = table(Store(tmp_path, "program"))[1]
        try:
            values = {key: found[key] for key in map("key {}".format, range(100)) if key in found}
        except StoreDamaged:
            lost += 1
            continue
        assert values in ({}, {f"key {number}": number for number in range(100)})
        lost += not values
    assert lost
    file.unlink()
    assert not table(Store(tmp_path, "program"))[1]


def test_a_base_of_another_time_is_not_taken(tmp_path: Path) -> None:
    store = Store(tmp_path, "program")
    index, numbers = table(store)
    for number in range(100):
        numbers[f"key {number}"] = number
    save(store, index, numbers)
    old = (tmp_path / NAME).read_bytes()
    for number in range(100):
        numbers[f"key {number}"] = -number
    save(store, index, numbers)
    (tmp_path / NAME).write_bytes(old)  # a build was killed before it wrote the index
    assert not table(Store(tmp_path, "program"))[1]
