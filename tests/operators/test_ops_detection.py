# SPDX-License-Identifier: Apache-2.0
"""Whole SSD heads, and what is refused. The arithmetic of non-maximum suppression is in opcases_detection.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from flatbuffers import flexbuffers
from model_builder import ModelBuilder
from opcases_detection import POSTPROCESS, Head, anchors

from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.verification import verify

SHAPES: dict[str, Sequence[tuple[int, ...]]] = {
    "right": ((1, 6, 4), (1, 6), (1, 6), (1,)),
    "empty": ((), (), (), ()),
    "flat": ((10,), (10,), (10,), (10,)),
    "too_small": ((1, 1, 4), (1, 1), (1, 1), (1,)),
}


def ssd(dtype: str = "float32", shapes: str = "right", *, then: bool = False, **row: Any) -> bytes:
    """Two feature maps with a box and a class convolution each, joined, scores through LOGISTIC, then the boxes.

    int8: dequantized in front of the boxes; uint8: as it is. `then`: operators read the results.
    """
    head = Head("ssd", anchors=2 * 4 * 4 + 2 * 2 * 2, **row)
    rng = np.random.default_rng(3)
    m = ModelBuilder()

    def quantized(scale: float, zero_point: int) -> dict[str, Any]:
        zero_point += 128 if dtype == "uint8" else 0
        return {} if dtype == "float32" else {"scale": scale, "zero_point": zero_point}

    def convolution(x: int, size: int, depth: int, to: dict[str, Any]) -> int:
        values = rng.standard_normal((2 * depth, 3, 3, 3)) / 3
        weights, bias = np.float32(values), np.zeros(2 * depth, np.float32)
        if dtype == "float32":
            operands = [m.const(weights), m.const(bias)]
        else:
            codes = np.clip(np.rint(values / 0.01), -127, 127).astype(np.int8)
            fixed = codes if dtype == "int8" else (codes.astype(np.int32) + 128).astype(np.uint8)
            zero_point = 0 if dtype == "int8" else 128
            operands = [m.const(fixed, scale=0.01, zero_point=zero_point), m.const(np.int32(bias), scale=0.01 * 0.02)]
        y = m.tensor((1, size, size, 2 * depth), dtype, **to)
        m.op("CONV_2D", [x, *operands], [y], stride_h=1, stride_w=1, padding="SAME", fused_activation="NONE")
        flat = m.tensor((1, 2 * size * size, depth), dtype, **to)
        m.op("RESHAPE", [y, m.const(np.array([1, -1, depth], np.int32))], [flat])
        return flat

    def joined(parts: list[int], depth: int, to: dict[str, Any]) -> int:
        y = m.tensor((1, head.anchors, depth), dtype, **to)
        m.op("CONCATENATION", parts, [y], axis=1, fused_activation_function="NONE")
        return y

    maps = [(m.input((1, size, size, 3), dtype, **quantized(0.02, 3)), size) for size in (4, 2)]
    box_q, logit_q = quantized(0.05, -7), quantized(0.04, 10)
    boxes = joined([convolution(x, size, 4, box_q) for x, size in maps], 4, box_q)
    logits = joined([convolution(x, size, head.columns, logit_q) for x, size in maps], head.columns, logit_q)
    scores = m.tensor((1, head.anchors, head.columns), dtype, **quantized(1 / 256, -128))
    m.op("LOGISTIC", [logits], [scores])
    points = anchors(head.anchors, rng)
    if dtype == "int8":
        real = [m.tensor((1, head.anchors, depth)) for depth in (4, head.columns)]
        m.op("DEQUANTIZE", [boxes], [real[0]])
        m.op("DEQUANTIZE", [scores], [real[1]])
        boxes, scores = real
    fixed = m.const(np.uint8(np.rint(points * 200)), scale=0.005) if dtype == "uint8" else m.const(points)
    outputs = [m.tensor(shape) for shape in SHAPES[shapes]]
    m.custom(POSTPROCESS, [boxes, scores, fixed], outputs, bytes(flexbuffers.Dumps(head.options)))
    if then:
        rows = head.detections * head.slots
        more = [m.tensor(shape) for shape in ((rows, 4), (1, rows))]
        m.op("RESHAPE", [outputs[0], m.const(np.array([-1, 4], np.int32))], [more[0]])
        m.op("RELU", [outputs[2]], [more[1]])
        outputs = [*more, outputs[1], outputs[3]]
    return m.build(outputs)


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("dtype", ["float32", "int8", "uint8"])
@pytest.mark.parametrize("regular", [False, True])
def test_ssd(dtype: str, shapes: str, regular: bool) -> None:
    model = ssd(dtype, shapes, regular=regular)
    oracle = "litert" if dtype == "uint8" else "tflm"
    match = load(model, match=oracle)
    verdict = verify(match, oracle=oracle, runs=3)
    assert verdict.passed, verdict
    assert verdict.oracle == oracle, verdict.notes
    assert [row.type for row in verdict.outputs] == ["float32[1,6,4]", "float32[1,6]", "float32[1,6]", "float32[1]"]
    assert all(row.values for row in verdict.outputs)


def test_read_further() -> None:
    verdict = verify(ssd(then=True, score=0.0), runs=3)
    assert verdict.passed, verdict
    assert verdict.oracle == "tflm", verdict.notes


def test_several_classes_of_a_box_are_settled_by_litert() -> None:
    verdict = verify(ssd(slots=2), runs=1)
    assert verdict.passed
    assert verdict.oracle == "litert-ref"
    assert verdict.instead == "tflm is known to be wrong here (detection-classes)"
    assert "writes beyond the outputs" in verdict.notes[0]


def test_on_a_core() -> None:
    verdict = verify(ssd("int8", "empty", score=0.6), runs=2, on="cortex-m4")
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"detections": 0}, "max_detections 0"),
        ({"detections": 2**30}, "max_detections 1073741824"),
        ({"slots": -1}, "max_classes_per_detection -1"),
        ({"regular": True, "per_class": 0}, "detections_per_class 0"),
        ({"iou": 0.0}, "thresholds 0 "),
        ({"iou": 1.5}, "thresholds 1.5 "),
        ({"classes": 7}, "and 7 classes"),
        ({"classes": 3}, "and 3 classes"),
        ({"scales": (0.0, 1.0, 1.0, 1.0)}, "scales"),
        ({"scales": (float("inf"), 1.0, 1.0, 1.0)}, "y_scale inf"),
    ],
)
def test_refused(row: dict[str, Any], message: str) -> None:
    with pytest.raises(CompileError, match=message):
        load(ssd(**row))


@pytest.mark.parametrize(
    ("boxes", "scores", "fixed"),
    [
        ((1, 5, 3), (1, 5, 5), (5, 4)),
        ((2, 5, 4), (2, 5, 5), (5, 4)),
        ((1, 5, 4), (1, 4, 5), (5, 4)),
        ((1, 5, 4), (1, 5, 5), (5, 5)),
        ((5, 4), (5, 5), (5, 4)),
    ],
)
def test_shapes_refused(boxes: tuple[int, ...], scores: tuple[int, ...], fixed: tuple[int, ...]) -> None:
    m = ModelBuilder()
    operands = [m.input(boxes), m.input(scores), m.input(fixed)]
    outputs = [m.tensor(()) for _ in range(4)]
    m.custom(POSTPROCESS, operands, outputs, bytes(flexbuffers.Dumps(Head("").options)))
    with pytest.raises(CompileError, match=r"boxes .*, scores .*, anchors .* and 4 classes"):
        load(m.build(outputs))


def suppression(version: int = 4, outputs: int = 2, **given: Any) -> bytes:
    m = ModelBuilder()
    values: dict[str, Any] = {"boxes": np.zeros((5, 4)), "scores": np.ones(5), "limit": np.int32(3), "iou": 0.5, "score": 0.0}
    values |= {"sigma": 0.5} if version == 5 else {}
    operands = []
    for name, value in (values | given).items():
        array = np.asarray(value) if name == "limit" else np.asarray(value, np.float32)
        floats = array.dtype == np.float32 and array.ndim
        operands.append(m.input(array.shape) if floats else m.const(array))
    made = [m.tensor((), dtype) for dtype in ("int32", "float32", "int32")]
    made = made if version == 5 else [made[0], made[2]]
    m.op(f"NON_MAX_SUPPRESSION_V{version}", operands, made[:outputs])
    return m.build(made[:outputs])


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (suppression(boxes=np.zeros((5, 3))), r"boxes \[5, 3\]"),
        (suppression(boxes=np.zeros((1, 5, 4))), r"boxes \[1, 5, 4\]"),
        (suppression(scores=np.zeros(4)), r"scores \[4\]"),
        (suppression(limit=np.int32(-1)), "at most -1 boxes"),
        (suppression(limit=np.int32(2**30)), "at most 1073741824 boxes"),
        (suppression(limit=np.int64(3)), "of int64"),
        (suppression(limit=np.zeros(2, np.int32)), r"at most \[0, 0\] boxes"),
        (suppression(iou=np.zeros(2)), "numbers"),
        (suppression(outputs=1), "5 operands, 1 outputs"),
        (suppression(5, 3, sigma=-1.0), "sigma -1"),
        (suppression(5, 2), "6 operands, 2 outputs"),
    ],
)
def test_suppression_refused(model: bytes, message: str) -> None:
    with pytest.raises(CompileError, match=message):
        load(model)


def test_suppression_on_a_core() -> None:
    """The output shapes are empty in the file."""
    verdict = verify(load(suppression(5, 3), match="litert"), runs=2, on="cortex-m4")
    assert verdict.passed, verdict
    assert verdict.oracle == "litert-ref"


def test_without_options() -> None:
    m = ModelBuilder()
    operands = [m.input((1, 5, 4)), m.input((1, 5, 5)), m.input((5, 4))]
    outputs = [m.tensor(()) for _ in range(4)]
    m.custom(POSTPROCESS, operands, outputs, b"")
    with pytest.raises(CompileError, match="no option num_classes"):
        load(m.build(outputs))


def test_small_scratch() -> None:
    """8 bytes for an anchor and 16 for a detection: no decoded boxes, no copies of the scores."""
    compilation = compile(ssd(), name="model")
    (call,) = (call for step in compilation.program.steps for call in step.calls if "detection" in call.symbol)
    assert call.scratch_bytes == 8 * 40 + 16 * 6
