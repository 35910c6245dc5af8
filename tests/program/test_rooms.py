# SPDX-License-Identifier: Apache-2.0
"""Turns of a layer that have more room than others take a faster kernel: with the same bits, in no more memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from model_builder import ModelBuilder

from tinycc.arrange import MOST
from tinycc.codegen.writer import moving
from tinycc.compiler import Compilation, compile, load
from tinycc.execution.host import HostModel
from tinycc.plan.layout import Arena
from tinycc.plan.room import rooms
from tinycc.plan.trace import Plan, Tenant, Trace, Use, whole
from tinycc.program.types import STILL, Buffer, Call, Ref, Role, Step

SPOTTER = ROOT / "examples" / "keyword" / "spotter.tflite"


def camera(channels: int = 8) -> bytes:
    """An image of three colours, larger than what the first layer makes of it, so that the result follows in its wake."""
    rng = np.random.default_rng(3)
    m = ModelBuilder()
    x = m.input((1, 48, 48, 3), "int8", scale=0.01, zero_point=-3)
    weights = rng.integers(-127, 128, (channels, 3, 3, 3), np.int8)
    w = m.const(weights, scale=[0.004 + 0.0005 * channel for channel in range(channels)])
    bias = m.const(rng.integers(-900, 900, channels, np.int32))
    made = m.tensor((1, 24, 24, channels), "int8", scale=0.03, zero_point=-128)
    m.op("CONV_2D", [x, w, bias], [made], padding="SAME", stride_h=2, stride_w=2, fused_activation_function="RELU")
    axes = m.const(np.array([1, 2], np.int32))
    y = m.tensor((1, channels), "int8", scale=0.03, zero_point=-128)
    m.op("MEAN", [made, axes], [y], keep_dims=False)
    z = m.tensor((1, 24, 24, channels), "int8", scale=1 / 256, zero_point=-128)
    m.op("LOGISTIC", [made], [z])
    return m.build([z, y])


def in_two(made: Compilation) -> list[Step]:
    """The steps whose turns differ in their kernels."""
    return [step for step in made.program.steps if "there is room" in step.reason]


def scratch(call: Call) -> tuple[str, ...]:
    return tuple(leaf.buffer.name for leaf in call.leaves if isinstance(leaf, Ref) and leaf.buffer.role is Role.SCRATCH)


@pytest.mark.parametrize("target", ["cortex-m4", "cortex-m55"])
@pytest.mark.parametrize("model", [SPOTTER, camera()], ids=["spotter", "camera"])
def test_every_turn_gives_the_same_bits(model: Path | bytes, target: str) -> None:
    loaded = load(model)
    rows, whole = compile(loaded, target=target, optimize="ram"), compile(loaded, target=target, without=["stream"])
    (step,) = in_two(rows)
    assert step.calls[0].symbol == step.kernel.split(" by ")[0], "what all turns have room for comes first"
    assert len({scratch(call) for call in step.calls if call.symbol != "tk_move_rows"}) == 2
    rng = np.random.default_rng(5)
    with HostModel(rows) as one, HostModel(whole) as other:
        for low, high in ((-128, 128), (-128, -127), (127, 128)):
            inputs = [rng.integers(low, high, value.shape, np.int8) for value in rows.graph.inputs]
            found, expected = one.run(inputs), other.run(inputs)
            assert [output.tobytes() for output in found.outputs] == [output.tobytes() for output in expected.outputs]


def test_working_memory_moves_with_the_room() -> None:
    """Between the rows that are left of the image and those that are made, within the arena that there is without it."""
    made = compile(camera(4), target="cortex-m4", optimize="ram")
    (step,) = in_two(made)
    refs = [leaf for call in step.calls for leaf in call.leaves if isinstance(leaf, Ref) and leaf.buffer.role is Role.SCRATCH]
    (ref,) = {leaf for leaf in refs if leaf.pace != STILL}
    assert ref.pace.bytes == 2 * 48 * 3, "two rows of the image"
    assert 0 < ref.bytes < ref.buffer.bytes
    image = 48 * 48 * 3
    assert made.report.arena_bytes <= (image + 24 * 4) * (MOST + 1) // MOST
    source = made.files[f"{made.name}.c"]
    assert moving(ref.offset, ref.pace.bytes, 0) in source
    assert step.reason.split("; ")[-1] in " ".join(source.replace("*", " ").split())


def test_room_is_told_turn_by_turn() -> None:
    """More and more of it, while an image is used up."""
    made = compile(camera(), target="cortex-m4", optimize="ram")
    (arena,) = made.layout.own
    (step,) = in_two(made)
    free = rooms(arena, arena.plan.size)[step.number]
    assert len(free) == 24
    assert list(free) == sorted(free)
    assert free[0] < 200 < 2000 < free[-1]
    larger = rooms(arena, arena.plan.size + 100)[step.number]
    assert [more - bytes for bytes, more in zip(free, larger, strict=True)] == [100] * 24


def test_working_memory_has_the_room_that_it_takes_itself() -> None:
    """Turn by turn, in the fullest moment of each; what others hold it has not."""
    buffers = tuple(Buffer(role.value, 10, 1, role) for role in (Role.SCRATCH, Role.TEMP))
    tenants = whole("scratch", 10, 0, 1, 1), Tenant("temp", 10, 1, (Use(0, 0, 0, 4), Use(1, 2, 0, 7)))
    arena = Arena(buffers, Trace(tenants, steps=(5, 5, 5, 6), turns=(0, 1, 1, 0)), Plan((0, 10), 20, 17))
    assert rooms(arena, 20) == {5: (16, 13), 6: (20,)}
