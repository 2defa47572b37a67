"""Finds the messages of templates, with the comments that explain them to translators."""

from __future__ import annotations

from collections.abc import Iterator

import jinja2
from jinja2 import nodes

from builder.content.template_files import TEMPLATES
from builder.language.po_file import FoundMessage, ListedMessage, list_messages
from builder.render.templates import TemplateSources
from builder.render.word_tags import SAYING_NAMES, TemplateMessage, message_of

_COMMENT = "Translators:"


def template_messages(
    environment: jinja2.Environment, source: str, path: str
) -> Iterator[FoundMessage]:
    """Yield the messages of a template in their order."""
    tree = environment.parse(source)
    comments = list(_comments(environment, source))
    messages = list(_in_order(tree))
    assert len(messages) == len(comments), f"{path}: a message is not found by its name"
    for message, comment in zip(messages, comments, strict=True):
        yield FoundMessage(message.key, message.plural, path, comment)


def own_messages(sources: TemplateSources) -> dict[str, ListedMessage]:
    """Return the messages of a site's own templates by their keys."""
    found = (
        message
        for name in sources.own_files()
        for message in template_messages(
            sources.environment, sources.text(name), f"{TEMPLATES}/{name}"
        )
    )
    return {message.key: message for message in list_messages(found)}


def _in_order(node: nodes.Node) -> Iterator[TemplateMessage]:
    if isinstance(node, nodes.Call) and (message := message_of(node)):
        yield message
    for child in node.iter_child_nodes():
        yield from _in_order(child)


def _comments(environment: jinja2.Environment, source: str) -> Iterator[str]:
    """Yield the comment before each message, or an empty text."""
    comment, inside = "", False
    before = ""
    for _, kind, text in environment.lex(source):
        if kind == "comment" and text.strip().startswith(_COMMENT):
            comment = " ".join(text.strip().removeprefix(_COMMENT).split())
        elif kind in ("block_begin", "variable_begin"):
            inside, before = True, kind
        elif kind in ("block_end", "variable_end"):
            inside = False
        elif inside and kind == "name":
            if text in SAYING_NAMES or (text == "trans" and before == "block_begin"):
                yield comment
                comment = ""
            before = ""
        elif kind not in ("whitespace",):
            before = before if kind == "whitespace" else ""
