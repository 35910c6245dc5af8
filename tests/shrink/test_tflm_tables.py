# SPDX-License-Identifier: Apache-2.0
"""TFLM's own compression: its tool makes as many bytes as benchmarks/FLASH.md says, and its file compiles to the same."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from benchmarks.flash import WIDEST, channel_rows, index_width, table_bytes
from tinycc.compiler import load
from tinycc.frontends.files import ModelFile
from tinycc.model_cost import cost_of
from tinycc.shrink import SMALLEST, Step, weights_file
from tinycc.verification import verify

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"


def tool(name: str) -> Any:
    pytest.importorskip("tflite_micro", reason="no tflite-micro here")
    return import_module(f"tflite_micro.tensorflow.lite.micro.compression.{name}")


@pytest.mark.filterwarnings("ignore:Compression of tensor")
@pytest.mark.parametrize("step", [Step(0.0, 16), Step(0.9)], ids=str)
@pytest.mark.parametrize("name", ["", "mlperf__kws_ref_model"])
def test_tables_of_the_tool(request: pytest.FixtureRequest, name: str, step: Step) -> None:
    compress, spec, editor = (tool(part) for part in ("compress", "spec", "model_editor"))
    path: Path = request.getfixturevalue("corpus") / "models" / f"{name}.tflite" if name else DIGITS
    file = weights_file(load(str(path)))
    items = [replace(item, array=step(item)) for item in file.weights if item.array.size >= SMALLEST]
    content = file.replaced({item.name: item.array for item in items})
    tensors = editor.read(content).subgraphs[0].tensors
    coded = []
    for item in items:
        number = next(number for number, tensor in enumerate(tensors) if tensor.name == item.name)
        axis, rows = channel_rows(item)
        if index_width(rows) <= WIDEST:
            mode = spec.PerTensor() if len(rows) == 1 else spec.PerChannel(axis)
            method = spec.LookUpTableCompression(index_bitwidth=index_width(rows), mode=mode)
            found = spec.Tensor(subgraph=0, tensor=number, compression=[method])
            made = compress._get_compressor(method).compress(tensors[number], method)
            assert table_bytes(item) == min(len(made.encoded_data) + len(made.ancillary_data), item.array.nbytes)
            coded.append(found)
    assert coded
    if name:
        return  # Its operator codes are those of the old schema, which the tool reads as one.
    model, twin = (load(ModelFile(bytes(data), "model.tflite")) for data in (content, compress.compress(content, coded)))
    assert cost_of(twin) == cost_of(model)
    assert verify(twin, runs=2).passed
