# SPDX-License-Identifier: Apache-2.0
"""Model files: where they come from, and which format is behind the face of all formats."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from model_builder import ModelBuilder
from refusals import good

from tinycc.compiler import load
from tinycc.errors import CompileError
from tinycc.frontends import open_source
from tinycc.frontends.files import MAX_BYTES
from tinycc.numerics.rules import TFLM
from tinycc.options import Options


def message(model: object) -> str:
    with pytest.raises(CompileError) as caught:
        open_source(model)  # type: ignore[arg-type]
    return str(caught.value)


def test_face_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "good.tflite"
    path.write_bytes(good())
    source = open_source(path)
    assert (source.format, source.file.name, source.file.folder) == ("TFLite", str(path), tmp_path)
    assert source.file.sha256 == hashlib.sha256(good()).hexdigest()
    assert source.runtimes[0] is TFLM
    graph = source.graph(Options())
    assert [value.name for value in graph.inputs] == ["x"]
    assert load(path).graph.name == "good.tflite"


@pytest.mark.parametrize("name", ["model.bin", "model", "model.onnx", "model.TFLITE"])
def test_content_before_suffix(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(good())
    assert open_source(tmp_path / name).format == "TFLite"


def test_suffix_where_the_content_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "m.tflite").write_bytes(b"anything else")
    assert "found b'hing' at byte 4; expected b'TFL3'" in message_of_load(tmp_path / "m.tflite")


def message_of_load(path: Path) -> str:
    with pytest.raises(CompileError) as caught:
        load(path)
    return str(caught.value)


def test_fifo_is_read_once(tmp_path: Path) -> None:
    """By name there would be nothing left the second time, and nobody to wait for."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(good(),))
    writer.start()
    model = load(path)
    writer.join()
    assert model.source.file.data == good()


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(good())))
    model = load("-")
    assert (model.name, model.source.file.data) == ("model", good())


def test_saved_model_folder(tmp_path: Path) -> None:
    (tmp_path / "saved_model.pb").write_bytes(b"\x08\x01\x12\x8f\x11")
    assert message(tmp_path) == (
        f"{tmp_path}: file: found a SavedModel folder; expected a TFLite model or an ONNX model. "
        "Convert it with tf.lite.TFLiteConverter.from_saved_model."
    )


def test_folder_names_the_models_in_it(tmp_path: Path) -> None:
    assert "found a folder; expected a model file. Give the model's file." in message(tmp_path)
    (tmp_path / "a.tflite").write_bytes(good())
    assert f"Give the file: {tmp_path / 'a.tflite'}." in message(tmp_path)


@pytest.mark.parametrize("model", [3, None, ["m.tflite"], object()])
def test_what_is_no_model(model: object) -> None:
    assert f"model: found a {type(model).__name__}; expected a path, the bytes of a model" in message(model)


def test_path_that_no_system_has() -> None:
    assert "a\ufffdb: file: found embedded null byte" in message("a\0b")


def test_too_large_a_file(tmp_path: Path) -> None:
    with (tmp_path / "m.tflite").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "found more than 134,217,728 bytes" in message(tmp_path / "m.tflite")


def test_oracle_speaks_in_the_terms_of_the_graph() -> None:
    """A requested batch, and int8 values for tensors that are uint8 in the file."""
    pytest.importorskip("ai_edge_litert")
    m = ModelBuilder()
    q = {"scale": 0.5, "zero_point": 128}
    x = m.input((1, 2), "uint8", name="x", signature=(-1, 2), **q)
    h = m.tensor((1, 2), "uint8", name="h", signature=(-1, 2), **q)
    y = m.tensor((1, 2), "uint8", name="y", signature=(-1, 2), **q)
    m.op("RELU", [x], [h])
    m.op("RELU6", [h], [y])
    model = load(m.build(outputs=[y]), shapes={"x": (2, 2)})
    inner = next(value for op in model.graph.ops for value in op.outputs if value.index == h)
    assert inner.dtype.value == "int8"
    outputs, shown = model.oracle("litert-ref").trace([np.array([[0, 130], [200, 128]], np.uint8)], [inner])
    assert outputs[0].tolist() == [[128, 130], [140, 128]]
    assert shown[inner].tolist() == [[0, 2], [72, 0]]
