# SPDX-License-Identifier: Apache-2.0
"""What a program takes of RAM beside its arena on cores that cannot read constants from where code lies (AVR, ESP8266's).

There all that is constant is copied to RAM at reset: the model's constants, the structs of parameters that the C has for its
calls, and what kernels and the C library have of their own.
"""

from __future__ import annotations

from functools import cache

from tinycc.program.types import Field, Ints, Program, Struct
from tinycc.runtime import closure

WORD = 4
"""Bytes of a number or a pointer in a struct, at most."""
TABLES = 128
"""Bytes of the tables of kernels of integers, at most."""
MATHEMATICS = 256
"""And of those of floats, with the C library's."""


def copied_bytes(program: Program) -> int:
    """Bytes that are copied to RAM, counted before there is C: as many as in the linked program, or some dozens more. Less only
    where the C library has large tables of its own (sines on ESP8266 800 bytes)."""
    own = TABLES + (MATHEMATICS if needs_mathematics(frozenset(program.symbols)) else 0)
    return program.flash() + struct_bytes(program) + own


def struct_bytes(program: Program) -> int:
    """Those that calls are handed by address, equal ones once."""
    structs = {arg for call in program.calls for arg in call.args if isinstance(arg, Struct) and not arg.by_value}
    return sum(_bytes(item) for item in structs)


def _bytes(field: Field) -> int:
    if isinstance(field, Struct):
        return sum(_bytes(inner) for _, inner in field.fields)
    return WORD * len(field.items) if isinstance(field, Ints) else WORD


@cache
def needs_mathematics(symbols: frozenset[str]) -> bool:
    """Whether kernels call functions of <math.h>."""
    return any("<math.h>" in file.text for file in closure(symbols))
