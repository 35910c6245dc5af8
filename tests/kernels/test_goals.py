# SPDX-License-Identifier: Apache-2.0
"""Which kernels whole networks take for each goal, and for flash that is to be saved, as texts without a build.
`TINYCC_WRITE_TEXTS=1` writes them anew: read what changed.

A line is a network on a core for a goal: a digest of the kernels' names, bytes of flash (constants and code, what is reckoned
beside the kernels included), cycles, the most scratch. A trailing number is what is to be saved, or the part of the cycles that
may be spent unasked.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from model_builder import ModelBuilder

from tinycc.compiler import load
from tinycc.ir import Graph
from tinycc.kernels.base import Context
from tinycc.kernels.choice import choose
from tinycc.kernels.code import flash_estimate
from tinycc.lowering.lower import lower
from tinycc.passes import run_passes
from tinycc.preferences import Goal, Policy
from tinycc.target import TARGETS

TEXT = Path(__file__).with_name("goals.txt")
CORES = ("cortex-m4", "cortex-m0", "cortex-m55", "generic")


def dense(kinds: tuple[str, ...]) -> bytes:
    """Layers whose weights take fewer bytes, each in a way of its own."""
    rng, m = np.random.default_rng(5), ModelBuilder()
    quantized = {"scale": 0.05, "zero_point": -128}
    x, depth = m.input((1, 96), "int8", **quantized), 96
    for number, kind in enumerate(kinds):
        codes = rng.integers(-90, 90, (48 - number, depth))
        codes = {
            "full": lambda codes: codes,
            "zeros": lambda codes: codes * (rng.random(codes.shape) < 0.2),
            "few": lambda codes: codes // 60 * 40,
            "small": lambda codes: codes // 30,
        }[kind](codes)
        w = m.const(codes.astype(np.int8), scale=[0.002 + 0.0001 * channel for channel in range(len(codes))], axis=0)
        y = m.tensor((1, len(codes)), "int8", **quantized)
        m.op("FULLY_CONNECTED", [x, w], [y], fused_activation_function="RELU")
        x, depth = y, len(codes)
    made: bytes = m.build([x])
    return made


MODELS: dict[str, Callable[[], bytes]] = {
    "digits": (ROOT / "examples" / "digits" / "digits_int8.tflite").read_bytes,
    "floats": (ROOT / "examples" / "digits" / "digits_float32.tflite").read_bytes,
    "spotter": (ROOT / "examples" / "keyword" / "spotter.tflite").read_bytes,
    "dense": partial(dense, ("zeros", "few", "full", "small", "zeros", "few")),
    "full": partial(dense, ("full", "full", "full")),
}
WAYS: dict[str, Context] = {
    **{goal.value: Context(TARGETS["generic"], goal=goal) for goal in Goal},
    **{f"{policy.value} kernels": Context(TARGETS["generic"], policy=policy) for policy in Policy},
    **{f"save {bytes}": Context(TARGETS["generic"], save=bytes) for bytes in (1, 300, 1500, 6000, 10**6)},
    **{f"spend {thrift}": Context(TARGETS["generic"], thrift=thrift) for thrift in (0.0, 0.1, 0.4)},
    "any weights": Context(TARGETS["generic"], fixed=False),
    "widened": Context(TARGETS["generic"], goal=Goal.SPEED, widen=1 << 20),
}


@cache
def graph(name: str) -> Graph:
    return run_passes(load(MODELS[name]()).graph)


def line(name: str, core: str, way: str) -> str:
    context = replace(WAYS[way], target=TARGETS[core])
    choices = choose(graph(name), context)
    program = lower(graph(name), context)
    told = " ".join(f"{choice.taken.name} {choice.reason}" for choice in choices.values())
    scratch = max(sum(item.bytes for call in step.calls for item in call.scratches) for step in program.steps)
    cycles = sum(choice.cost.cycles for choice in choices.values())
    return f"{zlib.crc32(told.encode()) & 0xFFFF:04x} {flash_estimate(program)} {cycles} {scratch}"


@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("name", MODELS)
def test_goals(name: str, core: str) -> None:
    found = [f"{name} {core} {way}: {line(name, core, way)}" for way in WAYS]
    before = TEXT.read_text(encoding="utf-8").splitlines() if TEXT.exists() else []
    if os.environ.get("TINYCC_WRITE_TEXTS"):
        others = [text for text in before if not text.startswith(f"{name} {core} ")]
        TEXT.write_text("\n".join((*others, *found)) + "\n", encoding="utf-8")
    else:
        assert found == [text for text in before if text.startswith(f"{name} {core} ")]
