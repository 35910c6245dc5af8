# SPDX-License-Identifier: Apache-2.0
"""What lives on from one inference to the next: resource variables, variable tensors, and what operators keep to themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from tinycc.errors import CompileError, Problem
from tinycc.frontends.tflite.file import DAMAGED, OperatorRecord, SubgraphRecord
from tinycc.frontends.tflite.states import StateTable
from tinycc.frontends.tflite.tensors import AFFORDABLE, Tensors, text
from tinycc.ir import Array, Origin, State, TensorType, Value
from tinycc.passes.rewrite import fresh

HALF_QUANTIZED = (
    "No runtime takes such a file, which TensorFlow writes of LSTM layers in int16x8: quantize to int8, or give the layer "
    "unroll=True."
)
STATE_OPERATORS = frozenset({"VAR_HANDLE", "READ_VARIABLE", "ASSIGN_VARIABLE", "CALL_ONCE"})


class Variables:
    """The states of one subgraph, by key, while its operators are read in order. `tensors` are the subgraph's.

    `advanced` has the values before and after each operator that was asked for, so that asking again gives the same. `readers`
    says where each resource variable is read first, in all subgraphs, and `others` which operator reads a variable tensor that
    is no state of its own.
    """

    def __init__(self, tensors: Tensors, caller: Variables | None = None) -> None:
        self.tensors = tensors
        self.table: StateTable = StateTable(caller.table if caller else None)
        self.advanced: dict[tuple[int, int | str], tuple[Value, Value]] = {}
        self.readers: dict[str, str] = caller.readers if caller else {}
        self.others: dict[int, str] = {}

    def move(self, origin: Origin, record: OperatorRecord) -> None:
        """The operators that only move states: they become values, not ops."""
        required = {"VAR_HANDLE": (0, 1), "READ_VARIABLE": (1, 1), "ASSIGN_VARIABLE": (2, 0), "CALL_ONCE": (0, 0)}
        if (len(record.inputs), len(record.outputs)) != required[record.kind]:
            found = f"{len(record.inputs)} operands, {len(record.outputs)} outputs"
            raise CompileError(Problem(str(origin), found, "{} and {}".format(*required[record.kind]), DAMAGED, origin.kind))
        if record.kind == "VAR_HANDLE":
            self.tensors.handles[record.outputs[0]] = variable_key(record)
        elif record.kind == "READ_VARIABLE":
            (index,) = record.outputs
            like = self.tensors.value(index, self.tensors.declared(index))
            key = self._handle(origin, record)
            self.tensors.values[index] = self.state(origin, key, like)
            self.readers.setdefault(key, str(replace(origin, subgraph=self.tensors.number)))
        elif record.kind == "ASSIGN_VARIABLE":
            key, value = self._handle(origin, record), self.tensors.operand(origin, record.inputs[1])
            self.state(origin, key, replace(value, name=fresh(f"{value.name}_state", self.tensors.taken), index=None))
            self.table.write(key, value)

    def _handle(self, origin: Origin, record: OperatorRecord) -> str:
        index = record.inputs[0]
        if index not in self.tensors.handles:
            found = f"operand 0 {self.tensors.where(index)}" if index >= 0 else "no operand 0"
            raise CompileError(Problem(str(origin), found, "the result of a VAR_HANDLE", DAMAGED, origin.kind))
        return self.tensors.handles[index]

    def state(self, origin: Origin, key: str, like: Value) -> Value:
        """The content of a variable, which must be of the type of `like`."""
        if key not in self.table.contents and not self.tensors.spent.affords(like.type.elements):
            raise CompileError(Problem(str(origin), f"an initial state {like.type}", AFFORDABLE, "", origin.kind))
        if like.dtype.packed:
            raise CompileError(Problem(str(origin), f"a state {like.type}", "states of whole bytes", "", origin.kind))
        state, initial = self.table.read(key, like), self.table.initial(key)
        if not state.type.same_storage(like.type) or (initial.shape, initial.dtype) != (like.shape, like.dtype.numpy):
            types = f"{like.type} for a variable of {state.type}, which is initialized as {initial.dtype}{text(initial.shape)}"
            raise CompileError(Problem(str(origin), types, "one type", "", origin.kind))
        return state

    def after(self, origin: Origin, key: str, value: Value) -> Value:
        """A value for what a variable becomes in a call. Its content so far is `value`."""
        after = replace(value, name=fresh(f"{value.name}_after_{origin.index}", self.tensors.taken), data=None, index=None)
        self.table.write(key, after)
        return after

    def advance(self, origin: Origin, record: OperatorRecord, position: int) -> tuple[Value, Value]:
        """The content of the variable tensor that is operand `position`, and the value that stands for its next content."""
        index = record.inputs[position] if position < len(record.inputs) else -1
        if index < 0 or not self.tensors.model.tensors[index].variable:
            found = f"operand {position} that is no variable tensor"
            expected = "state that is kept between inferences"
            raise CompileError(Problem(str(origin), found, expected, HALF_QUANTIZED, origin.kind))
        if record.inputs.count(index) > 1:
            found = f"{self.tensors.where(index)} as several operands"
            raise CompileError(Problem(str(origin), found, "a variable tensor for each state", DAMAGED, origin.kind))
        if (origin.index, position) not in self.advanced:
            key, constant = self._key(index), self.tensors.constant(index)
            if constant.data is not None:
                self.table.initialize(key, constant.data)
            before = self.table.read(key, constant)
            after = replace(
                before, name=fresh(f"{self.tensors.names[index]}_after_{origin.index}", self.tensors.taken), index=None
            )
            self.table.write(key, after)
            self.advanced[origin.index, position] = before, after
        return self.advanced[origin.index, position]

    def _key(self, index: int) -> str:
        """That of the state in a variable tensor."""
        return f"subgraph {self.tensors.number} tensor {index}"

    def content(self, index: int) -> Value | None:
        """What a variable tensor holds after the operators so far, if it is the state of one."""
        return self.table.contents.get(self._key(index))

    def note_reads(self, origin: Origin, record: OperatorRecord) -> None:
        """Remember which variable tensors an operator reads that are no states of its own."""
        for position, index in enumerate(record.inputs):
            if index >= 0 and self.tensors.is_variable(index) and (origin.index, position) not in self.advanced:
                self.others.setdefault(index, str(origin))

    def problems(self, subgraphs: Sequence[SubgraphRecord]) -> Iterator[Problem]:
        """What is read though nothing sets it, once all operators are read. `subgraphs`: all of the file."""
        hint = "The values are not in the file. Convert from the trained model itself (from_keras_model, from_saved_model)."
        for index, reader in self.others.items():
            if self.content(index) is not None:
                found = f"{self.tensors.where(index)}, which {reader} reads, too"
                yield Problem(reader, found, "a state that no other operator reads", "Return it as an output of the model.")
            elif self.tensors.model.tensors[index].data is None:
                yield Problem(
                    reader, f"{self.tensors.where(index)}, a variable that nothing sets", "a constant or a state", hint
                )
        if self.tensors.number == 0:
            for key, reader in self.readers.items():
                if self.table.unset(key):
                    found, expected = (
                        f"variable {key.strip('/')}, which nothing",
                        "an initializer or an assignment in the model",
                    )
                    if key in assigned(subgraphs):
                        apart = "In C each entry point has variables of its own: hand the value in as an input."
                        yield Problem(reader, f"{found} but another entry point assigns", expected, apart, "READ_VARIABLE")
                    else:
                        yield Problem(reader, f"{found} assigns", expected, hint, "READ_VARIABLE")

    def keep(self, origin: Origin, role: str, type: TensorType, initial: Array, after: Value | None) -> tuple[Value, Value]:
        """The operator's own state `role`, and the value that stands for its next content: `after`, or a new one."""
        key = f"subgraph {self.tensors.number} op {origin.index} {role}"
        if (origin.index, role) not in self.advanced:
            if not self.tensors.spent.affords(type.elements):
                raise CompileError(Problem(str(origin), f"a state {type}", AFFORDABLE, "", origin.kind))
            self.table.initialize(key, np.array(np.broadcast_to(initial, type.shape)))
            before = self.table.read(key, Value(fresh(f"{origin.name}_{role}", self.tensors.taken), type))
            self.advanced[origin.index, role] = before, replace(before, name=fresh(f"{before.name}_after", self.tensors.taken))
        before, new = self.advanced[origin.index, role]
        self.table.write(key, after or new)
        return before, after or new

    def initialize(self, origin: Origin, states: Mapping[str, State]) -> None:
        """Let variables begin as an initializer leaves them, which must be constant."""
        for key, state in states.items():
            if key in self.table.contents:
                expected = "initializers in front of all other uses of a variable"
                raise CompileError(Problem(str(origin), f"variable {key} in use already", expected, "", origin.kind))
            if state.after.data is None:
                hint, found = "Assign constants in the initializer.", f"%{state.after.name} computed at run time"
                raise CompileError(Problem(str(origin), found, "a constant", hint, origin.kind))
            self.table.initialize(key, state.after.data)


def assigned(subgraphs: Sequence[SubgraphRecord]) -> frozenset[str]:
    """The variables that some subgraph assigns, in whatever entry point."""
    found = set()
    for subgraph in subgraphs:
        handles = {op.outputs[0]: variable_key(op) for op in subgraph.operators if op.kind == "VAR_HANDLE" and op.outputs}
        targets = (op.inputs[0] for op in subgraph.operators if op.kind == "ASSIGN_VARIABLE" and op.inputs)
        found |= {handles[target] for target in targets if target in handles}
    return frozenset(found)


def variable_key(handle: OperatorRecord) -> str:
    """Which variable a VAR_HANDLE stands for, in the whole file."""
    return f"{_name(handle.options.get('container'))}/{_name(handle.options.get('shared_name'))}"


def _name(option: object) -> str:
    """A name in an options table as printable text; one that is left out is the empty one."""
    return repr(option)[2:-1] if isinstance(option, bytes) else ""
