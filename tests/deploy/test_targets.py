"""A kind of deploy target is declared once: in its module, in `TARGETS` and in `TargetKind`."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from builder.cli.reference import schema_texts
from builder.deploy.kinds import TARGETS, find_declaration
from builder.model.targets import TARGET_RULES, TargetKind, TargetSettings
from support.deploys import output, public, site_of
from support.tools import REPOSITORY

KINDS = get_args(TargetKind)
MIRROR = '''\
"""A release -> a folder, file by file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from builder.deploy.plan import DeployPlan
from builder.deploy.release import Release, encode_release, decode_release
from builder.deploy.target import Content, Progress, TargetDeclaration
from builder.deploy.target_state import TargetState
from builder.model.targets import TargetSettings


class Mirror:
    """A folder that is a copy of the site."""

    def __init__(self, root: Path, name: str, settings: TargetSettings) -> None:
        self.folder = root / settings.to

    def read_state(self, thorough: bool) -> TargetState:
        live = self.read_record("")
        return TargetState(live=live, history=(live.id,) if live else (), tip=self.tip())

    def tip(self) -> str:
        live = self.read_record("")
        return live.id if live else ""

    @contextmanager
    def locked(self, break_lock: bool) -> Iterator[None]:
        yield

    def publish(self, plan: DeployPlan, content: Content, progress: Progress) -> None:
        for path in plan.send:
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(content(path), self.folder / path)
        for path in plan.remove:
            (self.folder / path).unlink()
        self.folder.with_suffix(".json").write_bytes(encode_release(plan.new))

    def read_record(self, release_id: str) -> Release | None:
        with suppress(OSError):
            return decode_release(self.folder.with_suffix(".json").read_bytes(), release_id)
        return None

    def local_copy(self, release: Release, path: str) -> Path | None:
        return None

    def close(self) -> None:
        pass


TARGET = TargetDeclaration(
    kind="mirror", open=Mirror, extra_files=lambda settings: {"mirror.txt": b"mirrored"}
)
'''


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program that has one more kind of target."""
    copy = tmp_path_factory.mktemp("package")
    for name in ("builder", "templates", "scripts", "docs"):
        skipped = shutil.ignore_patterns("images")
        shutil.copytree(REPOSITORY / name, copy / name, ignore=skipped)  # with what is compiled
    (copy / "builder/deploy/targets/mirror.py").write_text(MIRROR)
    kinds = copy / "builder/deploy/kinds.py"
    insert(kinds, "targets import folder, git", ", mirror")
    insert(kinds, "    git.TARGET,\n", "    mirror.TARGET,\n")
    insert(copy / "builder/model/targets.py", 'TargetKind = Literal["rclone"', ', "mirror"')
    return copy


def insert(file: Path, after: str, text: str) -> None:
    """Insert a text after the only place where another stands."""
    source = file.read_text()
    assert source.count(after) == 1, (file, after)
    file.write_text(source.replace(after, after + text))


def run_copy(package: Path, *words: object, code: int = 0) -> str:
    """Run the command of a copy of the program in a process of its own."""
    command = [sys.executable, "-m", "builder", *map(str, words)]
    ran = subprocess.run(command, cwd=package, capture_output=True, text=True, check=False)
    assert ran.returncode == code, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


def python_files(folder: Path) -> dict[str, str]:
    return {str(f.relative_to(folder)): f.read_text() for f in folder.rglob("*.py")}


def test_the_architecture_names_every_file_that_a_new_kind_needs(package: Path) -> None:
    text = (REPOSITORY / "ARCHITECTURE.md").read_text()
    (line,) = re.findall(r"^- \*A kind of deploy target\*: .*", text, re.MULTILINE)
    named = re.findall(r"`([\w/]+(?:\.py|/))`", line)
    before, after = python_files(REPOSITORY / "builder"), python_files(package / "builder")
    changed = {path for path, source in after.items() if before.get(path) != source}
    assert len(changed) == len(named) == 3
    assert all(any(path.startswith(name) for name in named) for path in changed), named
    house = [sys.executable, "scripts/house"]
    ran = subprocess.run(house, cwd=package, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_a_new_kind_publishes_a_site(package: Path, tmp_path: Path) -> None:
    site = site_of(tmp_path / "site", "")
    with (site / "site.yaml").open("a") as file:
        file.write("  live: {kind: mirror, to: ../news}\n")
    run_copy(package, "--site", site, "build", "--quiet")
    text = run_copy(package, "--site", site, "deploy", "--yes")
    assert "live now has release " in text
    assert public(tmp_path / "news") == {**output(site), "mirror.txt": b"mirrored"}
    assert "Nothing to do." in run_copy(package, "--site", site, "deploy", "--yes")
    assert "* 2" in run_copy(package, "--site", site, "releases")
    # It has neither the fields of other kinds nor a location that looks like an option.
    settings = site / "site.yaml"
    settings.write_text(settings.read_text().replace("../news", "-news, branch: pages"))
    text = run_copy(package, "--site", site, "check", "--strict", code=1)
    assert "error[invalid-target]: `-news` is not a location for `kind: mirror`" in text
    assert "error[unknown-key]: `branch` is not a field of `kind: mirror`" in text


def test_an_unknown_kind_is_reported(package: Path, tmp_path: Path) -> None:
    """The diagnostic lists a new kind too."""
    site = site_of(tmp_path / "site", "  live: {kind: folder, to: ../news}\n")
    settings = site / "site.yaml"
    settings.write_text(settings.read_text().replace("kind: folder", "kind: ftp"))
    for command in ("check", "build"):
        text = run_copy(package, "--site", site, command, code=1)
        assert "error[invalid-choice]: `ftp` is no" in text
        assert all(kind in text for kind in (*KINDS, "mirror"))
        assert "error[invalid-choice]: `ftp` is no" in run_copy(
            REPOSITORY, "--site", site, command, code=1
        )


def test_each_kind_is_declared_once() -> None:
    assert [target.kind for target in TARGETS] == [*KINDS]
    assert {*TARGET_RULES} <= {*KINDS}
    for target in TARGETS:
        assert find_declaration(target.kind) is target
        assert target.rules.fields <= {*TargetSettings.__struct_fields__}


@pytest.mark.parametrize("kind", KINDS)
def test_the_reference_has_each_kind(kind: str) -> None:
    schema = json.loads(schema_texts()["site"])
    target = schema["properties"]["deploy"]["additionalProperties"]
    assert kind in target["properties"]["kind"]["enum"]
    (row,) = re.findall(
        r"^\| `kind`\* \| .*rclone.*", (REPOSITORY / "docs/front-matter.md").read_text(), re.M
    )
    assert kind in row
    assert f"\n- **{kind}**: " in (REPOSITORY / "docs/deploys.md").read_text()


def test_kinds_are_listed_without_loading_what_reaches_them() -> None:
    program = "import sys, builder.deploy.kinds; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", program], cwd=REPOSITORY, text=True)
    assert "builder.deploy.targets.rclone" in loaded.split()
    heavy = {"http.client", "urllib.request", "ctypes", "builder.engine.build", "jinja2"}
    assert heavy & {*loaded.split()} == set()
