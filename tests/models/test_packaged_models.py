"""The packaged models load offline, are the listed files, and do what their Protocols say."""

from __future__ import annotations

import numpy as np
import pytest

from drumbeat.errors import ModelError
from drumbeat.models.decision import load_decision
from drumbeat.models.onnx_reader import OnnxStatusReader
from drumbeat.models.opening import (
    find_damaged_weights,
    list_models,
    open_encoder,
    open_static,
    open_status_reader,
)

LONG = "The minister said nothing about it. " * 400


def test_shipped_weights_are_the_listed_files() -> None:
    assert find_damaged_weights() == []


def test_every_model_names_licence_origin_and_hash() -> None:
    for info in list_models():
        assert info.licence
        assert info.origin
        assert len(info.sha256) == 64


def test_the_encoder_gives_unit_rows_in_order_whatever_the_lengths() -> None:
    encoder = open_encoder()
    texts = ["A ferry sank.", LONG, "", "The boat went under.", "Rain is expected on Thursday."]
    rows = encoder.encode(texts)
    assert rows.shape == (5, 384)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)
    assert rows[0] @ rows[3] > rows[0] @ rows[4]
    assert np.array_equal(rows[0], encoder.encode(texts[:1])[0])


def test_no_text_gives_no_rows() -> None:
    assert open_encoder().encode([]).shape == (0, 384)
    assert open_status_reader().read([]).shape == (0, 7)


def test_static_rows_are_unit_or_zero() -> None:
    static = open_static()
    rows = static.average(static.pieces(["A ferry sank off the coast.", "", "grain harbour"]))
    assert np.allclose(np.linalg.norm(rows, axis=1), [1, 0, 1], atol=1e-3)


def test_the_status_reader_takes_texts_of_any_length() -> None:
    found = open_status_reader().read([("The toll empties the islands. " * 60, LONG, LONG), ("", "", "")])
    assert found.shape == (2, 7)
    assert np.isfinite(found).all()


def test_the_status_reader_tells_what_is_conveyed_and_whose_it_is() -> None:
    statement = "The toll empties the islands."
    passages = (
        "The toll is emptying the islands.",
        "The minister denied that the toll empties the islands.",
        "The orchestra opens its season with a new symphony.",
    )
    found = open_status_reader().read([(statement, passage, "") for passage in passages])
    assert found.shape == (3, 7)
    conveys, attributed = found[:, 0], found[:, 6]
    assert conveys[2] < min(conveys[:2])
    assert attributed[1] > attributed[0]


def test_the_decision_fits_the_features_of_the_cascade() -> None:
    from drumbeat.themes.match import FINAL_FEATURES, SCREEN_FEATURES, SIFT_FEATURES

    decision = load_decision()
    steps = (decision.screen, decision.sift, decision.final)
    known = (SCREEN_FEATURES, SIFT_FEATURES, FINAL_FEATURES)
    assert tuple(tuple(step.features) for step in steps) == known
    assert 0 < decision.screen.threshold < decision.final.threshold < 1


def test_an_unknown_model_is_refused_by_name() -> None:
    with pytest.raises(ModelError, match="gpt-nine"):
        open_encoder("gpt-nine")
    with pytest.raises(ModelError, match="not an encoder"):
        open_encoder("status")


def test_a_file_that_is_no_model_is_a_model_error(tmp_path: object) -> None:
    from pathlib import Path

    from drumbeat.models.weights import FOLDER, find_weights

    broken = Path(str(tmp_path)) / "broken.onnx"
    broken.write_bytes(b"not a model")
    row = find_weights("minilm")
    with pytest.raises(ModelError, match=r"broken\.onnx"):
        OnnxStatusReader(broken, FOLDER / row.tokenizer, row.info)
