# SPDX-License-Identifier: Apache-2.0
"""Edits of a .tflite file: the reference runtimes get exactly the user's bytes but for these.

Nothing is serialised anew, so whatever else the file holds stays as it is, unknown fields included.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

import tflite
from flatbuffers.table import Table

from tinycc.frontends.tflite.file import builtin_code

# Slots of the vtables (schema.fbs: 4 + 2 * field index) that are written to.
_TENSOR_SHAPE = 4
_TENSOR_SHAPE_SIGNATURE = 18
_QUANTIZATION_QUANTIZED_DIMENSION = 16
_MODEL_SUBGRAPHS = 8

Shape = tuple[int, ...]


# What reading bytes that are no .tflite file raises.
UNREADABLE = (struct.error, IndexError, TypeError, AttributeError, ValueError, OverflowError)


class PatchError(Exception):
    """The file cannot be edited in place as asked; the message says why."""


def patch_model(model: bytes, shapes: Mapping[int, Shape], *, propagates: bool = False) -> bytes:
    """`model` with new static shapes for tensors of subgraph 0, and made acceptable to the runtimes.

    A shape signature follows the shape, so no dimension stays dynamic. Rank-1 tensors get
    quantized_dimension 0, the only axis they have: real files carry another (the convolution's, copied to its bias),
    which the runtimes refuse and microcontrollers run. `propagates`: the runtime finds the shapes of results by itself, so that
    a tensor without any dimension in the file may stay so. Raises PatchError, or one of UNREADABLE for a damaged file.
    """
    data = bytearray(model)
    graphs = _subgraphs(data)
    for graph in graphs:
        for index in range(graph.TensorsLength()):
            _heal_quantized_dimension(data, graph.Tensors(index))
    if shapes:
        kept = {i: shape for i, shape in shapes.items() if not (propagates and not graphs[0].Tensors(i).ShapeLength())}
        _set_shapes(data, graphs[0], kept)
    return bytes(data)


def readable_tensors(model: bytes) -> frozenset[int]:
    """Tensors of subgraph 0 that hold a value after an invocation: inputs, constants, results of operators."""
    root = tflite.Model.GetRootAs(model, 0)
    graph = root.Subgraphs(0)
    found = {int(graph.Inputs(i)) for i in range(graph.InputsLength())}
    for index in range(graph.OperatorsLength()):
        operator = graph.Operators(index)
        found.update(int(operator.Outputs(i)) for i in range(operator.OutputsLength()))
    for index in range(graph.TensorsLength()):
        if root.Buffers(graph.Tensors(index).Buffer()).DataLength() > 0:
            found.add(index)
    return frozenset(found - {-1})


def _subgraphs(data: bytearray) -> list[tflite.SubGraph]:
    if data[4:8] != b"TFL3":
        raise PatchError("not a .tflite file: the identifier TFL3 is missing")
    root = tflite.Model.GetRootAs(data, 0)
    return [root.Subgraphs(i) for i in range(root.SubgraphsLength())]


def _heal_quantized_dimension(data: bytearray, tensor: tflite.Tensor) -> None:
    quantization = tensor.Quantization()
    if quantization is None or tensor.ShapeLength() != 1 or quantization.QuantizedDimension() == 0:
        return
    table: Table = quantization._tab
    field = table.Pos + table.Offset(_QUANTIZATION_QUANTIZED_DIMENSION)
    struct.pack_into("<i", data, field, 0)


def _set_shapes(data: bytearray, graph: tflite.SubGraph, shapes: Mapping[int, Shape]) -> None:
    tensors = [graph.Tensors(i) for i in range(graph.TensorsLength())]
    wanted = [_shape(tensor) for tensor in tensors]
    for index, shape in sorted(shapes.items()):
        if not 0 <= index < len(tensors):
            raise PatchError(f"tensor {index}: the subgraph has {len(tensors)} tensors")
        wanted[index] = tuple(shape)
        _write_vector(data, tensors[index], _TENSOR_SHAPE, shape)
        _write_vector(data, tensors[index], _TENSOR_SHAPE_SIGNATURE, shape)
    for index, tensor in enumerate(tensors):
        if _shape(tensor) != wanted[index]:
            missing = "has no shape" if index in shapes else "its shape is stored together with another tensor's"
            raise PatchError(f"tensor {index}: {missing}")


def _shape(tensor: tflite.Tensor) -> Shape:
    return tuple(int(tensor.Shape(i)) for i in range(tensor.ShapeLength()))


def _write_vector(data: bytearray, tensor: tflite.Tensor, slot: int, values: Sequence[int]) -> None:
    """Overwrite a vector of the tensor's table; one of another length goes to the end of the file. Nothing if it has none."""
    table: Table = tensor._tab
    field = table.Offset(slot)
    if field == 0:
        return
    if table.VectorLen(field) == len(values):
        struct.pack_into(f"<{len(values)}i", data, table.Vector(field), *values)
        return
    data += bytes(-len(data) % 4)
    struct.pack_into("<I", data, table.Pos + field, len(data) - (table.Pos + field))
    data += struct.pack(f"<{len(values) + 1}i", len(values), *values)


_CALLS = {
    "IF": (4, 6),
    "WHILE": (4, 6),
    "CALL_ONCE": (4,),
    "STABLEHLO_COMPOSITE": (6,),
}
"""Operators that name subgraphs, and the slots of the numbers in their options."""


def entry_first(model: bytes, number: int) -> bytes:
    """`model` with subgraph `number` in the place of subgraph 0, and the reverse, since runtimes enter there; calls follow.

    The file must have been read without problems. Raises PatchError where it cannot be edited in place.
    """
    if number == 0:
        return model
    data = bytearray(model)
    root = tflite.Model.GetRootAs(data, 0)
    vector = root._tab.Vector(root._tab.Offset(_MODEL_SUBGRAPHS))
    places = (vector, vector + 4 * number)
    targets = [place + struct.unpack_from("<I", data, place)[0] for place in places]
    if min(target - place for target, place in zip(targets, reversed(places), strict=True)) <= 0:
        raise PatchError(f"subgraph {number} lies in front of the list of subgraphs")
    codes = [root.OperatorCodes(index) for index in range(root.OperatorCodesLength())]
    kinds = {getattr(tflite.BuiltinOperator, name): name for name in _CALLS}
    for index in range(root.SubgraphsLength()):
        graph = root.Subgraphs(index)
        for operator in map(graph.Operators, range(graph.OperatorsLength())):
            kind = kinds.get(builtin_code(codes[operator.OpcodeIndex()]))
            table = operator.BuiltinOptions() or operator.BuiltinOptions2()
            if kind is not None and table is not None:
                for slot in _CALLS[kind]:
                    _exchange(data, table, slot, number)
    for place, target in zip(places, reversed(targets), strict=True):
        struct.pack_into("<I", data, place, target - place)
    return bytes(data)


def _exchange(data: bytearray, table: Table, slot: int, number: int) -> None:
    """`number` for 0 and the reverse, in an int32 field."""
    field = table.Offset(slot)
    if field:
        (old,) = struct.unpack_from("<i", data, table.Pos + field)
        struct.pack_into("<i", data, table.Pos + field, {0: number, number: 0}.get(old, old))
