"""Mistakes in templates that can be found without rendering."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

import jinja2
import msgspec
from msgspec import Struct
from msgspec.structs import fields as struct_fields

from builder.content.template_files import TEMPLATES
from builder.diagnostics.conflicts import report_conflicts
from builder.diagnostics.diagnostic import Diagnostic
from builder.pages.kinds import CONTEXTS
from builder.render.compile import source_digest
from builder.render.outline import TemplateOutline
from builder.render.templates import TemplateSources
from builder.render.versions import versions


def check_templates(sources: TemplateSources) -> list[Diagnostic]:
    """Return the mistakes in templates.

    These are merge conflicts, syntax errors, missing templates, includes that depend on a value,
    attributes that lead into Python, and names that the context lacks.
    """
    return _Checker(sources).check()


class CheckedTemplates(Struct, frozen=True):
    """Templates without mistakes.

    Has a digest of each source and, for each closure, its digest and its files.
    """

    sources: dict[str, str]
    closures: dict[str, tuple[str, tuple[str, ...]]]
    messages: dict[str, tuple[str, ...]]


_MOST_LEVELS = 30  # templates that include each other


class _Checker:
    """A check of all templates."""

    def __init__(self, sources: TemplateSources) -> None:
        self.sources = sources

    def check(self) -> list[Diagnostic]:
        """Return every mistake that can be found without rendering."""
        if self._is_known_faultless():
            return []
        problems: list[Diagnostic] = []
        parsed: dict[str, TemplateOutline | None] = {}
        for name, context in CONTEXTS.items():
            found = [*self._parse(name, (), parsed)]
            whole = [file for file in self._chain(name, parsed) if parsed.get(file) is None]
            problems += found
            if not found and not whole:
                problems += self._unknown_names(name, context, parsed)
        if not problems:
            self._keep_faultless()
        self.sources.keep_outlines()
        return sorted(set(problems))

    def _is_known_faultless(self) -> bool:
        """Return whether the templates are unchanged since a check without mistakes.

        Their closures are then known too. The same sources use the same templates, so none is
        missed.
        """
        if (
            self.sources.store is None
            or (data := self.sources.store.get(self._faultless_key())) is None
        ):
            return False
        found = msgspec.msgpack.decode(data, type=CheckedTemplates)
        try:
            same = all(
                source_digest(self.sources.text(name)) == old for name, old in found.sources.items()
            )
        except (jinja2.TemplateNotFound, OSError, UnicodeDecodeError):
            return False
        if same:
            self.sources.closures = dict(found.closures)
            self.sources.said = dict(found.messages)
        return same

    def _keep_faultless(self) -> None:
        if self.sources.store is None:
            return
        for name in CONTEXTS:
            self.sources.closure(name)
        files = sorted({file for _, files in self.sources.closures.values() for file in files})
        sources = {file: source_digest(self.sources.text(file)) for file in files}
        said = {name: self.sources.messages(name) for name in CONTEXTS}
        data = msgspec.msgpack.encode(CheckedTemplates(sources, self.sources.closures, said))
        self.sources.store.put(self._faultless_key(), data)

    def _faultless_key(self) -> str:
        return f"faultless {versions()}"

    def _parse(
        self, name: str, within: tuple[str, ...], parsed: dict[str, TemplateOutline | None]
    ) -> Iterator[Diagnostic]:
        """Parse a template and those that it uses into `parsed`.

        A template with a mistake is None.
        """
        if name in within:
            chain = " uses ".join([*within[within.index(name) :], name])
            line = self._line_of(within[-1], name)
            message = f"templates use each other in a circle: {chain}"
            yield self.sources.problem(
                within[-1], line, "template-syntax", message, "remove one of these references"
            )
            return
        if name in parsed:
            return
        if len(within) > _MOST_LEVELS:
            message = f"templates use each other over more than {_MOST_LEVELS} levels"
            line = self._line_of(within[-1], name)
            yield self.sources.problem(within[-1], line, "template-syntax", message, "join some")
            return
        parsed[name] = None
        try:
            if conflicts := report_conflicts(f"{TEMPLATES}/{name}", self.sources.text(name)):
                yield from conflicts
                return
            outline = self.sources.outline(name)
        except jinja2.TemplateNotFound:
            hint = f"correct the name, or create the file {TEMPLATES}/{name}"
            message = f"there is no template `{name}`"
            where = within[-1] if within else name
            line = self._line_of(where, name)
            yield self.sources.problem(where, line, "template-missing", message, hint)
            return
        except jinja2.TemplateSyntaxError as error:
            message = f"the template has a mistake: {error.message}"
            yield self.sources.problem(name, error.lineno, "template-syntax", message, "")
            return
        except (OSError, UnicodeDecodeError) as error:
            yield self.sources.problem(name, 1, "unreadable-file", f"cannot be read: {error}", "")
            return
        faults = [*self._faults(name, outline)]
        yield from faults
        used = [wanted for wanted, _ in outline.used if wanted is not None]
        for problem in (
            found for one in used for found in self._parse(one, (*within, name), parsed)
        ):
            faults.append(problem)
            yield problem
        if not faults:
            parsed[name] = outline

    def _faults(self, name: str, outline: TemplateOutline) -> Iterator[Diagnostic]:
        """Yield the mistakes in one template, without those that it uses."""
        problem = self.sources.problem
        for attribute, line in outline.internal:
            message = f"`{attribute}` is not available to templates"
            hint = "`slugline help templates` lists the fields of every context"
            yield problem(name, line, "template-internal", message, hint)
        yield from self.sources.missing_assets(name)
        for line in outline.computed_assets:
            message = "the name of an asset is not a constant"
            hint = 'write the name out, as in asset("logo.svg")'
            yield problem(name, line, "template-dynamic", message, hint)
        for wanted, line in outline.used:
            if wanted is None:
                message = "the name of an included template is not a constant"
                hint = "write the name out, so that the page's dependencies are known"
                yield problem(name, line, "template-dynamic", message, hint)

    def _line_of(self, file: str, text: str) -> int:
        """Return the first line of a template that contains a text."""
        return next((n for n, line in enumerate(self.sources.lines(file), 1) if text in line), 1)

    def _unknown_names(
        self,
        name: str,
        context: type[Struct],
        parsed: dict[str, TemplateOutline | None],
    ) -> Iterator[Diagnostic]:
        known = {field.name for field in struct_fields(context)}
        for file in self._chain(name, parsed):
            outline = parsed[file]
            assert outline is not None
            if outline.mistake:
                line, message = outline.mistake
                message = f"the template has a mistake: {message}"
                hint = "`slugline help templates` lists the filters"
                yield self.sources.problem(file, line, "template-syntax", message, hint)
            for wanted in sorted(outline.free - known):
                found = re.compile(rf"\b{wanted}\b")
                line = next(
                    (n for n, t in enumerate(self.sources.lines(file), 1) if found.search(t)), 1
                )

                near = difflib.get_close_matches(wanted, known, 1)
                hint = (
                    f"did you mean `{near[0]}`?" if near else f"it has: {', '.join(sorted(known))}"
                )
                message = f"`{wanted}` is not in the context of {name}"
                yield self.sources.problem(file, line, "template-name", message, hint)

    def _chain(self, name: str, parsed: dict[str, TemplateOutline | None]) -> Iterator[str]:
        """Yield a template and those with which it shares its context, each once."""
        seen, waiting = {name}, [name]
        while waiting:
            at = waiting.pop()
            yield at
            if (outline := parsed.get(at)) is None:
                continue
            new = [other for other in outline.shared if other not in seen]
            seen.update(new)
            waiting += reversed(new)
