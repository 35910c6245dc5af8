# SPDX-License-Identifier: Apache-2.0
"""TFLite to IR: one loop over the file's operators, driven by the operators' own tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from tinycc.errors import CompileError, Problem
from tinycc.frontends.calls import CALLS, MAX_DEPTH, Argument, Callee, shaped
from tinycc.frontends.node import Node
from tinycc.frontends.refusals import element_type, unsupported
from tinycc.frontends.states import StateTable, keep_outputs
from tinycc.frontends.tflite_file import (
    DAMAGED,
    BlocksRecord,
    OperatorRecord,
    QuantizationRecord,
    SubgraphRecord,
    TensorRecord,
    read_file,
)
from tinycc.frontends.unsigned import READ_CODES, as_in_file, border, shifted, signed, with_borders
from tinycc.ir import Array, DType, Graph, Origin, Quantization, TensorType, Value, unpacked
from tinycc.ops.base import Operator, problems, tflite_operators
from tinycc.ops.control import If, While
from tinycc.ops.reshape import Reshape
from tinycc.passes.fold_constants import evaluate
from tinycc.passes.rewrite import fresh, inline, renamed

Shape = tuple[int, ...]

MAX_TENSOR_BYTES = 2**31 - 1
"""C holds sizes in int."""
MAX_RANK = 8
MAX_OPERATORS = 5_000
MAX_FOLDED = 2**23
"""Elements that folding constants may compute in all: a small file can ask for any number."""
MAX_UNPACKED = 2**27
"""int4 constants: a small file can have any number of tensors in the same bytes."""
HANDLE = "RESOURCE"
"""The type of a tensor that stands for a variable."""
_AFFORDABLE = f"at most {MAX_FOLDED:,} in the whole model"
SCALES = 2.0**-100, 2.0**100
"""Bounds of quantization scales, far beyond any real one: what is computed from them stays finite."""


def load_tflite(data: bytes, *, name: str = "model", shapes: Mapping[str, Shape] | None = None, match: str = "tflm") -> Graph:
    """The graph of a .tflite file.

    `shapes` sets input shapes by tensor name (for dynamic dimensions, which are 1 otherwise). `match` names the runtime whose
    arithmetic the graph stands for. Raises CompileError with every problem of the file.
    """
    subgraphs = signed(read_file(data).subgraphs)
    graph = _Loader(subgraphs, dict(shapes or {}), match).load(name)
    unsigned = {index for index, tensor in enumerate(subgraphs[0].tensors) if tensor.unsigned}
    return keep_outputs(with_borders(graph, unsigned))


def changed_shapes(data: bytes, inputs: Mapping[int, Shape], match: str) -> dict[int, Shape]:
    """The shapes, by tensor number, that are not the file's if its inputs have the shapes `inputs`; of folded tensors, too."""
    subgraphs = signed(read_file(data).subgraphs)
    names = _unique_names(subgraphs[0].tensors)
    loader = _Loader(subgraphs, {names[index]: shape for index, shape in inputs.items()}, match)
    loader.load("")
    tensors = subgraphs[0].tensors
    return {index: value.shape for index, value in sorted(loader.values.items()) if value.shape != tensors[index].shape}


_STATE_OPERATORS = frozenset({"VAR_HANDLE", "READ_VARIABLE", "ASSIGN_VARIABLE", "CALL_ONCE"})


@dataclass
class _Spent:
    """What a load has taken so far, all subgraphs together: a small file can ask for any amount."""

    folded: int = 0
    unpacked: int = 0
    operators: int = 0


