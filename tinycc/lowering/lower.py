# SPDX-License-Identifier: Apache-2.0
"""Graph -> Program: the calls of the chosen kernels, over buffers and constants. What comes after it asks no operator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from tinycc.apart import TOGETHER, Apart
from tinycc.ir import DType, Graph, Op, TensorType, Value
from tinycc.ir import State as GraphState
from tinycc.kernels import calls as bound
from tinycc.kernels.accumulate import Row
from tinycc.kernels.base import Context
from tinycc.kernels.choice import Choice
from tinycc.lowering.constants import Pool, layer_name
from tinycc.lowering.kernels import Kernels, Room, kernels
from tinycc.lowering.naming import Names
from tinycc.lowering.order import Order
from tinycc.lowering.storage import assign_buffers, line_buffers, scratch, scratch_name
from tinycc.lowering.stream import Case, Moving, Place, cases
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
    Decisions,
    Field,
    Function,
    Ints,
    Loop,
    Pace,
    Port,
    Program,
    Ref,
    Region,
    Result,
    Role,
    Rows,
    Span,
    Stage,
    State,
    Step,
    StopUnless,
    Stream,
    Struct,
    Turned,
    Turns,
    Typed,
)
from tinycc.schedule.rows import Arrival, Departure, Form, Sums, height, row_bytes
from tinycc.schedule.runs import Run


def lower(
    graph: Graph, context: Context, runs: tuple[Run, ...] = (), room: Room | None = None, apart: Apart = TOGETHER
) -> Program:
    """Choose kernels and bind them. `runs`: what goes row by row, in order; `room`: of scratch, where there are any; `apart`:
    what has a memory of its own. Raises CompileError if no kernel takes an op."""
    return check(draft(graph, context, runs, room, apart))


def draft(
    graph: Graph, context: Context, runs: tuple[Run, ...] = (), room: Room | None = None, apart: Apart = TOGETHER
) -> Program:
    """As `lower`, for a program that may not be the one that is taken: it is not checked yet."""
    order = Order(graph)
    return _Lowering(order, kernels(order, context, runs, room), context, runs, apart).program()


class _Lowering:
    def __init__(
        self, order: Order, kernels: Mapping[Op, Kernels], context: Context, runs: tuple[Run, ...], apart: Apart
    ) -> None:
        self._order = order
        self._runs = {run.ops[0]: run for run in runs}
        self._places: Mapping[Value, Ref] = {}
        self._kernels = kernels
        self._context = context
        self._names = Names(order)
        for form in (form for run in runs for form in run.clock.forms):
            if form.sums is not None:
                self._names.add(form.sums.value, f"{self._names.pointers[form.y]}_sums")
        self._steps = dict(order.steps)
        self._buffers = {**assign_buffers(order, self._names, apart), **line_buffers(runs, self._names)}
        self._scratch: dict[str, Buffer] = {}
        self._pool = Pool(apart=apart.weights)

    def program(self) -> Program:
        graph = self._order.graph
        body = tuple(self._outermost(graph))
        states = tuple(map(self._state, graph.states))
        return Program(
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

    def _body(self, graph: Graph) -> tuple[Step, ...]:
        return tuple(map(self._step, graph.ops))

    def _outermost(self, graph: Graph) -> Iterator[Step | Stream]:
        ops = iter(graph.ops)
        for op in ops:
            run = self._runs.get(op)
            yield self._step(op) if run is None else self._stream(run)
            for _ in run.ops[1:] if run else ():
                next(ops)

    def _stream(self, run: Run) -> Stream:
        ticking = run.clock
        stages = []
        for index, (form, timing) in enumerate(zip(ticking.forms, ticking.timings, strict=True)):
            stages.append(Stage(self._parted(run, index), timing.delay, timing.period, form.turns))
        enters, leaves = (tuple(map(self._rows, values)) for values in (run.enters, run.leaves))
        return Stream(tuple(stages), enters, leaves)

    def _parted(self, run: Run, index: int) -> Step:
        """The step of an operator that goes row by row."""
        form = run.clock.forms[index]
        if isinstance(form.op, Arrival):
            result = Result(form.y.name, form.y.type, self._ref(form.y))
            return Step(0, form.op.origin, _types(form.y), body=tuple(self._arriving(run)), results=(result,))
        if isinstance(form.op, Departure):
            value = form.op.x
            result = Result(value.name, value.type, self._ref(value))
            return Step(self._order.last + 1, form.op.origin, _types(value), body=tuple(self._leaving(run)), results=(result,))
        found = self._kernels.get(form.op)
        step = self._view(form.op)
        body = tuple(self._turns(run, index))
        if found is None:
            assert form.sums is not None
            cycles = form.sums.accumulator.cost(form.op, self._context).cycles
            return replace(step, kernel=form.sums.accumulator.name, cycles=cycles, macs=form.op.macs, body=body)
        return replace(
            step,
            kernel=found.usual.taken.name,
            cycles=found.cycles(form.turns),
            reason=found.reason,
            rejected=found.usual.rejected,
            macs=form.op.macs,
            body=body,
        )

    def _rows(self, value: Value) -> Span:
        return replace(self._span(value), rows=Rows(0, 0, height(value)))

    def _turns(self, run: Run, index: int) -> Iterator[Turns]:
        form = run.clock.forms[index]
        chosen = self._kernels.get(form.op)
        found = list(cases(run.clock, index, chosen.edges if chosen is not None else ()))
        for case in found:
            self._steps[case.block.op] = self._steps[form.op]
            if chosen is not None:  # before the first reference to working memory, of which there is as much as any case wants
                computed = self._kernels.get(case.block.op, chosen)
                self._reserve(case.block.op, computed.bind(case.block.op, case.first, self._context))
        for case in found:
            parts = dict(case.block.parts) | ({} if form.sums is not None else {form.y: case.block.op.y})
            self._places = {part: self._place(value, case.places[value]) for value, part in parts.items()}
            spans = {value: case.places[value].span(self._span(value)) for value in parts}
            moves = tuple(map(self._move, case.moves))
            if form.sums is not None:
                row = spans[form.readings[0].value]
                yield Turns(case.first, case.last, (*self._sum(form, form.sums, case, row), *moves), self._finished(form, case))
                continue
            reads = (*(spans[reading.value] for reading in form.readings), *map(self._span, form.whole))
            assert chosen is not None
            calls = self._kernels.get(case.block.op, chosen).bind(case.block.op, case.first, self._context)
            made = (self._bound(case.block.op, call, reads, (spans[form.y],)) for call in calls)
            yield Turns(case.first, case.last, (*made, *moves), (spans[form.y],))

    def _arriving(self, run: Run) -> Iterator[Turns]:
        """The caller writes a row."""
        value = run.clock.forms[0].y
        for case in cases(run.clock, 0):
            span = case.places[value].span(self._span(value))
            yield Turns(case.first, case.last, (Call("", (), (), (span,)),), (span,))

    def _leaving(self, run: Run) -> Iterator[Turns]:
        """The caller reads a row; then it may go."""
        index = len(run.clock.forms) - 1
        value = run.clock.forms[index].readings[0].value
        for case in cases(run.clock, index):
            span = case.places[value].span(self._span(value))
            yield Turns(case.first, case.last, (Call("", (), (span,)), *map(self._move, case.moves)), (span,))

    def _place(self, value: Value, place: Place) -> Ref:
        return replace(self._ref(value), offset=place.offset, pace=place.pace)

    def _bound(self, op: Op, call: bound.Call, reads: tuple[Span, ...], writes: tuple[Span, ...]) -> Call:
        return Call(call.symbol, tuple(self._argument(op, arg) for arg in call.args), reads, writes, call.checked)

    def _sum(self, form: Form, sums: Sums, case: Case, row: Span) -> Iterator[Call]:
        """A row more, and with the last one the result."""
        part = dict(case.block.parts)[form.readings[0].value]
        kept = self._span(sums.value)
        call = sums.accumulator.add(form.op, Row(part, sums.value, fresh=case.first == 0))
        yield self._bound(form.op, call, (row, *((kept,) if case.first else ())), (kept,))
        if case.last == form.turns - 1:
            yield self._bound(form.op, sums.accumulator.finish(form.op, sums.value), (kept,), (self._span(form.y),))

    def _finished(self, form: Form, case: Case) -> tuple[Span, ...]:
        return (self._span(form.y),) if case.last == form.turns - 1 else ()

    def _move(self, moving: Moving) -> Call:
        """Rows of a line buffer go nearer to its start."""
        size, whole, ref = row_bytes(moving.value), self._span(moving.value), self._ref(moving.value)
        read = replace(whole, offset=moving.slot * size, bytes=moving.rows.count * size, rows=moving.rows)
        written = replace(read, offset=moving.to * size)
        to, source = replace(ref, offset=written.offset), replace(ref, offset=read.offset)
        return Call("tk_move_rows", (to, source, read.bytes), (read,), (written,), moves=True, every=moving.every)

    def _view(self, op: Op) -> Step:
        """A step without code."""
        types = f"{_types(*(value for name, value in op.operands if name != 'bias'))} -> {_types(*op.outputs)}"
        results = tuple(Result(value.name, value.type, self._ref(value)) for value in op.outputs)
        return Step(self._steps[op], op.origin, types, results=results)

    def _step(self, op: Op) -> Step:
        step = self._view(op)
        if op.view:
            return step
        choice = self._kernels[op].usual
        return replace(
            step,
            kernel=choice.taken.name,
            cycles=choice.cost.cycles,
            reason=choice.reason,
            rejected=choice.rejected,
            macs=op.macs,
            body=self._control(op) if op.graphs else self._calls(op, choice),
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
        step = self._steps[op]
        for call in calls:
            for role, wanted in call.scratches.items():
                buffer = scratch(step, op.y.name, role, wanted.bytes + wanted.path.length, wanted.align)
                known = self._scratch.setdefault(buffer.name, buffer)
                self._scratch[buffer.name] = max(known, buffer, key=lambda item: item.bytes)

    def _argument(self, op: Op, arg: bound.Arg) -> Arg:
        made = self._field(op, arg)
        assert not isinstance(made, Ints | Function | Decisions)
        return made

    def _field(self, op: Op, field: bound.Field) -> Field:
        step = self._steps[op]
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
            at = field.path
            return Ref(buffer, None, buffer.name, -at.bytes * at.first, Pace(at.bytes), field.bytes) if buffer else None
        if isinstance(field, bound.Struct):
            fields = tuple((name, self._field(op, item)) for name, item in field.fields)
            return Struct(field.ctype, fields, field.by_value)
        if isinstance(field, bound.Turned):
            return Turned(field.step, field.start)
        if isinstance(field, bound.Function):
            return Function(field.symbol)
        return Ints(field.items) if isinstance(field, bound.Ints) else field

    def _operand(self, op: Op, value: Value) -> Constant:
        """An operand that is a constant."""
        assert value.data is not None
        step = self._steps[op]
        role = next(name for name, operand in op.operands if operand is value)
        assert isinstance(op, Operator)
        content = Content.BIAS if role in op.biases else Content.WEIGHTS
        return self._pool.add(layer_name(op, step), step, role, value.data, value.dtype, content, value.name)

    # Values.

    def _ref(self, value: Value, offset: int = 0) -> Ref:
        if value in self._places:
            place = self._places[value]
            return replace(place, offset=place.offset + offset)
        return Ref(self._buffers[value], value.dtype, self._names.pointers[value], offset)

    def _span(self, value: Value) -> Span:
        return Span(self._buffers[value], 0, value.type.bytes, self._names.contents[value])

    def _port(self, value: Value) -> Port:
        span = self._span(value)
        by_rows = span.buffer.role is Role.LINES
        span = replace(span, bytes=span.buffer.bytes) if by_rows else span
        return Port(value.name, value.type, self._ref(value), span, value.labels or (), by_rows)

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
