# SPDX-License-Identifier: Apache-2.0
"""The operators that call subgraphs: IF, WHILE, STABLEHLO_COMPOSITE, and the initializers of CALL_ONCE."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tinycc.errors import CompileError, Problem, between
from tinycc.frontends.tflite.callees import MAX_DEPTH, Argument, Callee, at_run_time, shaped
from tinycc.frontends.tflite.file import DAMAGED, OperatorRecord, SubgraphRecord
from tinycc.frontends.tflite.tensors import Tensors, describe
from tinycc.frontends.tflite.variables import Variables
from tinycc.ir import DType, Origin, State, Value
from tinycc.ops.base import Operator, problems
from tinycc.ops.control import If, While
from tinycc.ops.movement.reshape import Reshape
from tinycc.passes.rewrite import inline, renamed


class Calls:
    """Turns the calls of one subgraph, which has `tensors` and `variables`, into ops.

    `load` reads a subgraph for its arguments. `calling` are the subgraphs under way, this one last; `called` are the
    initializers that were run.
    """

    def __init__(
        self,
        subgraphs: tuple[SubgraphRecord, ...],
        calling: tuple[int, ...],
        tensors: Tensors,
        variables: Variables,
        load: Callable[[int, Sequence[Argument]], Callee],
    ) -> None:
        self.subgraphs, self.calling, self.tensors, self.variables, self.load = subgraphs, calling, tensors, variables, load
        self.called: set[int] = set()

    def operator(self, origin: Origin, record: OperatorRecord) -> list[Operator]:
        """IF, WHILE, STABLEHLO_COMPOSITE."""
        before = len(self.tensors.problems)
        arguments = [self._passed(origin, position, index) for position, index in enumerate(record.inputs)]
        self.tensors.declare_outputs(origin, record)
        if len(self.tensors.problems) == before and (self.tensors.refused | self.tensors.unknown).isdisjoint(
            record.inputs + record.outputs
        ):
            try:
                return {"IF": self._if, "WHILE": self._while, "STABLEHLO_COMPOSITE": self._composite}[origin.kind](
                    origin, record, [argument for argument in arguments if argument is not None]
                )
            except CompileError as error:
                self.tensors.problems += error.problems
        self.tensors.unknown.update(index for index in record.outputs if self.tensors.may_differ(index))
        return []

    def _passed(self, origin: Origin, position: int, index: int) -> Argument | None:
        """What operand `position` hands over."""
        if index < 0:
            self.tensors.problems.append(Problem(str(origin), f"no operand {position}", "all operands", DAMAGED, origin.kind))
            return None
        if index in self.tensors.handles:
            return Argument(None, self.tensors.handles[index])
        return Argument(self.tensors.operand(origin, index), None, self.tensors.is_unsigned(index), index in self.tensors.open)

    def _callee_number(self, origin: Origin, record: OperatorRecord, option: str) -> int:
        """The number of a subgraph that can be called."""
        number = record.options.get(option)
        if number is None:
            raise CompileError(Problem(str(origin), f"no option {option}", "an options table", DAMAGED, origin.kind))
        if not 0 <= number < len(self.subgraphs) or (number == 0 and record.kind == "CALL_ONCE"):
            expected = between(1, len(self.subgraphs) - 1)
            raise CompileError(Problem(str(origin), f"subgraph {number}", expected, DAMAGED, origin.kind))
        if number in self.calling:
            found = f"subgraph {number}, which calls itself: " + " > ".join(map(str, (*self.calling, number)))
            hint = "Write it as a loop (tf.while_loop): recursion needs a stack without bounds."
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
        try:
            return self.load(number, arguments)
        except CompileError as error:
            inside = (replace(problem, where=f"subgraph {number}, {problem.where}") for problem in error.problems)
            raise CompileError(inside) from error

    def _take_results(self, origin: Origin, record: OperatorRecord, callee: Callee, settled: bool = False) -> None:
        """Give the operator's outputs the types of what a subgraph gives. `settled`: another subgraph has done so."""
        if len(callee.results) != len(record.outputs):
            found, expected = f"{len(record.outputs)} outputs", f"{len(callee.results)}, as subgraph {callee.number} has"
            raise CompileError(Problem(str(origin), found, expected, DAMAGED, origin.kind))
        for index, result, unsigned in zip(record.outputs, callee.results, callee.unsigned, strict=True):
            declared = self.tensors.values.get(index)
            if isinstance(result, str):
                if declared is None and self.tensors.handles.setdefault(index, result) == result:
                    continue
                found = f"the handle of {result}"
            else:
                found = f"{describe(result, unsigned)} from subgraph {callee.number}"
                if declared is not None and not settled and declared.shape != result.shape and self.tensors.may_differ(index):
                    self.tensors.values[index] = declared = self.tensors.value(index, result.shape)
                like = declared is not None and declared.dtype is result.dtype and self.tensors.is_unsigned(index) == unsigned
                if like and declared is not None and declared.type.elements == result.type.elements:
                    continue
            expected = "one and the same handle" if declared is None else describe(declared, self.tensors.is_unsigned(index))
            raise CompileError(Problem(str(origin), f"{found} for {self.tensors.where(index)}", expected, DAMAGED, origin.kind))

    def _called_states(self, origin: Origin, callees: Sequence[Callee]) -> dict[str, Value]:
        """The content of every variable that the subgraphs read or write, by key."""
        current: dict[str, Value] = {}
        for callee in callees:
            for key, state in callee.states.items():
                like = state.before if key in self.variables.table.contents else renamed(state.before, self.tensors.taken)
                current[key] = self.variables.state(origin, key, like)
        return current

    def _made(self, record: OperatorRecord) -> list[Value]:
        return [self.tensors.values[index] for index in record.outputs if index in self.tensors.values]

    def _inline(self, origin: Origin, record: OperatorRecord, callee: Callee, arguments: Sequence[Argument]) -> list[Operator]:
        """The subgraph's ops in the place of the operator."""
        current = self._called_states(origin, [callee])
        after = [self.variables.after(origin, key, current[key]) for key in callee.written]
        given = [*at_run_time(arguments), *current.values()]
        made = self._made(record)
        graph = callee.closed(current, callee.written)
        ops, constants = inline(graph, given, [*made, *after], self.tensors.taken, origin)
        for index in record.outputs:
            if index in self.tensors.values:
                self.tensors.values[index] = constants.get(self.tensors.values[index], self.tensors.values[index])
        for key, value in zip(callee.written, after, strict=True):
            self.variables.table.write(key, constants.get(value, value))
        return [op for op in ops if isinstance(op, Operator)]

    def _composite(self, origin: Origin, record: OperatorRecord, arguments: Sequence[Argument]) -> list[Operator]:
        callee = self._callee(origin, record, "decomposition_subgraph_index", arguments)
        self._take_results(origin, record, callee)
        return self._inline(origin, record, callee, arguments)

    def _if(self, origin: Origin, record: OperatorRecord, arguments: Sequence[Argument]) -> list[Operator]:
        condition = arguments[0].value if arguments else None
        if condition is None or condition.dtype is not DType.BOOL or condition.type.elements != 1:
            found = "no condition" if condition is None else f"condition {condition.type}"
            raise CompileError(Problem(str(origin), found, "one boolean as operand 0", DAMAGED, origin.kind))
        options = ("else_subgraph_index", "then_subgraph_index")
        if condition.data is not None:
            callee = self._callee(origin, record, options[int(condition.data.ravel()[0])], arguments[1:])
            self._take_results(origin, record, callee)
            return self._inline(origin, record, callee, arguments[1:])
        otherwise, then = (self._callee(origin, record, option, arguments[1:]) for option in options)
        self._take_results(origin, record, then)
        self._take_results(origin, record, otherwise, settled=True)
        current = self._called_states(origin, [then, otherwise])
        written = [key for key in current if key in then.written or key in otherwise.written]
        made, given = self._made(record), at_run_time(arguments[1:])
        shapes = [value.shape for value in made]
        op = If(
            condition=condition,
            args=(*given, *current.values()),
            replaced=tuple((len(given) + list(current).index(key), len(made) + at) for at, key in enumerate(written)),
            then=shaped(then.closed(current, written), shapes, origin),
            otherwise=shaped(otherwise.closed(current, written), shapes, origin),
            outputs=(*made, *(self.variables.after(origin, key, current[key]) for key in written)),
            origin=origin,
        )
        return self._checked(op)

    def _while(self, origin: Origin, record: OperatorRecord, arguments: Sequence[Argument]) -> list[Operator]:
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
        args = [*at_run_time(arguments), *current.values()]
        made, positions, after = [], [], []
        for position, (index, argument) in enumerate(zip(record.outputs, arguments, strict=True)):
            if argument.value is None:
                continue
            value, like = self.tensors.values[index], argument.value
            if argument.fixed and like.data is not None:
                self.tensors.values[index] = replace(value, data=like.data.reshape(value.shape))
                continue
            positions.append(position)
            made.append(value)
            if value.shape != like.shape:
                made[-1] = renamed(replace(value, type=replace(value.type, shape=like.shape)), self.tensors.taken)
                after.append(Reshape(x=made[-1], shape=value.shape, outputs=(value,), origin=origin))
        for key, value in current.items():
            made.append(
                self.variables.after(origin, key, value)
                if key in loop.written
                else renamed(replace(value, data=None), self.tensors.taken)
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
        return [*self._checked(op), *after]

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
            if isinstance(result, Value) and argument.value is not None:
                given = argument.value
                if (result.dtype, result.type.elements) != (given.dtype, given.type.elements):
                    found = f"{describe(result, unsigned)} as result {position} of the body"
                    expected = f"{describe(given, unsigned)}, as operand {position} is"
                    raise CompileError(Problem(str(origin), found, expected, DAMAGED, origin.kind))

    @staticmethod
    def _checked(op: If | While) -> list[Operator]:
        """The op, if it makes anything."""
        if found := problems(op):
            raise CompileError(found)
        return [op] if op.outputs else []

    def initializer(self, origin: Origin, record: OperatorRecord) -> Mapping[str, State]:
        """CALL_ONCE: the variables that the called subgraph assigns; none if it was called before."""
        if self.tensors.number:
            raise CompileError(
                Problem(str(origin), "a call inside of a subgraph", "calls in the model itself", "", origin.kind)
            )
        number = self._callee_number(origin, record, "init_subgraph_index")
        if number in self.called:
            return {}
        self.called.add(number)
        called = self.subgraphs[number]
        if called.outputs or any(operator.kind == "CALL_ONCE" for operator in called.operators):
            found, expected = f"subgraph {number}, which has outputs or calls others", "an initializer that does neither"
            raise CompileError(Problem(str(origin), found, expected, DAMAGED, origin.kind))
        return self._callee(origin, record, "init_subgraph_index", ()).states
