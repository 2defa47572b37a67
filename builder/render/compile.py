"""Templates -> Python code, kept in the store: Jinja's compiler with quicker code."""

from __future__ import annotations

import hashlib
import importlib.util
import keyword
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import jinja2
import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro

from builder.pages.kinds import CONTEXTS


class TemplateStore(Protocol):
    """Keeps values from one build to the next. It may lose any of them."""

    def get(self, key: str, /) -> bytes | None: ...

    def put(self, key: str, value: bytes, /) -> None: ...


class SealedStore:
    """Values of a store, each under a digest of itself and its key: a damaged one, or another's,
    is as good as none. (Who may write the store may run code here: it is no place for what comes
    from elsewhere.)"""

    def __init__(self, store: TemplateStore) -> None:
        self.store = store

    def get(self, key: str) -> bytes | None:
        sealed = self.store.get(key)
        if sealed is None:
            return None
        data = sealed[_SEAL:]
        return data if sealed[:_SEAL] == self._seal(key, data) else None

    def put(self, key: str, data: bytes) -> None:
        self.store.put(key, self._seal(key, data) + data)

    def _seal(self, key: str, data: bytes) -> bytes:
        return hashlib.blake2b(f"{key}\0".encode() + data, digest_size=_SEAL).digest()


_SEAL = 32  # bytes


class CompiledTemplates(jinja2.BytecodeCache):
    """The code of templates, by their names and sources."""

    def __init__(self, kept: SealedStore) -> None:
        self.kept = kept

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        code = self.kept.get(self._key(bucket))
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self.kept.put(self._key(bucket), bucket.bytecode_to_string())

    def _key(self, bucket: jinja2.bccache.Bucket) -> str:
        return f"template {bucket.key} {bucket.checksum} {versions()}"


@cache
def versions() -> str:
    """A digest of what makes code of a template: this room with its settings and filters,
    Jinja and Python; and of what a template may name."""
    state = hashlib.blake2b(digest_size=16)
    for file in sorted(Path(__file__).parent.glob("*.py")):
        state.update(file.read_bytes())
    python = f"{sys.implementation.cache_tag} {importlib.util.MAGIC_NUMBER.hex()}"
    state.update(f"\0{jinja2.__version__}\0{python}\0".encode())
    state.update(repr([(n, c.__struct_fields__) for n, c in CONTEXTS.items()]).encode())
    return state.hexdigest()


def source_digest(source: str) -> str:
    return hashlib.blake2b(source.encode(), digest_size=16).hexdigest()


def escaped(value: object) -> str:
    """As Jinja escapes what a template prints, without a wrapper around each short text."""
    kind = type(value)
    if kind is str:
        return _escape_text(value)
    if kind is markupsafe.Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int else markupsafe.escape(value)


# MarkupSafe's own function from text to text, where it has one (since 3.0).
_escape_text = getattr(markupsafe, "_escape_inner", markupsafe.escape)


def called_names(
    context: Context, function: Callable[..., Any], /, *args: Any, **named: Any
) -> Any:
    """As Jinja calls what a template calls. Of what is within a template's reach only a macro
    wants to know where it is called."""
    if type(function) is Macro:
        return function(context.eval_ctx, *args, **named)
    return function(*args, **named)


class QuickGenerator(CodeGenerator):
    """Code that takes for granted what holds in our templates: values have the attributes that
    are asked for, and a page is wanted as a whole. Where that does not hold the code fails, and
    Jinja's own is used. What is printed is the same."""

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("escape = environment.escaped")
        self.writeline("called = environment.called")

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        # Jinja hands on each piece of text through all the templates that extend each other;
        # here a block is collected and handed on at once.
        if frame.buffer is not None:
            super().blockvisit(nodes, frame)
            return
        self.buffer(frame)
        super().blockvisit(nodes, frame)
        self.writeline(f"yield concat({frame.buffer})")
        frame.buffer = None

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        name = node.attr
        if name.isascii() and name.isidentifier() and not keyword.iskeyword(name):
            self.write("(")
            self.visit(node.node, frame)
            self.write(f").{name}")
        else:
            super().visit_Getattr(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        if forward_caller:
            super().visit_Call(node, frame, forward_caller)
            return
        self.write("called(context, ")
        self.visit(node.node, frame)
        self.signature(node, frame)
        self.write(")")
