# SPDX-License-Identifier: Apache-2.0
"""Steps of a Program -> C statements, with the constants, structs and pointers that they name.

Names carry the number of the step that is the first to use them: step 3 writes `y3` and reads `weights_3`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tinycc.codegen.constants import ConstantPool
from tinycc.codegen.ctext import LINE, Symbols, comment, float_literal, identifier, int_literal, shortened, wrapped
from tinycc.codegen.lower import Program
from tinycc.ir import Op, State, TensorType, Value
from tinycc.kernels.calls import Arg, Call, Field, Ints, Scratch, Step, Struct, Table, Tensor
from tinycc.ops.control import Control, If, While
from tinycc.plan import Buffer

CHECK = " != ARM_CMSIS_NN_SUCCESS) {"


@dataclass(frozen=True)
class CStep:
    """One op in the generated `invoke`: a comment, the pointers it is the first to use, its calls as (text, the status to
    return if the text is a condition that holds), and for the self-test the (pointer, bytes) of each result.

    Control flow has `blocks`, each a line and the steps that follow it, and closes with a brace.
    """

    comment: str
    pointers: tuple[str, ...]
    calls: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, int], ...] = ()
    blocks: tuple[tuple[str, tuple[CStep, ...]], ...] = ()

    @property
    def texts(self) -> Iterator[str]:
        """Pointers and calls, those of the blocks included."""
        yield from (text for text, _ in self.calls)
        for _, steps in self.blocks:
            for step in steps:
                yield from step.pointers
                yield from step.texts

    @property
    def uses_arena(self) -> bool:
        return bool(self.pointers) or any(step.uses_arena for _, steps in self.blocks for step in steps)


class Writer:
    """Renders steps, collecting what they point to. `watched`: the results of all steps are pointed to, for the self-test."""

    def __init__(self, program: Program, *, watched: bool = False) -> None:
        self.program = program
        self._watched = watched
        self._symbols = Symbols()
        self._position = program.order.steps
        self._pointers = self._name_values()
        constants = [*program.graph.constants, *(value for _, inner, _ in program.order.calls for value in inner.constants)]
        self._names = shortened(value.name for value in constants)
        self._names |= shortened(value.name for value in self._pointers)
        self._declared: set[str] = set()
        self._room = LINE
        self._pending: list[str] = []
        self._structs: dict[tuple[str, str], str] = {}
        self.structs: list[str] = []
        """Definitions of all constant structs, in order of first use."""
        self.pool = ConstantPool(self._symbols)

    @cached_property
    def labelled_buffers(self) -> tuple[Buffer, ...]:
        """The program's buffers under the names that the C has for them, for the picture of the arena."""
        labels = []
        for storage in self.program.storages:
            symbols = dict.fromkeys(self._pointers[value] for value in storage.values)
            labels.append(f"{', '.join(symbols)} {self._names[storage.values[0].name]}")
        labels += [f"y{self._position[op]} {role}" for op, role in self.program.scratch_keys]
        return tuple(replace(buffer, name=comment(label)) for buffer, label in zip(self.program.buffers, labels, strict=True))

    def step(self, step: Step) -> CStep:
        """A step of the model itself."""
        made = self._control(step) if step.inner else self._calls(step)
        sizes = [value.type.bytes for value in step.op.outputs]
        shown = self._pointer if self._watched else self._pointers.__getitem__
        results = tuple((shown(value) if size else "NULL", size) for value, size in zip(step.op.outputs, sizes, strict=True))
        return replace(made, pointers=(*made.pointers, *self._declarations()), results=results)

    def _calls(self, step: Step) -> CStep:
        calls = tuple((self._call(step.op, call), _status(call)) for call in step.calls)
        return CStep(self._comment(step.op), self._declarations(), calls)

    def _control(self, step: Step) -> CStep:
        """A step that runs graphs. Its values are declared in front of the blocks."""
        op, text = step.op, self._comment(step.op)
        blocks: tuple[tuple[str, tuple[CStep, ...]], ...]
        for value in op.outputs:
            if value.type.bytes:
                self._pointer(value)
        if isinstance(op, If):
            condition = self._pointer(op.condition, op)
            pointers = self._declarations()
            then, otherwise = (self._block(steps) for steps in step.inner)
            blocks = (
                ((f"if (*{condition}) {{", then), ("} else {", otherwise)) if otherwise else ((f"if (*{condition}) {{", then),)
            )
            if not then:
                blocks = ((f"if (!*{condition}) {{", otherwise),)
        else:
            assert isinstance(op, While)
            pointers = self._declarations()
            with self._scope():
                test = tuple(map(self._inner, step.inner[0]))
                condition = self._pointer(op.condition.outputs[0])
                lines = [*self._declarations(), f"if (!*{condition}) {{", "    break;", "}"]
                blocks = (
                    ("while (1) {", test),
                    ("\n".join(f"    {line}" for line in lines), tuple(map(self._inner, step.inner[1]))),
                )
        return CStep(text, pointers, (), blocks=blocks)

    def _inner(self, step: Step) -> CStep:
        return self._control(step) if step.inner else self._calls(step)

    def _block(self, steps: Sequence[Step]) -> tuple[CStep, ...]:
        with self._scope():
            return tuple(map(self._inner, steps))

    @contextmanager
    def _scope(self) -> Iterator[None]:
        """A block of C, in which lines are shorter, and what is declared is so to its end."""
        declared = set(self._declared)
        self._room -= 4
        yield
        self._room += 4
        self._declared = declared

    def _declarations(self) -> tuple[str, ...]:
        """The pointers that were named for the first time."""
        pending, self._pending = tuple(self._pending), []
        return pending

    def reset(self, state: State) -> tuple[str, ...]:
        """The statements that give a state its initial content, under a comment that names it."""
        content = np.ascontiguousarray(state.initial).tobytes()
        place = f"arena + {self.program.offset(state.before)}"
        text = f"    /* {comment(state.before.name)}: {_type(state.before.type)} */"
        if len(set(content)) <= 1:
            return text, f"    memset({place}, {content[0] if content else 0}, {len(content)});"
        note = f'initial "{state.before.name}"'
        constant = self.pool.add(f"initial_{identifier(state.before.name)}", state.initial, state.before.dtype, note)
        return text, f"    memcpy({place}, {constant.pointer}, {len(content)});"

    def _name_values(self) -> dict[Value, str]:
        """The pointer of each run-time value. A view has that of the value it is a view of, and so has a state what it becomes,
        if the element type is the same."""
        graph = self.program.graph
        names = {value: self._symbols.claim(f"input_{index}") for index, value in enumerate(graph.inputs)}
        names |= {state.before: self._symbols.claim(f"state_{index}") for index, state in enumerate(graph.states)}
        computed = {step.op for step in self.program.all_steps}
        given = {
            inner.owner(value): output
            for op, inner, _ in self.program.order.calls
            for value, output in (zip(inner.outputs, op.outputs, strict=True) if op.gives(inner) else ())
        }
        for op, position in self._position.items():
            aliases = {output: operand for operand, output in op.updated}
            if op not in computed:
                aliases[op.y] = op.inputs[0]
            for index, value in enumerate(op.outputs):
                alias = aliases.get(value, given.get(value))
                if alias is not None and alias.dtype is value.dtype:
                    names[value] = names[alias]
                else:
                    names[value] = self._symbols.claim(f"y{position}" if index == 0 else f"y{position}_{index}")
            if isinstance(op, Control):
                for inner in op.graphs.values():
                    names.update((value, names[argument]) for value, argument in zip(inner.inputs, op.args, strict=True))
        return names

    def _comment(self, op: Op) -> str:
        read = ", ".join(_type(value.type) for name, value in op.operands if name != "bias")
        made = ", ".join(_type(value.type) for value in op.outputs)
        origin = f"{op.origin.place} {op.origin.kind}" if op.origin.index >= 0 else op.origin.kind
        work = f", {op.macs:,} MAC" if op.macs and not op.graphs else ""
        text = f'Step {self._position[op]}, {origin} "{self._names[op.y.name]}": {read} -> {made}{work}'
        return "\n * ".join(textwrap.wrap(comment(text), self._room - 10, break_long_words=False, break_on_hyphens=False))

    def _call(self, op: Op, call: Call) -> str:
        """`symbol(arguments);`, or `if (symbol(arguments) != ARM_CMSIS_NN_SUCCESS) {`, in lines."""
        args = [self._argument(op, arg) for arg in call.args]
        start, end, indent = f"{call.symbol}(", ");", 4
        if call.checked or call.stops:
            start, end, indent = (f"if ({start}", f"){CHECK}", 8) if call.checked else (f"if (!{start}", ")) {", 8)
        line = f"{start}{', '.join(args)}{end}"
        if len(line) + 4 <= self._room:
            return line
        lines = wrapped(args, " " * indent, self._room - 4 - len(end) + 1).removesuffix(",")
        return f"{start}\n{lines}{end}"

    def _argument(self, op: Op, arg: Arg) -> str:
        if not isinstance(arg, Struct):
            return self._field(op, arg)
        fields = self._fields(op, arg)
        body = f"{{{', '.join(fields)}}}"
        if arg.by_value:
            return f"({arg.ctype}){body}"
        if any(isinstance(field, Scratch) for _, field in arg.fields):
            return f"&({arg.ctype}){body}"
        key = (arg.ctype, body)
        if key not in self._structs:
            self._structs[key] = symbol = self._symbols.claim(self._struct_symbol(op, arg))
            start = f"static const {arg.ctype} {symbol} = "
            fits = len(start) + len(body) < LINE
            self.structs.append(f"{start}{body};" if fits else f"{start}{{\n{wrapped(fields)}\n}};")
        return f"&{self._structs[key]}"

    def _struct_symbol(self, op: Op, item: Struct) -> str:
        """Dimensions are named after their content, all else after its type and its step."""
        if item.ctype == "cmsis_nn_dims":
            return "dims_" + "x".join(str(field) for _, field in item.fields)
        if item.ctype == "cmsis_nn_context" and dict(item.fields)["buf"] is None:
            return "no_scratch"
        kind = item.ctype.removeprefix("cmsis_nn_").removeprefix("tk_").removeprefix("per_channel_")
        return f"{kind}_{self._position[op]}"

    def _fields(self, op: Op, item: Struct) -> list[str]:
        return [f".{name} = {self._field(op, field, nested=True)}" for name, field in item.fields]

    def _field(self, op: Op, field: Field, *, nested: bool = False) -> str:
        if isinstance(field, Tensor):
            pointer = self._pointer(field.value, op)
            return f"{pointer} + {field.offset}" if field.offset else pointer
        if isinstance(field, Table):
            note = f"{field.role} of step {self._position[op]}"
            constant = self.pool.add(f"{identifier(field.role)}_{self._position[op]}", field.data, field.dtype, note)
            # CMSIS-NN's structs hold pointers to non-const what they only read.
            return f"({field.ctype or constant.ctype} *){constant.pointer}" if nested else constant.pointer
        if isinstance(field, Scratch):
            return f"(void *)(arena + {self.program.scratch_offset(op, field.role)})" if field.bytes else "NULL"
        if isinstance(field, Ints):
            return f"{{{', '.join(map(int_literal, field.items))}}}"
        if isinstance(field, Struct):
            return f"{{{', '.join(self._fields(op, field))}}}"
        if field is None:
            return "NULL"
        return float_literal(field) if isinstance(field, float) else int_literal(int(field))

    def _pointer(self, value: Value, op: Op | None = None) -> str:
        """The name of a value's memory. A constant is one of `op`'s operands; a pointer into the arena gets declared."""
        if value.data is not None:
            assert op is not None
            role = next(name for name, operand in op.operands if operand is value)
            note = f'{role} of step {self._position[op]}, "{self._names[value.name]}"'
            return self.pool.add(f"{role}_{self._position[op]}", value.data, value.dtype, note).pointer
        symbol = self._pointers[value]
        if symbol not in self._declared:
            self._declared.add(symbol)
            through = "" if value.dtype.bytes == 1 else "(void *)"
            place = f"({value.dtype.ctype} *){through}(arena + {self.program.offset(value)})"
            self._pending.append(f"{value.dtype.ctype} *const {symbol} = {place};")
        return symbol


def _status(call: Call) -> str:
    """What `invoke` returns if the call was the last: its status without the prefix."""
    return "ERROR_KERNEL" if call.checked else "OK" if call.stops else ""


def _type(type: TensorType) -> str:
    """Element type and shape, without the quantization."""
    return f"{type.dtype.value}[{','.join(map(str, type.shape))}]"
