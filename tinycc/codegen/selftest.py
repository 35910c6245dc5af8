# SPDX-License-Identifier: Apache-2.0
"""The self-test that goes with a model: seeded inputs, what every layer must make of them, and the C text of both.

Expected results come from the operators' numpy semantics. Integers are compared by CRC-32 (as zlib's); floats at a few evenly
spaced elements within a tolerance, because mathematical functions differ from library to library; integers that come after
floats are not compared.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinycc.codegen.ctext import comment, float_literal, standard_headers, wrapped
from tinycc.codegen.seeds import FACTOR, NEAR_CODES, SEED, STEP, fill, seeded_inputs
from tinycc.errors import fail
from tinycc.interpret import Interpreter
from tinycc.ir import Array, DType, Graph, Value
from tinycc.program.types import Program

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


@dataclass(frozen=True)
class Golden:
    """What a result must be in one case: its CRC-32, or samples and their tolerance (None unless compared that way)."""

    crc: int
    samples: tuple[float, ...] | None = None
    tolerance: float = 0.0


@dataclass(frozen=True)
class Checked:
    """A result that is compared: what it is called, its element type, whether it is the same on every machine, its size."""

    name: str
    dtype: DType
    exact: bool
    bytes: int

    @property
    def compared(self) -> str:
        """The enumerator of selftest.c.j2."""
        return "BY_CRC" if self.exact else "BY_SAMPLES" if self.dtype in (DType.FLOAT32, DType.COMPLEX64) else "NOT_COMPARED"


@dataclass(frozen=True)
class SelfTest:
    """The results, those of the layers first and then the model's outputs; per case a Golden for each of them."""

    results: tuple[Checked, ...]
    layers: int
    cases: tuple[tuple[Golden, ...], ...]


def self_test(graph: Graph, program: Program, *, golden: bool) -> SelfTest:
    """The self-test of a graph and the program that became of it. Without `golden` it has no cases and serves to watch layers.

    Raises CompileError for a model that is too large for that.
    """
    made = {value.name: value for op in graph.ops for value in op.outputs}
    exact = _exact(graph)
    layers = [(made[result.name], str(step.origin)) for step, result in program.results]
    outputs = [(value, f'output {index} "{value.name}"') for index, value in enumerate(graph.outputs)]
    results = tuple(Checked(name, value.dtype, value in exact, value.type.bytes) for value, name in (*layers, *outputs))
    if not golden:
        return SelfTest(results, len(layers), ())
    _check_size(graph)
    interpreter = Interpreter(graph)
    count = 2 if any(value.dtype in NEAR_CODES for value in graph.inputs) else 1
    cases = []
    for number in range(max(count, min(graph.period, MAX_CASES))):
        known = interpreter.run_all(seeded_inputs((value.type for value in graph.inputs), number))
        cases.append(tuple(_golden(_found(value, known)) for value, _ in (*layers, *outputs)))
    return SelfTest(results, len(layers), tuple(cases))


def _check_size(graph: Graph) -> None:
    """Refuse what takes long to compute here: a small file can describe tensors of any size."""
    size = sum(value.type.bytes for value in (*graph.sources, *(value for op in graph.all_ops for value in op.outputs)))
    if size > MAX_BYTES or graph.work > MAX_WORK:
        found = f"tensors of {size:,} bytes in all, {graph.work:,} elements to go through"
        expected, hint = f"at most {MAX_BYTES:,} and {MAX_WORK:,}", "The model itself compiles, without --self-test."
        raise fail("--self-test", found, expected, hint)


def _found(value: Value, known: Mapping[Value, Array]) -> Array:
    """A value of an inference; zeros if it ended before."""
    return known[value] if value in known else np.zeros(value.shape, value.dtype.numpy)


def _exact(graph: Graph) -> frozenset[Value]:
    """Values that are the same with every mathematical library: inputs, constants, integers that no computed float is in."""
    inexact: set[Value] = set()
    for op in graph.ops:
        made = (
            value
            for inner in (op, *(item for graph in op.graphs.values() for item in graph.all_ops))
            for value in inner.outputs
        )
        if any(value.dtype in (DType.FLOAT32, DType.FLOAT16, DType.COMPLEX64) for value in made) or inexact & set(op.inputs):
            inexact.update(op.outputs)
    values = (*graph.sources, *graph.results, *(value for op in graph.ops for value in op.outputs))
    return frozenset(value for value in values if value not in inexact)


def _golden(array: Array) -> Golden:
    crc = zlib.crc32(np.ascontiguousarray(array).tobytes())
    if array.dtype not in (np.float32, np.complex64):
        return Golden(crc)
    flat = np.ascontiguousarray(array).ravel().view(np.float32)
    count = min(flat.size, SAMPLES)
    samples = flat[:: max(flat.size // max(count, 1), 1)][:count]
    largest = float(np.abs(flat[np.isfinite(flat)]).max(initial=0.0))
    return Golden(crc, tuple(samples.tolist()), FLOAT_TOLERANCE * largest)


def template_variables(test: SelfTest, program: Program) -> dict[str, object]:
    """What `selftest.c.j2` lays out."""
    rows: dict[int, int] = {}
    results = []
    for index, checked in enumerate(test.results):
        if checked.compared == "BY_SAMPLES":
            rows[index] = len(rows)
        shown = {"name": _quoted(checked.name), "compared": checked.compared, "row": rows.get(index, 0)}
        results.append(shown | {"bytes": checked.bytes})
    cases = [_case(case, rows) for case in test.cases]
    return {
        "seed": f"0x{SEED:08X}",
        "factor": FACTOR,
        "step": STEP,
        "samples": SAMPLES,
        "layers": test.layers,
        "results": results,
        "float_rows": len(rows),
        "cases": cases,
        "float_headers": standard_headers(text for case in cases for row in case["floats"] for text in row),
        "fills": [fill(port.type) for port in program.inputs],
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


def _quoted(text: str) -> str:
    """Text for a C string literal: printable ASCII."""
    plain = "".join(character if " " <= character <= "~" else "?" for character in comment(text))
    return plain.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")
