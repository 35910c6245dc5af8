# SPDX-License-Identifier: Apache-2.0
"""Graph -> Program: the calls of the kernels that were chosen, over buffers and constants. What comes after it asks no operator
for anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from tinycc.ir import DType, Graph, Op, TensorType, Value
from tinycc.ir import State as GraphState
from tinycc.kernels import calls as bound
from tinycc.kernels.base import Context
from tinycc.kernels.choice import Choice, choose
from tinycc.lowering.constants import Pool, layer_name
from tinycc.lowering.naming import Names
from tinycc.lowering.order import Order
from tinycc.lowering.storage import assign_buffers, scratch, scratch_name
from tinycc.ops.base import Operator
from tinycc.ops.control import If, While
from tinycc.program.check import check
from tinycc.program.types import (
    Alias,
    Arg,
    Branch,
    Buffer,
    Call,
    Constant,
    Content,
    Field,
    Ints,
    Loop,
    Port,
    Program,
    Ref,
    Region,
    Result,
    Span,
    State,
    Step,
    StopUnless,
    Struct,
    Typed,
)


def lower(graph: Graph, context: Context) -> Program:
    """Choose kernels and bind them. Raises CompileError if no kernel takes an op."""
    order = Order(graph)
    return _Lowering(order, choose(graph, context), context).program()


class _Lowering:
    def __init__(self, order: Order, choices: Mapping[Op, Choice], context: Context) -> None:
        self._order = order
        self._choices = choices
        self._context = context
        self._names = Names(order)
        self._buffers = assign_buffers(order, self._names)
        self._scratch: dict[str, Buffer] = {}
        self._pool = Pool()

    def program(self) -> Program:
        graph = self._order.graph
        body = self._body(graph)
        states = tuple(map(self._state, graph.states))
        return check(
            Program(
                name=graph.name,
                target=self._context.target,
                buffers=(*dict.fromkeys(self._buffers.values()), *self._scratch.values()),
                constants=self._pool.constants,
                body=body,
                inputs=tuple(map(self._port, graph.inputs)),
                outputs=tuple(map(self._port, graph.outputs)),
                states=states,
                period=graph.period,
            )
        )

    def _body(self, graph: Graph) -> tuple[Step, ...]:
        return tuple(map(self._step, graph.ops))

    def _step(self, op: Op) -> Step:
        number = self._order.steps[op]
        types = f"{_types(*(value for name, value in op.operands if name != 'bias'))} -> {_types(*op.outputs)}"
        results = tuple(Result(value.name, value.type, self._ref(value)) for value in op.outputs)
        if op.view:
            return Step(number, op.origin, types, results=results)
        choice = self._choices[op]
        return Step(
            number=number,
            origin=op.origin,
            types=types,
            kernel=choice.taken.name,
            cycles=choice.cost.cycles,
            reason=choice.reason,
            rejected=choice.rejected,
            macs=op.macs,
            body=self._control(op) if op.graphs else self._calls(op, choice),
            results=results,
            in_place=tuple(dict.fromkeys(self._in_place(op, choice))),
        )

    def _in_place(self, op: Op, choice: Choice) -> Iterator[tuple[Buffer, Buffer]]:
        """What replaces an operand in the same buffer, and where the result may lie on an operand."""
        if op.graphs:
            return
        for operand, output in op.updated:
            yield self._buffers[output], self._buffers[operand]
        made = self._buffers[op.y]
        for name, operand in op.operands:
            if name in choice.taken.in_place and not operand.constant and operand.dtype.bytes == op.y.dtype.bytes:
                read = self._buffers[operand]
                if made.bytes == read.bytes == op.y.type.bytes == operand.type.bytes:
                    yield made, read

    # Control flow.

    def _control(self, op: Op) -> tuple[Region, ...]:
        if isinstance(op, If):
            then, otherwise = (self._side(graph, op) for graph in (op.then, op.otherwise))
            return (Branch(self._ref(op.condition), self._span(op.condition), then, otherwise),)
        assert isinstance(op, While)
        condition = op.condition.outputs[0]
        turns = {index: name for (loop, index), name in self._names.turns.items() if loop is op}
        next_turn = (Alias(self._span(op.body.outputs[index]), name) for index, name in turns.items())
        body: tuple[Region, ...] = (*self._body(op.body), *next_turn)
        return (
            *(Alias(self._span(op.args[index]), name) for index, name in turns.items()),
            Loop(self._body(op.condition), self._ref(condition), self._span(condition), body),
            *self._leave([op.body.inputs[index] for index in turns], [op.outputs[index] for index in turns]),
        )

    def _side(self, graph: Graph, op: If) -> tuple[Region, ...]:
        return (*self._body(graph), *self._leave(graph.outputs, op.outputs))

    def _leave(self, inner: tuple[Value, ...] | list[Value], outer: tuple[Value, ...] | list[Value]) -> Iterator[Alias]:
        """What a graph gives becomes what the op that runs it gives."""
        for value, output in zip(inner, outer, strict=True):
            if self._names.contents[value] != self._names.contents[output]:
                yield Alias(self._span(value), self._names.contents[output])

    # Calls.

    def _calls(self, op: Op, choice: Choice) -> tuple[Region, ...]:
        calls = choice.taken.bind(op, self._context)
        self._reserve(op, calls)
        regions: list[Region] = []
        for call in calls:
            args = tuple(self._argument(op, arg) for arg in call.args)
            reads, writes = self._spans(op, call)
            made = Call(call.symbol, args, reads, writes, call.checked)
            regions.append(StopUnless(made) if call.stops else made)
        return tuple(regions)

    def _spans(self, op: Op, call: bound.Call) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        """The tensors that a call reads and writes, as a whole: it may go through a part of one, in any direction. What
        replaces an operand in the same memory is written as it is read."""
        replaced = dict(op.updated)
        becomes = {output: operand for operand, output in op.updated}
        reads, writes = [], []
        for leaf in call.leaves():
            if not isinstance(leaf, bound.Tensor) or leaf.value.constant:
                continue
            value = leaf.value
            made = value if value in op.outputs else replaced.get(value)
            read = becomes.get(value) if value in op.outputs else value
            writes += [self._span(made)] if made is not None else []
            reads += [self._span(read)] if read is not None else []
        return tuple(dict.fromkeys(reads)), tuple(dict.fromkeys(writes))

    def _reserve(self, op: Op, calls: tuple[bound.Call, ...]) -> None:
        """Working memory for all calls of an op: of one role, as much as the most demanding of them wants."""
        step = self._order.steps[op]
        for call in calls:
            for role, size in call.scratches.items():
                buffer = scratch(step, op.y.name, role, size)
                known = self._scratch.setdefault(buffer.name, buffer)
                self._scratch[buffer.name] = max(known, buffer, key=lambda item: item.bytes)

    def _argument(self, op: Op, arg: bound.Arg) -> Arg:
        made = self._field(op, arg)
        assert not isinstance(made, Ints)
        return made

    def _field(self, op: Op, field: bound.Field) -> Field:
        step = self._order.steps[op]
        if isinstance(field, bound.Tensor):
            if field.value.data is not None:
                assert not field.offset
                return self._operand(op, field.value)
            return self._ref(field.value, field.offset * field.value.dtype.bytes)
        if isinstance(field, bound.Table):
            data = field.data.view(np.uint32) if field.ctype == "uint32_t" else field.data
            dtype = DType(data.dtype.name)
            constant = self._pool.add(layer_name(op, step), step, field.role, data, dtype, field.content)
            return Typed(constant, field.ctype) if field.ctype not in ("", dtype.ctype) else constant
        if isinstance(field, bound.Scratch):
            buffer = self._scratch[scratch_name(step, field.role)] if field.bytes else None
            return Ref(buffer, None, buffer.name) if buffer else None
        if isinstance(field, bound.Struct):
            fields = tuple((name, self._field(op, item)) for name, item in field.fields)
            return Struct(field.ctype, fields, field.by_value)
        return Ints(field.items) if isinstance(field, bound.Ints) else field

    def _operand(self, op: Op, value: Value) -> Constant:
        """An operand that is a constant."""
        assert value.data is not None
        step = self._order.steps[op]
        role = next(name for name, operand in op.operands if operand is value)
        assert isinstance(op, Operator)
        content = Content.BIAS if role in op.biases else Content.WEIGHTS
        return self._pool.add(layer_name(op, step), step, role, value.data, value.dtype, content, value.name)

    # Values.

    def _ref(self, value: Value, offset: int = 0) -> Ref:
        return Ref(self._buffers[value], value.dtype, self._names.pointers[value], offset)

    def _span(self, value: Value) -> Span:
        return Span(self._buffers[value], 0, value.type.bytes, self._names.contents[value])

    def _port(self, value: Value) -> Port:
        return Port(value.name, value.type, self._ref(value), self._span(value), value.labels or ())

    def _state(self, state: GraphState) -> State:
        content = np.ascontiguousarray(state.initial).tobytes()
        initial: Constant | int
        if len(set(content)) <= 1:
            initial = content[0] if content else 0
        else:
            name = self._names.pointers[state.before]
            tensor = state.before
            initial = self._pool.add(name, 0, "initial", state.initial, tensor.dtype, Content.INITIAL, tensor.name)
        return State(state.before.name, state.before.type, self._span(state.before), self._span(state.after), initial)


def _types(*values: Value) -> str:
    return ", ".join(map(_type, (value.type for value in values)))


def _type(type: TensorType) -> str:
    """Element type and shape, without the quantization."""
    return f"{type.dtype.value}[{','.join(map(str, type.shape))}]"
