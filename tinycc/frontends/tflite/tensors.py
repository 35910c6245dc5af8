# SPDX-License-Identifier: Apache-2.0
"""Tensors of a subgraph in a TFLite file as values: what they are, what is refused, what they may cost."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from tinycc.errors import CompileError, Problem, fail
from tinycc.frontends.tflite.callees import CALLS
from tinycc.frontends.tflite.file import (
    DAMAGED,
    BlocksRecord,
    OperatorRecord,
    QuantizationRecord,
    SubgraphRecord,
    TensorRecord,
)
from tinycc.frontends.tflite.packed import densified, looked_up
from tinycc.frontends.tflite.refusals import element_type
from tinycc.frontends.tflite.unsigned import shifted
from tinycc.ir import Array, DType, Origin, Quantization, TensorType, Value, unpacked
from tinycc.passes.rewrite import fresh

Shape = tuple[int, ...]

MAX_TENSOR_BYTES = 2**31 - 1
"""C holds sizes in int."""
MAX_RANK = 8
MAX_FOLDED = 2**23
"""Elements that folding constants may compute in all: a small file can ask for any number."""
MAX_UNPACKED = 2**27
"""Packed constants: a small file can have any number of tensors in the same bytes."""
REQUANTIZE = "No runtime reads such scales: quantize the float model again, with a current converter."
HANDLE = "RESOURCE"
"""The type of a tensor that stands for a variable."""
AFFORDABLE = f"at most {MAX_FOLDED:,} in the whole model"
SCALES = 2.0**-100, 2.0**100
"""Bounds of the scales of what is made at run time, far beyond any real one: operators divide by them. The scale of a constant
may be 0 or denormal, as converters write it for one that is all zero."""


@dataclass
class Spent:
    """What a load has taken so far, all subgraphs together: a small file can ask for any amount."""

    folded: int = 0
    unpacked: int = 0
    operators: int = 0

    def affords(self, elements: int) -> bool:
        """Count what is computed now, so that a small file cannot keep the compiler busy or fill its memory."""
        self.folded += elements
        return self.folded <= MAX_FOLDED


class Tensors:
    """The tensors of one subgraph: their names, the values that stand for them by tensor index, and the problems so far.

    `handles` are the tensors that stand for a variable, with its key. `made` are those that an operator makes. `refused` are
    those that a problem names; `unknown` are those whose shape would follow from an operator that is refused. Neither leads to
    further problems in the operators that read them. `open` are those that follow from an input whose shape is not the file's.
    `taken` are the names of values. Subgraph 0 is the model.
    """

    def __init__(self, model: SubgraphRecord, number: int, spent: Spent) -> None:
        self.model, self.number, self.spent = model, number, spent
        self.problems: list[Problem] = []
        self.values: dict[int, Value] = {}
        self.handles: dict[int, str] = {}
        self.names = unique_names(model.tensors)
        self.taken = set(self.names)
        self.made = {index for operator in model.operators for index in operator.outputs}
        self.refused: set[int] = set()
        self.unknown: set[int] = set()
        self.open: set[int] = set()

    def origin(self, position: int, record: OperatorRecord) -> Origin:
        return Origin(position, record.kind, self.names[record.outputs[0]] if record.outputs else "")

    def where(self, index: int) -> str:
        role = self._roles.get(index)
        return f'tensor {index} "{self.names[index]}"' + (f" ({role})" if role else "")

    @cached_property
    def _roles(self) -> dict[int, str]:
        """What each tensor is: a model input, what an operator makes, or else what the first operator reads."""
        roles = dict.fromkeys(self.model.inputs, "input" if self.number else "model input")
        origins = [self.origin(position, record) for position, record in enumerate(self.model.operators)]
        for origin, record in zip(origins, self.model.operators, strict=True):
            for index in record.outputs:
                roles.setdefault(index, f"output of {origin}")
        for origin, record in zip(origins, self.model.operators, strict=True):
            for position, index in enumerate(record.inputs):
                roles.setdefault(index, f"operand {position} of {origin}")
        return roles

    def refuse(self, index: int, found: str, expected: str, hint: str = "") -> None:
        """Record what is wrong with a tensor, once."""
        if index not in self.refused:
            self.refused.add(index)
            self.problems.append(Problem(self.where(index), found, expected, hint))

    def refuse_packed(self, index: int, role: str) -> None:
        """Refuse a tensor that is not a constant operand if it is int4 or int2."""
        dtype = self.values[index].dtype
        if dtype.packed:
            hint = f"Quantize activations to int8; weights may be {dtype.value}."
            self.refuse(index, f"{role} of {dtype.value}", f"{dtype.value} constants alone", hint)

    def refuse_scale(self, index: int, role: str) -> None:
        """Refuse a tensor that is made at run time if nothing can be divided by its scale."""
        quantization = self.values[index].type.quantization if index in self.values else None
        scales = quantization.scales if quantization else ()
        if bad := [scale for scale in scales if not SCALES[0] <= scale <= SCALES[1]]:
            expected = f"{SCALES[0]:.2g} to {SCALES[1]:.2g}, as codes are divided by it"
            self.refuse(index, f"quantization scale {bad[0]:g} of {role}", expected, REQUANTIZE)

    def value(self, index: int, shape: Shape, data: Array | None = None) -> Value:
        """The value of a tensor. What cannot be is refused, and a placeholder of the same rank stands in for it."""
        tensor = self.model.tensors[index]
        dtype = DType.__members__.get(tensor.dtype)
        if dtype is None:
            known = ", ".join(known.value for known in DType)
            self.refuse(index, f"element type {tensor.dtype}", *element_type(tensor.dtype, known))
            dtype = DType.INT8
        if len(shape) > MAX_RANK:
            self.refuse(index, f"{len(shape)} dimensions", f"at most {MAX_RANK}")
        elif min(shape, default=1) < 0:
            self.refuse(index, f"shape {text(shape)}", "sizes of at least 0", DAMAGED)
        elif math.prod(filter(None, shape)) * dtype.bytes > MAX_TENSOR_BYTES:  # beside a size of 0, too: numpy has that limit
            self.refuse(index, f"shape {text(shape)} of {dtype.value}", f"at most {MAX_TENSOR_BYTES:,} bytes")
        if index in self.refused:
            shape, data = (1,) * min(len(shape), MAX_RANK), None
        quantization = self._quantization(index, tensor.quantization, dtype, shape) if dtype.is_integer else None
        return Value(self.names[index], TensorType(shape, dtype, quantization), data, index)

    def _quantization(self, index: int, record: QuantizationRecord | None, dtype: DType, shape: Shape) -> Quantization | None:
        if record is None or index in self.refused:
            return None
        zero_points = record.zero_points
        if len(zero_points) == 1:
            zero_points *= len(record.scales)  # TFLM reads files that spare the rest.
        # Some converters leave the weights' axis on one-dimensional biases; microcontroller runtimes never read it.
        axis = 0 if len(shape) == 1 else record.axis
        low, high = dtype.limits
        hint = REQUANTIZE
        if record.blocks is not None:
            return self._blocks(index, record.blocks, dtype, shape)
        if not record.affine:
            expected = "one scale, or one for each slice along an axis"
            self.refuse(index, "quantization in blocks, or of a custom kind", expected, "Quantize per tensor or per channel.")
        elif bad := [scale for scale in record.scales if not 0 <= scale <= SCALES[1]]:
            self.refuse(index, f"quantization scale {bad[0]:g}", f"0 to {SCALES[1]:.2g}", hint)
        elif not record.zero_points:
            self.refuse(index, "a quantization scale without a zero point", "both", DAMAGED)
        elif len(zero_points) != len(record.scales):
            self.refuse(index, f"{len(zero_points)} zero points", f"{len(record.scales)}, as many as scales", hint)
        elif wrong := [zero_point for zero_point in zero_points if not low <= zero_point <= high]:
            self.refuse(index, f"zero point {wrong[0]}", f"{low} to {high} for {dtype.value}", hint)
        elif len(record.scales) > 1 and not (0 <= axis < len(shape) and shape[axis] == len(record.scales)):
            found = f"{len(record.scales)} scales along axis {axis} of {text(shape)}"
            self.refuse(index, found, "one, or as many as the axis is long", hint)
        else:
            return Quantization(record.scales, zero_points, axis if len(record.scales) > 1 else None)
        return None

    def _blocks(self, index: int, record: BlocksRecord, dtype: DType, shape: Shape) -> Quantization | None:
        """Blockwise quantization, whose scales are a constant tensor. Only int4 weights have it in any runtime."""
        hint = REQUANTIZE
        count = math.prod(shape) // record.size if record.size > 0 else 0
        scales = self._constant_codes(record.scales)
        zero_points = self._constant_codes(record.zero_points) if record.zero_points > 0 else None
        if dtype is not DType.INT4:
            self.refuse(index, f"{dtype.value} quantized in blocks", "blocks of int4 weights alone", hint)
        elif len(shape) != 2 or record.size < 1 or shape[1] % record.size:
            self.refuse(index, f"blocks of {record.size} in {text(shape)}", "rows that are a whole number of blocks", hint)
        elif scales is None or scales.dtype != np.float16 or scales.size != count:
            self.refuse(index, f"scales of blocks in tensor {record.scales}", f"{count} float16 constants there", hint)
        elif zero_points is not None and zero_points.any():
            self.refuse(index, f"zero points of blocks in tensor {record.zero_points}", "0 for all of them", hint)
        elif not (np.isfinite(scales) & (scales > 0)).all():
            self.refuse(index, "scales of blocks that are not all positive numbers", "positive numbers", hint)
        else:
            return Quantization(tuple(scales.astype(np.float32).ravel().tolist()), (0,) * count, block=record.size)
        return None

    def _constant_codes(self, index: int) -> Array | None:
        """The elements of a constant tensor that is no operand; None if there is none of that number."""
        if not 0 <= index < len(self.model.tensors) or self.model.tensors[index].quantization or not self.is_constant(index):
            return None
        return self.constant(index).data

    def is_constant(self, index: int) -> bool:
        # Variable tensors included: what an operator finds there first. Variables.problems refuses what that is wrong for.
        tensor = self.model.tensors[index]
        return index not in self.made and (tensor.variable or tensor.data is not None or 0 in tensor.shape)

    def is_variable(self, index: int) -> bool:
        """Whether it is a variable tensor that lives on as a state, and no result."""
        return index not in self.made and self.model.tensors[index].variable

    def constant(self, index: int) -> Value:
        tensor = self.model.tensors[index]
        value = self.value(index, tensor.shape)
        if index in self.refused:
            return value
        dtype = value.dtype.numpy
        if tensor.variable and tensor.data is None:
            if not self.spent.affords(value.type.elements):
                self.refuse(index, f"an initial state of {value.type.elements:,} elements", AFFORDABLE)
                return value
            zero_point = value.type.quantization.zero_points[0] if value.type.quantization else 0
            return replace(value, data=np.full(value.shape, zero_point, dtype))
        try:
            return replace(value, data=self._elements(tensor, value))
        except ValueError as error:
            self.refuse(index, str(error), "an intact constant", DAMAGED)
        except CompileError as error:
            self.refuse(index, *(getattr(error.problems[0], field) for field in ("found", "expected", "hint")))
        return value

    def _elements(self, tensor: TensorRecord, value: Value) -> Array:
        """A constant's elements. Raises ValueError for damaged data, CompileError for too many."""
        raw, dtype, count = bytes(tensor.data or b""), value.dtype.numpy, value.type.elements
        if tensor.table is not None or tensor.sparsity is not None:
            if tensor.unsigned or value.dtype.packed:
                raise ValueError(f"packed elements of type {describe(value, tensor.unsigned)}")
            self.afford(count, f"{count:,} elements to unpack")
        if tensor.table is not None:
            channels = len(value.quantization.scales) if value.type.quantization else 1
            stride = len(tensor.table.values) // value.dtype.bytes // channels
            return looked_up(raw, tensor.table.values, tensor.table.width, stride, value.type)
        if tensor.sparsity is not None and len(raw) % dtype.itemsize == 0:
            return densified(tensor.sparsity, value.shape, _from_file(raw, dtype))
        if len(raw) != value.type.bytes:
            expected = f"{value.type.bytes:,} for {value.dtype.value}{text(value.shape)}"
            raise fail("", f"{len(raw):,} bytes of data", expected, DAMAGED)
        if tensor.unsigned:
            self.afford(len(raw), f"{len(raw):,} constants in uint8", "Quantize to int8.")
            return shifted(np.frombuffer(raw, np.uint8)).reshape(value.shape)
        if value.dtype.packed:
            self.spent.unpacked += count
            if self.spent.unpacked > MAX_UNPACKED:
                raise fail(
                    "", f"{self.spent.unpacked:,} packed constants so far", f"at most {MAX_UNPACKED:,} in the whole model"
                )
            return unpacked(np.frombuffer(raw, dtype), value.shape, value.dtype.bits)
        return _from_file(raw, dtype).reshape(value.shape)

    def afford(self, elements: int, found: str, hint: str = "") -> None:
        """Count what is computed now; raise CompileError if it is too much."""
        if not self.spent.affords(elements):
            raise fail("", found, AFFORDABLE, hint)

    def raw(self, index: int) -> bytes | None:
        """The bytes of a constant as they are in the file; None if it is none."""
        data = self.model.tensors[index].data if index >= 0 and index not in self.made else None
        return None if data is None else bytes(data)

    def operand(self, origin: Origin, index: int) -> Value:
        if index not in self.values and self.is_constant(index):
            self.values[index] = self.constant(index)
        elif index not in self.values:
            found = "nothing that makes it, and no data"
            if index in self.made:
                found = f"{origin} reading it first (a cycle, or operators out of order)"
            if index in self.handles:
                found = f"{origin} reading the handle of a variable"
            quantization = self.model.tensors[index].quantization
            if quantization is not None and not quantization.affine:
                self.value(index, self.declared(index))  # refused for that: in blocks, its data are other tensors
            self.refuse(index, found, "an input, a constant or an earlier result", DAMAGED)
            self.values[index] = self.value(index, self.declared(index))
        return self._known_if_empty(self.values[index])

    def _known_if_empty(self, value: Value) -> Value:
        """An operand without elements as the constant that it is: what is computed from nothing else gets folded."""
        if value.constant or value.type.elements:
            return value
        name = fresh(f"{value.name}_empty", self.taken)
        return replace(value, name=name, data=np.empty(value.shape, value.dtype.numpy), index=None)

    def output(self, index: int) -> Value | None:
        if index not in self.values and self.is_constant(index):
            self.values[index] = self.constant(index)
        if index not in self.values:
            self.refuse(index, "a model output that no operator makes", "an operator, an input or a constant", DAMAGED)
        elif self.values[index].constant:
            self.refuse_packed(index, "a model output")
        return self.values.get(index)

    def declare_outputs(self, origin: Origin, record: OperatorRecord) -> None:
        """Values for what an operator makes, as the file describes them. A handle is none."""
        if not self.open.isdisjoint(record.inputs):
            self.open.update(record.outputs)
        for index in record.outputs:
            if index in self.values or index in self.handles:
                found = f"{self.where(index)} as output, which is there already"
                self.problems.append(Problem(str(origin), found, "a new tensor", DAMAGED, origin.kind))
            if not (record.kind in CALLS and self.model.tensors[index].dtype == HANDLE):
                self.values.setdefault(index, self.value(index, self.declared(index)))

    def name_operands(self, record: OperatorRecord) -> None:
        """Placeholders for what an unsupported operator reads and nothing makes: scratch memory of an accelerator's program."""
        for index in record.inputs:
            if index >= 0 and index not in self.values and index not in self.made and not self.is_constant(index):
                self.values[index] = self.value(index, self.declared(index))

    def intermediates(self, record: OperatorRecord) -> tuple[Quantization | None, ...]:
        return tuple(
            None if index < 0 else self.value(index, self.declared(index)).type.quantization for index in record.intermediates
        )

    def types(self, indices: tuple[int, ...]) -> str:
        """Tensors as the file describes them, element types that the IR does not have included."""
        records = [(index, self.model.tensors[index]) for index in indices if index >= 0]
        texts = {
            index: ("uint8" if record.unsigned else record.dtype.lower())
            + text(self.declared(index) if index in self.refused else self.values[index].shape)
            for index, record in records
        }
        return ", ".join(texts.get(index, "-") for index in indices)

    def declared(self, index: int) -> Shape:
        """The shape in the file, with 1 for a dimension that it leaves open."""
        open_axes = self.open_axes(index)
        return tuple(max(dim, 1) if axis in open_axes else dim for axis, dim in enumerate(self.model.tensors[index].shape))

    def open_axes(self, index: int) -> tuple[int, ...]:
        """The dimensions whose size the file leaves open."""
        tensor = self.model.tensors[index]
        signature = tensor.signature if len(tensor.signature) == len(tensor.shape) else tensor.shape
        return tuple(axis for axis, sizes in enumerate(zip(tensor.shape, signature, strict=True)) if min(sizes) < 0)

    def may_differ(self, index: int) -> bool:
        """Whether the file leaves the shape open (as one without dimensions may mean), so that the inferred one is as good.

        A size of 0 is open, too: it is said of what is empty and of what is not known.
        """
        tensor = self.model.tensors[index]
        left_open = not tensor.shape or 0 in tensor.shape or min(tensor.signature + tensor.shape) < 0
        return left_open or index in self.open

    def is_unsigned(self, index: int) -> bool:
        return index >= 0 and self.model.tensors[index].unsigned

    def gives_handle(self, index: int) -> bool:
        return self.number > 0 and index in self.handles


def unique_names(tensors: tuple[TensorRecord, ...]) -> list[str]:
    """Tensor names up to the first `;` (converters list every fused layer), made unique by the tensor number."""
    seen: set[str] = set()
    names = []
    for index, tensor in enumerate(tensors):
        short = tensor.name.split(";")[0] or tensor.name
        name = short if short not in seen else f"{short}_{index}"
        while name in seen:
            name += "_"
        seen.add(name)
        names.append(name)
    return names


def text(shape: Shape) -> str:
    return "[" + ",".join(map(str, shape)) + "]"


def describe(value: Value, unsigned: bool) -> str:
    return ("uint8" if unsigned else value.dtype.value) + text(value.shape)


def _from_file(raw: bytes, dtype: np.dtype[Any]) -> Array:
    return np.frombuffer(raw, dtype.newbyteorder("<")).astype(dtype, copy=False)
