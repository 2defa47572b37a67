"""Translates a Snowball stemmer to data that the search script of a page runs.

The modules of `snowballstemmer` are generated, so few kinds of statement occur in them. Each
becomes a list in JSON: `["set", [".", "ket"], [".", "cursor"]]`. As the rules are data, a page
needs to evaluate no code that its content security policy would have to allow, and as they come
from the source of the stemmer that made the index, both have the same rules."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any, TypeGuard

from builder.errors import SluglineError

# A node is a number, a truth value, a text, or a list whose first item says what it is.
Node = Any

# The functions of the stemmers' base class that templates/assets/search.js has too.
FUNCTIONS = frozenset(
    {
        *(f"{go}{side}_grouping{back}" for go in ("", "go_") for side in ("in", "out")
          for back in ("", "_b")),
        "eq_s", "eq_s_b", "find_among", "find_among_b", "insert", "slice_del", "slice_from",
        "slice_to",
    }
)  # fmt: skip
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=",
    ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip


class UnknownShape(SluglineError):
    """A stemmer has a statement or an expression that has no translation."""


@cache
def translate_stemmer(language: str) -> str:
    """Return the rules of a stemmer, such as `english`, in JSON."""
    module = import_module(f"snowballstemmer.{language}_stemmer")
    (found,) = (n for n in ast.parse(inspect.getsource(module)).body if _is_stemmer(n))
    fields: dict[str, Node] = {}
    tables: dict[str, Node] = {}
    routines: dict[str, Node] = {}
    for node in found.body:
        if isinstance(node, ast.FunctionDef):
            routines[_routine(node.name)] = _block(node.body)
        elif isinstance(node, ast.Assign):
            name, value = _name(node.targets[0]), _table(node.value)
            (fields if isinstance(value, int) else tables)[name] = value
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            raise UnknownShape(ast.unparse(node))
    rules = {"licence": LICENCE, "fields": fields, "tables": tables, "routines": routines}
    return json.dumps(rules, ensure_ascii=False, separators=(",", ":"))


def _is_stemmer(node: ast.stmt) -> TypeGuard[ast.ClassDef]:
    return isinstance(node, ast.ClassDef) and node.name.endswith("Stemmer")


def _routine(name: str) -> str:
    return name.removeprefix("__").removeprefix("_")


def _table(value: ast.expr) -> Node:
    """Return a set of letters as a text, and suffixes with their results as an object.

    The result of one that a routine must confirm is a list of the result and the routine."""
    match value:
        case ast.Constant():
            return value.value
        case ast.Set(elts=letters):
            return "".join(sorted(_text(letter) for letter in letters))
        case ast.Tuple(elts=texts):
            return [_text(text) for text in texts]
        case ast.List(elts=entries):
            return dict(_suffix(entry) for entry in entries)
    raise UnknownShape(ast.unparse(value))


def _suffix(entry: ast.expr) -> tuple[str, Node]:
    match entry:
        case ast.Call(func=ast.Name("Among"), args=[suffix, _, result]):
            return _text(suffix), ast.literal_eval(result)
        case ast.Call(func=ast.Name("Among"), args=[suffix, _, result, ast.Name(routine)]):
            return _text(suffix), [ast.literal_eval(result), _routine(routine)]
    raise UnknownShape(ast.unparse(entry))


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise UnknownShape(ast.unparse(node))


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    raise UnknownShape(ast.unparse(node))


# --- statements --------------------------------------------------------------------------------


def _block(nodes: Sequence[ast.stmt]) -> list[Node]:
    return [_statement(node) for node in nodes if not isinstance(node, ast.Pass)]


def _statement(node: ast.stmt) -> Node:
    match node:
        case ast.Break():
            return "break"
        case ast.Continue():
            return "continue"
        case ast.Raise(exc=ast.Call(func=ast.Name(label))):
            return label
        case ast.Return(value=value) if value:
            return ["return", _expression(value)]
        case ast.Expr(value=value):
            return ["do", _expression(value)]
        case ast.Assign(targets=[target], value=value):
            return ["set", _expression(target), _expression(value)]
        case ast.AugAssign(target=target, op=operator, value=value):
            changed = [_operator(operator), _expression(target), _expression(value)]
            return ["set", _expression(target), changed]
        case ast.If(test=test, body=body, orelse=other):
            return ["if", _expression(test), _block(body), *([_block(other)] if other else [])]
        case ast.While(test=ast.Constant(True), body=body):
            return ["loop", _block(body)]
        case ast.For(target=ast.Name("_"), iter=ast.Tuple(elts=turns), body=body):
            return ["times", len(turns), _block(body)]
        case ast.Try(body=body, handlers=[ast.ExceptHandler(ast.Name(label), _, [ast.Pass()])]):
            return ["try", label, _block(body)]
    raise UnknownShape(ast.unparse(node))


# --- expressions -------------------------------------------------------------------------------


def _expression(node: ast.expr) -> Node:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return ["$", name]
        case ast.Attribute(value=ast.Name("self"), attr=name):
            return [".", name]
        case ast.Attribute(value=ast.Name(_), attr=name):  # of the class
            return ["@", name]
        case ast.Subscript(value=whole, slice=index):
            return ["[]", _expression(whole), _expression(index)]
        case ast.BinOp(left=left, op=operator, right=right):
            return [_operator(operator), _expression(left), _expression(right)]
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return [_operator(operator), _expression(left), _expression(right)]
        case ast.BoolOp(op=ast.Or(), values=[left, right]):
            return ["or", _expression(left), _expression(right)]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return ["not", _expression(operand)]
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)):
            return -value
        case ast.Call(func=ast.Name("len"), args=[whole]):
            return ["len", _expression(whole)]
        case ast.Call(func=ast.Attribute(ast.Name("self"), name), args=values):
            if name in FUNCTIONS or name.startswith("__r_"):
                return [_routine(name), *map(_expression, values)]
    raise UnknownShape(ast.unparse(node))


def _operator(node: ast.operator | ast.cmpop) -> str:
    try:
        return _OPERATORS[type(node)]
    except KeyError:
        raise UnknownShape(type(node).__name__) from None


# The licence of the stemmers (BSD, 3 clauses), which what is made from them must contain.
LICENCE = """\
Copyright (c) 2001, Dr Martin Porter
Copyright (c) 2004,2005, Richard Boulton
Copyright (c) 2013, Yoshiki Shibukawa
Copyright (c) 2006-2025, Olly Betts
All rights reserved.

Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions
are met:

  1. Redistributions of source code must retain the above copyright notice,
     this list of conditions and the following disclaimer.
  2. Redistributions in binary form must reproduce the above copyright notice,
     this list of conditions and the following disclaimer in the documentation
     and/or other materials provided with the distribution.
  3. Neither the name of the Snowball project nor the names of its contributors
     may be used to endorse or promote products derived from this software
     without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT OWNER OR CONTRIBUTORS BE LIABLE FOR
ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES
(INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES;
LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON
ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT
(INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS
SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
"""
