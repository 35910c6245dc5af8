# SPDX-License-Identifier: Apache-2.0
"""TFLite to IR: one loop over the file's operators, driven by the rows' tables.

Long, as it is one walk over the file's operators, which shares its state.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from tinycc.defects import mended
from tinycc.errors import CompileError, Problem, fail
from tinycc.frontends.tflite.callees import CALLS, Argument, Callee
from tinycc.frontends.tflite.calls import Calls
from tinycc.frontends.tflite.file import DAMAGED, OperatorRecord, SubgraphRecord, read_file
from tinycc.frontends.tflite.node import Node
from tinycc.frontends.tflite.packed import decoded
from tinycc.frontends.tflite.places import PARTS, Places
from tinycc.frontends.tflite.refusals import unsupported
from tinycc.frontends.tflite.rows import rows
from tinycc.frontends.tflite.rows.base import Row
from tinycc.frontends.tflite.states import keep_outputs
from tinycc.frontends.tflite.tensors import AFFORDABLE, Shape, Spent, Tensors, describe, text, unique_names
from tinycc.frontends.tflite.unsigned import CONVERSIONS, READ_CODES, as_in_file, border, shifted, signed, with_borders
from tinycc.frontends.tflite.variables import STATE_OPERATORS, Variables
from tinycc.ir import Array, DType, Graph, Origin, Value
from tinycc.numerics.rules import LITERT_U8, TFLM, Numerics
from tinycc.ops.base import Operator, problems
from tinycc.ops.conversion.quantize import scales_kept
from tinycc.ops.movement.reshape import Reshape
from tinycc.ops.movement.sequence import Corner, DynamicUpdateSlice
from tinycc.passes.fold_constants import evaluate
from tinycc.passes.rewrite import fresh

MAX_OPERATORS = 20_000
UNPACKERS: Mapping[str, int] = {"DENSIFY": 1, "CUSTOM:TFLM_DECODE": 2}
"""Operators that unpack constants: operands for each result."""


def load_tflite(
    data: bytes,
    *,
    name: str = "model",
    shapes: Mapping[str, Shape] | None = None,
    match: Numerics = TFLM,
    fixes: frozenset[str] = frozenset(),
) -> Graph:
    """The graph of a .tflite file.

    `shapes` sets input shapes by tensor name (for dynamic dimensions, which are 1 otherwise). `match` is the arithmetic that
    the graph stands for, but for the defects `fixes`. Raises CompileError with every problem of the file.
    """
    subgraphs = signed(read_file(data).subgraphs)
    graph = _Loader(subgraphs, dict(shapes or {}), mended(match, fixes)).load(name)
    unsigned = {index for index, tensor in enumerate(subgraphs[0].tensors) if tensor.unsigned}
    return keep_outputs(with_borders(graph, unsigned))


def changed_shapes(data: bytes, inputs: Mapping[int, Shape], match: Numerics) -> dict[int, Shape]:
    """The shapes, by tensor number, that are not the file's if its inputs have the shapes `inputs`; of folded tensors, too."""
    subgraphs = signed(read_file(data).subgraphs)
    names = unique_names(subgraphs[0].tensors)
    loader = _Loader(subgraphs, {names[index]: shape for index, shape in inputs.items()}, match)
    loader.load("")
    tensors = subgraphs[0].tensors
    return {index: value.shape for index, value in sorted(loader.tensors.values.items()) if value.shape != tensors[index].shape}


