# SPDX-License-Identifier: Apache-2.0
"""`--match integer`: QDQ twins of TFLite models, converted by tf2onnx, have TensorFlow Lite Micro's bits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from conftest import ROOT
from onnx import TensorProto, helper

from tinycc.compiler import compile, load
from tinycc.execution.host import HostModel
from tinycc.execution.inputs import edge_inputs, random_inputs
from tinycc.footprint import footprint
from tinycc.frontends.tflite.oracle import tflm
from tinycc.oracles import OracleMissing
from tinycc.verification import verify

TWINS = sorted((Path(__file__).parent / "twins").glob("*.onnx"))


@pytest.mark.parametrize("twin", TWINS, ids=lambda path: path.stem)
def test_twins_have_the_bits_of_tflm(twin: Path) -> None:
    original = ROOT / "examples" / twin.stem.removesuffix("_int8") / f"{twin.stem}.tflite"
    model = load(original)
    (x,) = model.graph.inputs
    try:
        oracle = tflm(original.read_bytes())
    except OracleMissing as error:
        pytest.skip(str(error))
    compilation = compile(load(twin, match="integer"))
    assert {op.numerics.name for op in compilation.graph.ops if hasattr(op, "numerics")} == {"tflm"}
    with HostModel(compilation) as host:
        for item in [*edge_inputs((x,)), *(random_inputs((x,), seed) for seed in range(12))]:
            (given,) = item.arrays
            (expected,) = oracle.run([given])
            (found,) = host.run([given.reshape(compilation.graph.inputs[0].shape)]).outputs
            np.testing.assert_array_equal(found.reshape(expected.shape), expected, item.label)


@pytest.mark.parametrize("core", ["cortex-m0", "cortex-m4"])
@pytest.mark.parametrize("twin", TWINS, ids=lambda path: path.stem)
def test_twins_take_no_more(twin: Path, core: str) -> None:
    """As they are, by ONNX Runtime's arithmetic: at most 3 % beside the TFLite model in flash, cycles and arena."""
    original = ROOT / "examples" / twin.stem.removesuffix("_int8") / f"{twin.stem}.tflite"
    known, found = (compile(path, name="model", target=core) for path in (original, twin))
    if not footprint(known).linked:
        pytest.skip(f"no compiler for {core}")
    assert footprint(found).flash <= 1.03 * footprint(known).flash
    assert found.report.arena_bytes <= known.report.arena_bytes
    cycles = [sum(layer.cycles for layer in made.report.layers) for made in (known, found)]
    assert cycles[1] <= 1.03 * cycles[0]


def test_the_other_arithmetic_differs() -> None:
    """What the tests above would not see if both were the same."""
    twin = next(path for path in TWINS if path.stem == "digits_int8")
    (x,) = load(twin).graph.inputs
    found = []
    for match in ("ort", "integer"):
        with HostModel(compile(load(twin, match=match))) as host:
            found.append([host.run(random_inputs((x,), seed).arrays).outputs[0].tobytes() for seed in range(12)])
    assert found[0] != found[1]


def softmax(scale: float) -> bytes:
    """Softmax between codes, to codes of this scale."""
    nodes = [
        helper.make_node("DequantizeLinear", ["x", "xs", "xz"], ["real"]),
        helper.make_node("Softmax", ["real"], ["shares"]),
        helper.make_node("QuantizeLinear", ["shares", "ys", "yz"], ["y"]),
    ]
    constants = {"xs": np.float32(0.1), "xz": np.int8(3), "ys": np.float32(scale), "yz": np.int8(-128)}
    graph = helper.make_graph(
        nodes,
        "one",
        [helper.make_tensor_value_info("x", TensorProto.INT8, (1, 9))],
        [helper.make_tensor_value_info("y", TensorProto.INT8, (1, 9))],
        [onnx.numpy_helper.from_array(np.asarray(array), name) for name, array in constants.items()],
    )
    return bytes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)]).SerializeToString())


@pytest.mark.parametrize(("scale", "numerics"), [(1 / 256, "tflm"), (0.01, "ort")])
def test_what_tflm_lacks_stays_as_it_is(scale: float, numerics: str) -> None:
    model = load(softmax(scale), match="integer")
    assert [op.numerics.name for op in model.graph.ops if hasattr(op, "numerics")] == [numerics]
    verdict = verify(model, runs=2)
    assert verdict.passed
    assert verdict.oracle == "numpy"
    assert "no runtime of ONNX models computes so" in verdict.headline


def test_other_formats_have_no_such_choice() -> None:
    model = ROOT / "examples" / "wine" / "wine_int8.tflite"
    command = [sys.executable, "-m", "tinycc", str(model), "--match", "integer"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "expected tflm or litert" in done.stderr
