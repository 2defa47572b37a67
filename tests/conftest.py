"""Fixtures that several tests share: the repository's own site, and a browser to see it in."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import yaml
from hypothesis import settings
from playwright.sync_api import Browser, Page, sync_playwright

from builder.cli import build as build_command
from support.costs import pytest_addoption  # noqa: F401
from support.costs import register as register_costs
from support.fonts import FONTS, write_fontconfig
from support.looks import OpenPage
from support.quick import quick_templates  # noqa: F401
from support.skips import (  # noqa: F401
    pytest_make_collect_report,
    pytest_runtest_makereport,
)
from support.tools import ACCESSIBILITY_RULES, HTML_CHECKER, REPOSITORY, TESTS, serve

# The browser has to be quiet: whatever it asks of the network by itself would be counted as
# the page's, or hang where there is no network. Root, as in many containers, has no sandbox.
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Tests are collected to stay: a third of that time would go into looking for garbage among them.
gc.disable()

# How long one example takes depends on what else the machine does: no test asserts a time.
settings.register_profile("suite", settings(), deadline=None)
settings.load_profile("suite")

# A shell that starts the suite in the background has it ignore Ctrl-C, which every process that a
# test starts would inherit: none of them could be asked to end.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config: pytest.Config) -> None:
    """Leave the user's own key alone, from the first test module that is loaded on.

    Every command that a test starts, and every process that runs tests, has this key."""
    register_costs(config)
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="slugline-state-")
        os.environ["XDG_STATE_HOME"] = folder
        config.add_cleanup(lambda: shutil.rmtree(folder))


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over the thousands of tests for the rest of the run.

    It looks for garbage as often as it does in a command."""
    gc.freeze()
    gc.set_threshold(20_000)
    gc.enable()


def pytest_runtest_logfinish() -> None:
    """Turn the garbage collector on again, should a test have turned it off."""
    gc.enable()


# Folders with the longest tests come first, so that none of these is left alone at the end.
LONGEST = ("web", "engine", "house", "serve", "deploy")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        folder = item.path.relative_to(TESTS).parts[0]
        return LONGEST.index(folder) if folder in LONGEST else len(LONGEST)

    items.sort(key=rank)


@pytest.fixture(autouse=True, scope="session")
def collected_garbage() -> Iterator[None]:
    """Leave the garbage collector on in this process, though `build` turns it off.

    Without it, a test of many commands grows to gigabytes, and what it forks costs seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build_command, "gc", SimpleNamespace(disable=lambda: None))
        yield


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's own site, built once for the whole run; read it, do not change it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        # Each worker has a folder of its own, below the one of the run.
        shared = shared.parent
    output = shared / "real-site"
    with (shared / "real-site.lock").open("w") as lock:
        # Whoever comes first builds, the others wait.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not output.exists():
            unfinished = shared / "real-site-unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            at = f"{datetime.now(UTC):%Y-%m-%d %H:%M} +00:00"
            (shared / "real-site-at").write_text(at, "utf-8")
            build = [sys.executable, "-m", "builder", "build", "--at", at]
            build += ["--output", str(unfinished)]
            ran = subprocess.run(
                build, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=240
            )
            if ran.returncode != 0:
                pytest.fail(f"the site does not build:\n{ran.stdout}{ran.stderr}", pytrace=False)
            unfinished.rename(output)
    return output


@pytest.fixture(scope="session")
def base_url() -> str:
    """The address that the repository's site has on the web, with a slash at its end."""
    settings = yaml.safe_load((REPOSITORY / "site.yaml").read_text("utf-8"))
    return settings["base_url"].rstrip("/") + "/"


@pytest.fixture(scope="session")
def served_site(real_site: Path, base_url: str) -> Iterator[str]:
    """The repository's site on a local server; the address of its front page."""
    with serve(real_site, prefix=urlsplit(base_url).path) as url:
        yield url


@pytest.fixture(scope="session")
def html_checker() -> None:
    """Fails with a plain word where the HTML checker is not installed."""
    if not HTML_CHECKER.is_file() or shutil.which("java") is None:
        pytest.fail("The HTML checker is not installed. Run: make test", pytrace=False)


@pytest.fixture(scope="session")
def accessibility_rules() -> Path:
    """The script that checks a page against the accessibility rules from inside."""
    if not ACCESSIBILITY_RULES.is_file():
        pytest.fail("The accessibility rules are not installed. Run: make test", pytrace=False)
    return ACCESSIBILITY_RULES


@pytest.fixture(scope="session")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Browser]]:
    """Browsers without a window, one for each set of fonts, started when a test first asks."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("There is no browser `chromium`. Run: make test", pytrace=False)
    with sync_playwright() as playwright:
        started: dict[str, Browser] = {}

        def browser(fonts: str) -> Browser:
            if fonts not in started:
                if missing := [str(path) for path in FONTS[fonts].folders() if not path.is_dir()]:
                    pytest.fail(f"No fonts in {', '.join(missing)}. Run: make test", pytrace=False)
                settings = write_fontconfig(FONTS[fonts], tmp_path_factory.mktemp(fonts))
                started[fonts] = playwright.chromium.launch(
                    executable_path=program,
                    args=BROWSER_ARGUMENTS,
                    env={**os.environ, "FONTCONFIG_FILE": str(settings)},
                )
            return started[fonts]

        yield browser
        for browser_of_fonts in started.values():
            browser_of_fonts.close()


@pytest.fixture(scope="session")
def open_page(browsers: Callable[[str], Browser]) -> OpenPage:
    """`with open_page(width=320, dark=True, javascript=False, fonts="wide") as page: ...`."""

    @contextmanager
    def opened(
        width: int = 1280, dark: bool = False, javascript: bool = True, fonts: str = "medium"
    ) -> Iterator[Page]:
        context = browsers(fonts).new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            # A page that moves is caught at a different moment every time.
            reduced_motion="reduce",
        )
        try:
            yield context.new_page()
        finally:
            context.close()

    return opened
