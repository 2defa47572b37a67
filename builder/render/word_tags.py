"""The tags and functions by which templates say words: `trans`, `language`, `_` and its relatives.

A message is compiled to a call with its key as a constant, so its outline has every key. `trans` is
HTML: its elements keep their attributes in the template, and a translation names them, `<a>`. `_`,
`pgettext`, `ngettext` and `npgettext` return plain text, for attributes."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.visitor import NodeTransformer

from builder.language.catalog import COUNT, message_key
from builder.patterns import pattern


class TemplateMessage(NamedTuple):
    """A message that a template says."""

    key: str
    plural: str  # empty if there is one form
    line: int


def messages_of(tree: nodes.Template) -> Iterator[TemplateMessage]:
    """Yield the messages of a parsed template."""
    return messages_in(tree.find_all(nodes.Call))


def messages_in(found: Iterable[nodes.Node]) -> Iterator[TemplateMessage]:
    """Yield the messages among some nodes of a template."""
    calls = (node for node in found if isinstance(node, nodes.Call))
    return (message for call in calls if (message := message_of(call)))


def message_of(call: nodes.Call) -> TemplateMessage | None:
    """Return the message that a call says, if it says one."""
    said = call.node
    if not isinstance(said, nodes.EnvironmentAttribute) or said.name not in _SAYING:
        return None
    key, *more = (arg.value if isinstance(arg, nodes.Const) else "" for arg in call.args)
    return TemplateMessage(key, more[0] if said.name in _COUNTING else "", call.lineno)


_COUNTING = frozenset(("say_count", "plain_count", "forms"))
_SAYING = frozenset(("say", "say_with", "plain", *_COUNTING))


class WordTags(Extension):
    """Parses `trans` and `language`."""

    tags = {"trans", "language"}  # noqa: RUF012 (Jinja's own declaration)

    def parse(self, parser: Parser) -> nodes.Node:
        tag = next(parser.stream)
        return (
            _language(parser, tag.lineno) if tag.value == "language" else _trans(parser, tag.lineno)
        )


def _language(parser: Parser, line: int) -> nodes.Node:
    """Parse `{% language site.language %}…{% endlanguage %}`."""
    tag = parser.parse_expression()
    body = parser.parse_statements(("name:endlanguage",), drop_needle=True)
    call = nodes.Call(nodes.EnvironmentAttribute("in_language"), [tag], [], None, None, lineno=line)
    return nodes.CallBlock(call, [], [], body).set_lineno(line)


def _trans(parser: Parser, line: int) -> nodes.Node:
    """Parse `{% trans "context" n=count %}…{% pluralize %}…{% endtrans %}`."""
    stream = parser.stream
    context = next(stream).value if stream.current.type == "string" else ""
    given: dict[str, nodes.Expr] = {}
    while stream.current.type != "block_end":
        stream.skip_if("comma")
        name = stream.expect("name").value
        stream.expect("assign")
        given[name] = parser.parse_expression()
    one = _body(parser, given)
    if stream.current.value == "pluralize":
        next(stream)
        if COUNT not in given:
            raise TemplateSyntaxError(f"`trans` with `pluralize` needs `{COUNT}=…`", line)
        many = _body(parser, given)
        next(stream)
        values = {**one.values, **many.values}
        number = values.pop(COUNT, given[COUNT])
        key, plural = nodes.Const(message_key(one.text, context)), nodes.Const(many.text)
        call = _call("say_count", [key, plural, number, _dict(values)], line)
    else:
        next(stream)
        key = nodes.Const(message_key(one.text, context))
        call = (
            _call("say_with", [key, _dict(one.values)], line)
            if one.values
            else _call("say", [key], line)
        )
    return nodes.Output([call]).set_lineno(line)


def _call(name: str, args: list[nodes.Expr], line: int) -> nodes.Call:
    said = nodes.EnvironmentAttribute(name, lineno=line)
    return nodes.Call(said, args, [], None, None).set_lineno(line)  # type: ignore[return-value]


def _dict(values: dict[str, nodes.Expr]) -> nodes.Dict:
    return nodes.Dict([nodes.Pair(nodes.Const(name), value) for name, value in values.items()])


class _Body(NamedTuple):
    """The text of a message, with the value of each placeholder and the tag of each element."""

    text: str
    values: dict[str, nodes.Expr]


def _body(parser: Parser, given: dict[str, nodes.Expr]) -> _Body:
    line = parser.stream.current.lineno
    found = parser.parse_statements(("name:pluralize", "name:endtrans"))
    reading = _BodyReading(given, line)
    reading.read(found)
    if reading.tag is not None:
        raise TemplateSyntaxError("a tag in `trans` is not closed by `>`", line)
    return _Body(_SPACE.sub(" ", reading.text).strip(" "), reading.values)


_SPACE = pattern(r"[ \n\r\t]+")  # but no no-break space
_TAG_NAME = pattern(r"</?([a-zA-Z]+)")


class _BodyReading:
    """Reads the nodes of a body; within a tag, they are kept for it."""

    def __init__(self, given: dict[str, nodes.Expr], line: int) -> None:
        self.given, self.line = given, line
        self.text = ""
        self.values: dict[str, nodes.Expr] = {}
        self.tag: list[nodes.Expr] | None = None  # the parts of the tag that is being read
        self.quote = ""  # of the attribute that is being read
        self.opened: list[str] = []

    def read(self, found: Iterable[nodes.Node]) -> None:
        for node in found:
            match node:
                case nodes.Output():
                    self.read(node.nodes)
                case nodes.TemplateData():
                    self._data(node)
                case nodes.Expr() if self.tag is not None:
                    self.tag.append(node)
                case nodes.Name():
                    self.text += f"{{{node.name}}}"
                    self.values[node.name] = self.given.get(node.name, node)
                case nodes.If() if self.tag is not None:
                    self.tag.append(_condition(node))
                case _:
                    message = "in `trans`, print names only: `{% trans title=brief.title %}`"
                    raise TemplateSyntaxError(message, node.lineno)

    def _data(self, node: nodes.TemplateData) -> None:
        rest = node.data
        while rest:
            if self.tag is None:
                text, found, rest = rest.partition("<")
                self.text += html.unescape(text)
                if found:
                    self.tag, rest = [], f"<{rest}"
            end = _tag_end(rest, self.quote) if self.tag is not None else None
            if self.tag is not None and rest:
                at, self.quote = end if end else (len(rest), self.quote)
                self.tag.append(nodes.TemplateData(rest[:at]))
                rest = rest[at:]
                if not self.quote and self._data_of(self.tag).endswith(">"):
                    self._close(node.lineno)

    @staticmethod
    def _data_of(parts: list[nodes.Expr]) -> str:
        last = parts[-1]
        return last.data if isinstance(last, nodes.TemplateData) else ""

    def _close(self, line: int) -> None:
        assert self.tag
        name = _TAG_NAME.match(self._first())
        if name is None:
            raise TemplateSyntaxError("a `<` in `trans` begins no tag: write `&lt;`", line)
        if self._first().startswith("</"):
            if not self.opened:
                raise TemplateSyntaxError(f"`</{name[1]}>` in `trans` closes no tag", line)
            self.text += f"</{self.opened.pop()}>"
        else:
            tag = name[1].lower()
            number = sum(known.rstrip("0123456789>") == f"<{tag}" for known in self.values)
            tag = f"{tag}{number + 1}" if number else tag
            self.opened.append(tag)
            self.text += f"<{tag}>"
            parts = self.tag
            self.values[f"<{tag}>"] = parts[0] if len(parts) == 1 else nodes.Concat(parts)
        self.tag = None

    def _first(self) -> str:
        assert self.tag
        first = self.tag[0]
        return first.data if isinstance(first, nodes.TemplateData) else ""


def _tag_end(text: str, quote: str) -> tuple[int, str]:
    """Return where a tag ends in a text, and the quotation mark that is open there."""
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign == ">":
            return at + 1, ""
    return len(text), quote


def _condition(node: nodes.If) -> nodes.Expr:
    """Return a condition within a tag as an expression."""
    if node.elif_:
        raise TemplateSyntaxError("in a tag in `trans`, write no `elif`", node.lineno)
    chosen, other = (_joined(body, node.lineno) for body in (node.body, node.else_))
    return nodes.CondExpr(node.test, chosen, other)


def _joined(body: list[nodes.Node], line: int) -> nodes.Expr:
    parts: list[nodes.Expr] = []
    for node in body:
        if not isinstance(node, nodes.Output):
            raise TemplateSyntaxError("in a tag in `trans`, print values only", line)
        parts += node.nodes
    return nodes.MarkSafe(nodes.Concat(parts)) if parts else nodes.TemplateData("")


# --- functions ---------------------------------------------------------------------------------

# The number of texts, whether the first is a context, whether a number follows.
_FUNCTIONS = {
    "_": (1, False, False), "pgettext": (2, True, False), "ngettext": (2, False, True),
    "npgettext": (3, True, True), "plural_forms": (2, False, False),
}  # fmt: skip


SAYING_NAMES = frozenset(_FUNCTIONS)


class _Functions(NodeTransformer):
    """Replaces calls of the functions."""

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        called = node.node
        if not (isinstance(called, nodes.Name) and called.name in _FUNCTIONS):
            return node
        texts, has_context, counts = _FUNCTIONS[called.name]
        given = [arg.value if isinstance(arg, nodes.Const) else None for arg in node.args[:texts]]
        words = [text for text in given if isinstance(text, str)]
        if len(words) < texts or len(node.args) != texts + counts or node.dyn_kwargs is not None:
            message = f"`{called.name}` takes texts as constants, and values by name"
            raise TemplateSyntaxError(message, node.lineno)
        context = words.pop(0) if has_context else ""
        values = {pair.key: pair.value for pair in node.kwargs}
        args: list[nodes.Expr] = [nodes.Const(message_key(words[0], context))]
        if called.name == "plural_forms":
            return _call("forms", [*args, nodes.Const(words[1])], node.lineno)
        if counts:
            args += [nodes.Const(words[1]), node.args[-1]]
        return _call("plain_count" if counts else "plain", [*args, _dict(values)], node.lineno)


_CALLS = pattern(r"\b(?:_|n?p?gettext|plural_forms)\(")


def replace_functions(tree: nodes.Template, source: str) -> nodes.Template:
    """Return a template in which calls of the functions have become messages."""
    if _CALLS.search(source) is None:
        return tree
    replaced = _Functions().visit(tree)
    replaced.set_environment(tree.environment)
    return replaced  # type: ignore[no-any-return]
