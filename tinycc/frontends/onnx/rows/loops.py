# SPDX-License-Identifier: Apache-2.0
"""Loops that stay loops: Loop and Scan as a While, whose values are the step, those of the file, and rows of results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinycc.frontends.onnx.builder import Builder
from tinycc.ir import DType, TensorType, Value
from tinycc.ops.control import While
from tinycc.ops.elementwise.arithmetic import Add, Sub
from tinycc.ops.elementwise.comparison import Order
from tinycc.ops.elementwise.logical import LogicalAnd
from tinycc.ops.movement.sequence import Corner, DynamicSlice, DynamicUpdateSlice


@dataclass(frozen=True)
class Step:
    """What a step gives: whether there is another one, the new values, a row of each result that collects rows."""

    goes_on: Value
    values: Sequence[Value]
    rows: Sequence[Value] = ()


Body = Callable[[Value, Sequence[Value]], Step]
"""Makes the ops of the step whose number, an int32 or int64, and values so far it gets."""


@dataclass(frozen=True)
class Loop:
    """`steps`: how many there are at most, None: any number. `going`: whether there is a first one. `turned`: of each result
    that collects rows, whether the last row comes first; such a loop has the same number of steps always."""

    build: Builder
    steps: Value | None
    going: Value
    values: Sequence[Value]
    body: Body
    turned: Sequence[bool] = ()

    @property
    def counter(self) -> DType:
        """Of the step's number: the type that costs less, if it reaches to the last one."""
        known = None if self.steps is None or self.steps.data is None else int(self.steps.data.item())
        return DType.INT64 if known is None or known > DType.INT32.limits[1] else DType.INT32

    def run(self) -> tuple[Value, ...]:
        """The values after the last step, and what collects rows, [steps, ...]. Raises CompileError for what is no While."""
        build = self.build
        body = build.traced(self._step)
        first = 2 + len(self.values)
        always = _is_true(self.going) and _is_true(body.results[1])
        if self.turned and not always:
            raise build.error("as many rows of results as the data says", "a condition that is true for all steps")
        condition = build.traced(lambda: self._test(body.inputs, always))
        captured = tuple(dict.fromkeys((*condition.captured, *body.captured)))
        passing = replace(body, results=(*body.results, *captured))
        tables = (build.constant(np.zeros(table.shape, table.dtype.numpy)) for table in body.inputs[first:])
        results = build.ops(
            While,
            args=(build.constant(0, self.counter), self.going, *self.values, *tables, *captured),
            condition=condition.closed("condition", captured, build.ledger.names),
            body=passing.closed("body", captured, build.ledger.names),
        )
        return results[2 : len(body.inputs)]

    def _step(self) -> tuple[Sequence[Value], Sequence[Value]]:
        build = self.build
        number = build.variable("step", TensorType((), self.counter))
        going = build.variable("going", TensorType((), DType.BOOL))
        values = [build.variable("value", value.type) for value in self.values]
        step = self.body(number, values)
        for value, new in zip(values, step.values, strict=True):
            if not value.type.same_storage(new.type):
                hint = "Pad it to its largest shape, or give the loop a number of steps that is known at compile time."
                raise build.error(f"a value that goes from {value.type} to {new.type}", "values that keep their types", hint)
        tables, filled = self._filled(step.rows, number) if step.rows else ((), ())
        following = build.binary(Add, number, build.like(number, 1))
        inputs = (number, going, *values, *tables)
        return inputs, (following, build.reshape(step.goes_on, ()), *step.values, *filled)

    def _filled(self, rows: Sequence[Value], number: Value) -> tuple[Sequence[Value], Sequence[Value]]:
        """Tables as a step finds them, and with its rows in them."""
        build, steps = self.build, self.steps
        if steps is None or steps.data is None:
            raise build.error("as many rows of results as the data says", "a number of steps")
        count = int(steps.data.item())
        build.afford(sum(count * row.type.bytes for row in rows))
        tables = [build.variable("rows", TensorType((count, *row.shape), row.dtype)) for row in rows]
        filled = [
            build.op(
                DynamicUpdateSlice,
                x=table,
                block=build.reshape(row, (1, *row.shape)),
                start=_place(build, number, count, turned),
                corner=Corner((0, *(-1,) * len(row.shape)), (0,) * len(table.shape)),
            )
            for table, row, turned in zip(tables, rows, self.turned, strict=True)
        ]
        return tables, filled

    def _test(self, like: Sequence[Value], always: bool) -> tuple[Sequence[Value], Sequence[Value]]:
        """Whether there is a step, by values like these; `always`: but for the number of steps there is."""
        build = self.build
        inputs = tuple(build.variable("test", value.type) for value in like)
        if self.steps is None:
            if always:
                raise build.error("a loop that nothing ends", "a number of steps, or a condition that fails one day")
            return inputs, inputs[1:2]
        last = build.cast(build.reshape(self.steps, ()), self.counter)
        inside = build.binary(Order, inputs[0], last, relation="LESS")
        return inputs, (inside if always else build.binary(LogicalAnd, inputs[1], inside),)


def part(build: Builder, x: Value, axis: int, number: Value, turned: bool) -> Value:
    """x at the place `number` of an axis, which is gone; `turned`: counted from the end."""
    rank = range(len(x.shape))
    return build.op(
        DynamicSlice,
        x=x,
        start=_place(build, number, x.shape[axis], turned),
        corner=Corner(tuple(0 if i == axis else -1 for i in rank), (0,) * len(rank)),
        sizes=tuple(1 if i == axis else x.shape[i] for i in rank),
        shape=tuple(x.shape[i] for i in rank if i != axis),
    )


def _place(build: Builder, number: Value, count: int, turned: bool) -> Value:
    place = build.binary(Sub, build.like(number, count - 1), number) if turned else number
    return build.reshape(place, (1,))


def _is_true(value: Value) -> bool:
    return value.data is not None and bool(value.data.item())
