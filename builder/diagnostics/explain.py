"""The name of a code -> the page that explains it: why it matters, an example with the message that
it gives, and one that is right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from builder.diagnostics.codes import CODES, Code, is_allowable, page
from builder.diagnostics.examples import Example, read_example
from builder.diagnostics.report import as_text


class Explanation(NamedTuple):
    """A code, why it matters, an incorrect example and a corrected one."""

    code: Code
    why: str
    wrong: Example
    right: Example


def explain(code: Code) -> Explanation:
    """Return the explanation on the page of a code."""
    why, wrong, right = re.split(r"^## (?:Wrong|Right)\n", page(code).text, flags=re.MULTILINE)
    return Explanation(code, why.strip(), read_example(wrong), read_example(right))


def find_codes(text: str) -> list[Code]:
    """Return the codes that a few words may mean, best first.

    They have its words in their name, their meaning or their explanation."""
    wanted = [word for word in re.findall(r"\w+", text.casefold()) if word not in _SMALL]
    ranks = {code: [_rank(word, code) for word in wanted] for code in CODES}
    found = [code for code in CODES if wanted and all(ranks[code])]
    found = found or [code for code in CODES if any(ranks[code])]
    return sorted(found, key=lambda code: -sum(ranks[code]))[:_MOST]


_MOST = 8  # codes to suggest
_SMALL = ("a", "an", "the", "of", "in", "is", "are", "not", "no", "too", "error", "warning")


def _rank(word: str, code: Code) -> int:
    """Return how well a word fits a code; 0 if it does not."""
    stem = word.removesuffix("s") if len(word) > 3 else word
    if any(part.startswith(stem) for part in code.split("-")):
        return 3
    told = re.findall(r"\w+", f"{page(code).meaning} {page(code).remedy}".casefold())
    if any(part.startswith(stem) for part in told):
        return 2
    return 1 if len(stem) > 3 and stem in page(code).text.casefold() else 0


# --- the page ----------------------------------------------------------------------------------

_ALLOW = """\
## Allow it

If the content is right, suppress the {} in the file, with the reason:

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
        parts.append(_ALLOW.format(head.severity, code).rstrip("\n"))
    return "\n\n".join(parts) + "\n"


def can_be_allowed(explanation: Explanation) -> bool:
    """Return whether files can suppress a code with `allow`."""
    if not is_allowable(explanation.code):
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
