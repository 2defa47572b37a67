"""Quick builds: a template's source is parsed and compiled once for a whole run of the tests.

Builds make their environment of templates by one function, `renderer.make_environment`, and that
is the one thing replaced here. A renderer can be handed another one (`environment_factory`), but
most tests build by `build()`, a preview or the command, which make their own renderer and have
nothing to hand one through. All else is the production path: the check of templates, the code
that is generated, and the cache."""

from __future__ import annotations

from collections.abc import Iterator
from types import CodeType
from typing import Any, ClassVar

import jinja2
import pytest

from builder.render import renderer
from builder.render.environment import Environment, make_environment


class _Remembering(Environment):
    """Parses and compiles each source once."""

    parsed: ClassVar[dict[tuple[str, ...], jinja2.nodes.Template]] = {}
    compiled: ClassVar[dict[tuple[str, ...], CodeType]] = {}

    def parse(
        self, source: str, name: str | None = None, filename: str | None = None
    ) -> jinja2.nodes.Template:
        key = (source, str(name), str(filename))
        if key not in self.parsed:
            self.parsed[key] = super().parse(source, name, filename)
        return self.parsed[key]

    def compile(self, source: Any, name: Any = None, filename: Any = None, **more: Any) -> Any:
        if more or not isinstance(source, str):
            return super().compile(source, name, filename, **more)
        generator = self.code_generator_class
        key = (source, str(name), str(filename), generator.__module__, generator.__qualname__)
        if key not in self.compiled:
            self.compiled[key] = super().compile(source, name, filename)
        return self.compiled[key]


def _remembering(loader: jinja2.BaseLoader) -> jinja2.Environment:
    made = make_environment(loader)
    made.__class__ = _Remembering
    return made


@pytest.fixture(autouse=True, scope="session")
def quick_templates() -> Iterator[None]:
    """Most of the time of a small build is Jinja's. What a build makes is the same."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(renderer, "make_environment", _remembering)
        yield
