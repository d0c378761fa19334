"""Open models by name: the packaged ones, or an encoder from the hub.

A name is `minilm` (packaged) or `hf:ORG/NAME` (fetched by the user's own hub client, extra `hub`, if they have a
network). Weights are ONNX or safetensors, never pickles.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drumbeat.errors import ModelError
from drumbeat.models.onnx_encoder import OnnxEncoder
from drumbeat.models.onnx_reader import OnnxStatusReader
from drumbeat.models.onnx_tagger import OnnxTagger
from drumbeat.models.protocols import Encoder, ModelInfo, Parser, StaticEncoder, StatusReader, Tagger
from drumbeat.models.spacy_parser import SpacyParser
from drumbeat.models.static_encoder import StaticVectors
from drumbeat.models.weights import FOLDER, find_weights, is_whole, load_manifest, weights_path

DEFAULT_ENCODER = "minilm"
HUB_PREFIX = "hf:"


@dataclass(frozen=True, slots=True)
class Models:
    """The models that a reading and the matching of themes need."""

    static: StaticEncoder
    encoder: Encoder
    status: StatusReader
    parser: Parser
    tagger: Tagger


def open_models(encoder: str = DEFAULT_ENCODER, *, threads: int = 1) -> Models:
    """Load every model (about a second); `threads` is the number of cores one call may use."""
    return Models(
        static=open_static(),
        encoder=open_encoder(encoder, threads=threads),
        status=open_status_reader(threads=threads),
        parser=open_parser(),
        tagger=open_tagger(threads=threads),
    )


def open_static() -> StaticEncoder:
    """Load the packaged static encoder."""
    row = find_weights("static")
    return StaticVectors(weights_path(row), FOLDER / row.tokenizer, row.info)


def open_encoder(name: str = DEFAULT_ENCODER, *, threads: int = 1) -> Encoder:
    """Load a sentence encoder; raise ModelError for an unknown name or one that cannot be fetched."""
    if name.startswith(HUB_PREFIX):
        return _open_hub_encoder(name, threads=threads)
    row = find_weights(name)
    if row.info.kind != "encoder":
        raise ModelError(f"{name} is a {row.info.kind}, not an encoder; the default is {DEFAULT_ENCODER}", model=name)
    return OnnxEncoder(weights_path(row), FOLDER / row.tokenizer, row.info, threads=threads)


def open_status_reader(*, threads: int = 1) -> StatusReader:
    """Load the packaged reader of statuses."""
    row = find_weights("status")
    return OnnxStatusReader(weights_path(row), FOLDER / row.tokenizer, row.info, threads=threads)


def open_tagger(*, threads: int = 1) -> Tagger:
    """Load the packaged attribution tagger with its linker."""
    row, linker = find_weights("attributions"), find_weights("linker")
    return OnnxTagger(weights_path(row), weights_path(linker), FOLDER / row.tokenizer, row.info, threads=threads)


def open_parser() -> Parser:
    """Load the parser."""
    return SpacyParser()


def _open_hub_encoder(name: str, *, threads: int) -> Encoder:
    folder = _fetch_from_hub(name)
    weights = folder / "onnx" / "model.onnx"
    info = ModelInfo(
        name=name,
        kind="encoder",
        licence="see the hub page",
        origin=f"the hub: {name.removeprefix(HUB_PREFIX)}",
        sha256=hashlib.sha256(weights.read_bytes()).hexdigest(),
        dimension=_hub_dimension(folder, name),
        languages=(),
    )
    return OnnxEncoder(weights, folder / "tokenizer.json", info, threads=threads)


def _fetch_from_hub(name: str) -> Path:
    try:
        import huggingface_hub
    except ImportError as error:
        raise ModelError(f"{name} needs the hub client: pip install 'drumbeat[hub]'", model=name) from error
    wanted = ["onnx/model.onnx", "tokenizer.json", "config.json"]
    try:
        folder = Path(huggingface_hub.snapshot_download(name.removeprefix(HUB_PREFIX), allow_patterns=wanted))
    except Exception as error:  # the client passes on errors of several HTTP libraries
        raise ModelError(f"{name} could not be fetched: {error}. Check the name and the network", model=name) from error
    missing = [file for file in wanted if not (folder / file).is_file()]
    if missing:
        raise ModelError(
            f"{name} has no {' and no '.join(missing)}; only encoders exported to ONNX can be used", model=name
        )
    return folder


def _hub_dimension(folder: Path, name: str) -> int:
    import msgspec

    config: dict[str, Any] = msgspec.json.decode((folder / "config.json").read_bytes())
    if not isinstance(config.get("hidden_size"), int):
        raise ModelError(f"{name}: its config.json gives no hidden_size", model=name)
    return int(config["hidden_size"])


def list_models(encoder: str = DEFAULT_ENCODER) -> list[ModelInfo]:
    """Return the cards of the models in use, in the order of the cascade."""
    named = [open_encoder(encoder).info] if encoder.startswith(HUB_PREFIX) else [find_weights(encoder).info]
    packaged = [find_weights(name).info for name in ("status", "attributions")]
    return [find_weights("static").info, *named, *packaged, open_parser().info]


def find_damaged_weights() -> list[str]:
    """Return the names of shipped models whose file is missing or not the listed one."""
    return [name for name, row in load_manifest().items() if not is_whole(row)]
