# SPDX-License-Identifier: Apache-2.0
"""Constants in other forms: compressed by TFLM's tools, sparse. They are unpacked when the model is read."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import flatbuffers
import numpy as np
import pytest
import tflite
from model_builder import ModelBuilder

from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.frontends.tflite.oracle import litert_ref, tflm
from tinycc.interpret import interpret
from tinycc.verification import verify

SHAPE = (4, 3, 5)
AXES = {"none": None, "tensor": None, "first": 0, "last": 2}
FLAT = {"int8": np.int8, "int16": np.int16, "int32": np.int32, "int64": np.int64, "float32": np.float32, "bool": np.bool_}


def bits(numbers: Sequence[int], widths: Sequence[int]) -> bytes:
    """Numbers one behind the other, the highest bit first."""
    text = "".join(f"{number:0{width}b}" for number, width in zip(numbers, widths, strict=True))
    return bytes(int(text[i : i + 8].ljust(8, "0"), 2) for i in range(0, len(text), 8))


def header(kind: int, *own: int) -> bytes:
    return bytes([kind, 1, 0, 0, 1, *own]).ljust(16, b"\0")


def quantized(axis: str, dtype: str, zero_points: bool = False) -> dict[str, Any]:
    if axis == "none" or dtype not in ("int8", "int16", "int32"):
        return {}
    count = 1 if AXES[axis] is None else SHAPE[AXES[axis]]  # type: ignore[index]
    points = [(3 * channel - 5) if zero_points else 0 for channel in range(count)]
    return {"scale": [0.1] * count, "zero_point": points, "axis": AXES[axis] or 0}


def model(coded: bytes, ancillary: bytes, dtype: str, quantization: dict[str, Any]) -> bytes:
    """The decoded constant is an output."""
    m = ModelBuilder()
    x, z = m.input((1,), "float32"), m.tensor((1,), "float32")
    m.op("ABS", [x], [z])
    operands = [m.const(np.frombuffer(data, np.uint8)) for data in (coded, ancillary)]
    y = m.tensor(SHAPE, dtype, **quantization)
    m.custom("TFLM_DECODE", operands, [y])
    return m.build([y, z])


def check(data: bytes, expected: np.ndarray) -> None:  # type: ignore[type-arg]
    inputs = [np.ones(1, np.float32)]
    found = interpret(load(data).graph, inputs)[0]
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(tflm(data).run(inputs)[0], expected)


def channels(axis: str) -> np.ndarray:  # type: ignore[type-arg]
    """The number of each element's channel."""
    along = AXES[axis]
    return np.zeros(SHAPE, int) if along is None else np.indices(SHAPE)[along]


@pytest.mark.parametrize("dtype", FLAT)
@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("width", [1, 2, 3, 4, 5, 6, 7])
def test_look_up_tables(width: int, axis: str, dtype: str) -> None:
    rng = np.random.default_rng(width)
    quantization = quantized(axis, dtype)
    count, stride = len(quantization.get("scale", [1])), min(2**width, 19)
    tables = rng.integers(0, 2 if dtype == "bool" else 100, (count, stride)).astype(FLAT[dtype])
    indices = rng.integers(0, stride, SHAPE)
    coded = bits(indices.ravel().tolist(), [width] * indices.size)
    expected = tables[channels(axis) % count, indices]
    check(model(coded, header(0, width, stride) + tables.tobytes(), dtype, quantization), expected)


@pytest.mark.parametrize("dtype", FLAT)
@pytest.mark.parametrize("axis", AXES)
def test_pruning(axis: str, dtype: str) -> None:
    rng = np.random.default_rng(1)
    quantization = quantized(axis, dtype, zero_points=dtype == "int8")
    whole = rng.integers(1, 2 if dtype == "bool" else 100, SHAPE).astype(FLAT[dtype])
    kept = rng.random(SHAPE) < 0.4
    points = np.array(quantization.get("zero_point", [0]))
    expected = np.where(kept, whole, points[channels(axis) % len(points)].astype(FLAT[dtype]))
    coded = bits(kept.ravel().astype(int).tolist(), [1] * kept.size)
    check(model(coded, header(2) + whole[kept].tobytes(), dtype, quantization), expected)


