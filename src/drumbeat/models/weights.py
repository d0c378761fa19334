"""The weights that ship with drumbeat, and what is known of each.

`weights/manifest.json` lists them with their hashes; `training/` remakes each one. `drumbeat doctor` compares
file and hash: a changed model would change every finding without a trace.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import msgspec

from drumbeat.errors import ModelError
from drumbeat.models.protocols import ModelInfo

FOLDER = Path(__file__).parent / "weights"


class Manifest(msgspec.Struct, frozen=True):
    """One row of the manifest: what `ModelInfo` says, the file, and the files that go with it."""

    info: ModelInfo
    file: str
    tokenizer: str


@cache
def load_manifest() -> dict[str, Manifest]:
    """Return the shipped models by name."""
    rows = msgspec.json.decode((FOLDER / "manifest.json").read_bytes(), type=list[Manifest])
    return {row.info.name: row for row in rows}


def find_weights(name: str) -> Manifest:
    """Return the manifest row of a shipped model; raise ModelError naming those there are."""
    manifest = load_manifest()
    if name not in manifest:
        raise ModelError(
            f"no packaged model is called {name!r}; there are {', '.join(sorted(manifest))}, "
            "and 'hf:ORG/NAME' fetches one from the hub",
            model=name,
        )
    return manifest[name]


def is_whole(row: Manifest) -> bool:
    """Tell whether the weights file on disk has the listed hash (reads the whole file)."""
    path = FOLDER / row.file
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == row.info.sha256


def weights_path(row: Manifest) -> Path:
    """Return the weights file of a row; raise ModelError where it is missing."""
    path = FOLDER / row.file
    if not path.is_file():
        raise ModelError(
            f"the weights {row.file} are missing from the installation; reinstall drumbeat", model=row.info.name
        )
    return path
