"""Functions of the search script, called by Node.js as a browser would."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support.tools import PATIENCE, REPOSITORY

ASSETS = REPOSITORY / "templates" / "assets"

# The data files of a site are in a folder, or in `files`.
_RUN = """
const fs = require("fs"), { code, data, folder, files, assets } = JSON.parse(fs.readFileSync(0));
const asked = [];
globalThis.fetch = async url => {
  const name = String(url).replace("https://test.example/", "");
  asked.push(name);
  let text = files[name];
  if (text === undefined && folder && fs.existsSync(`${folder}/${name}`))
    text = fs.readFileSync(`${folder}/${name}`, "utf8");
  return { status: text === undefined ? 404 : 200, ok: text !== undefined, text: async () => text };
};
globalThis.location = { protocol: "https:", href: "https://test.example/" };
globalThis.document = {
  currentScript: { src: "https://test.example/assets/search.js" }, querySelector: () => null,
};
for (const name of ["search.js", "search-text.js"])
  require("vm").runInThisContext(fs.readFileSync(`${assets}/${name}`, "utf8"), name);
const run = Object.getPrototypeOf(async () => {}).constructor("data", "asked", code);
run(data, asked).then(found => fs.writeSync(1, JSON.stringify(found ?? null)));
"""


def run_script(
    code: str, data: Any = None, folder: Path | None = None, files: Mapping[str, str] | None = None
) -> Any:
    """The value that the body of a function returns; it sees `data`, and `slugline`."""
    given = {
        "code": code, "data": data, "folder": str(folder or ""), "files": files or {},
        "assets": str(ASSETS),
    }  # fmt: skip
    ran = subprocess.run(
        ["node", "-e", _RUN], input=json.dumps(given), capture_output=True, text=True,
        timeout=2 * PATIENCE, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
