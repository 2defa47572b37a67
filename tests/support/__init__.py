"""What tests share. A failed assertion in it says as much as one in a test."""

from pathlib import Path

import pytest

pytest.register_assert_rewrite(
    *(f"{__name__}.{file.stem}" for file in Path(__file__).parent.glob("[!_]*.py"))
)
