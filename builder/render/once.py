"""Parts of pages that several pages share, each rendered once per build.

A macro sees nothing but its arguments and the words, so for equal ones it prints the same text."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2.nodes import EvalContext
from jinja2.runtime import Macro

from builder.render.compile import as_markup, macro_text

if TYPE_CHECKING:
    import markupsafe

_CAPACITY = 16 << 20  # characters that a process caches


class RenderedParts:
    """What macros printed, by macro and arguments; the least recently used are evicted."""

    def __init__(self) -> None:
        self._texts: OrderedDict[tuple[Any, ...], markupsafe.Markup] = OrderedDict()
        self._taken = 0  # characters

    def text(self, context: EvalContext, key: tuple[Any, ...]) -> markupsafe.Markup:
        """Return what a macro prints.

        `key` has the words around it, the macro and its arguments."""
        found = self._texts.get(key)
        if found is not None:
            self._texts.move_to_end(key)
        else:
            _, macro, *values = key
            text = macro_text(context, macro, values, {})
            found = macro(context, *values) if text is None else as_markup(text)
            self._taken += len(found)
            self._texts[key] = found
        while self._taken > _CAPACITY and len(self._texts) > 1:
            self._taken -= len(self._texts.popitem(last=False)[1])
        return found


@jinja2.pass_eval_context
def once(context: EvalContext, value: Any, macro: Macro, *more: Any) -> markupsafe.Markup:
    """Return what an imported macro prints for a value, rendered once."""
    if type(macro) is not Macro:
        raise jinja2.TemplateRuntimeError("`once` takes a macro of an imported template")
    environment: Any = context.environment
    parts: RenderedParts = environment.rendered
    return parts.text(context, (environment.words, macro, value, *more))
