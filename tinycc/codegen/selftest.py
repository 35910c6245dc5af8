# SPDX-License-Identifier: Apache-2.0
"""The self-test that goes with a model: seeded inputs, what every layer must make of them, and the C text of both.

Expected results come from the operators' numpy semantics. Integers are compared by CRC-32 (as zlib's); floats at a few evenly
spaced elements within a tolerance, because mathematical functions differ from library to library; integers that come after
floats are not compared.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinycc.codegen.ctext import comment, float_literal, standard_headers, wrapped
from tinycc.codegen.lower import Program
from tinycc.errors import fail
from tinycc.interpret import Interpreter
from tinycc.ir import Array, DType, Value

SEED = 0x12345678
SAMPLES = 8
"""Elements at which a float result is compared."""
FLOAT_TOLERANCE = 1e-4
"""float32: largest difference, relative to the largest magnitude in the tensor. Wider than `verify`'s: compilers may contract
multiplications and additions into one instruction, and do so by default."""
MAX_CASES = 8
"""Of a model that takes several inferences to its outputs."""
MAX_BYTES = 2**26
"""Of all tensors of one inference together."""
MAX_WORK = 2**31
"""Elements that an inference goes through, in numpy here."""
BLOCK = 2**14
"""Bytes of input that are drawn together; a power of two."""
NEAR_CODES = {DType.INT8: (-128, 127), DType.UINT8: (0, 255)}
"""Types that have a second case, with codes near the zero point: there, outputs saturate less."""


_FILLS = {
    DType.INT8: "(int8_t)signed_byte(byte)",
    DType.UINT8: "(uint8_t)byte",
    DType.INT16: "(int16_t)(byte + 256 * signed_byte(next_byte(&seed)))",
    DType.INT32: "byte % 4",
    DType.UINT32: "(uint32_t)byte << (byte % 25)",
    DType.INT64: "byte % 4",
    DType.UINT64: "(uint64_t)byte << (byte % 57)",
    DType.BOOL: "byte % 2 != 0",
    DType.FLOAT32: "(float)(byte - 128) / 128.0f",
}


@dataclass(frozen=True)
class Golden:
    """What a result must be in one case: its CRC-32, or samples and their tolerance (None unless compared that way)."""

    crc: int
    samples: tuple[float, ...] | None = None
    tolerance: float = 0.0


@dataclass(frozen=True)
class SelfTest:
    """The results, layers first and then the model's outputs; per case a Golden for each of them."""

    results: tuple[Value, ...]
    exact: frozenset[Value]
    cases: tuple[tuple[Golden, ...], ...]


def traced(program: Program) -> tuple[Value, ...]:
    """The results that the C computes, in order: the layers of the self-test."""
    return tuple(value for step in program.steps for value in step.op.outputs)


def self_test(program: Program, *, golden: bool) -> SelfTest:
    """The self-test of a program. Without `golden` it has no cases and serves to watch layers."""
    results = (*traced(program), *program.graph.outputs)
    exact = _exact(program)
    if not golden:
        return SelfTest(results, exact, ())
    _check_size(program)
    interpreter = Interpreter(program.graph)
    count = 2 if any(value.dtype in NEAR_CODES for value in program.graph.inputs) else 1
    count = max(count, min(program.graph.period, MAX_CASES))
    cases = []
    for number in range(count):
        known = interpreter.run_all(seeded_inputs(program.graph.inputs, number))
        absent = {value: np.zeros(value.shape, value.dtype.numpy) for value in results if value not in known}
        cases.append(tuple(_golden({**known, **absent}[value]) for value in results))
    return SelfTest(results, exact, tuple(cases))


def _check_size(program: Program) -> None:
    """Refuse what takes long to compute here: a small file can describe tensors of any size."""
    graph = program.graph
    size = sum(value.type.bytes for value in (*graph.sources, *(value for op in graph.all_ops for value in op.outputs)))
    if size > MAX_BYTES or graph.work > MAX_WORK:
        found = f"tensors of {size:,} bytes in all, {graph.work:,} elements to go through"
        expected, hint = f"at most {MAX_BYTES:,} and {MAX_WORK:,}", "The model itself compiles, without --self-test."
        raise fail("--self-test", found, expected, hint)


def _exact(program: Program) -> frozenset[Value]:
    """Values that are the same with every mathematical library: integers that no computed float goes into."""
    inexact: set[Value] = set()
    for op in program.graph.ops:
        made = (
            value
            for inner in (op, *(item for graph in op.graphs.values() for item in graph.all_ops))
            for value in inner.outputs
        )
        if any(value.dtype in (DType.FLOAT32, DType.FLOAT16) for value in made) or inexact & set(op.inputs):
            inexact.update(op.outputs)
    return frozenset(value for op in program.graph.ops for value in op.outputs if value not in inexact)