def huffman(first: int, codes: dict[int, str], long: bool) -> bytes:
    """Tables for prefix codes: the first of `first` bits, longer codes go on in a second table each."""
    mark, count = (1 << 31, 27) if long else (1 << 15, 11)
    table = [0] * 2**first
    for start in range(2**first):
        prefix = f"{start:0{first}b}"
        whole = [(symbol, code) for symbol, code in codes.items() if prefix.startswith(code)]
        if whole:
            ((symbol, code),) = whole
            table[start] = mark | len(code) << count | symbol
            continue
        rest = {symbol: code[first:] for symbol, code in codes.items() if code.startswith(prefix)}
        depth = max(map(len, rest.values()))
        table[start] = depth - 1 << count | (len(table) - start)
        for number in range(2**depth):
            ((symbol, code),) = [item for item in rest.items() if f"{number:0{depth}b}".startswith(item[1])]
            table.append(mark | len(code) << count | symbol)
    return np.array(table, np.uint32 if long else np.uint16).tobytes()


CODES = {7: "0", 200: "10", 3: "110", 90: "1110", 91: "11110", 128: "111110", 33: "1111110", 5: "1111111"}


@pytest.mark.parametrize(("dtype", "long"), [("int8", False), ("int8", True), ("int16", True)])
@pytest.mark.parametrize("first", [1, 2, 3, 4, 7])
def test_huffman_codes(first: int, dtype: str, long: bool) -> None:
    rng = np.random.default_rng(first)
    codes = {symbol * (131 if dtype == "int16" else 1): code for symbol, code in CODES.items()}
    symbols = rng.choice(list(codes), SHAPE)
    text = "".join(codes[int(symbol)] for symbol in symbols.ravel())
    coded = bits(list(map(int, text)), [1] * len(text)) + bytes(8)
    expected = symbols.astype(np.uint32).astype(FLAT[dtype])
    ancillary = header(1, (first - 1) << 4 | int(long)) + huffman(first, codes, long)
    check(model(coded[: len(coded) // 4 * 4], ancillary, dtype, {}), expected)


@pytest.mark.parametrize(
    ("coded", "ancillary", "dtype", "found"),
    [
        (bytes(60), header(0, 4, 16) + bytes(16), "int8", ""),
        (bytes(3), header(0, 4, 16) + bytes(16), "int8", "3 bytes of compressed data for 240 bits"),
        (b"\xff" * 60, header(0, 4, 16) + bytes(8), "int8", "index 15 into a table of 8 values"),
        (bytes(60), header(0, 0, 16) + bytes(16), "int8", "indices of 0 bits"),
        (bytes(60), header(9), "int8", "compression of kind 9"),
        (bytes(60), bytes([0, 2]).ljust(16, b"\0"), "int8", "version 2.0"),
        (bytes(60), b"\0\1", "int8", "a table of 2 bytes, without header"),
        (b"\xff" * 60, header(2) + bytes(5), "int8", "60 elements from a table of 5"),
        (bytes(4), header(1, 0) + huffman(1, {7: "0", 9: "1"}, False), "int8", "codes that end after 32 of 60"),
        (bytes(60), header(1, 0), "int8", "a table of 0"),
        (bytes(60), header(1, 0) + bytes(8), "int16", "Huffman codes of int16"),
        (bytes(60), header(1, 0) + bytes(64), "int8", "codes that end after 0 of 60"),
    ],
)
def test_damaged_compression(coded: bytes, ancillary: bytes, dtype: str, found: str) -> None:
    data = model(coded, ancillary, dtype, {})
    if not found:
        load(data)
        return
    with pytest.raises(CompileError, match=found):
        load(data)


def test_compressed_weights_compile_and_equal_tflm() -> None:
    """The encoded tensor still has the quantization of the whole one, as the tool leaves it."""
    rng = np.random.default_rng(5)
    stride, scales = 4, [0.02, 0.03, 0.01]
    tables, indices = rng.integers(-100, 100, (3, stride)).astype(np.int8), rng.integers(0, stride, (3, 16))
    m = ModelBuilder()
    x = m.input((2, 16), "int8", scale=0.1, zero_point=4)
    coded = m.const(np.frombuffer(bits(indices.ravel().tolist(), [2] * 48), np.uint8), scale=scales, axis=0)
    ancillary = m.const(np.frombuffer(header(0, 2, stride) + tables.tobytes(), np.uint8))
    weights = m.tensor((3, 16), "int8", scale=scales, axis=0)
    y = m.tensor((2, 3), "int8", scale=0.5)
    m.custom("TFLM_DECODE", [coded, ancillary], [weights])
    m.op("FULLY_CONNECTED", [x, weights, -1], [y])
    verdict = verify(m.build([y]), runs=2)
    assert verdict.passed
    assert verdict.oracle == "tflm"


def test_compression_before_there_was_an_operator_for_it() -> None:
    """TFLM's older files name the tables in metadata; the tensor's own data are indices."""
    rng = np.random.default_rng(6)
    stride, scales = 4, [0.02, 0.03, 0.01]
    tables, indices = rng.integers(-100, 100, (3, stride)).astype(np.int8), rng.integers(0, stride, (3, 16))
    expected = tables[np.arange(3)[:, None], indices]

    def build(weights: bytes | None) -> bytes:
        m = ModelBuilder()
        x = m.input((2, 16), "int8", scale=0.1, zero_point=4)
        w = m.const(expected, scale=scales, axis=0)
        y = m.tensor((2, 3), "int8", scale=0.5)
        m.op("FULLY_CONNECTED", [x, w, -1], [y])
        if weights is not None:
            m._file.buffers[-1] = weights
            m._file.buffers.append(tables.tobytes())
            m._file.buffers.append(metadata([(w, len(m._file.buffers) - 1, 2)]))
            m._file.metadata = {"COMPRESSION_METADATA": len(m._file.buffers) - 1}
        return m.build([y])

    packed = build(bits(indices.ravel().tolist(), [2] * 48))
    inputs = [rng.integers(-128, 128, (2, 16)).astype(np.int8)]
    np.testing.assert_array_equal(interpret(load(packed).graph, inputs)[0], tflm(build(None)).run(inputs)[0])
    compile(packed)


def metadata(tensors: list[tuple[int, int, int]]) -> bytes:
    """(tensor, buffer of values, width) of compressed tensors of subgraph 0, size in front."""
    fb = flatbuffers.Builder(64)
    entries = []
    for tensor, values, width in tensors:
        fb.StartObject(3)
        fb.PrependInt32Slot(0, tensor, 0)
        fb.PrependUint32Slot(1, values, 0)
        fb.PrependUint8Slot(2, width, 0)
        entries.append(fb.EndObject())
    fb.StartVector(4, len(entries), 4)
    for entry in reversed(entries):
        fb.PrependUOffsetTRelative(entry)
    vector = fb.EndVector()
    fb.StartObject(1)
    fb.PrependUOffsetTRelativeSlot(0, vector, 0)
    graph = fb.EndObject()
    fb.StartVector(4, 1, 4)
    fb.PrependUOffsetTRelative(graph)
    graphs = fb.EndVector()
    fb.StartObject(2)
    fb.PrependUint32Slot(0, 1, 1)
    fb.PrependUOffsetTRelativeSlot(1, graphs, 0)
    fb.FinishSizePrefixed(fb.EndObject())
    return bytes(fb.Output())


# -- sparse --------------------------------------------------------------------------------------------------------------

DENSE, SPARSE = tflite.DimensionType.DENSE, tflite.DimensionType.SPARSE_CSR


def compressed_rows(matrix: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:  # type: ignore[type-arg]
    """CSR: rows dense, columns sparse."""
    rows = [np.flatnonzero(row) for row in matrix]
    segments = np.cumsum([0, *map(len, rows)])
    levels = [(DENSE, matrix.shape[0]), (SPARSE, segments.tolist(), np.concatenate(rows).tolist())]
    return matrix[matrix != 0], {"order": [0, 1], "blocks": [], "levels": levels}


def in_blocks(matrix: np.ndarray, block: int, vector: str) -> tuple[np.ndarray, dict[str, Any]]:  # type: ignore[type-arg]
    """Blocks of columns of which all or nothing is there."""
    grouped = matrix.reshape(matrix.shape[0], -1, block)
    there = [np.flatnonzero(row.any(1)) for row in grouped]
    segments = np.cumsum([0, *map(len, there)])
    levels = [(DENSE, matrix.shape[0]), (SPARSE, segments.tolist(), np.concatenate(there).tolist()), (DENSE, block)]
    data = np.concatenate([row[blocks].ravel() for row, blocks in zip(grouped, there, strict=True)])
    return data, {"order": [0, 1, 2], "blocks": [1], "levels": levels, "vector": vector}


def sparse_model(kind: str, data: np.ndarray, record: dict[str, Any], shape: tuple[int, int]) -> bytes:  # type: ignore[type-arg]
    m = ModelBuilder()
    x, y = m.input((2, shape[1])), m.tensor((2, shape[0]))
    weights = m.const(np.zeros(shape, data.dtype), sparsity=record)
    m._file.buffers[-1] = data.tobytes()
    if kind == "DENSIFY":
        dense = m.tensor(shape, data.dtype.name)
        m.op("DENSIFY", [weights], [dense])
        weights = dense
        if data.dtype == np.float16:
            weights = m.tensor(shape)
            m.op("DEQUANTIZE", [dense], [weights])
    m.op("FULLY_CONNECTED", [x, weights, -1], [y], version=8 if kind != "DENSIFY" else 1)
    return m.build([y])


def sparse_matrix(dtype: str = "float32", block: int = 1) -> np.ndarray:  # type: ignore[type-arg]
    rng = np.random.default_rng(3)
    mask = np.repeat(rng.random((6, 8 // block)) < 0.4, block, axis=1)
    matrix: np.ndarray = (rng.integers(1, 20, (6, 8)) * mask).astype(dtype)  # type: ignore[type-arg]
    return matrix


@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("vector", ["Int32Vector", "Uint16Vector", "Uint8Vector"])
@pytest.mark.parametrize("block", [1, 2, 4])
def test_densify(block: int, vector: str, dtype: str) -> None:
    matrix = sparse_matrix(dtype, block)
    data, record = compressed_rows(matrix) if block == 1 else in_blocks(matrix, block, vector)
    record["vector"] = vector
    file = sparse_model("DENSIFY", data, record, matrix.shape)
    x = np.random.default_rng(0).integers(-9, 9, (2, 8)).astype(np.float32)
    expected = x @ matrix.astype(np.float32).T
    np.testing.assert_array_equal(interpret(load(file).graph, [x])[0], expected)
    np.testing.assert_array_equal(litert_ref(file).run([x])[0], expected)
    compile(file)


def test_order_of_traversal() -> None:
    """Columns first."""
    matrix = sparse_matrix()
    data, record = compressed_rows(matrix.T.copy())
    record["order"] = [1, 0]
    x = np.ones((2, 8), np.float32)
    file = sparse_model("DENSIFY", data, record, matrix.shape)
    np.testing.assert_array_equal(interpret(load(file).graph, [x])[0], x @ matrix.T)


def test_sparse_weights_without_densify() -> None:
    matrix = sparse_matrix()
    file = sparse_model("FULLY_CONNECTED", *compressed_rows(matrix), matrix.shape)
    x = np.random.default_rng(0).integers(-9, 9, (2, 8)).astype(np.float32)
    np.testing.assert_array_equal(interpret(load(file).graph, [x])[0], x @ matrix.T)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"order": [0, 0]}, "dimensions do not add up"),
        ({"order": [0, 1, 2]}, "dimensions do not add up"),
        ({"blocks": [5], "order": [0, 1, 2]}, "dimensions do not add up"),
        ({"levels": [(DENSE, 6), (SPARSE, [0, 1, 2, 3, 4, 5, 99], [0] * 6)]}, "indices outside"),
        ({"levels": [(DENSE, 6), (SPARSE, [0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 8])]}, "indices outside"),
        ({"levels": [(DENSE, 6), (SPARSE, [0, 3, 2, 3, 4, 5, 6], [0] * 6)]}, "do not follow each other"),
        ({"levels": [(DENSE, 6), (SPARSE, [0, 1], [0])]}, "do not follow each other"),
        ({"levels": [(DENSE, 6), (DENSE, 8)]}, "elements for a sparse tensor that has 48"),
        ({"blocks": [1], "order": [0, 1, 2], "levels": [(DENSE, 6), (DENSE, 3), (DENSE, 3)]}, "in blocks of"),
        ({"blocks": [1], "order": [0, 1, 2], "levels": [(DENSE, 6), (DENSE, 3), (DENSE, 0)]}, "in blocks of"),
    ],
)
def test_damaged_sparsity(change: dict[str, Any], found: str) -> None:
    matrix = sparse_matrix()
    data, record = compressed_rows(matrix)
    with pytest.raises(CompileError, match=found):
        load(sparse_model("DENSIFY", data, {**record, **change}, matrix.shape))


def test_densify_of_what_is_computed_refused() -> None:
    m = ModelBuilder()
    x, y = m.input((2, 3)), m.tensor((2, 3))
    m.op("DENSIFY", [x], [y])
    with pytest.raises(CompileError, match="operands computed at run time; expected constants"):
        load(m.build([y]))


def test_damaged_metadata() -> None:
    m = ModelBuilder()
    x, y = m.input((2, 3)), m.tensor((2, 3))
    m.op("ABS", [x], [y])
    m._file.buffers.append(struct.pack("<3I", 100, 2**31, 7))
    m._file.metadata = {"COMPRESSION_METADATA": len(m._file.buffers) - 1}
    with pytest.raises(CompileError, match="leads out of the file"):
        load(m.build([y]))
