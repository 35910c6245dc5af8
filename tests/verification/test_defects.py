# SPDX-License-Identifier: Apache-2.0
"""Known defects of the runtimes: each is really there, said aloud, and computed right or the same as the table has it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from click.testing import CliRunner
from conftest import ROOT
from model_builder import ModelBuilder

from tinycc.cli import cli
from tinycc.compiler import Model, compile, load
from tinycc.defects import DEFECTS, FIXES, Defect
from tinycc.errors import CompileError
from tinycc.execution.inputs import random_inputs
from tinycc.frontends.tflite.oracle import RUNTIMES
from tinycc.interpret import interpret
from tinycc.oracles import OracleUnavailable
from tinycc.report.defects import defects_markdown
from tinycc.verification import verify

ODD = {"scale": 0.05, "zero_point": 11}


def space_to_batch(m: ModelBuilder) -> int:
    x, y = m.input((1, 5, 4, 2), "int8", **ODD), m.tensor((4, 3, 3, 2), "int8", **ODD)
    m.op("SPACE_TO_BATCH_ND", [x, m.const(np.array([2, 2], np.int32)), m.const(np.array([[0, 1], [1, 1]], np.int32))], [y])
    return y


def pad_int16(m: ModelBuilder) -> int:
    x, y = m.input((1, 4), "int16", scale=0.1, zero_point=5), m.tensor((1, 6), "int16", scale=0.1, zero_point=5)
    m.op("PAD", [x, m.const(np.array([[0, 0], [1, 1]], np.int32))], [y])
    return y


def relu6(m: ModelBuilder) -> int:
    x, y = m.input((1, 40), "int8", scale=0.1, zero_point=0), m.tensor((1, 40), "int8", scale=0.05, zero_point=-3)
    m.op("RELU6", [x], [y])
    return y


def add_int32(m: ModelBuilder) -> int:
    a, y = m.input((1, 4), "int32"), m.tensor((1, 4), "int32")
    m.op("ADD", [a, m.const(np.array([[-9, 2, -7, 1]], np.int32))], [y], fused_activation="RELU")
    return y


def order_int16(kind: str) -> Callable[[ModelBuilder], int]:
    def build(m: ModelBuilder) -> int:
        a, b, y = m.input((1, 40), "int16", scale=0.1), m.input((1, 40), "int16", scale=0.01), m.tensor((1, 40), "bool")
        m.op(kind, [a, b], [y])
        return y

    return build


def batch_matmul(m: ModelBuilder) -> int:
    x, y = m.input((1, 2, 4), "int8", scale=0.1), m.tensor((1, 2, 3), "int8", scale=0.5)
    w = np.random.default_rng(1).integers(-100, 100, (1, 4, 3), dtype=np.int8)
    m.op("BATCH_MATMUL", [x, m.const(w, scale=[0.02, 0.03, 0.01], axis=2)], [y])
    return y


def transpose_conv(m: ModelBuilder) -> int:
    rng = np.random.default_rng(1)
    w = m.const(rng.integers(-100, 100, (3, 2, 2, 2), dtype=np.int8), scale=[0.01])
    x, y = m.input((1, 3, 3, 2), "int16", scale=1e-3), m.tensor((1, 6, 6, 3), "int16", scale=1e-3)
    shape, bias = m.const(np.array([1, 6, 6, 3], np.int32)), m.const(rng.integers(-5000, 5000, 3, dtype=np.int32))
    options = {"stride_h": 2, "stride_w": 2, "padding": "VALID"}
    m.op("TRANSPOSE_CONV", [shape, w, x, bias], [y], **options, quantized_bias_type="INT32")
    return y


def sum_int8(dtype: str) -> Callable[[ModelBuilder], int]:
    def build(m: ModelBuilder) -> int:
        x, y = m.input((1, 8), dtype, scale=0.1), m.tensor((1,), dtype, scale=0.01)
        m.op("SUM", [x, m.const(np.array([1], np.int32))], [y], keep_dims=False)
        return y

    return build


def compare_large(m: ModelBuilder) -> int:
    a, b, y = m.input((1, 40), "int8", scale=3.0), m.input((1, 40), "int8", scale=0.1), m.tensor((1, 40), "bool")
    m.op("LESS", [a, b], [y])
    return y


def blockwise(m: ModelBuilder, unit: float = 2**-12, *, asymmetric: bool = True) -> int:
    rng = np.random.default_rng(1)
    scales = m.const((rng.integers(64, 128, (3, 2)) * unit).astype(np.float16))
    w = m.const(rng.integers(-7, 8, (3, 64), dtype=np.int8), "int4", blocks=(scales, 32))
    x, y = m.input((1, 64)), m.tensor((1, 3))
    m.op("FULLY_CONNECTED", [x, w, -1], [y], version=14, asymmetric_quantize_inputs=asymmetric)
    return y


def dequantize(m: ModelBuilder) -> int:
    x, y = m.input((1, 4)), m.tensor((1, 3))
    codes = m.const(np.arange(12, dtype=np.int8).reshape(3, 4), scale=[0.1, 0.2, 0.4])
    w = m.tensor((3, 4))
    m.op("DEQUANTIZE", [codes], [w])
    m.op("FULLY_CONNECTED", [x, w, -1], [y])
    return y


CASES: dict[str, Callable[[ModelBuilder], int]] = {
    "space-to-batch-zero": space_to_batch,
    "pad-int16-zero": pad_int16,
    "relu6-codes": relu6,
    "add-int32-activation": add_int32,
    "order-int16-scales": order_int16("LESS"),
    "batch-matmul-scales-litert": batch_matmul,
    "batch-matmul-scales-tflm": batch_matmul,
    "transpose-conv-int32-bias": transpose_conv,
    "greater-int16": order_int16("GREATER"),
    "dequantize-channels": dequantize,
    "compare-large-scale": compare_large,
    "sum-wraps": sum_int8("int8"),
    "blockwise": blockwise,
}
SHOWN = [defect for defect in DEFECTS if defect.name in CASES]


def file(name: str) -> bytes:
    m = ModelBuilder()
    return m.build([CASES[name](m)])


def outputs(data: bytes, kernels: str, model: Model) -> list[np.ndarray] | None:  # type: ignore[type-arg]
    try:
        oracle = RUNTIMES[kernels](data)
        return [oracle.run(random_inputs(model.graph.inputs, seed).arrays)[0] for seed in range(3)]
    except OracleUnavailable:
        return None


def computed(model: Model) -> list[np.ndarray]:  # type: ignore[type-arg]
    return [interpret(model.graph, random_inputs(model.graph.inputs, seed).arrays)[0] for seed in range(3)]


def equal(a: list[np.ndarray], b: list[np.ndarray]) -> bool:  # type: ignore[type-arg]
    return all(np.allclose(x.astype(np.float64), y.astype(np.float64), rtol=1e-5, atol=1e-5) for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize("defect", [d for d in SHOWN if d.match], ids=lambda defect: defect.name)
def test_reproduced_and_mended(defect: Defect) -> None:
    data = file(defect.name)
    for match in defect.match:
        model = load(data, match=match)
        theirs = outputs(data, defect.sets[0], model)
        assert theirs is not None
        assert equal(computed(model), theirs)
        assert any(defect.name in note for note in model.notes)
        assert any(defect.name in note for note in compile(model, name="model").report.notes)
        mended = load(data, match=match, fixes=[defect.name])
        assert not equal(computed(mended), theirs)
        assert not any(defect.name in note for note in mended.notes)
        compile(mended, name="model")


@pytest.mark.parametrize("name", ["space-to-batch-zero", "pad-int16-zero", "relu6-codes", "add-int32-activation"])
def test_mended_as_litert(name: str) -> None:
    """What TFLM alone gets wrong is what LiteRT has, and `verify` finds that by itself."""
    data = file(name)
    mended = load(data, fixes=[name])
    theirs = outputs(data, "litert-ref", mended)
    assert theirs is not None
    assert equal(computed(mended), theirs)
    verdict = verify(mended, runs=2)
    assert verdict.passed
    assert verdict.oracle == "litert-ref"
    assert verdict.instead == f"tflm is known to be wrong here ({name})"
    assert not load(data, match="litert").notes


@pytest.mark.parametrize("name", ["transpose-conv-int32-bias", "greater-int16", "dequantize-channels"])
def test_wrong_in_tflm_and_avoided(name: str) -> None:
    data = file(name)
    model = load(data)
    theirs = outputs(data, "tflm", model)
    assert theirs is None or not equal(computed(model), theirs)
    verdict = verify(data, runs=2)
    assert verdict.passed
    assert (verdict.oracle, verdict.instead) == ("litert-ref", f"tflm is known to be wrong here ({name})")
    asked = verify(data, runs=2, oracle="tflm")
    assert not asked.passed
    assert any(name in note for note in asked.notes)


@pytest.mark.parametrize("build", [sum_int8("int8"), sum_int8("int16")])
def test_sum_that_wraps_in_the_reference_kernels(build: Callable[[ModelBuilder], int]) -> None:
    m = ModelBuilder()
    data = m.build([build(m)])
    verdict = verify(data, match="litert", runs=2)
    assert verdict.passed
    assert (verdict.oracle, verdict.kernels) == ("litert", "optimised kernels, XNNPACK off")
    asked = verify(data, match="litert", oracle="litert-ref", runs=2)
    assert not asked.passed
    assert any("sum-wraps" in note for note in asked.notes)


def test_blockwise_weights_are_right_with_xnnpack_alone() -> None:
    data = file("blockwise")
    verdict = verify(data, runs=2)
    assert verdict.passed
    assert (verdict.oracle, verdict.kernels) == ("litert", "XNNPACK on")
    m = ModelBuilder()
    assert verify(m.build([blockwise(m, asymmetric=False)]), runs=2).passed, "of weights in blocks, the option says nothing"
    m = ModelBuilder()
    verdict = verify(m.build([blockwise(m, 1e-4)]), runs=2)
    assert not verdict.passed
    assert "blockwise" in verdict.unverified
    asked = verify(m.build(m.outputs), runs=2, oracle="litert")
    assert any("blockwise-bfloat16" in note for note in asked.notes)


def test_where_every_runtime_is_wrong_nothing_is_verified() -> None:
    verdict = verify(file("batch-matmul-scales-tflm"), runs=2)
    assert verdict.equal
    assert not verdict.passed
    assert "NOT VERIFIED" in verdict.headline
    assert "batch-matmul-scales-tflm" in verdict.unverified


def test_no_defect_is_told_of_a_sound_model() -> None:
    m = ModelBuilder()
    x, y = m.input((1, 4, 4, 2), "int8", scale=0.05), m.tensor((4, 2, 2, 2), "int8", scale=0.05)
    no_margins = m.const(np.zeros((2, 2), np.int32))
    m.op("SPACE_TO_BATCH_ND", [x, m.const(np.array([2, 2], np.int32)), no_margins], [y])
    assert not load(m.build([y])).notes


def test_command(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "m.tflite").write_bytes(file("space-to-batch-zero"))
    path, out = str(tmp_path / "m.tflite"), str(tmp_path / "out")
    result = CliRunner().invoke(cli, ["compile", path, "-o", out])
    assert "known defect space-to-batch-zero" in result.output
    assert "--fix space-to-batch-zero" in result.output
    assert "known defect" not in CliRunner().invoke(cli, ["compile", path, "-o", out, "--fix", "space-to-batch-zero"]).output
    assert "fix=space-to-batch-zero" in (tmp_path / "out" / "m.h").read_text()


def test_unknown_fix() -> None:
    with pytest.raises(CompileError, match=r"--fix: found 'all'; expected one of space-to-batch-zero"):
        load(file("relu6-codes"), fixes=["all"])
    assert "sum-wraps" not in FIXES


def test_page() -> None:
    """`python -m benchmarks cases` writes it."""
    assert (ROOT / "docs" / "defects.md").read_text(encoding="utf-8") == defects_markdown()
    names = [defect.name for defect in DEFECTS]
    assert len(set(names)) == len(names)
