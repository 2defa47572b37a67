"""An error handler for text that is UTF-8 but for some bytes of Windows-1252."""

from __future__ import annotations

import codecs

NAME = "windows-1252"


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(NAME, _as_windows)
