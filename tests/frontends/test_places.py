# SPDX-License-Identifier: Apache-2.0
"""Slices whose place is known at run time, writes into lists of tensors, and the loops of recurrent layers made of them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from harness import STRICT
from model_builder import ModelBuilder

from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.frontends.tflite.oracle import litert_ref
from tinycc.interpret import interpret
from tinycc.verification import verify

MODELS = sorted((ROOT / "tests" / "models").glob("*.tflite"))


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
@pytest.mark.parametrize("match", ["tflm", "litert"])
def test_models_as_converters_write_them(path: Path, match: str) -> None:
    """They compile, and equal the runtime: LiteRT, where TFLM does not run them or takes stand-in sizes."""
    verdict = verify(path, match=match, runs=3)
    assert verdict.passed, verdict
    assert verdict.oracle in ("tflm", "litert-ref")


def test_nothing_is_left_of_the_parts() -> None:
    """A write into a list is one call, in place."""
    (path,) = (path for path in MODELS if path.stem == "rnn_seq")
    compilation = compile(path, name="model")
    source = compilation.files["model.c"]
    (target,) = re.findall(r"tk_update_slice\((\w+), \w+, \w+, \1, ", source)
    assert target
    assert "tk_take_slice(" not in source


QUANTIZED = {"int8": {"scale": 0.1, "zero_point": 3}, "int16": {"scale": 0.1}}


def outcome(data: bytes, inputs: list[np.ndarray], archive: Path) -> np.ndarray:  # type: ignore[type-arg]
    """What numpy and C agree on."""
    compilation = compile(data, name="model")
    (found,) = interpret(compilation.model.graph, inputs)
    with HostModel(compilation, archive=archive, flags=STRICT) as host:
        np.testing.assert_array_equal(host.run(inputs).outputs[0], found)
    return found


@pytest.mark.parametrize("dtype", ["float32", "int8", "int16", "int32", "bool"])
@pytest.mark.parametrize("index_type", ["int32", "int64"])
def test_slice(dtype: str, index_type: str, runtime_archive: Path) -> None:
    """Two of three starts come at run time; -1 where the third is known."""
    m = ModelBuilder()
    x = m.input((4, 5, 6), dtype, **QUANTIZED.get(dtype, {}))
    i = m.input((2,), index_type)
    begin, y = m.tensor((3,), index_type), m.tensor((2, 3, 4), dtype, **QUANTIZED.get(dtype, {}))
    m.op("CONCATENATION", [i, m.const(np.array([2], index_type))], [begin], axis=0)
    m.op("SLICE", [x, begin, m.const(np.array([2, 3, -1], index_type))], [y])
    data = m.build([y])
    content = np.arange(120).reshape(4, 5, 6) % 100
    array = (content % 2 == 1) if dtype == "bool" else content.astype(dtype)
    for place in ((0, 0), (1, 2), (2, 2), (2, 0)):
        inputs = [array, np.array(place, index_type)]
        expected = array[place[0] : place[0] + 2, place[1] : place[1] + 3, 2:]
        np.testing.assert_array_equal(outcome(data, inputs, runtime_archive), expected)
        np.testing.assert_array_equal(litert_ref(data).run(inputs)[0], expected)
    moved = outcome(data, [array, np.array([9, -7], index_type)], runtime_archive)  # undefined elsewhere, harmless here
    np.testing.assert_array_equal(moved, array[2:4, 0:3, 2:])


@pytest.mark.parametrize("shrink", [False, True])
@pytest.mark.parametrize("axis", [0, 1])
def test_strided_slice(axis: int, shrink: bool, runtime_archive: Path) -> None:
    """x[i], x[:, i], x[i : i + 2], x[:, i : i + 2]."""
    m = ModelBuilder()
    x, i, one = m.input((4, 5, 2)), m.input((), "int32"), m.const(np.int32(1 if shrink else 2))
    end = m.tensor((), "int32")
    m.op("ADD", [i, one], [end], fused_activation="NONE")
    places = []
    for number in (i, end):
        place = m.tensor((axis + 1,), "int32")
        m.op("PACK", [*[m.const(np.int32(0))] * axis, number], [place], axis=0, values_count=axis + 1)
        places.append(place)
    shape = (4, 5, 2)
    sizes = shape[:axis] + (() if shrink else (2,)) + shape[axis + 1 :]
    y = m.tensor(sizes)
    masks = {"begin_mask": 2**axis - 1, "end_mask": 2**axis - 1, "shrink_axis_mask": 2**axis if shrink else 0}
    m.op("STRIDED_SLICE", [x, *places, m.const(np.ones(axis + 1, np.int32))], [y], **masks)
    data = m.build([y])
    array = np.arange(40, dtype=np.float32).reshape(shape)
    for place in (0, 1, 2, *((-1,) if shrink else ())):
        inputs = [array, np.array(place, np.int32)]
        expected = np.take(array, place, axis) if shrink else np.take(array, [place, place + 1], axis)
        np.testing.assert_array_equal(outcome(data, inputs, runtime_archive), expected)
        np.testing.assert_array_equal(litert_ref(data).run(inputs)[0], expected)


def list_write(rows: int, axis: int, *, gap: int = 0, known: bool = False, parts: str = "SLICE") -> bytes:
    """CONCATENATION of x up to i, a block, and x from i + rows + gap on."""
    m = ModelBuilder()
    shape = [6, 3]
    x, i = m.input(shape, name="x"), m.const(np.array([2], np.int32)) if known else m.input((1,), "int32", name="i")
    shape[axis] = rows
    block = m.input(shape, name="block")
    behind = m.tensor((1,), "int32")
    m.op("ADD", [m.const(np.array([rows + gap], np.int32)), i], [behind], fused_activation="NONE")

    def vector(number: int, other: int) -> int:
        made = m.tensor((2,), "int32")
        rest = m.const(np.array([other], np.int32))
        m.op("CONCATENATION", [number, rest] if axis == 0 else [rest, number], [made], axis=0)
        return made

    first, last = (m.tensor((1, 3), signature=(-1, -1)) for _ in range(2))
    if parts == "SLICE":
        zeros, all_of_it = m.const(np.zeros(2, np.int32)), m.const(np.full(2, -1, np.int32))
        m.op("SLICE", [x, zeros, vector(i, -1)], [first])
        m.op("SLICE", [x, vector(behind, 0), all_of_it], [last])
    else:
        zeros, ones = m.const(np.zeros(2, np.int32)), m.const(np.ones(2, np.int32))
        m.op("STRIDED_SLICE", [x, zeros, vector(i, 0), ones], [first], begin_mask=3, end_mask=3 - 2**axis)
        m.op("STRIDED_SLICE", [x, vector(behind, 0), zeros, ones], [last], begin_mask=3 - 2**axis, end_mask=3)
    y = m.tensor((1, 3), signature=(-1, 3))
    m.op("CONCATENATION", [first, block, last], [y], axis=axis - 2 if rows == 1 else axis)
    return m.build([y])


@pytest.mark.parametrize("parts", ["SLICE", "STRIDED_SLICE"])
@pytest.mark.parametrize(("rows", "axis"), [(1, 0), (2, 0), (1, 1)])
def test_write_into_a_list(rows: int, axis: int, parts: str, runtime_archive: Path) -> None:
    data = list_write(rows, axis, parts=parts)
    x = np.arange(18, dtype=np.float32).reshape(6, 3)
    block = -np.arange(1, 1 + rows * (3 if axis == 0 else 6), dtype=np.float32).reshape((rows, 3) if axis == 0 else (6, rows))
    for place in range(0, x.shape[axis] - rows + 1):
        inputs = [x, np.array([place], np.int32), block]
        expected = x.copy()
        expected[(slice(place, place + rows), slice(None)) if axis == 0 else (slice(None), slice(place, place + rows))] = block
        np.testing.assert_array_equal(outcome(data, inputs, runtime_archive), expected)
        np.testing.assert_array_equal(litert_ref(data).run(inputs)[0], expected)


def test_parts_that_leave_a_gap_are_refused() -> None:
    with pytest.raises(CompileError, match=r"op \d SLICE.*computed at run time"):
        load(list_write(1, 0, gap=1))


def test_parts_of_known_sizes_stay_what_they_are() -> None:
    graph = load(list_write(1, 0, known=True)).graph
    assert [type(op).__name__ for op in graph.ops] == ["Slice", "Slice", "Concatenation"]


def test_size_that_depends_on_the_data_is_refused() -> None:
    m = ModelBuilder()
    x, size, y = m.input((4, 3)), m.input((2,), "int32"), m.tensor((1, 3), signature=(-1, -1))
    m.op("SLICE", [x, m.const(np.zeros(2, np.int32)), size], [y])
    z = m.tensor((1, 3), signature=(-1, -1))
    m.op("RELU", [y], [z])
    with pytest.raises(CompileError) as error:
        load(m.build([z]))
    assert len(error.value.problems) == 1
    assert "operand 2 %t1 computed at run time" in str(error.value)


def test_inputs_that_index_beyond_a_tensor_are_left_out() -> None:
    m = ModelBuilder()
    x, i, y = m.input((4, 2)), m.input((2,), "int32", name="i"), m.tensor((3, 1))
    m.op("SLICE", [x, i, m.const(np.array([3, 1], np.int32))], [y])
    verdict = verify(m.build([y]), runs=8)
    assert verdict.passed
    assert any("left out, as they index beyond a tensor" in note for note in verdict.notes)