class _Loader:
    """The state of one load: values by tensor index, and the problems so far.

    `refused` are tensors that a problem names; `unknown` are those whose shape would follow from an operator that is refused.
    Neither leads to further problems in the operators that read them. `open` are those that follow from an input whose shape is
    not the file's. Subgraph 0 is the model; another one has a `caller` and gets `arguments`.
    """

    def __init__(
        self,
        subgraphs: tuple[SubgraphRecord, ...],
        shapes: dict[str, Shape],
        match: str,
        number: int = 0,
        caller: _Loader | None = None,
        arguments: Sequence[Argument] = (),
    ) -> None:
        self.subgraphs, self.model, self.number = subgraphs, subgraphs[number], number
        self.shapes, self.match, self.arguments = shapes, match, arguments
        self.calling: tuple[int, ...] = (*caller.calling, number) if caller else (number,)
        self.spent: _Spent = caller.spent if caller else _Spent()
        self.problems: list[Problem] = []
        self.table: StateTable = StateTable(caller.table if caller else None)
        self.handles: dict[int, str] = {}
        self.called: set[int] = set()
        self.advanced: dict[tuple[int, int | str], tuple[Value, Value]] = {}
        self.values: dict[int, Value] = {}
        self.codes: dict[Value, Value] = {}
        self.ops: list[Operator] = []
        self.names = _unique_names(self.model.tensors)
        self.taken = set(self.names)
        self.made = {index for operator in self.model.operators for index in operator.outputs}
        self.refused: set[int] = set()
        self.unknown: set[int] = set()
        self.open: set[int] = set()

    def load(self, name: str) -> Graph:
        self._check_model()
        inputs = self._inputs()
        for position, record in enumerate(self.model.operators):
            self._append(self._operator(position, record), record)
        outputs = [self._output(index) for index in self.model.outputs if not self._gives_handle(index)]
        if self.problems:
            raise CompileError(self.problems)
        ops = (
            tuple(replace(op, origin=replace(op.origin, subgraph=self.number)) for op in self.ops) if self.number else self.ops
        )
        return Graph(name, inputs, tuple(value for value in outputs if value), tuple(ops), self.table.states)

    def _append(self, op: Operator | None, record: OperatorRecord) -> None:
        """Add an op, and what makes int8 of the uint8 codes that it may give."""
        if op is not None:
            self.ops.append(op)
            results = (self.values[index] for index in record.outputs)
            self.ops += [border(self.codes[value], value) for value in results if self.codes.get(value) in op.outputs]

    def _check_model(self) -> None:
        self.spent.operators += len(self.model.operators)
        if self.spent.operators > MAX_OPERATORS:
            raise CompileError(Problem("file", f"{self.spent.operators:,} operators", f"at most {MAX_OPERATORS:,}"))
        if not self.model.outputs and self.number == 0:
            self.problems.append(Problem("model outputs", "none", "at least one", "The file holds nothing to compute."))
        known = [self.names[index] for index in self.model.inputs]
        for name in sorted(set(self.shapes) - set(known)):
            self.problems.append(Problem("--input-shape", f"input {name}", " or ".join(known)))

    # Tensors

    def _where(self, index: int) -> str:
        role = self._roles.get(index)
        return f'tensor {index} "{self.names[index]}"' + (f" ({role})" if role else "")

    @cached_property
    def _roles(self) -> dict[int, str]:
        """What each tensor is: a model input, what an operator makes, or else what the first operator reads."""
        roles = dict.fromkeys(self.model.inputs, "input" if self.number else "model input")
        origins = [self._origin(position, record) for position, record in enumerate(self.model.operators)]
        for origin, record in zip(origins, self.model.operators, strict=True):
            for index in record.outputs:
                roles.setdefault(index, f"output of {origin}")
        for origin, record in zip(origins, self.model.operators, strict=True):
            for position, index in enumerate(record.inputs):
                roles.setdefault(index, f"operand {position} of {origin}")
        return roles

    def _refuse(self, index: int, found: str, expected: str, hint: str = "") -> None:
        """Record what is wrong with a tensor, once."""
        if index not in self.refused:
            self.refused.add(index)
            self.problems.append(Problem(self._where(index), found, expected, hint))

    def _inputs(self) -> tuple[Value, ...]:
        if self.number == 0:
            return tuple(self._input(index) for index in dict.fromkeys(self.model.inputs))
        bound = map(self._bind, self.model.inputs, self.arguments)
        return tuple(value for value in bound if value is not None)

    def _bind(self, index: int, argument: Argument) -> Value | None:
        """Give a called subgraph's input its argument; the input, if it is one at run time."""
        given = argument.value
        if argument.handle is not None or given is None:
            self.handles[index] = argument.handle or ""
            return None
        tensor = self.model.tensors[index]
        if not tensor.shape or given.shape == tensor.shape or argument.open or self._may_differ(index):
            shape = given.shape
        else:
            shape = self._declared(index)
        if shape != tensor.shape:
            self.open.add(index)
        value = self._value(index, shape)
        if index in self.refused:
            pass
        elif value.dtype is not given.dtype or tensor.unsigned != argument.unsigned or math.prod(shape) != given.type.elements:
            self._refuse(
                index, f"{_describe(given, argument.unsigned)} as argument", _describe(value, tensor.unsigned), DAMAGED
            )
        elif argument.fixed and given.data is not None:
            self.values[index] = replace(value, data=given.data.reshape(shape))
            return None
        elif shape != given.shape:
            type = replace(value.type, shape=given.shape)
            passed = replace(value, name=fresh(f"{value.name}_given", self.taken), type=type, index=None)
            self.ops.append(Reshape(x=passed, shape=shape, outputs=(value,), origin=Origin(-1, "RESHAPE", value.name)))
            self.values[index] = value
            return passed
        self.values[index] = value
        return value

    def _input(self, index: int) -> Value:
        tensor = self.model.tensors[index]
        shape = self._declared(index)
        requested = self.shapes.get(self.names[index], shape)
        if len(requested) != len(shape) or (requested != shape and min(requested, default=1) < 1):
            expected = f"{len(shape)} positive dimensions, such as {_text(shape)}"
            self.problems.append(Problem(f"--input-shape {self.names[index]}", _text(requested), expected))
            requested = shape
        if requested != tensor.shape:
            self.open.add(index)
        self.values[index] = self._value(index, requested)
        self._refuse_int4(index, "a model input of int4")
        return self.values[index]

    def _refuse_int4(self, index: int, found: str) -> None:
        """Refuse a tensor that is not a constant operand if it is int4."""
        if self.values[index].dtype is DType.INT4:
            self._refuse(index, found, "int4 constants alone", "Quantize activations to int8; weights may be int4.")

    def _value(self, index: int, shape: Shape, data: Array | None = None) -> Value:
        """The value of a tensor. What cannot be is refused, and a placeholder of the same rank stands in for it."""
        tensor = self.model.tensors[index]
        dtype = DType.__members__.get(tensor.dtype)
        if dtype is None:
            known = ", ".join(known.value for known in DType)
            self._refuse(index, f"element type {tensor.dtype}", *element_type(tensor.dtype, known))
            dtype = DType.INT8
        if tensor.sparse:
            self._refuse(index, "a sparse tensor", "a dense one", "Convert without tf.lite.Optimize.EXPERIMENTAL_SPARSITY.")
        if len(shape) > MAX_RANK:
            self._refuse(index, f"{len(shape)} dimensions", f"at most {MAX_RANK}")
        elif min(shape, default=1) < 0:
            self._refuse(index, f"shape {_text(shape)}", "sizes of at least 0", DAMAGED)
        elif math.prod(shape) * dtype.bytes > MAX_TENSOR_BYTES:
            self._refuse(index, f"shape {_text(shape)} of {dtype.value}", f"at most {MAX_TENSOR_BYTES:,} bytes")
        if index in self.refused:
            shape, data = (1,) * min(len(shape), MAX_RANK), None
        quantization = self._quantization(index, tensor.quantization, dtype, shape) if dtype.is_integer else None
        return Value(self.names[index], TensorType(shape, dtype, quantization), data, index)

    def _quantization(self, index: int, record: QuantizationRecord | None, dtype: DType, shape: Shape) -> Quantization | None:
        if record is None or index in self.refused:
            return None
        zero_points = record.zero_points or (0,) * len(record.scales)
        if len(zero_points) == 1:
            zero_points *= len(record.scales)
        # Some converters leave the weights' axis on one-dimensional biases; microcontroller runtimes never read it.
        axis = 0 if len(shape) == 1 else record.axis
        low, high = dtype.limits
        hint = "Quantize the model again."
        if record.blocks is not None:
            return self._blocks(index, record.blocks, dtype, shape)
        if not record.affine:
            expected = "one scale, or one for each slice along an axis"
            self._refuse(index, "quantization in blocks, or of a custom kind", expected, "Quantize per tensor or per channel.")
        elif bad := [scale for scale in record.scales if not SCALES[0] <= scale <= SCALES[1]]:
            self._refuse(index, f"quantization scale {bad[0]:g}", f"{SCALES[0]:.2g} to {SCALES[1]:.2g}", hint)
        elif len(zero_points) != len(record.scales):
            self._refuse(index, f"{len(zero_points)} zero points", f"{len(record.scales)}, as many as scales", hint)
        elif wrong := [zero_point for zero_point in zero_points if not low <= zero_point <= high]:
            self._refuse(index, f"zero point {wrong[0]}", f"{low} to {high} for {dtype.value}", hint)
        elif len(record.scales) > 1 and not (0 <= axis < len(shape) and shape[axis] == len(record.scales)):
            found = f"{len(record.scales)} scales along axis {axis} of {_text(shape)}"
            self._refuse(index, found, "one, or as many as the axis is long", hint)
        else:
            return Quantization(record.scales, zero_points, axis if len(record.scales) > 1 else None)
        return None

    def _blocks(self, index: int, record: BlocksRecord, dtype: DType, shape: Shape) -> Quantization | None:
        """Blockwise quantization, whose scales are a constant tensor. Only int4 weights have it in any runtime."""
        hint = "Quantize the model again."
        count = math.prod(shape) // record.size if record.size > 0 else 0
        scales = self._constant_codes(record.scales)
        zero_points = self._constant_codes(record.zero_points) if record.zero_points > 0 else None
        if dtype is not DType.INT4:
            self._refuse(index, f"{dtype.value} quantized in blocks", "blocks of int4 weights alone", hint)
        elif len(shape) != 2 or record.size < 1 or shape[1] % record.size:
            self._refuse(index, f"blocks of {record.size} in {_text(shape)}", "rows that are a whole number of blocks", hint)
        elif scales is None or scales.dtype != np.float16 or scales.size != count:
            self._refuse(index, f"scales of blocks in tensor {record.scales}", f"{count} float16 constants there", hint)
        elif zero_points is not None and zero_points.any():
            self._refuse(index, f"zero points of blocks in tensor {record.zero_points}", "0 for all of them", hint)
        elif not (np.isfinite(scales) & (scales > 0)).all():
            self._refuse(index, "scales of blocks that are not all positive numbers", "positive numbers", hint)
        else:
            return Quantization(tuple(scales.astype(np.float32).ravel().tolist()), (0,) * count, block=record.size)
        return None

    def _constant_codes(self, index: int) -> Array | None:
        """The elements of a constant tensor that is no operand; None if there is none of that number."""
        if not 0 <= index < len(self.model.tensors) or self.model.tensors[index].quantization or not self._is_constant(index):
            return None
        return self._constant(index).data

    def _is_constant(self, index: int) -> bool:
        # No operator that is supported so far writes to a variable tensor: it keeps its initial value.
        tensor = self.model.tensors[index]
        return index not in self.made and (tensor.variable or tensor.data is not None or 0 in tensor.shape)

    def _constant(self, index: int) -> Value:
        tensor = self.model.tensors[index]
        value = self._value(index, tensor.shape)
        if index in self.refused:
            return value
        dtype = value.dtype.numpy
        if tensor.variable and tensor.data is None:
            if not self._affords(value.type.elements):
                self._refuse(index, f"an initial state of {value.type.elements:,} elements", _AFFORDABLE)
                return value
            zero_point = value.type.quantization.zero_points[0] if value.type.quantization else 0
            return replace(value, data=np.full(value.shape, zero_point, dtype))
        raw = tensor.data or b""
        if len(raw) != value.type.bytes:
            found, expected = f"{len(raw):,} bytes of data", f"{value.type.bytes:,} for {value.dtype.value}{_text(value.shape)}"
            self._refuse(index, found, expected, DAMAGED)
            return value
        if tensor.unsigned and not self._affords(len(raw)):
            self._refuse(index, f"{len(raw):,} constants in uint8", _AFFORDABLE, "Quantize to int8.")
            return value
        if value.dtype is DType.INT4:
            self.spent.unpacked += value.type.elements
            if self.spent.unpacked > MAX_UNPACKED:
                self._refuse(
                    index, f"{self.spent.unpacked:,} int4 constants so far", f"at most {MAX_UNPACKED:,} in the whole model"
                )
                return value
            return replace(value, data=unpacked(np.frombuffer(raw, dtype), value.shape))
        data = np.frombuffer(raw, dtype.newbyteorder("<")).astype(dtype, copy=False)
        data = shifted(data.view(np.uint8)) if tensor.unsigned else data
        return replace(value, data=data.reshape(value.shape))

    def _output(self, index: int) -> Value | None:
        if index not in self.values and self._is_constant(index):
            self.values[index] = self._constant(index)
        if index not in self.values:
            self._refuse(index, "a model output that no operator makes", "an operator, an input or a constant", DAMAGED)
        elif self.values[index].constant:
            self._refuse_int4(index, "a model output of int4")
        return self.values.get(index)

    # Operators

    def _origin(self, position: int, record: OperatorRecord) -> Origin:
        return Origin(position, record.kind, self.names[record.outputs[0]] if record.outputs else "")

    def _operator(self, position: int, record: OperatorRecord) -> Operator | None:
        """The op, or None if it was folded into constants or cannot be compiled (a problem says why)."""
        origin = self._origin(position, record)
        if record.kind in _STATE_OPERATORS:
            try:
                self._state_operator(origin, record)
            except CompileError as error:
                self.problems += error.problems
            return None
        if record.kind in CALLS:
            self._call(origin, record)
            return None
        before = len(self.problems)
        cls = tflite_operators().get(record.kind)
        if cls is None:
            self._name_operands(record)
        inputs = tuple(None if index < 0 else self._operand(origin, index) for index in record.inputs)
        self._declare_outputs(origin, record)
        if cls is None:
            found = f"{record.kind}({self._types(record.inputs)}) -> {self._types(record.outputs)}"
            self.problems.append(Problem(str(origin), found, *unsupported(record.kind), origin.kind))
        elif not record.outputs:
            self.problems.append(Problem(str(origin), "no output", "at least one", DAMAGED, origin.kind))
        elif len(self.problems) == before and (self.refused | self.unknown).isdisjoint(record.inputs + record.outputs):
            outputs = tuple(self.values[index] for index in record.outputs)
            node = Node(
                origin,
                inputs,
                outputs,
                record.options,
                self.match,
                partial(self._advance, origin, record),
                partial(self._keep, origin),
                intermediates=self._intermediates(record),
                variables=tuple(self.model.tensors[index].variable for index in record.outputs),
            )
            try:
                op = self._build(cls, node, record)
            except CompileError as error:
                self.problems += error.problems
            else:
                for index in record.outputs if op is not None else ():
                    self._refuse_int4(index, "int4 results that are computed at run time")
                return op
        self.unknown.update(index for index in record.outputs if self._may_differ(index))
        return None

    def _declare_outputs(self, origin: Origin, record: OperatorRecord) -> None:
        """Values for what an operator makes, as the file describes them. A handle is none."""
        if not self.open.isdisjoint(record.inputs):
            self.open.update(record.outputs)
        for index in record.outputs:
            if index in self.values or index in self.handles:
                found = f"{self._where(index)} as output, which is there already"
                self.problems.append(Problem(str(origin), found, "a new tensor", DAMAGED, origin.kind))
            if not (record.kind in CALLS and self.model.tensors[index].dtype == HANDLE):
                self.values.setdefault(index, self._value(index, self._declared(index)))

    def _unsigned(self, node: Node, record: OperatorRecord) -> Node:
        """`node`, marked if its operator has uint8 tensors in the file. READ_CODES get these."""
        if not any(self._is_unsigned(index) for index in record.inputs + record.outputs):
            return node
        node = replace(node, match="litert", unsigned=True)
        if record.kind not in READ_CODES:
            return node
        read = zip(record.inputs, node.inputs, strict=True)
        for value in (value for index, value in read if value and self._is_unsigned(index) and value not in self.codes):
            self._name_codes(value)
            if not value.constant:
                self.ops.append(border(value, self.codes[value]))
        for value in (value for index, value in zip(record.outputs, node.outputs, strict=True) if self._is_unsigned(index)):
            self._name_codes(value)
        inputs = tuple(self.codes.get(value, value) if value else None for value in node.inputs)
        return replace(node, inputs=inputs, outputs=tuple(self.codes.get(value, value) for value in node.outputs))

    def _is_unsigned(self, index: int) -> bool:
        return index >= 0 and self.model.tensors[index].unsigned

    def _name_codes(self, value: Value) -> None:
        self.codes[value] = replace(as_in_file(value), name=fresh(f"{value.name}_codes", self.taken), index=None)

    # States

    def _state_operator(self, origin: Origin, record: OperatorRecord) -> None:
        """The operators that only move states: they become values, not ops."""
        required = {"VAR_HANDLE": (0, 1), "READ_VARIABLE": (1, 1), "ASSIGN_VARIABLE": (2, 0), "CALL_ONCE": (0, 0)}
        if (len(record.inputs), len(record.outputs)) != required[record.kind]:
            found = f"{len(record.inputs)} operands, {len(record.outputs)} outputs"
            raise CompileError(Problem(str(origin), found, "{} and {}".format(*required[record.kind]), DAMAGED, origin.kind))
        if record.kind == "VAR_HANDLE":
            options = record.options
            self.handles[record.outputs[0]] = f"{options.get('container')}/{options.get('shared_name')}"
        elif record.kind == "READ_VARIABLE":
            (index,) = record.outputs
            like = self._value(index, self._declared(index))
            self.values[index] = self._state(origin, self._handle(origin, record), like)
        elif record.kind == "ASSIGN_VARIABLE":
            key, value = self._handle(origin, record), self._operand(origin, record.inputs[1])
            self._state(origin, key, replace(value, name=fresh(f"{value.name}_state", self.taken), index=None))
            self.table.write(key, value)
        else:
            self._call_once(origin, record)

    def _handle(self, origin: Origin, record: OperatorRecord) -> str:
        index = record.inputs[0]
        if index not in self.handles:
            found = f"operand 0 {self._where(index)}" if index >= 0 else "no operand 0"
            raise CompileError(Problem(str(origin), found, "the result of a VAR_HANDLE", DAMAGED, origin.kind))
        return self.handles[index]

    def _state(self, origin: Origin, key: str, like: Value) -> Value:
        """The content of a variable, which must be of the type of `like`."""
        if key not in self.table.contents and not self._affords(like.type.elements):
            raise CompileError(Problem(str(origin), f"an initial state {like.type}", _AFFORDABLE, "", origin.kind))
        if like.dtype is DType.INT4:
            raise CompileError(
                Problem(str(origin), f"a state {like.type}", "states of another type than int4", "", origin.kind)
            )
        state, initial = self.table.read(key, like), self.table.initial(key)
        if not state.type.same_storage(like.type) or (initial.shape, initial.dtype) != (like.shape, like.dtype.numpy):
            types = f"{like.type} for a variable of {state.type}, which is initialized as {initial.dtype}{_text(initial.shape)}"
            raise CompileError(Problem(str(origin), types, "one type", "", origin.kind))
        return state

    def _call_once(self, origin: Origin, record: OperatorRecord) -> None:
        """The initial states: what the called subgraph assigns, which must be constant."""
        if self.number:
            raise CompileError(
                Problem(str(origin), "a call inside of a subgraph", "calls in the model itself", "", origin.kind)
            )
        number = self._callee_number(origin, record, "init_subgraph_index")
        if number in self.called:
            return
        self.called.add(number)
        called = self.subgraphs[number]
        if called.outputs or any(operator.kind == "CALL_ONCE" for operator in called.operators):
            found, expected = f"subgraph {number}, which has outputs or calls others", "an initializer that does neither"
            raise CompileError(Problem(str(origin), found, expected, DAMAGED, origin.kind))
        for key, state in self._callee(origin, record, "init_subgraph_index", ()).states.items():
            if key in self.table.contents:
                expected = "initializers in front of all other uses of a variable"
                raise CompileError(Problem(str(origin), f"variable {key} in use already", expected, "", origin.kind))
            if state.after.data is None:
                hint, found = "Assign constants in the initializer.", f"%{state.after.name} computed at run time"
                raise CompileError(Problem(str(origin), found, "a constant", hint, origin.kind))
            self.table.initialize(key, state.after.data)

    def _advance(self, origin: Origin, record: OperatorRecord, position: int) -> tuple[Value, Value]:
        """The content of the variable tensor that is operand `position`, and the value that stands for its next content."""
        index = record.inputs[position] if position < len(record.inputs) else -1
        if index < 0 or not self.model.tensors[index].variable:
            found = f"operand {position} that is no variable tensor"
            raise CompileError(Problem(str(origin), found, "state that is kept between inferences", "", origin.kind))
        if (origin.index, position) not in self.advanced:
            key, constant = f"subgraph {self.number} tensor {index}", self._constant(index)
            if constant.data is not None:
                self.table.initialize(key, constant.data)
            before = self.table.read(key, constant)
            after = replace(before, name=fresh(f"{self.names[index]}_after_{origin.index}", self.taken), index=None)
            self.table.write(key, after)
            self.advanced[origin.index, position] = before, after
        return self.advanced[origin.index, position]

    def _keep(self, origin: Origin, role: str, type: TensorType, initial: Array, after: Value | None) -> tuple[Value, Value]:
        """The operator's own state `role`, and the value that stands for its next content: `after`, or a new one."""
        key = f"subgraph {self.number} op {origin.index} {role}"
        if (origin.index, role) not in self.advanced:
            if not self._affords(type.elements):
                raise CompileError(Problem(str(origin), f"a state {type}", _AFFORDABLE, "", origin.kind))
            self.table.initialize(key, initial)
            before = self.table.read(key, Value(fresh(f"{origin.name}_{role}", self.taken), type))
            self.advanced[origin.index, role] = before, replace(before, name=fresh(f"{before.name}_after", self.taken))
        before, new = self.advanced[origin.index, role]
        self.table.write(key, after or new)
        return before, after or new

    # Calls

    def _call(self, origin: Origin, record: OperatorRecord) -> None:
        """IF, WHILE, STABLEHLO_COMPOSITE."""
        before = len(self.problems)
        arguments = [self._passed(origin, position, index) for position, index in enumerate(record.inputs)]
        self._declare_outputs(origin, record)
        if len(self.problems) == before and (self.refused | self.unknown).isdisjoint(record.inputs + record.outputs):
            try:
                {"IF": self._if, "WHILE": self._while, "STABLEHLO_COMPOSITE": self._composite}[origin.kind](
                    origin, record, [argument for argument in arguments if argument is not None]
                )
                return
            except CompileError as error:
                self.problems += error.problems
        self.unknown.update(index for index in record.outputs if self._may_differ(index))

    def _passed(self, origin: Origin, position: int, index: int) -> Argument | None:
        """What operand `position` hands over."""
        if index < 0:
            self.problems.append(Problem(str(origin), f"no operand {position}", "all operands", DAMAGED, origin.kind))
            return None
        if index in self.handles:
            return Argument(None, self.handles[index])
        return Argument(self._operand(origin, index), None, self._is_unsigned(index), index in self.open)

    def _callee_number(self, origin: Origin, record: OperatorRecord, option: str) -> int:
        """The number of a subgraph that can be called."""
        number = record.options.get(option)
        if number is None:
            raise CompileError(Problem(str(origin), f"no option {option}", "an options table", DAMAGED, origin.kind))
        if not 0 <= number < len(self.subgraphs) or (number == 0 and record.kind == "CALL_ONCE"):
            expected = f"1 to {len(self.subgraphs) - 1}"
            raise CompileError(Problem(str(origin), f"subgraph {number}", expected, DAMAGED, origin.kind))
        if number in self.calling:
            found = f"subgraph {number}, which calls itself: " + " > ".join(map(str, (*self.calling, number)))
            hint = "Recursion needs a stack without bounds."
            raise CompileError(Problem(str(origin), found, "subgraphs without recursion", hint, origin.kind))
        if len(self.calling) > MAX_DEPTH:
            raise CompileError(Problem(str(origin), f"calls {len(self.calling)} deep", f"at most {MAX_DEPTH}", "", origin.kind))
        return int(number)

    def _callee(self, origin: Origin, record: OperatorRecord, option: str, arguments: Sequence[Argument]) -> Callee:
        """A called subgraph, loaded for these arguments."""
        number = self._callee_number(origin, record, option)
        called = self.subgraphs[number]
        if len(called.inputs) != len(arguments) or len(set(called.inputs)) != len(called.inputs):
            expected = f"as many as the {len(set(called.inputs))} inputs of subgraph {number}"
            raise CompileError(Problem(str(origin), f"{len(arguments)} operands to hand over", expected, DAMAGED, origin.kind))
        loader = _Loader(self.subgraphs, {}, self.match, number, self, arguments)
        try:
            graph = loader.load(f"subgraph_{number}")
        except CompileError as error:
            inside = (replace(problem, where=f"subgraph {number}, {problem.where}") for problem in error.problems)
            raise CompileError(inside) from error
        results = tuple(
            loader.handles[index] if loader._gives_handle(index) else loader.values[index] for index in called.outputs
        )
        unsigned = tuple(called.tensors[index].unsigned for index in called.outputs)
        return Callee(number, graph, results, unsigned, loader.table.by_key)

    def _gives_handle(self, index: int) -> bool:
        return self.number > 0 and index in self.handles

    def _take_results(self, origin: Origin, record: OperatorRecord, callee: Callee, settled: bool = False) -> None:
        """Give the operator's outputs the types of what a subgraph gives. `settled`: another subgraph has done so."""
        if len(callee.results) != len(record.outputs):
            found, expected = f"{len(record.outputs)} outputs", f"{len(callee.results)}, as subgraph {callee.number} has"
            raise CompileError(Problem(str(origin), found, expected, DAMAGED, origin.kind))
        for index, result, unsigned in zip(record.outputs, callee.results, callee.unsigned, strict=True):
            declared = self.values.get(index)
            if isinstance(result, str):
                if declared is None and self.handles.setdefault(index, result) == result:
                    continue
                found = f"the handle of {result}"
            else:
                found = f"{_describe(result, unsigned)} from subgraph {callee.number}"
                if declared is not None and not settled and declared.shape != result.shape and self._may_differ(index):
                    self.values[index] = declared = self._value(index, result.shape)
                like = declared is not None and declared.dtype is result.dtype and self._is_unsigned(index) == unsigned
                if like and declared is not None and declared.type.elements == result.type.elements:
                    continue
            expected = "one and the same handle" if declared is None else _describe(declared, self._is_unsigned(index))
            raise CompileError(Problem(str(origin), f"{found} for {self._where(index)}", expected, DAMAGED, origin.kind))

    def _called_states(self, origin: Origin, callees: Sequence[Callee]) -> dict[str, Value]:
        """The content of every variable that the subgraphs read or write, by key."""
        current: dict[str, Value] = {}
        for callee in callees:
            for key, state in callee.states.items():
                like = state.before if key in self.table.contents else renamed(state.before, self.taken)
                current[key] = self._state(origin, key, like)
        return current

    def _after(self, origin: Origin, key: str, value: Value) -> Value:
        """A value for what a variable becomes in a call. Its content so far is `value`."""
        after = replace(value, name=fresh(f"{value.name}_after_{origin.index}", self.taken), data=None, index=None)
        self.table.write(key, after)
        return after

    def _made(self, record: OperatorRecord) -> list[Value]:
        return [self.values[index] for index in record.outputs if index in self.values]

    def _composite(self, origin: Origin, record: OperatorRecord, arguments: Sequence[Argument]) -> None:
        callee = self._callee(origin, record, "decomposition_subgraph_index", arguments)
        self._take_results(origin, record, callee)
        self._inline(origin, record, callee, arguments)

    def _inline(self, origin: Origin, record: OperatorRecord, callee: Callee, arguments: Sequence[Argument]) -> None:
        """The subgraph's ops in the place of the operator."""
        current = self._called_states(origin, [callee])
        after = [self._after(origin, key, current[key]) for key in callee.written]
        given = [*_at_run_time(arguments), *current.values()]
        made = self._made(record)
        graph = callee.closed(current, callee.written)
        ops, constants = inline(graph, given, [*made, *after], self.taken, origin)
        self.ops += [op for op in ops if isinstance(op, Operator)]
        for index in record.outputs:
            if index in self.values:
                self.values[index] = constants.get(self.values[index], self.values[index])
        for key, value in zip(callee.written, after, strict=True):
            self.table.write(key, constants.get(value, value))

    def _if(self, origin: Origin, record: OperatorRecord, arguments: Sequence[Argument]) -> None:
        condition = arguments[0].value if arguments else None
        if condition is None or condition.dtype is not DType.BOOL or condition.type.elements != 1:
            found = "no condition" if condition is None else f"condition {condition.type}"
            raise CompileError(Problem(str(origin), found, "one boolean as operand 0", DAMAGED, origin.kind))
        options = ("else_subgraph_index", "then_subgraph_index")
        if condition.data is not None:
            callee = self._callee(origin, record, options[int(condition.data.ravel()[0])], arguments[1:])
            self._take_results(origin, record, callee)
            self._inline(origin, record, callee, arguments[1:])
            return
        otherwise, then = (self._callee(origin, record, option, arguments[1:]) for option in options)
        self._take_results(origin, record, then)
        self._take_results(origin, record, otherwise, settled=True)
        current = self._called_states(origin, [then, otherwise])
        written = [key for key in current if key in then.written or key in otherwise.written]
        made, given = self._made(record), _at_run_time(arguments[1:])
        shapes = [value.shape for value in made]
        op = If(
            condition=condition,
            args=(*given, *current.values()),
            replaced=tuple((len(given) + list(current).index(key), len(made) + at) for at, key in enumerate(written)),
            then=shaped(then.closed(current, written), shapes, origin),
            otherwise=shaped(otherwise.closed(current, written), shapes, origin),
            outputs=(*made, *(self._after(origin, key, current[key]) for key in written)),
            origin=origin,
        )
        self._append_call(op)

    def _while(self, origin: Origin, record: OperatorRecord, arguments: Sequence[Argument]) -> None:
        body = self.subgraphs[self._callee_number(origin, record, "body_subgraph_index")]
        kept = [before == after for before, after in zip(body.inputs, body.outputs, strict=False)]
        fixed = kept[: len(arguments)] + [False] * (len(arguments) - len(kept))
        arguments = [replace(argument, fixed=keep) for argument, keep in zip(arguments, fixed, strict=True)]
        condition = self._callee(origin, record, "cond_subgraph_index", arguments)
        loop = self._callee(origin, record, "body_subgraph_index", arguments)
        self._take_results(origin, record, loop)
        if condition.written:
            found, expected = f"a condition that changes variable {condition.written[0]}", "variables changed in the body alone"
            raise CompileError(Problem(str(origin), found, expected, "", origin.kind))
        self._check_carried(origin, arguments, loop)
        current = self._called_states(origin, [condition, loop])
        args = [*_at_run_time(arguments), *current.values()]
        made, positions, after = [], [], []
        for position, (index, argument) in enumerate(zip(record.outputs, arguments, strict=True)):
            if argument.value is None:
                continue
            value, like = self.values[index], argument.value
            if argument.fixed and like.data is not None:
                self.values[index] = replace(value, data=like.data.reshape(value.shape))
                continue
            positions.append(position)
            made.append(value)
            if value.shape != like.shape:
                made[-1] = renamed(replace(value, type=replace(value.type, shape=like.shape)), self.taken)
                after.append(Reshape(x=made[-1], shape=value.shape, outputs=(value,), origin=origin))
        for key, value in current.items():
            made.append(
                self._after(origin, key, value) if key in loop.written else renamed(replace(value, data=None), self.taken)
            )
        op = While(
            args=tuple(args),
            condition=condition.closed(current, ()),
            body=shaped(loop.closed(current, list(current), positions), [value.shape for value in args], origin),
            outputs=tuple(made),
            origin=origin,
        )
        if not args and (op.condition.outputs[0].data is None or op.condition.outputs[0].data.any()):
            expected = "values that go from iteration to iteration"
            raise CompileError(Problem(str(origin), "a loop without operands that change", expected, "", origin.kind))
        self._append_call(op)
        self.ops += after

    @staticmethod
    def _check_carried(origin: Origin, arguments: Sequence[Argument], loop: Callee) -> None:
        """What goes into the next iteration must be what went into this one: the same handle, or codes of the same kind."""
        for position, (argument, result, unsigned) in enumerate(zip(arguments, loop.results, loop.unsigned, strict=True)):
            if argument.handle is not None and result != argument.handle:
                found = f"another variable as result {position} of the body"
                raise CompileError(Problem(str(origin), found, "the one that it was given", "", origin.kind))
            if isinstance(result, str) != (argument.value is None) or unsigned != argument.unsigned:
                found = f"another type as result {position} of the body"
                raise CompileError(Problem(str(origin), found, f"that of operand {position}", DAMAGED, origin.kind))

    def _append_call(self, op: If | While) -> None:
        if found := problems(op):
            raise CompileError(found)
        if op.outputs:
            self.ops.append(op)

    # Operators, continued

    def _intermediates(self, record: OperatorRecord) -> tuple[Quantization | None, ...]:
        return tuple(
            None if index < 0 else self._value(index, self._declared(index)).type.quantization for index in record.intermediates
        )

    def _types(self, indices: tuple[int, ...]) -> str:
        """Tensors as the file describes them, element types that the IR does not have included."""
        records = [(index, self.model.tensors[index]) for index in indices if index >= 0]
        texts = {
            index: ("uint8" if record.unsigned else record.dtype.lower()) + _text(self.values[index].shape)
            for index, record in records
        }
        return ", ".join(texts.get(index, "-") for index in indices)

    def _name_operands(self, record: OperatorRecord) -> None:
        """Placeholders for what an unsupported operator reads and nothing makes: scratch memory of an accelerator's program."""
        for index in record.inputs:
            if index >= 0 and index not in self.values and index not in self.made and not self._is_constant(index):
                self.values[index] = self._value(index, self._declared(index))

    def _declared(self, index: int) -> Shape:
        """The shape in the file, with 1 for a dimension that it leaves open."""
        tensor = self.model.tensors[index]
        signature = tensor.signature if len(tensor.signature) == len(tensor.shape) else tensor.shape
        pairs = zip(tensor.shape, signature, strict=True)
        return tuple(max(dim, 1) if min(dim, sign) < 0 else dim for dim, sign in pairs)

    def _operand(self, origin: Origin, index: int) -> Value:
        if index not in self.values and self._is_constant(index):
            self.values[index] = self._constant(index)
        elif index not in self.values:
            found = "nothing that makes it, and no data"
            if index in self.made:
                found = f"{origin} reading it first (a cycle, or operators out of order)"
            if index in self.handles:
                found = f"{origin} reading the handle of a variable"
            quantization = self.model.tensors[index].quantization
            if quantization is not None and not quantization.affine:
                self._value(index, self._declared(index))  # refused for that: in blocks, its data are other tensors
            self._refuse(index, found, "an input, a constant or an earlier result", DAMAGED)
            self.values[index] = self._value(index, self._declared(index))
        return self._known_if_empty(self.values[index])

    def _known_if_empty(self, value: Value) -> Value:
        """An operand without elements as the constant that it is: what is computed from nothing else gets folded."""
        if value.constant or value.type.elements:
            return value
        name = fresh(f"{value.name}_empty", self.taken)
        return replace(value, name=name, data=np.empty(value.shape, value.dtype.numpy), index=None)

    def _build(self, cls: type[Operator], node: Node, record: OperatorRecord) -> Operator | None:
        op = self._checked(cls, self._unsigned(node, record))
        shapes = [inferred.shape for inferred in op.infer()][: len(record.outputs)]  # what follows are states
        if shapes != [value.shape for value in node.outputs]:
            if not cls.declares_shapes:
                self.open.update(record.outputs)
            self._reshape_outputs(node, record, shapes)
            if self.refused.intersection(record.outputs):
                return None
            node = replace(node, outputs=tuple(self.values[index] for index in record.outputs))
            op = self._checked(cls, self._unsigned(node, record))
        if not op.known:
            return op
        if not self._affords(op.work):
            found = f"constants alone as operands, of which to compute {op.work:,} elements"
            raise node.error(found, _AFFORDABLE, "Give the model the result as a constant.")
        for index, value in zip(record.outputs, evaluate(op), strict=True):
            declared = self.values[index]
            if declared in self.codes and value.data is not None:
                value = replace(declared, data=shifted(value.data))
            self.values[index] = value
        return None

    @staticmethod
    def _checked(cls: type[Operator], node: Node) -> Operator:
        op = cls.from_tflite(node)
        assert isinstance(op, Operator)
        if found := problems(op):
            raise CompileError(found)
        if len(op.infer()) != len(op.outputs):
            raise node.error(f"{len(op.outputs)} outputs", f"{len(op.infer())}")
        return op

    def _reshape_outputs(self, node: Node, record: OperatorRecord, shapes: list[Shape]) -> None:
        """Give the outputs the shapes that follow from the operands, where the file leaves them open."""
        for index, value, shape in zip(record.outputs, node.outputs, shapes, strict=True):
            if value.shape != shape:
                if not self._may_differ(index):
                    hint = "The shapes in the file contradict each other."
                    raise node.error(f"output shape {_text(value.shape)}", f"{_text(shape)} from the operands", hint)
                self.values[index] = self._value(index, shape)

    def _may_differ(self, index: int) -> bool:
        """Whether the file leaves the shape open (as one without dimensions may mean), so that the inferred one is as good.

        A size of 0 is open, too: it is said of what is empty and of what is not known.
        """
        tensor = self.model.tensors[index]
        left_open = not tensor.shape or 0 in tensor.shape or min(tensor.signature + tensor.shape) < 0
        return left_open or index in self.open

    def _affords(self, elements: int) -> bool:
        """Count what is computed now, so that a small file cannot keep the compiler busy or fill its memory."""
        self.spent.folded += elements
        return self.spent.folded <= MAX_FOLDED


def _unique_names(tensors: tuple[TensorRecord, ...]) -> list[str]:
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


def _text(shape: Shape) -> str:
    return "[" + ",".join(map(str, shape)) + "]"


def _describe(value: Value, unsigned: bool) -> str:
    return ("uint8" if unsigned else value.dtype.value) + _text(value.shape)


def _at_run_time(arguments: Sequence[Argument]) -> list[Value]:
    """The arguments that a subgraph gets as inputs."""
    values = [(argument.value, argument.fixed) for argument in arguments]
    return [value for value, fixed in values if value is not None and not (fixed and value.data is not None)]
