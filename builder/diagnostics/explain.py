"""Explanations of codes, with an incorrect and a corrected example.

Examples have the syntax of `tests/check/cases/`: files after lines `=== path`, with each message
below the line that it marks. A brief with only a few fields, and site.yaml, are completed with
required fields. A line `$ …` is a command, and `=> path:line:column` is a message about a file that
it creates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

from builder.diagnostics.codes import Code, page, severity
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.diagnostics.report import as_text
from builder.diagnostics.secrets import hide_secrets

# Files that every example site has in addition.
USUAL = {
    "content/companies/scale-ai.md": "---\nid: scal2222\nname: Scale AI\naliases: [Scale]\n---\n",
    "content/companies/google.md": "---\nid: goog2222\nname: Google\n---\n",
    "content/companies/meta.md": "---\nid: meta2222\nname: Meta\nformerly: [Facebook]\n---\n",
}
# Fields that complete a part of a file, by its folder.
_NEEDED = {
    "site.yaml": {
        "title": "Ground Truth",
        "base_url": "https://news.example",
        "language": "en-GB",
    },
    "content/briefs": {
        "id": "{stem}",
        "title": "Scale AI hires",
        "date": "2025-06-15",
        "summary": "It hires.",
        "companies": "[Scale AI]",
        "sources": "[{id: reuters, publisher: Reuters}]",
    },
}
_USUAL_PATH = "content/briefs/example.md"
_NOTE = re.compile(r"^( *)(\^+) (error|warning)\[([a-z0-9-]+)\]: (.*?)(?: \| (.*))?$")
_RESULT = re.compile(r"^=> (\S+):(\d+):(\d+) (error|warning)\[([a-z0-9-]+)\]: (.*?)(?: \| (.*))?$")


class ExampleFile(NamedTuple):
    """A file of an example: its shown part and whole text."""

    path: str
    text: str
    whole: str


class Example(NamedTuple):
    """Files and commands, and all messages about them."""

    files: tuple[ExampleFile, ...]
    commands: tuple[str, ...]
    messages: tuple[Diagnostic, ...]


class Explanation(NamedTuple):
    """A code, why it matters, an incorrect example and a corrected one."""

    code: Code
    why: str
    wrong: Example
    right: Example


def explain(code: Code) -> Explanation:
    """Return the explanation on the page of a code."""
    why, wrong, right = re.split(r"^## (?:Wrong|Right)\n", page(code).text, flags=re.MULTILINE)
    return Explanation(code, why.strip(), _example(wrong), _example(right))


# --- examples ----------------------------------------------------------------------------------


def _example(text: str) -> Example:
    _, fenced, _ = text.split("````")
    lines = fenced.removeprefix("text\n").strip("\n").split("\n")
    commands = tuple(line[2:] for line in lines if line.startswith("$ "))
    messages = [_result(match) for line in lines if (match := _RESULT.match(line))]
    content = [line for line in lines if not line.startswith(("$ ", "=> "))]
    files: list[ExampleFile] = []
    for path, part in _parts("\n".join(content)):
        shown, found = _file(path, part)
        files.append(shown)
        messages += found
    return Example(tuple(files), commands, tuple(sorted(messages)))


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield the files of an example; leading text is a brief."""
    first, *rest = re.split(r"^=== (\S+)\n", text, flags=re.MULTILINE)
    if first.strip():
        yield _USUAL_PATH, first.rstrip("\n")
    for path, part in zip(rest[::2], rest[1::2], strict=True):
        yield path, part.rstrip("\n")


def _file(path: str, part: str) -> tuple[ExampleFile, list[Diagnostic]]:
    before = _before(path, part)
    lines: list[str] = []
    messages = []
    for line in part.split("\n"):
        if match := _NOTE.match(line):
            place = Place(len(before) + len(lines), len(match[1]) + 1, len(match[2]))
            at = hide_secrets(lines[-1])
            messages.append(
                Diagnostic.of(path, place, cast(Code, match[4]), match[5], match[6] or "", at)
            )
        else:
            lines.append(line)
    text = "\n".join(lines)
    # A brief with only fields gets a body.
    ends = "" if not before or path == "site.yaml" or "---" in lines else "\n---\nIt hires."
    return ExampleFile(path, text, "\n".join([*before, text]) + f"{ends}\n"), messages


def _before(path: str, part: str) -> list[str]:
    """Return the required fields that a part of a file lacks."""
    folder = path if path in _NEEDED else path.rpartition("/")[0]
    own = set(re.findall(r"^(\w+):", part.split("\n---")[0], flags=re.MULTILINE))
    if folder not in _NEEDED or part.startswith("---") or not own:
        return []
    stem = Path(path).stem
    needed = [f"{k}: {v.format(stem=stem) if '{stem}' in v else v}" for k, v in
              _NEEDED[folder].items() if k not in own]  # fmt: skip
    return needed if path == "site.yaml" else ["---", *needed]


def _result(match: re.Match[str]) -> Diagnostic:
    path, line, column, _, code, message, hint = match.groups()
    return Diagnostic(path, int(line), int(column), cast(Code, code), message, hint or "")


# --- the page ----------------------------------------------------------------------------------

_ALLOW = """\
## Allow it

If the content is right, suppress the warning in the file, with the reason:

```yaml
allow:
  {}: the reason
```
"""


def explanation_page(code: Code) -> str:
    """Return the explanation of a code in Markdown, with its examples."""
    found, head = explain(code), page(code)
    kind = "An error: it stops a build." if head.severity == "error" else "A warning."
    parts = [f"# {code}", f"{kind} {head.meaning} {head.remedy}", found.why]
    parts += ["## Wrong", *_shown(found.wrong), "`slugline check` reports:"]
    parts.append(f"```text\n{as_text(found.wrong.messages)}\n```")
    parts += ["## Right", *_shown(found.right)]
    if can_be_allowed(found):
        parts.append(_ALLOW.format(code).rstrip("\n"))
    return "\n\n".join(parts) + "\n"


def can_be_allowed(explanation: Explanation) -> bool:
    """Return whether files can suppress a code with `allow`."""
    if severity(explanation.code) == "error":
        return False
    paths = [d.path for d in explanation.wrong.messages if d.code == explanation.code]
    records = all(path.startswith("content/") and path.endswith(".md") for path in paths)
    return records and explanation.code != "allowed-in-vain"


def _shown(example: Example) -> Iterator[str]:
    if example.commands:
        yield "```sh\n" + "\n".join(example.commands) + "\n```"
    for file in example.files:
        language = {"md": "markdown", "yaml": "yaml", "html": "jinja"}.get(
            file.path.rpartition(".")[2], "text"
        )
        part = file.whole.rstrip("\n") != file.text.rstrip("\n")
        yield f"`{file.path}`{' (only the relevant fields)' if part else ''}:"
        yield f"````{language}\n{file.text}\n````"
