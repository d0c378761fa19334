"""Turn the trained status reader into its packaged int8 ONNX file.

python training/export_reader.py --base build/reranker --weights build/status/reader.pt
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch
from torch import Tensor, nn

from base import WEIGHTS, list_weights
from encoder import export
from reader import HEADS, Reader

NAME, TOKENIZER, ORIGIN = "status", "status-tokenizer.json", "cross-encoder/ms-marco-MiniLM-L-12-v2"
OUTPUTS = ["relation", "commitment", "voice"]


class Exported(nn.Module):
    """The trained model with the heads that the product reads, in a fixed order."""

    def __init__(self, model: Reader) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> tuple[Tensor, ...]:
        """Return the logits of the chosen heads."""
        found = self.model(input_ids, attention_mask, token_type_ids)
        return tuple(found[name] for name in OUTPUTS)


def main() -> None:
    """Export, quantise, list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    options = parser.parse_args()
    model = Reader(options.base)
    model.load_state_dict(torch.load(options.weights, weights_only=True))
    example = torch.ones(2, 8, dtype=torch.long)
    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    out = WEIGHTS / f"{NAME}.onnx"
    export(Exported(model.eval()).eval(), (example, example, example), inputs, OUTPUTS, out)
    shutil.copy(options.base / "tokenizer.json", WEIGHTS / TOKENIZER)
    list_weights(
        out.name, TOKENIZER, name=NAME, kind=NAME, licence="Apache-2.0",
        origin=f"{ORIGIN}, trained by training/reader.py", dimension=0, languages=["en"],
    )  # fmt: skip
    print(f"{out.stat().st_size / 1e6:.1f} MB, heads {', '.join(f'{n} {len(HEADS[n])}' for n in OUTPUTS)}")


if __name__ == "__main__":
    main()
