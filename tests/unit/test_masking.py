"""Diagnostics with secrets: masked among many as one by one; and the lines of files as excerpts."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from builder.diagnostics.diagnostic import Diagnostic, Place, mask_secrets, without_secrets
from builder.diagnostics.report import with_excerpts
from builder.diagnostics.secrets import hide_secrets

KEY = "AKIA" + "ABCDEFGH" * 2
PARTS = st.sampled_from(
    ["", "plain", KEY, "token", "token = ", "sk-" + "aB3dE5gH7jK9mN1pQ3sT", "A1b" * 25, "a\u0130b"]
)
TEXTS = st.lists(PARTS, max_size=3).map(" ".join)


def diagnostic(message: str, hint: str = "", excerpt: str = "", line: int = 1) -> Diagnostic:
    return Diagnostic.of("a.md", Place(line), "raw-html", message, hint, excerpt)


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=200))
def test_many_are_masked_as_each(texts: list[tuple[str, str, str]]) -> None:
    found = [diagnostic(*some) for some in texts]
    masked = mask_secrets(found)
    assert masked == [without_secrets(d) for d in found]
    for d, some in zip(masked, texts, strict=True):
        assert (d.message, d.hint, d.excerpt) == tuple(map(hide_secrets, some))


def test_the_lines_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbfone\r\ntwo \xe2\x80\xa8 2\rthr\xffee\nfour\0")
    found = with_excerpts(tmp_path, [diagnostic("m", line=n) for n in range(1, 6)])
    assert [d.excerpt for d in found] == ["one", "two \u2028 2", "thr\ufffdee", "", ""]
