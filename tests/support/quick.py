"""Quick builds: a template is parsed, outlined, compiled and loaded once for a run of the tests.

Builds make their environment of templates by one function, `renderer.make_environment`, and that
is replaced here, as are the outline of a tree and what decodes the code in the cache. A renderer
can be handed another environment (`environment_factory`), but most tests build by `build()`, a
preview or the command, which make their own renderer and have nothing to hand one through. All
else is the production path: the check of templates, the code that is generated, and the cache
with its seals."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator
from functools import cache
from types import CodeType
from typing import Any, BinaryIO, ClassVar

import jinja2
import pytest
from jinja2 import bccache

from builder.render import renderer, templates
from builder.render.environment import Environment, make_environment
from builder.render.outline import TemplateOutline, outline_template


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


_outlines: dict[int, tuple[jinja2.nodes.Template, TemplateOutline]] = {}


def _outline(
    tree: jinja2.nodes.Template, find_free: Callable[[jinja2.nodes.Template], set[str]]
) -> TemplateOutline:
    """The outline of a tree, which is kept with it: no other one gets its number."""
    if id(tree) not in _outlines:
        _outlines[id(tree)] = tree, outline_template(tree, find_free)
    return _outlines[id(tree)][1]


# What is decoded from bytes of a cache, once for all builds that find the same.
_decoded = cache(marshal.loads)


class _Marshal:
    """What Jinja needs of `marshal`."""

    dump = staticmethod(marshal.dump)

    @staticmethod
    def load(file: BinaryIO) -> CodeType:
        return _decoded(file.read())


def _remembering(loader: jinja2.BaseLoader) -> jinja2.Environment:
    made = make_environment(loader)
    made.__class__ = _Remembering
    return made


def remember_templates(patch: pytest.MonkeyPatch) -> None:
    """Do all this once for each template, in this process and those that it forks."""
    patch.setattr(renderer, "make_environment", _remembering)
    patch.setattr(templates, "outline_template", _outline)
    patch.setattr(bccache, "marshal", _Marshal)


@pytest.fixture(autouse=True, scope="session")
def quick_templates() -> Iterator[None]:
    """Most of the time of a small build is Jinja's. What a build makes is the same."""
    with pytest.MonkeyPatch.context() as patch:
        remember_templates(patch)
        yield
