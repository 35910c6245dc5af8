# SPDX-License-Identifier: Apache-2.0
"""What the plan holds for dead is dead: filled with poison after every step and every turn, outputs and layers are the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT

from tinycc.compiler import Compilation, compile, load
from tinycc.execution.host import HostModel
from tinycc.plan.layout import Layout
from tinycc.program.types import Step, Stream, regions

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"
IMAGES = ("digits", "mlperf__kws_ref_model", "mlperf__pretrainedResnet_quant")
STATEFUL = "mww__v2_vad"
WAYS: Mapping[str, Mapping[str, object]] = {
    "whole": {"optimize": "speed"},
    "in rows": {"optimize": "ram"},
    "in rows, DSP": {"optimize": "ram", "target": "cortex-m4"},
    "pushed": {"optimize": "ram", "stream_input": True},
}


def moments(layout: Layout) -> Iterator[int]:
    """The last moment before each time that the watcher is shown something: see `plan.layout`."""
    now = 0
    for region in layout.program.body:
        if isinstance(region, Step):
            now += 2
            assert not region.is_control
            yield from [now] * len(region.results) if region.kernel else ()
        elif isinstance(region, Stream):
            for stage, turn in region.turns:
                now += len(stage.body(turn))
                made = next((case.made for case in stage.cases if case.first <= turn <= case.last), ())
                yield from [now] * len(made) if stage.step.kernel else ()


class Poisoned(HostModel):
    """Fills what is dead with what `poison` draws, as often as a layer, or a part of one, is shown."""

    def __init__(self, compilation: Compilation, **options: Any) -> None:
        layout = compilation.layout
        (arena,) = layout.arenas.values()
        self._moments = list(moments(layout))
        self._live = np.zeros((len(arena.trace.steps) + 1, arena.plan.size), np.bool_)
        for tenant, offset in zip(arena.trace.tenants, arena.plan.offsets, strict=True):
            for use in tenant.uses:
                self._live[use.first : use.last + 1, offset + use.bottom : offset + use.top] = True
        self._rng = np.random.default_rng(1)
        self._shown = self.poisoned = 0
        super().__init__(compilation, **options)
        ref = compilation.program.outputs[0].ref
        output = int(self._ffi.cast("uintptr_t", self._call("output", self._self, 0)))
        start = output - ref.offset - layout.offsets[ref.buffer] - self._memory.ctypes.data
        self._arena = self._memory[start : start + arena.plan.size]

    def run(self, inputs: Any) -> Any:
        self._shown = 0
        return super().run(inputs)

    def _record(self, layer: int, data: Any, size: int) -> None:
        super()._record(layer, data, size)
        dead = ~self._live[self._moments[self._shown] + 1]
        self._shown += 1
        self._arena[dead] = self._rng.integers(0, 256, int(dead.sum()), np.uint8)
        self.poisoned += int(dead.sum())


@pytest.mark.parametrize(("name", "way"), [*((name, way) for name in IMAGES for way in WAYS), (STATEFUL, "in rows")])
def test_dead_bytes_are_dead(name: str, way: str, corpus: Path, runtime_archive: Path) -> None:
    model = load(DIGITS if name == "digits" else corpus / "models" / f"{name}.tflite")
    made = compile(model, name="model", watched=True, **WAYS[way])  # type: ignore[arg-type]
    streams = [region for region in regions(made.program.body) if isinstance(region, Stream)]
    assert bool(streams) == (way != "whole") or name == STATEFUL
    rng = np.random.default_rng(0)
    inputs = [rng.integers(-128, 128, value.shape, np.int8) for value in made.graph.inputs]
    with HostModel(made, archive=runtime_archive) as plain, Poisoned(made, archive=runtime_archive) as poisoned:
        for _ in range(2):
            expected, found = plain.run(inputs), poisoned.run(inputs)
            assert [output.tobytes() for output in found.outputs] == [output.tobytes() for output in expected.outputs]
            assert found.layers == expected.layers
    assert poisoned.poisoned
