# SPDX-License-Identifier: Apache-2.0
"""What memory the functions of a model are handed, and what an instance has of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tinycc.apart import Apart
from tinycc.program.types import ARENA, BANK, STATES, Buffer, Port, Program

WEIGHTS = "weights"
"""The block of constants, where they are not in the C."""


@dataclass(frozen=True)
class CMemory:
    """A memory as a parameter of the model's functions, and as the argument that an instance gives for it."""

    name: str
    parameter: str
    argument: str


OWN_ARENA = CMemory(ARENA, "uint8_t *arena", "self->arena.bytes")


def memories(program: Program, apart: Apart) -> tuple[CMemory, ...]:
    """All that the functions of a program may be handed."""
    arena = OWN_ARENA if apart.arena is None else CMemory(ARENA, "uint8_t *arena", "self->arena->memory.bytes")
    found = [arena, CMemory(STATES, "uint8_t *states", "self->states.bytes")]
    found += [CMemory(WEIGHTS, "const uint8_t *weights", "self->weights")] if apart.weights else []
    found += [CMemory(name, f"uint8_t *{name}", f"self->{bank_name(name)}->bytes") for name in banks(program)]
    for direction, ports in (("input", program.inputs), ("output", program.outputs)):
        for index, port in enumerate(ports):
            if port.span.buffer.callers:
                name, qualifier = f"{direction}_{index}", "const " if direction == "input" else ""
                parameter = f"{qualifier}{port.type.dtype.ctype} *{callers(port.span.buffer)}"
                found.append(CMemory(name, parameter, f"self->{name}"))
    return tuple(found)


def banks(program: Program) -> tuple[str, ...]:
    """The memories of a program beside its arena."""
    return tuple(dict.fromkeys(buffer.memory for buffer in program.buffers if buffer.is_banked))


def bank_name(memory: str) -> str:
    """As the user calls it."""
    return memory.removeprefix(BANK)


def callers(buffer: Buffer) -> str:
    """The parameter that is a buffer of the caller's."""
    return f"callers_{buffer.memory}"


def used(known: Iterable[CMemory], names: Collection[str]) -> tuple[CMemory, ...]:
    """Of the `known` ones the arena and those that are named."""
    return tuple(memory for memory in known if memory.name == ARENA or memory.name in names)


def parameters(found: Iterable[CMemory]) -> str:
    return ", ".join(memory.parameter for memory in found)


def arguments(found: Iterable[CMemory]) -> str:
    """From within an instance's function."""
    return ", ".join(memory.argument for memory in found)


def passed(found: Iterable[CMemory]) -> str:
    """From within a function that was handed the same."""
    return ", ".join(memory.parameter.rpartition(" ")[2].lstrip("*") for memory in found)


def read_only(buffer: Buffer) -> bool:
    return buffer.memory.startswith("input_")


def where(port: Port, apart: Apart) -> str:
    """The memory that a port lies in, from within an instance's function: an expression of type uint8_t *."""
    if port.span.buffer.memory == STATES:
        return "self->states.bytes"
    if port.span.buffer.is_banked:
        return f"self->{bank_name(port.span.buffer.memory)}->bytes"
    return "self->arena.bytes" if apart.arena is None else "self->arena->memory.bytes"
