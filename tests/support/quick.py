"""Quick builds: templates are parsed and compiled once for a whole run of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import jinja2
import pytest
from jinja2 import meta

from builder.render import renderer
from builder.render.environment import Environment, make_environment


class _Compiled(jinja2.BytecodeCache):
    """Compiled templates, by their source, for the whole run."""

    known: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        if code := self.known.get(self.key(bucket)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self.known[self.key(bucket)] = bucket.bytecode_to_string()

    def key(self, bucket: jinja2.bccache.Bucket) -> str:
        kind = bucket.environment.code_generator_class
        return f"{bucket.key} {bucket.checksum} {kind.__qualname__}"


class _Remembering(Environment):
    """Parses each source once."""

    parsed: ClassVar[dict[tuple[str, ...], jinja2.nodes.Template]] = {}

    def parse(self, source, name=None, filename=None):  # type: ignore[no-untyped-def]
        key = (source, str(name), str(filename))
        if key not in self.parsed:
            self.parsed[key] = super().parse(source, name, filename)
        return self.parsed[key]


_undeclared: dict[jinja2.nodes.Template, set[str]] = {}


@pytest.fixture(autouse=True, scope="session")
def quick_templates() -> Iterator[None]:
    """Most of the time of a small build is Jinja's: each template's source is parsed and compiled
    once for all builds of this run. What a build makes is the same."""
    find = meta.find_undeclared_variables

    def remembering(loader: jinja2.BaseLoader) -> jinja2.Environment:
        made = make_environment(loader)
        made.__class__ = _Remembering
        made.bytecode_cache = _Compiled()
        return made

    def remembered(tree: jinja2.nodes.Template) -> set[str]:
        if tree not in _undeclared:
            _undeclared[tree] = find(tree)
        return _undeclared[tree]

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(renderer, "make_environment", remembering)
        monkeypatch.setattr(meta, "find_undeclared_variables", remembered)
        yield
