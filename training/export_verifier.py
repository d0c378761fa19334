"""Turn a trained cross-encoder into its packaged int8 ONNX file: the verifier, or the status reader.

python training/export_verifier.py --base BASE --weights build/verifier/verifier.pt --name verifier
python training/export_verifier.py --base build/reranker --weights build/status/verifier.pt --name status
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch
from torch import Tensor, nn

from base import ORIGIN, WEIGHTS, list_weights
from encoder import export
from verifier import HEADS, Verifier

OUTPUTS = {"verifier": ["relation"], "status": ["relation", "commitment", "voice"]}

STARTS = {
    "verifier": ("minilm-tokenizer.json", ORIGIN),
    "status": ("status-tokenizer.json", "cross-encoder/ms-marco-MiniLM-L-12-v2"),
}
"""The tokenizer of each, and whose weights it started from."""


class Exported(nn.Module):
    """The trained model with some of its heads, in a fixed order."""

    def __init__(self, model: Verifier, outputs: list[str]) -> None:
        super().__init__()
        self.model = model
        self.outputs = outputs

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> tuple[Tensor, ...]:
        """Return the logits of the chosen heads."""
        found = self.model(input_ids, attention_mask, token_type_ids)
        return tuple(found[name] for name in self.outputs)


def main() -> None:
    """Export, quantise, list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--name", choices=list(OUTPUTS), required=True)
    options = parser.parse_args()
    outputs = OUTPUTS[options.name]
    model = Verifier(options.base)
    model.load_state_dict(torch.load(options.weights, weights_only=True))
    example = torch.ones(2, 8, dtype=torch.long)
    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    out = WEIGHTS / f"{options.name}.onnx"
    export(Exported(model.eval(), outputs).eval(), (example, example, example), inputs, outputs, out)
    tokenizer, origin = STARTS[options.name]
    shutil.copy(options.base / "tokenizer.json", WEIGHTS / tokenizer)
    list_weights(
        out.name, tokenizer, name=options.name, kind=options.name, licence="Apache-2.0",
        origin=f"{origin}, trained by training/verifier.py", dimension=0, languages=["en"],
    )  # fmt: skip
    print(f"{out.stat().st_size / 1e6:.1f} MB, heads {', '.join(f'{n} {len(HEADS[n])}' for n in outputs)}")


if __name__ == "__main__":
    main()
