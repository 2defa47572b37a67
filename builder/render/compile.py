"""Templates as Python code, kept in the store.

Uses Jinja's compiler with a faster code generator.
"""

from __future__ import annotations

import hashlib
import keyword
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import repeat
from typing import Any, Protocol

import jinja2
import markupsafe
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from jinja2.utils import missing

from builder.machine_key import machine_key, sealed_by, unsealed_by
from builder.render.installed import installed
from builder.render.versions import versions


class TemplateStore(Protocol):
    """A store of values between builds, which may lose any."""

    def get(self, key: str, /) -> bytes | None: ...

    def put(self, key: str, value: bytes, /) -> None: ...


class SealedStore:
    """Stored code, each value under this user's seal of itself and its key.

    A damaged or foreign value is treated as missing: a repository that carries a store cannot run
    code here. What is missing is looked up in what the program has kept of its own templates. `new`
    has the values that were put here.
    """

    def __init__(self, store: TemplateStore) -> None:
        self.store = store
        self.new: dict[str, bytes] = {}
        self._key = machine_key()  # read once for the code of all templates

    def get(self, key: str) -> bytes | None:
        own = self._own(key)
        return installed().get(key) if own is None else own

    def _own(self, key: str) -> bytes | None:
        found = self.store.get(key)
        named = unsealed_by(self._key, _PURPOSE, found) if found is not None else None
        prefix = f"{key}\0".encode()
        return named[len(prefix) :] if named is not None and named.startswith(prefix) else None

    def put(self, key: str, data: bytes) -> None:
        self.new[key] = data
        self.store.put(key, sealed_by(self._key, _PURPOSE, f"{key}\0".encode() + data))


_PURPOSE = "template code"  # of the seal


class CompiledTemplates(jinja2.BytecodeCache):
    """The compiled code of each template, whose source Jinja compares.

    A changed template replaces its former code, so that a long preview keeps one version of each.
    """

    def __init__(self, kept: SealedStore) -> None:
        self.kept = kept

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        code = self.kept.get(self._key(bucket))
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self.kept.put(self._key(bucket), bucket.bytecode_to_string())

    def _key(self, bucket: jinja2.bccache.Bucket) -> str:
        return f"template {bucket.key} {versions()}"


def source_digest(source: str) -> str:
    return hashlib.blake2b(source.encode(), digest_size=16).hexdigest()


def escaped(value: object) -> str:
    """Return a printed value, escaped as Jinja does, without wrapping short texts."""
    kind = type(value)
    if kind is str:
        return escape_text(value)
    if kind is markupsafe.Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int else markupsafe.escape(value)


# MarkupSafe's own function from text to text, if it has one (since 3.0).
escape_text = getattr(markupsafe, "_escape_inner", markupsafe.escape)
# A text as HTML; MarkupSafe's constructor, which also takes other values, is eight times as slow.
as_markup: Callable[[str], markupsafe.Markup] = partial(str.__new__, markupsafe.Markup)


def called_names(
    context: Context, function: Callable[..., Any], /, *args: Any, **named: Any
) -> Any:
    """Return a template's call result, as Jinja makes it.

    Of everything that a template can call, only macros need the calling context.
    """
    if type(function) is not Macro:
        return function(*args, **named)
    text = macro_text(context.eval_ctx, function, args, named)
    return function(context.eval_ctx, *args, **named) if text is None else as_markup(text)


def printed_call(
    context: Context, function: Callable[..., Any], /, *args: Any, **named: Any
) -> str:
    """Return a template's call result as it is printed.

    What a macro prints is HTML already.
    """
    if type(function) is not Macro:
        return escaped(function(*args, **named))
    text = macro_text(context.eval_ctx, function, args, named)
    return escaped(function(context.eval_ctx, *args, **named)) if text is None else text


def macro_text(
    context: nodes.EvalContext, macro: Macro, args: Sequence[Any], named: Mapping[str, Any]
) -> str | None:
    """Return what a macro prints for arguments that fit, or None.

    This is what Jinja does with them, without what it does for all others.
    """
    if macro.catch_kwargs or macro.catch_varargs or macro.caller or not context.autoescape:
        return None
    names = macro.arguments
    missed = len(names) - len(args)
    if not missed and not named:
        return macro._func(*args)
    omitted = names[len(args) :]
    if missed < 0 or (named and not named.keys() <= {*omitted}):
        return None
    return macro._func(*args, *map(named.get, omitted, repeat(missing)))


# Attributes that lead from values to Python's own objects: frames, code, functions, tracebacks. And
# methods that look up attributes named in a text ("{0.name}".format).
_INTERNAL = re.compile(r"_.*|(?:gi|cr|ag|f|tb|co|func|im)_\w+|mro|format|format_map")


def is_internal(attribute: str) -> bool:
    """Return whether templates must not use an attribute."""
    return _INTERNAL.fullmatch(attribute) is not None


class QuickGenerator(CodeGenerator):
    """Generates faster code that relies on guarantees of our templates.

    Values have the attributes that are accessed, and a page is rendered as a whole. If a guarantee
    does not hold, the code fails and Jinja's own code is used. The output is the same.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.free: set[str] = set()  # the names that the context must have
        self._printed: nodes.Node | None = None  # the call whose result is printed

    def enter_frame(self, frame: Frame) -> None:
        super().enter_frame(frame)
        loads = frame.symbols.loads.values()
        self.free.update(name for action, name in loads if action == "resolve" and name)

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("escape = environment.escaped")
        self.writeline("escape_text = environment.escape_text")
        self.writeline("html = environment.html")
        self.writeline("called = environment.called")
        self.writeline("printed_call = environment.printed_call")

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        # Jinja passes each piece of text through all templates that extend each other; this
        # collects a block and passes it on at once.
        if frame.buffer is not None:
            super().blockvisit(nodes, frame)
            return
        self.buffer(frame)
        super().blockvisit(nodes, frame)
        self.writeline(f"yield concat({frame.buffer})")
        frame.buffer = None

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        if isinstance(node, nodes.Call) and not isinstance(node.node, nodes.EnvironmentAttribute):
            self._printed = node
            return
        # Most of what is printed is text or HTML: it takes no further call.
        self.write("(escape_text(printed) if (kind := type(printed := (")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_post(node, frame, finalize)
        elif self._printed is node:
            self._printed = None
        else:
            self.write("))) is str else printed if kind is html else escape(printed))")

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        # Imported without the context, so the macros are the same for all pages.
        if node.with_context:
            super()._import_common(node, frame)
            return
        self.write("environment.imported(")
        self.visit(node.template, frame)
        self.write(f", {self.name!r})")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        name = node.attr
        quick = name.isascii() and name.isidentifier() and not keyword.iskeyword(name)
        if quick and not is_internal(name):
            self.write("(")
            self.visit(node.node, frame)
            self.write(f").{name}")
        else:
            super().visit_Getattr(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        if forward_caller:
            super().visit_Call(node, frame, forward_caller=True)
            return
        if isinstance(node.node, nodes.EnvironmentAttribute):  # words need no context
            self.visit(node.node, frame)
            for n, argument in enumerate(node.args):
                self.write(", " if n else "(")
                self.visit(argument, frame)
            self.write(")")
            return
        self.write("printed_call(context, " if node is self._printed else "called(context, ")
        self.visit(node.node, frame)
        self.signature(node, frame)
        self.write(")")
