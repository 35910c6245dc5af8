# SPDX-License-Identifier: Apache-2.0
"""Which kernels layers can have on which cores, what each costs, and which one is taken, as texts: conditions, costs and sizes
of what is packed, at their edges and without a build. `TINYCC_WRITE_TEXTS=1` writes the texts anew: read what changed.

A line is a layer: what is taken; cycles, bytes of scratch and bytes of constants of all that can compute it, with a digest of
the whole cost and of what is packed and called; and what the core could run, but not for this layer. Whether what is packed is
right, the tests that build say; the digest says that nothing else has changed.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from case_types import all_cases
from dsp_models import LAYERS, USUAL
from onnx_cases import quantized
from onnx_learned_cases import ensembles, trees
from onnx_quantized_cases import between_codes, dynamic
from onnx_wide_cases import layers, mixed
from onnx_wider_cases import fused
from opcases import Case
from spelled import spelled

from tinycc.compiler import load
from tinycc.ir import Graph, Op, Value
from tinycc.kernels.base import Context
from tinycc.kernels.calls import Field, Struct, Table, Tensor
from tinycc.kernels.choice import Candidate, candidates, choose
from tinycc.ops.base import Operator
from tinycc.passes import run_passes
from tinycc.provider import parse_provider
from tinycc.target import find_target

TEXTS = Path(__file__).with_name("choices")


@cache
def cases() -> dict[str, Case]:
    return {case.id: case for case in all_cases()}


@cache
def onnx_cases() -> dict[str, bytes]:
    learned, wide = (*ensembles(), *trees()), (*layers(), *mixed(), *fused())
    return {case.name: case.data for case in (*learned, *wide, *dynamic(), *quantized(), *between_codes())}


GRAPHS: dict[str, Graph] = {}
"""By what a line begins with."""


def drawn(label: str) -> Graph:
    """A drawn layer with its seed, such a one of usual sizes, one that is spelled out, or a case of the tables,
    of TFLite or ONNX."""
    if label not in GRAPHS:
        kind, _, rest = label.partition(" ")
        if kind == "usual":
            operator, seed = rest.split()
            model, match = USUAL[operator](int(seed)).model, "tflm"
        elif kind == "layer":
            model, match = spelled(rest), "tflm"
        elif kind == "onnx":
            model, match = onnx_cases()[rest], "ort"
        elif kind == "case":
            model, match = cases()[rest].model, cases()[rest].oracle
        else:
            model, match = LAYERS[kind](int(rest)).model, "tflm"
        GRAPHS[label] = run_passes(load(model, match=match).graph)
    return GRAPHS[label]


def content(field: Field, op: Op) -> Iterator[str]:
    """Of an argument: its operand, its bytes, the fields of its struct, or what it is."""
    if isinstance(field, Tensor):
        yield f"{field.offset} {place(field.value, op)}"
    elif isinstance(field, Table):
        yield f"{field.role} {field.content.value} {field.ctype} {field.dtype.value} {zlib.crc32(field.data.tobytes())}"
    elif isinstance(field, Struct):
        yield f"{field.ctype} {field.by_value}"
        for name, part in field.fields:
            yield name
            yield from content(part, op)
    else:
        yield repr(field)


def place(value: Value, op: Op) -> str:
    """Which operand or result of an operator a value is, or what a new constant holds."""
    names = [number for number, found in enumerate((*op.inputs, *op.outputs)) if found is value]
    return str(names) if names or value.data is None else f"{value.type} {zlib.crc32(value.data.tobytes())}"


def digest(item: Candidate) -> str:
    told = [str(item.cost)]
    for call in item.calls:
        told += (call.symbol, *(text for argument in call.args for text in content(argument, item.op)))
    return f"{zlib.crc32(' '.join(told).encode()) & 0xFFFF:04x}"


def line(label: str, context: Context) -> str:
    """Of operators that nothing is known of yet: what follows from one is kept for as long as it lives."""
    graph = drawn(label)
    graph = replace(graph, ops=tuple(replace(op) for op in graph.ops))
    told = []
    for op, choice in choose(graph, context).items():
        assert isinstance(op, Operator)
        able, unable = [], []
        for variant in candidates(op):
            if variant.refusal(op, context) is None:
                item = Candidate(variant, op, context)
                able.append(f"{variant.name} {item.cost.cycles}/{item.scratch}/{item.constants} {digest(item)}")
            elif variant.features <= context.target.features:
                unable.append(variant.name)
        told.append(f"{choice.taken.name}: {', '.join(able)}" + (f"; not {', '.join(unable)}" if unable else ""))
    return f"{label} -> {' | '.join(told)}"


BLOCK = 8
"""Lines of a test: who looks for the test that notices something need not go through a whole text."""
BLOCKS = [
    pytest.param(path, first, id=f"{path.stem}-{first}")
    for path in sorted(TEXTS.glob("*.txt"))
    for first in range(1, len(path.read_text(encoding="utf-8").splitlines()), BLOCK)
]


@pytest.mark.parametrize(("path", "first"), BLOCKS)
def test_choices(path: Path, first: int) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    core, provider = lines[0].removeprefix("# ").split(", ")
    target = find_target(core)
    assert target is not None
    context = Context(target, parse_provider(provider))
    block = slice(first, first + BLOCK)
    found = (line(text.partition(" -> ")[0], context) for text in lines[block])
    if os.environ.get("TINYCC_WRITE_TEXTS"):
        lines[block] = found
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        for text, expected in zip(found, lines[block], strict=True):
            assert text == expected
