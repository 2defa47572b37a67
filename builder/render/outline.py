"""The outline of a template: everything that a check needs to know of its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import jinja2
from jinja2 import nodes
from msgspec import Struct

from builder.language.terms import TERMS, term_keys
from builder.render.compile import is_internal
from builder.render.word_tags import messages_in


class TemplateOutline(Struct, frozen=True):
    """What one source says, whatever the other templates are. Lines count from 1."""

    used: tuple[tuple[str | None, int], ...]  # templates and lines; None for a computed name
    shared: tuple[str, ...]  # the templates among them that see the same context
    internal: tuple[tuple[str, int], ...]  # attributes that lead into Python, and lines
    computed_assets: tuple[int, ...]  # lines of calls of `asset` without a constant name
    free: frozenset[str]  # the names that the context must have
    mistake: tuple[int, str] | None = None  # the line of one that only the compiler finds
    messages: tuple[str, ...] = ()  # the keys of those that it says


_USES = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
_STORING = (nodes.Import, nodes.FromImport, nodes.Macro, nodes.Name)
_SEEN = (*_USES, *_STORING, nodes.Getattr, nodes.Getitem, nodes.Call, nodes.Filter)


def outline_template(
    tree: nodes.Template, find_free: Callable[[nodes.Template], set[str]]
) -> TemplateOutline:
    """Return the outline of a parsed template.

    `find_free` returns the names that its code does not define, or raises TemplateSyntaxError."""
    seen: list[nodes.Node] = [node for node in nodes_below(tree) if isinstance(node, _SEEN)]
    used = [(constant_name(node), node.lineno) for node in seen if isinstance(node, _USES)]
    shared = (
        constant_name(node) for node in seen if isinstance(node, (nodes.Extends, nodes.Include))
    )
    attributes = (
        (node.attr if isinstance(node, nodes.Getattr) else _constant_text(node.arg), node.lineno)
        for node in seen
        if isinstance(node, (nodes.Getattr, nodes.Getitem))
    )
    free, mistake = frozenset[str](), None
    try:
        free = frozenset(find_free(tree)) - frozenset(_own_names(seen))
    except jinja2.TemplateSyntaxError as error:  # such as an unknown filter
        mistake = error.lineno, f"{error.message}".split("\n")[0]
    return TemplateOutline(
        tuple(used),
        tuple(dict.fromkeys(name for name in shared if name)),
        tuple((name, line) for name, line in attributes if is_internal(name)),
        tuple(node.lineno for node in seen if _is_computed_asset(node)),
        free,
        mistake,
        tuple(sorted({*(message.key for message in messages_in(seen)), *_terms(seen)})),
    )


def nodes_below(root: nodes.Node) -> Iterator[nodes.Node]:
    """Yield all nodes below one, in the order of the source.

    Jinja's own search passes each node through all that contain it, for each type again."""
    waiting = children_of(root)[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += children_of(node)[::-1]


def children_of(node: nodes.Node) -> list[nodes.Node]:
    found: list[nodes.Node] = []
    for name in node.fields:
        value = getattr(node, name, None)
        if isinstance(value, nodes.Node):
            found.append(value)
        elif isinstance(value, list):
            found += [item for item in value if isinstance(item, nodes.Node)]
    return found


def _terms(seen: Iterable[nodes.Node]) -> Iterator[str]:
    """Yield the keys of all terms of the kinds that a template prints."""
    for found in seen:
        if isinstance(found, nodes.Filter) and found.name == "term" and found.args:
            kind = _constant_text(found.args[0])
            yield from term_keys(kind) if kind in TERMS else ()


def constant_name(node: nodes.Node) -> str | None:
    """Return the template's name in a tag, if it is a constant."""
    wanted = getattr(node, "template", None)
    value = wanted.value if isinstance(wanted, nodes.Const) else None
    return value if isinstance(value, str) else None


def _constant_text(node: nodes.Node) -> str:
    """Return a constant text, or an empty string for anything else."""
    return node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else ""


def _is_computed_asset(node: nodes.Node) -> bool:
    """Return whether a node is a call of `asset` without a constant name."""
    if not (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name)):
        return False
    constant = len(node.args) == 1 and _constant_text(node.args[0])
    return node.node.name == "asset" and not constant


def _own_names(seen: list[nodes.Node]) -> Iterator[str]:
    """Yield the names that a template imports or sets itself."""
    for node in seen:
        match node:
            case nodes.Import():
                yield node.target
            case nodes.FromImport():
                yield from (name if isinstance(name, str) else name[1] for name in node.names)
            case nodes.Macro():
                yield node.name
            case nodes.Name(ctx="store"):
                yield node.name