class _Loader:
    """One load of a subgraph: `tensors`, `variables` and `calls` hold what is known of it, `ops` is what came of its operators.

    `open_parts` are the slices of no fixed size so far, which may be parts of a whole that has one. `codes` are the uint8
    tensors that int8 values stand for, where an operator computes with them. Subgraph 0 is the model; another one has a
    `caller` and gets `arguments`.
    """

    def __init__(
        self,
        subgraphs: tuple[SubgraphRecord, ...],
        shapes: dict[str, Shape],
        numerics: Numerics,
        number: int = 0,
        caller: _Loader | None = None,
        arguments: Sequence[Argument] = (),
    ) -> None:
        self.subgraphs, self.shapes, self.numerics, self.arguments = subgraphs, shapes, numerics, arguments
        self.tensors: Tensors = Tensors(subgraphs[number], number, caller.tensors.spent if caller else Spent())
        self.variables: Variables = Variables(self.tensors, caller.variables if caller else None)
        calling = (*caller.calls.calling, number) if caller else (number,)
        self.calls: Calls = Calls(subgraphs, calling, self.tensors, self.variables, self._called)
        self.places = Places(self.tensors)
        self.open_parts: dict[int, CompileError] = {}
        self.codes: dict[Value, Value] = {}
        self.ops: list[Operator] = []

    def load(self, name: str) -> Graph:
        self._check_model()
        inputs = self._inputs()
        for position, record in enumerate(self.tensors.model.operators):
            self._append(self._operator(position, record), record)
        outputs = [self._output(index) for index in self.tensors.model.outputs if not self.tensors.gives_handle(index)]
        self.tensors.problems += (problem for error in self.open_parts.values() for problem in error.problems)
        self.tensors.problems += () if self.tensors.problems else self.variables.problems(self.subgraphs)
        if self.tensors.problems:
            raise CompileError(self.tensors.problems)
        ops = (
            tuple(replace(op, origin=replace(op.origin, subgraph=self.tensors.number)) for op in self.ops)
            if self.tensors.number
            else self.ops
        )
        return Graph(name, inputs, tuple(value for value in outputs if value), tuple(ops), self.variables.table.states)

    def _append(self, op: Operator | None, record: OperatorRecord) -> None:
        """Add an op, and what makes int8 of the uint8 codes that it may give."""
        if op is not None:
            self.ops.append(op)
            results = (self.tensors.values[index] for index in record.outputs)
            self.ops += [border(self.codes[value], value) for value in results if self.codes.get(value) in op.outputs]

    def _check_model(self) -> None:
        self.tensors.spent.operators += len(self.tensors.model.operators)
        if self.tensors.spent.operators > MAX_OPERATORS:
            raise CompileError(Problem("file", f"{self.tensors.spent.operators:,} operators", f"at most {MAX_OPERATORS:,}"))
        if not self.tensors.model.outputs and self.tensors.number == 0:
            self.tensors.problems.append(Problem("model outputs", "none", "at least one", "The file holds nothing to compute."))
        known = [self.tensors.names[index] for index in self.tensors.model.inputs]
        for name in sorted(set(self.shapes) - set(known)):
            self.tensors.problems.append(Problem("--input-shape", f"input {name}", " or ".join(known)))

    def _inputs(self) -> tuple[Value, ...]:
        if self.tensors.number == 0:
            return tuple(self._input(index) for index in dict.fromkeys(self.tensors.model.inputs))
        bound = map(self._bind, self.tensors.model.inputs, self.arguments)
        return tuple(value for value in bound if value is not None)

    def _bind(self, index: int, argument: Argument) -> Value | None:
        """Give a called subgraph's input its argument; the input, if it is one at run time."""
        given = argument.value
        if argument.handle is not None or given is None:
            self.tensors.handles[index] = argument.handle or ""
            return None
        tensor = self.tensors.model.tensors[index]
        if not tensor.shape or given.shape == tensor.shape or argument.open or self.tensors.may_differ(index):
            shape = given.shape
        else:
            shape = self.tensors.declared(index)
        if shape != tensor.shape:
            self.tensors.open.add(index)
        value = self.tensors.value(index, shape)
        if index in self.tensors.refused:
            pass
        elif value.dtype is not given.dtype or tensor.unsigned != argument.unsigned or math.prod(shape) != given.type.elements:
            self.tensors.refuse(
                index, f"{describe(given, argument.unsigned)} as argument", describe(value, tensor.unsigned), DAMAGED
            )
        elif argument.fixed and given.data is not None:
            self.tensors.values[index] = replace(value, data=given.data.reshape(shape))
            return None
        elif shape != given.shape:
            type = replace(value.type, shape=given.shape)
            passed = replace(value, name=fresh(f"{value.name}_given", self.tensors.taken), type=type, index=None)
            self.ops.append(Reshape(x=passed, shape=shape, outputs=(value,), origin=Origin(-1, "RESHAPE", value.name)))
            self.tensors.values[index] = value
            return passed
        self.tensors.values[index] = value
        return value

    def _input(self, index: int) -> Value:
        tensor = self.tensors.model.tensors[index]
        shape = self.tensors.declared(index)
        requested = self.shapes.get(self.tensors.names[index], shape)
        if len(requested) != len(shape) or (requested != shape and min(requested, default=1) < 1):
            expected = f"{len(shape)} positive dimensions, such as {text(shape)}"
            self.tensors.problems.append(Problem(f"--input-shape {self.tensors.names[index]}", text(requested), expected))
            requested = shape
        if requested != tensor.shape:
            self.tensors.open.add(index)
        self.tensors.values[index] = self.tensors.value(index, requested)
        self.tensors.refuse_packed(index, "a model input")
        self.tensors.refuse_scale(index, "a model input")
        return self.tensors.values[index]

    def _output(self, index: int) -> Value | None:
        if self.tensors.is_variable(index):
            if (content := self.variables.content(index)) is not None:
                return content
            self.variables.others.setdefault(index, "model outputs")
        return self.tensors.output(index)

    def _operator(self, position: int, record: OperatorRecord) -> Operator | None:
        """The op, or None if it was folded into constants or cannot be compiled (a problem says why)."""
        origin = self.tensors.origin(position, record)
        if record.kind in STATE_OPERATORS:
            self._state_operator(origin, record)
            return None
        if record.kind in UNPACKERS:
            try:
                self._unpack(origin, record)
            except CompileError as error:
                self.tensors.problems += error.problems
                self.tensors.unknown.update(record.outputs)
            return None
        if record.kind in CALLS:
            self.variables.note_reads(origin, record)
            self.ops += self.calls.operator(origin, record)
            return None
        if record.kind == "CONCATENATION" and len(record.outputs) == 1 and self.open_parts.keys() & set(record.inputs):
            return self._write(origin, record)
        before = len(self.tensors.problems)
        row = rows().get(record.kind)
        if row is None:
            self.tensors.name_operands(record)
        inputs = tuple(None if index < 0 else self.tensors.operand(origin, index) for index in record.inputs)
        self.tensors.declare_outputs(origin, record)
        if row is None:
            found = f"{record.kind}({self.tensors.types(record.inputs)}) -> {self.tensors.types(record.outputs)}"
            self.tensors.problems.append(Problem(str(origin), found, *unsupported(record.kind), origin.kind))
        elif not record.outputs:
            self.tensors.problems.append(Problem(str(origin), "no output", "at least one", DAMAGED, origin.kind))
        elif len(self.tensors.problems) == before and (self.tensors.refused | self.tensors.unknown).isdisjoint(
            record.inputs + record.outputs
        ):
            try:
                op = self._build(row, self._node(origin, inputs, record), record)
                self.variables.note_reads(origin, record)
            except CompileError as error:
                if record.kind in PARTS and self.places.part(record) is not None:
                    self.open_parts[record.outputs[0]] = error
                    self.tensors.unknown.add(record.outputs[0])
                else:
                    self.tensors.problems += (problem.placed(str(origin), record.kind) for problem in error.problems)
            else:
                for index in record.outputs if op is not None else ():
                    self.tensors.refuse_packed(index, "a result that is computed at run time")
                    self.tensors.refuse_scale(index, "a result that is computed at run time")
                return op
        self.tensors.unknown.update(index for index in record.outputs if self.tensors.may_differ(index))
        return None

    def _state_operator(self, origin: Origin, record: OperatorRecord) -> None:
        try:
            self.variables.move(origin, record)
            if record.kind == "CALL_ONCE":
                self.variables.initialize(origin, self.calls.initializer(origin, record))
        except CompileError as error:
            self.tensors.problems += error.problems

    def _node(self, origin: Origin, inputs: tuple[Value | None, ...], record: OperatorRecord) -> Node:
        """What a row sees of the operator."""
        return Node(
            origin,
            inputs,
            tuple(self.tensors.values[index] for index in record.outputs),
            record.options,
            self.numerics,
            partial(self.variables.advance, origin, record),
            partial(self.variables.keep, origin),
            intermediates=self.tensors.intermediates(record),
            variables=tuple(self.tensors.model.tensors[index].variable for index in record.outputs),
            open_axes=tuple(self.tensors.open_axes(index) for index in record.outputs),
            part=partial(self.places.part, record),
        )

    def _write(self, origin: Origin, record: OperatorRecord) -> Operator | None:
        """A CONCATENATION around slices of no fixed size: a write into a list of tensors."""
        for tensor in record.inputs:
            self.tensors.operand(origin, tensor)
        self.tensors.declare_outputs(origin, record)
        (index,) = record.outputs
        axis = record.options.get("axis", 0)
        rank = len(self.tensors.declared(index))
        write = self.places.write(record, axis % rank) if -rank <= axis < rank else None
        uncertain = self.tensors.refused | self.tensors.unknown
        if write is None or not uncertain.isdisjoint((write.source, write.block, write.start, index)):
            self.tensors.unknown.update(record.outputs)
            return None
        for part in record.inputs[::2]:
            self.open_parts.pop(part, None)
        x, block, start = (self.tensors.operand(origin, tensor) for tensor in (write.source, write.block, write.start))
        if self.tensors.values[index].shape != x.shape:
            self.tensors.values[index] = self.tensors.value(index, x.shape)
        picks = tuple(write.element if d == write.axis else -1 for d in range(len(x.shape)))
        op = DynamicUpdateSlice(
            x=x,
            block=block,
            start=start,
            corner=Corner(picks, (0,) * len(x.shape)),
            outputs=(self.tensors.values[index],),
            origin=origin,
        )
        found = problems(op)
        if len({value.type.quantization for value in (x, block, op.y)}) > 1:
            found.append(Problem(str(origin), "operands of several scales", "one scale and zero point", "", origin.kind))
        self.tensors.problems += found
        return None if found else op

    def _unpack(self, origin: Origin, record: OperatorRecord) -> None:
        """Operators that make whole constants of packed ones: their results are known."""
        step = UNPACKERS[record.kind]
        self.tensors.declare_outputs(origin, record)
        if not record.outputs or len(record.inputs) != step * len(record.outputs):
            found = f"{len(record.inputs)} operands, {len(record.outputs)} outputs"
            raise fail(str(origin), found, f"{step} for each output, at least one", DAMAGED, origin.kind)
        for position, index in enumerate(record.outputs):
            value = self.tensors.values[index]
            operands = record.inputs[step * position : step * (position + 1)]
            if index in self.tensors.refused:
                continue
            if any(self.tensors.raw(operand) is None for operand in operands):
                raise fail(str(origin), "operands computed at run time", "constants, which are unpacked here", "", origin.kind)
            self.tensors.values[index] = replace(value, data=self._unpacked(origin, operands, value))

    def _unpacked(self, origin: Origin, operands: tuple[int, ...], value: Value) -> Array:
        if origin.kind == "DENSIFY":
            dense = self.tensors.operand(origin, operands[0])
            if dense.data is None or not dense.type.same_storage(value.type):
                raise fail(str(origin), f"{dense.type} as {value.type}", "one type", DAMAGED, origin.kind)
            return dense.data
        self.tensors.afford(value.type.elements, f"{value.type.elements:,} elements to unpack")
        coded, table = (self.tensors.raw(operand) or b"" for operand in operands)
        try:
            return decoded(coded, table, value.type)
        except ValueError as error:
            raise fail(str(origin), str(error), "data that TFLM can decode", "", origin.kind) from error

    def _unsigned(self, node: Node, record: OperatorRecord) -> Node:
        """`node`, marked if its operator has uint8 tensors in the file. READ_CODES get these."""
        if not any(self.tensors.is_unsigned(index) for index in record.inputs + record.outputs):
            return node
        others = (index for index in record.inputs + record.outputs if index >= 0 and not self.tensors.is_unsigned(index))
        signed = [index for index in others if self.tensors.values[index].dtype is DType.INT8]
        if signed and record.kind not in CONVERSIONS:
            found = f"{self.tensors.types(record.inputs)} -> {self.tensors.types(record.outputs)}"
            raise node.error(found, "uint8 or int8 alone, as in the runtimes", "Put a QUANTIZE between the two.")
        node = replace(node, numerics=LITERT_U8)
        if record.kind not in READ_CODES:
            return node
        read = zip(record.inputs, node.inputs, strict=True)
        for value in (value for index, value in read if value and self.tensors.is_unsigned(index) and value not in self.codes):
            self._name_codes(value)
            if not value.constant:
                self.ops.append(border(value, self.codes[value]))
        for value in (
            value for index, value in zip(record.outputs, node.outputs, strict=True) if self.tensors.is_unsigned(index)
        ):
            self._name_codes(value)
        inputs = tuple(self.codes.get(value, value) if value else None for value in node.inputs)
        return replace(node, inputs=inputs, outputs=tuple(self.codes.get(value, value) for value in node.outputs))

    def _name_codes(self, value: Value) -> None:
        self.codes[value] = replace(as_in_file(value), name=fresh(f"{value.name}_codes", self.tensors.taken), index=None)

    def _build(self, row: Row, node: Node, record: OperatorRecord) -> Operator | None:
        op = self._checked(row, self._unsigned(node, record))
        shapes = [inferred.shape for inferred in op.infer()][: len(record.outputs)]  # what follows are states
        if shapes != [value.shape for value in node.outputs]:
            if not row.declares_shapes:
                self.tensors.open.update(record.outputs)
            self._reshape_outputs(node, record, shapes)
            if self.tensors.refused.intersection(record.outputs):
                return None
            node = replace(node, outputs=tuple(self.tensors.values[index] for index in record.outputs))
            op = self._checked(row, self._unsigned(node, record))
        if not op.known:
            return op
        if not self.tensors.spent.affords(op.work):
            found = f"constants alone as operands, of which to compute {op.work:,} elements"
            raise node.error(found, AFFORDABLE, "Give the model the result as a constant.")
        for index, value in zip(record.outputs, evaluate(op), strict=True):
            declared = self.tensors.values[index]
            if declared in self.codes and value.data is not None:
                value = replace(declared, data=shifted(value.data))
            self.tensors.values[index] = scales_kept(op, value)
        return None

    @staticmethod
    def _checked(row: Row, node: Node) -> Operator:
        try:
            with np.errstate(all="ignore"):  # Conditions refuse what is not finite.
                op = row.make(node)
                found = problems(op)
        except (ZeroDivisionError, OverflowError, ValueError) as error:
            types = (value.type for value in (*node.inputs, *node.outputs) if value and value.type.quantization)
            raise node.error(", ".join(map(str, types)), "scales by which the operator can divide") from error
        if found:
            raise CompileError(found)
        inferred = op.infer()
        if len(inferred) != len(op.outputs):
            raise node.error(f"{len(op.outputs)} outputs", f"{len(inferred)}")
        for value, type in zip(op.outputs, inferred, strict=True):
            if value.dtype is not type.dtype:
                raise node.error(f"{value.dtype.value} for output %{value.name}", type.dtype.value)
        return op

    def _reshape_outputs(self, node: Node, record: OperatorRecord, shapes: list[Shape]) -> None:
        """Give the outputs the shapes that follow from the operands, where the file leaves them open."""
        for index, value, shape in zip(record.outputs, node.outputs, shapes, strict=True):
            if value.shape != shape:
                if not self.tensors.may_differ(index):
                    hint = "The shapes in the file contradict each other: convert the model again."
                    raise node.error(f"output shape {text(value.shape)}", f"{text(shape)} from the operands", hint)
                self.tensors.values[index] = self.tensors.value(index, shape)

    def _called(self, number: int, arguments: Sequence[Argument]) -> Callee:
        """Another subgraph, loaded for these arguments."""
        loader = _Loader(self.subgraphs, {}, self.numerics, number, self, arguments)
        graph = loader.load(f"subgraph_{number}")
        tensors, called = loader.tensors, self.subgraphs[number]
        results = tuple(
            tensors.handles[index] if tensors.gives_handle(index) else tensors.values[index] for index in called.outputs
        )
        unsigned = tuple(called.tensors[index].unsigned for index in called.outputs)
        return Callee(number, graph, results, unsigned, loader.variables.table.by_key)
