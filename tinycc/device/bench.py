# SPDX-License-Identifier: Apache-2.0
"""What an inference costs on a target: instructions per layer, an estimate of cycles, flash, RAM and stack."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from typing_extensions import Unpack

from tinycc.codegen.files import workspace
from tinycc.codegen.seeds import seeded_inputs
from tinycc.compiler import Compilation, ModelLike, as_model, compile, variations
from tinycc.device.build import Firmware, build
from tinycc.device.count import Count, Counts, count
from tinycc.device.run import BoardRun
from tinycc.device.size import measure_size
from tinycc.device.stack import stack_bound
from tinycc.errors import fail
from tinycc.execution import BOARD_NAME
from tinycc.execution.comparison import Comparison
from tinycc.execution.inputs import InputSet
from tinycc.frontends.files import ModelFile
from tinycc.interpret import interpret
from tinycc.ir import Array
from tinycc.options import Keywords, Options
from tinycc.target import Target


@dataclass(frozen=True)
class LayerBench:
    """One layer of an inference. `instructions_at_most`: for any inputs, None if that is not known; `varies`: why they depend
    on the values, empty where they do not."""

    operator: str
    name: str
    kernel: str
    macs: int
    instructions: int
    cycles_estimate: int
    instructions_at_most: int | None = None
    varies: str = ""

    @property
    def instructions_per_mac(self) -> float | None:
        return round(self.instructions / self.macs, 3) if self.macs else None


@dataclass(frozen=True)
class Bench:
    """One inference on one target. `instructions_at_most`: for any inputs, None if that is not known. Sizes in bytes.
    `code_bytes`: everything in flash but weights and biases, the C library, too. `ram_bytes`: arena and other static memory.
    `stack_bytes` is what was used, `stack_bound_bytes` what can be (None where a function's need is not known).
    `cycles_estimate` is an estimate (see tinycc/target.py), or a count if `cycles_counted`."""

    target: str
    board: str
    compiler: str
    emulator: str
    provider: str
    macs: int
    instructions: int
    instructions_at_most: int | None
    instructions_per_mac: float | None
    cycles_estimate: int
    cycles_counted: bool
    code_bytes: int
    weight_bytes: int
    flash_bytes: int
    arena_bytes: int
    static_bytes: int
    ram_bytes: int
    stack_bytes: int
    stack_bound_bytes: int | None
    layers: tuple[LayerBench, ...]

    def to_json(self) -> dict[str, Any]:
        layers = [asdict(layer) | {"instructions_per_mac": layer.instructions_per_mac} for layer in self.layers]
        return asdict(self) | {"layers": layers}


def bench(model: ModelLike, options: Options | None = None, **keywords: Unpack[Keywords]) -> Bench:
    """Compile, build, run and measure `model` on the target `on`. The options may be given as keywords, too.

    Raises CompileError, also if the results are wrong.
    """
    loaded, asked = as_model(model, options, keywords)
    if asked.on is None:
        raise fail("--on", "no target", "one to measure on, such as cortex-m4")
    compilation = compile(loaded, options=replace(asked, target=asked.on, name=BOARD_NAME, self_test=False, watched=True))
    arrays = seeded_inputs((value.type for value in compilation.graph.inputs), 0)
    with workspace() as folder:
        firmware = build(compilation, asked.on, folder, marked=True)
        item = InputSet("seeded", tuple(arrays))
        ran, counts = count(firmware, item, len(compilation.program.results), seconds=asked.seconds)
        _check(firmware, ran, arrays)
        return _summarize(firmware, ran, counts)


def _check(firmware: Firmware, ran: BoardRun, arrays: list[Array]) -> None:
    """What is measured must be right: compared with numpy."""
    expected = interpret(firmware.compilation.graph, arrays)
    for value, found, reference in zip(firmware.compilation.graph.outputs, ran.runs[0].outputs, expected, strict=True):
        row = Comparison(value.name, str(value.type))
        row.add(found, reference, "seeded inputs")
        if not row.passed:
            hint = f"Find the layer with: tinycc verify MODEL --on {firmware.target.name} --layers."
            raise fail(firmware.place, f"a wrong result, output {value.name}: {row.first}", "the reference's", hint)


def _summarize(firmware: Firmware, ran: BoardRun, counts: Counts) -> Bench:
    compilation, size = firmware.compilation, measure_size(firmware)
    macs, instructions = compilation.graph.macs, counts.total.instructions
    bound = stack_bound(firmware) if firmware.toolchain.frames else None
    layers = _layers(compilation, firmware.target, counts)
    return Bench(
        target=firmware.target.name,
        board=firmware.board.name,
        compiler=str(firmware.toolchain),
        emulator=ran.emulator,
        provider=compilation.options.provider.linked.name,
        macs=macs,
        instructions=instructions,
        instructions_at_most=_at_most(layers, counts),
        instructions_per_mac=round(instructions / macs, 3) if macs else None,
        cycles_estimate=_cycles(counts.total, firmware.target),
        cycles_counted=counts.total.counted_cycles > 0,
        code_bytes=size.code,
        weight_bytes=size.weights,
        flash_bytes=size.flash,
        arena_bytes=size.arena,
        static_bytes=size.static,
        ram_bytes=size.ram,
        stack_bytes=ran.stack_bytes,
        stack_bound_bytes=None if bound is None or bound.unknown else bound.bytes,
        layers=layers,
    )


def _layers(compilation: Compilation, target: Target, counts: Counts) -> tuple[LayerBench, ...]:
    """A row per step; the results of a step with several are one."""
    rows, at = [], 0
    varies = variations(compilation)
    for step in compilation.program.steps:
        results = counts.layers[at : at + len(step.results)]
        at += len(step.results)
        found = sum(results[1:], results[0])
        rows.append(
            LayerBench(
                operator=step.origin.kind,
                name=step.origin.name,
                kernel=step.kernel,
                macs=step.macs,
                instructions=found.instructions,
                instructions_at_most=_more(found.instructions, varies[step.number].most),
                varies=varies[step.number].why,
                cycles_estimate=_cycles(found, target),
            )
        )
    return tuple(rows)


def _more(counted: int, most: int | None) -> int | None:
    """What was counted may have been the fastest way, so that the slowest takes no more than this."""
    return None if most is None else counted + most


def _at_most(layers: Sequence[LayerBench], counts: Counts) -> int | None:
    bounds = [layer.instructions_at_most for layer in layers]
    return None if None in bounds else counts.rest.instructions + sum(bound for bound in bounds if bound is not None)


def _cycles(counted: Count, target: Target) -> int:
    assert target.cycles is not None, f"{target.name} has a board and no cycle model"
    return counted.cycles(target.cycles)


RATIOS = ("instructions", "cycles_estimate", "code_bytes", "weight_bytes", "arena_bytes", "ram_bytes", "stack_bytes")


def ratios(found: Bench, baseline: Mapping[str, Any]) -> dict[str, float]:
    """found / baseline for every figure that the baseline (one target of `bench --json`) has."""
    known = {key: baseline[key] for key in RATIOS if isinstance(baseline.get(key), int) and baseline[key]}
    return {key: round(getattr(found, key) / value, 4) for key, value in known.items()}


def read_baseline(path: str, model: ModelFile, targets: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Target -> figures, out of a file that `bench --json` made of `model` for all of `targets`. Raises CompileError."""
    made = "a file that `tinycc bench --json` made"
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise fail(path, error.strerror or "a file that cannot be read", made) from error
    except ValueError as error:
        raise fail(path, "no JSON", made) from error
    found = content.get("targets") if isinstance(content, dict) else None
    if not isinstance(found, dict) or not all(isinstance(figures, dict) for figures in found.values()):
        raise fail(path, "no object `targets`", made)
    sha256 = str(content.get("sha256", "unknown"))
    if sha256 != model.sha256:
        measured, asked = f"{content.get('model')} ({sha256[:12]})", f"{Path(model.name).name} ({model.sha256[:12]})"
        hint = "The number is the SHA-256 of the file. `tinycc diff` compares reports of different models."
        raise fail(path, f"measurements of {measured}", f"of {asked}", hint)
    if missing := [target for target in targets if target not in found]:
        hint = "Measure them anew, or leave cores out of --on."
        raise fail(path, f"no measurements on {' and '.join(missing)}", f"some: it has {', '.join(found) or 'none'}", hint)
    return found
