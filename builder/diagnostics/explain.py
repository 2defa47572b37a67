"""The name of a code -> the page that explains it: why it matters, an example with the message that
it gives, and one that is right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from builder.diagnostics.codes import Code, page, severity
from builder.diagnostics.examples import Example, read_example
from builder.diagnostics.report import as_text


class Explanation(NamedTuple):
    """A code, why it matters, and an example of it; what is right has no message."""

    code: Code
    why: str
    wrong: Example
    right: Example


def explain(code: Code) -> Explanation:
    """Return the explanation that is on the page of a code."""
    why, wrong, right = re.split(r"^## (?:Wrong|Right)\n", page(code).text, flags=re.MULTILINE)
    return Explanation(code, why.strip(), read_example(wrong), read_example(right))


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
