"""The name of a code -> the page that explains it: why it matters, an example with the message that
it gives, and one that is right.

Its examples are written as `tests/check/cases/` are: files after lines `=== path`, with each
message under the line that it is about. A brief that is only some fields, and site.yaml,
get what else they need before these; a line `$ …` is a command, and `=> path:line:column`
tells of what it made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

from builder.diagnostics.codes import Code, page, severity
from builder.diagnostics.diagnostic import Diagnostic, Place
from builder.diagnostics.report import as_text
from builder.diagnostics.secrets import hide_secrets

# What a site of examples has beside them.
USUAL = {
    "content/companies/scale-ai.md": "---\nid: scal2222\nname: Scale AI\naliases: [Scale]\n---\n",
    "content/companies/google.md": "---\nid: goog2222\nname: Google\n---\n",
    "content/companies/meta.md": "---\nid: meta2222\nname: Meta\nformerly: [Facebook]\n---\n",
}
# What a part of a file needs beside it, by its folder.
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
    """A file of an example: as it is shown, and as it is written."""

    path: str
    text: str
    whole: str


class Example(NamedTuple):
    """Files and commands, and every message that they give."""

    files: tuple[ExampleFile, ...]
    commands: tuple[str, ...]
    messages: tuple[Diagnostic, ...]


class Explanation(NamedTuple):
    """A code, why it matters, and an example of it; what is right has no message."""

    code: Code
    why: str
    wrong: Example
    right: Example


def explain(code: Code) -> Explanation:
    """Return the explanation that is on the page of a code."""
    why, wrong, right = re.split(r"^## (?:Wrong|Right)\n", page(code).text, flags=re.MULTILINE)
    return Explanation(code, why.strip(), _example(wrong), _example(right))


# --- examples ----------------------------------------------------------------------------------


def _example(text: str) -> Example:
    _, fenced, _ = text.split("````")
    lines = fenced.removeprefix("text\n").strip("\n").split("\n")
    commands = tuple(line[2:] for line in lines if line.startswith("$ "))
    messages = [_result(match) for line in lines if (match := _RESULT.match(line))]
    kept = [line for line in lines if not line.startswith(("$ ", "=> "))]
    files: list[ExampleFile] = []
    for path, part in _parts("\n".join(kept)):
        shown, found = _file(path, part)
        files.append(shown)
        messages += found
    return Example(tuple(files), commands, tuple(sorted(messages)))


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The files of an example; what comes before a line `=== path` is a brief."""
    first, *rest = re.split(r"^=== (\S+)\n", text, flags=re.MULTILINE)
    if first.strip():
        yield _USUAL_PATH, first.rstrip("\n")
    for path, part in zip(rest[::2], rest[1::2], strict=True):
        yield path, part.rstrip("\n")


def _file(path: str, part: str) -> tuple[ExampleFile, list[Diagnostic]]:
    before = _before(path, part)
    kept: list[str] = []
    messages = []
    for line in part.split("\n"):
        if match := _NOTE.match(line):
            place = Place(len(before) + len(kept), len(match[1]) + 1, len(match[2]))
            at = hide_secrets(kept[-1])
            messages.append(
                Diagnostic.of(path, place, cast(Code, match[4]), match[5], match[6] or "", at)
            )
        else:
            kept.append(line)
    text = "\n".join(kept)
    # A brief that is only fields has a text all the same.
    ends = "" if not before or path == "site.yaml" or "---" in kept else "\n---\nIt hires."
    return ExampleFile(path, text, "\n".join([*before, text]) + f"{ends}\n"), messages


def _before(path: str, part: str) -> list[str]:
    """The lines that a part of a file needs before it, but for fields that it has itself."""
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

Where it is right as it is, say so in the file, with the reason:

```yaml
allow:
  {}: why it is right here
```
"""


def explanation_page(code: Code) -> str:
    """Return the explanation of a code in Markdown, its examples with the messages they give."""
    found, head = explain(code), page(code)
    kind = "An error: it stops a build." if head.severity == "error" else "A warning."
    parts = [f"# {code}", f"{kind} {head.meaning} {head.remedy}", found.why]
    parts += ["## Wrong", *_shown(found.wrong), "`slugline check` says:"]
    parts.append(f"```text\n{as_text(found.wrong.messages)}\n```")
    parts += ["## Right", *_shown(found.right)]
    if can_be_allowed(found):
        parts.append(_ALLOW.format(code).rstrip("\n"))
    return "\n\n".join(parts) + "\n"


def can_be_allowed(explanation: Explanation) -> bool:
    """Return whether a code is a warning about a file with fields, in which to suppress it."""
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
        yield f"`{file.path}`{', beside its other fields' if part else ''}:"
        yield f"````{language}\n{file.text}\n````"