def _golden(array: Array) -> Golden:
    crc = zlib.crc32(np.ascontiguousarray(array).tobytes())
    if array.dtype != np.float32:
        return Golden(crc)
    flat = array.ravel()
    count = min(flat.size, SAMPLES)
    samples = flat[:: max(flat.size // max(count, 1), 1)][:count]
    return Golden(crc, tuple(samples.tolist()), FLOAT_TOLERANCE * float(np.abs(flat).max(initial=0.0)))


def seeded_inputs(values: Sequence[Value], number: int) -> list[Array]:
    """The inputs of case `number`, as the C makes them: one generator for all of them, in their order."""
    stream = _Bytes()
    return [_input(value, number, stream) for value in values]


class _Bytes:
    """The high bytes of x <- 1664525 x + 1013904223 mod 2^32 (Knuth's and Lewis' generator), a block at a time: k steps are
    x <- factors[k] x + terms[k]."""

    def __init__(self) -> None:
        self._state = np.uint32(SEED)
        self._factors, self._terms = np.array([1664525], np.uint32), np.array([1013904223], np.uint32)
        while self._factors.size < BLOCK:
            last = self._factors[-1], self._terms[-1]
            self._terms = np.append(self._terms, self._factors * last[1] + self._terms)
            self._factors = np.append(self._factors, self._factors * last[0])

    def take(self, count: int) -> Array:
        """The next `count` bytes."""
        found = np.empty(count, np.uint8)
        for start in range(0, count, BLOCK):
            part = found[start : start + BLOCK]
            states = self._factors[: part.size] * self._state + self._terms[: part.size]
            part[:] = states >> 24
            self._state = states[-1]
        return found


def _input(value: Value, number: int, stream: _Bytes) -> Array:
    dtype, count = value.dtype, value.type.elements
    made: Array
    raw = stream.take(count * (2 if dtype is DType.INT16 else 1))
    if number > 0 and dtype in NEAR_CODES:
        codes = _zero_point(value) + (raw >> 4).astype(np.int64) - 8
        made = np.clip(codes, *NEAR_CODES[dtype])
    elif dtype is DType.FLOAT32:
        made = (raw.astype(np.float32) - 128) / 128
    elif dtype in (DType.INT8, DType.UINT8, DType.INT16):
        made = raw.view(dtype.numpy)
    elif dtype in (DType.UINT32, DType.UINT64):
        made = raw.astype(dtype.numpy) << raw % (8 * dtype.bytes - 7)
    else:
        made = raw % (2 if dtype is DType.BOOL else 4)
    return made.astype(dtype.numpy).reshape(value.shape)


def _zero_point(value: Value) -> int:
    return value.zero_point if value.type.quantization is not None else 0


def template_variables(test: SelfTest, program: Program) -> dict[str, object]:
    """What `selftest.c.j2` lays out."""
    layers = len(test.results) - len(program.graph.outputs)
    names = [str(step.op.origin) for step in program.steps for _ in step.op.outputs]
    names += [f'output {index} "{value.name}"' for index, value in enumerate(program.graph.outputs)]
    rows: dict[int, int] = {}
    results = []
    for index, value in enumerate(test.results):
        exact = value in test.exact or value in program.graph.inputs or value.constant
        compared = "BY_CRC" if exact else "BY_SAMPLES" if value.dtype is DType.FLOAT32 else "NOT_COMPARED"
        if compared == "BY_SAMPLES":
            rows[index] = len(rows)
        results.append({"name": _quoted(names[index]), "compared": compared, "row": rows.get(index, 0)})
    cases = [_case(case, rows) for case in test.cases]
    return {
        "seed": f"0x{SEED:08X}",
        "samples": SAMPLES,
        "layers": layers,
        "results": results,
        "float_rows": len(rows),
        "cases": cases,
        "float_headers": standard_headers(text for case in cases for row in case["floats"] for text in row),
        "fills": [_fill(value) for value in program.graph.inputs],
    }


def _case(case: tuple[Golden, ...], rows: Mapping[int, int]) -> dict[str, Any]:
    crcs = wrapped([f"0x{golden.crc:08X}u" for golden in case], " " * 8)
    floats = []
    for index in rows:
        golden = case[index]
        assert golden.samples is not None
        values = ", ".join(float_literal(sample) for sample in golden.samples or (0.0,))
        floats.append((float_literal(golden.tolerance), values))
    return {"crcs": crcs, "floats": floats}


def _fill(value: Value) -> str:
    """The C expression of an element, given `byte` and, for further bytes, `seed`."""
    simple = _FILLS.get(value.dtype, "0")
    if value.dtype not in NEAR_CODES:
        return simple
    low, high = NEAR_CODES[value.dtype]
    cast, _, _ = simple.partition(")")
    full = "signed_byte(byte)" if value.dtype is DType.INT8 else "byte"
    return f"{cast})(number == 0 ? {full} : near(byte, {_zero_point(value)}, {low}, {high}))"


def _quoted(text: str) -> str:
    """Text for a C string literal: printable ASCII."""
    plain = "".join(character if " " <= character <= "~" else "?" for character in comment(text))
    return plain.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")
