"""The site of a test module, `SITE`: once to read, and for each test to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.sites import build_site, write_site


@pytest.fixture(scope="module")
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The module's site, built once (`BUILT`, where it has more than `SITE`): do not change it."""
    text = getattr(request.module, "BUILT", None) or request.module.SITE
    folder = write_site(tmp_path_factory.mktemp("built"), text)
    build_site(folder)
    return folder


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The module's site, built for one test, to change."""
    write_site(tmp_path, request.module.SITE)
    build_site(tmp_path)
    return tmp_path
