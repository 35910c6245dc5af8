# SPDX-License-Identifier: Apache-2.0
"""Benchmarks for people: what each target takes, and where the instructions go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from rich.console import Console
from rich.table import Table

from tinycc.device.against import EVEN, LayerAgainst
from tinycc.device.bench import Bench, LayerBench
from tinycc.report.terminal import name, say, show

_ROWS = (
    ("instructions", "instructions"),
    ("for any inputs at most", "instructions_at_most"),
    ("instructions per MAC", "instructions_per_mac"),
    ("cycles (estimate)", "cycles_estimate"),
    ("flash: code", "code_bytes"),
    ("flash: weights", "weight_bytes"),
    ("flash: all", "flash_bytes"),
    ("RAM: arena", "arena_bytes"),
    ("RAM: other static", "static_bytes"),
    ("RAM: all", "ram_bytes"),
    ("stack used", "stack_bytes"),
    ("stack at most", "stack_bound_bytes"),
)


def print_benches(console: Console, benches: Sequence[Bench], ratios: Mapping[str, Mapping[str, float]]) -> None:
    """A table with a column per target, one with a row per layer, and how the figures came about."""
    show(console, _summary(benches, ratios), _figures(benches, ratios))
    console.print()
    show(console, _layers(console, benches), _paragraphs(console, benches))
    for bench in benches:
        say(console, f"{bench.target}: {bench.compiler}, {bench.emulator}, board {bench.board}, CMSIS-NN {bench.provider}", 4)
        for line in _varying(console, bench):
            say(console, line, 4)
    counted = ", ".join(bench.target for bench in benches if bench.cycles_counted)
    cycles = "cycles are estimated for memory without wait states" + (f", those of {counted} counted" if counted else "")
    say(console, f"Instructions are counted, sizes are bytes of the linked program; {cycles}.")


def _varying(console: Console, bench: Bench) -> Iterator[str]:
    """The layers whose instructions depend on the data: why, and by how much at most."""
    for index, layer in enumerate(bench.layers):
        if layer.varies:
            most = layer.instructions_at_most
            bound = (
                "no bound is known" if most is None else f"at most {most:,}, {most - layer.instructions:,} more than counted"
            )
            about = f"layer {index} {layer.operator} {name(console, layer.name)}"
            yield f"    {about} may take longer for some values: {layer.varies}; {bound}"


def print_against(console: Console, rows: Sequence[LayerAgainst]) -> None:
    """A row per layer: the kernel that is taken, CMSIS-NN's, cycles of both; and how many are slower."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("layer", "kernel", "cycles", "CMSIS-NN", "cycles", "ratio"):
        table.add_column(heading, justify="right" if heading in ("cycles", "ratio") else "left", no_wrap=True)
    for row in rows:
        cycles = _number(row.cycles_estimate), _number(row.cmsis_nn_cycles_estimate)
        layer = f"{row.operator} {name(console, row.name)}"
        table.add_row(layer, row.kernel, cycles[0], row.cmsis_nn, cycles[1], _number(row.ratio))
    narrow = (
        f"{row.operator} {name(console, row.name)}: {row.kernel} {_number(row.cycles_estimate)} cycles, "
        f"{row.cmsis_nn} {_number(row.cmsis_nn_cycles_estimate)}, ratio {_number(row.ratio)}"
        for row in rows
    )
    console.print()
    show(console, table, narrow)
    ours, theirs = sum(row.cycles_estimate for row in rows), sum(row.cmsis_nn_cycles_estimate for row in rows)
    slower = sum(row.slower for row in rows)
    share = f"{ours:,} of {theirs:,} cycles, ratio {ours / theirs:.3f}"
    say(console, f"All layers: {share}; {slower} of {len(rows)} slower than CMSIS-NN by more than {EVEN - 1:.0%}.")


def _figures(benches: Sequence[Bench], ratios: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """For narrow terminals: a figure on every target."""
    for label, key in _ROWS:
        found = (
            f"{bench.target} {_number(getattr(bench, key))}"
            + (f" ({ratios[bench.target][key]:.3f})" if key in ratios.get(bench.target, ()) else "")
            for bench in benches
        )
        yield f"{label}: {', '.join(found)}"


def _summary(benches: Sequence[Bench], ratios: Mapping[str, Mapping[str, float]]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("")
    for bench in benches:
        table.add_column(bench.target, justify="right")
        if bench.target in ratios:
            table.add_column("ratio", justify="right")
    for label, key in _ROWS:
        cells = []
        for bench in benches:
            cells.append(_number(getattr(bench, key)))
            if bench.target in ratios:
                cells.append(f"{ratios[bench.target][key]:.3f}" if key in ratios[bench.target] else "-")
        table.add_row(label, *cells)
    return table


def _rows(benches: Sequence[Bench]) -> Iterator[tuple[LayerBench, Sequence[LayerBench | None]]]:
    """(a layer, that layer on every target). Kernels may differ from target to target; that the layers are the same is how the
    model was compiled."""
    for layers in zip_longest(*(bench.layers for bench in benches)):
        yield next(layer for layer in layers if layer is not None), layers


def _layers(console: Console, benches: Sequence[Bench]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("layer", no_wrap=True)
    table.add_column("MAC", justify="right", no_wrap=True)
    for bench in benches:
        table.add_column(bench.target, justify="right", no_wrap=True)
        table.add_column("per MAC", justify="right", no_wrap=True)
    for index, (first, layers) in enumerate(_rows(benches)):
        cells = [text for layer in layers for text in _layer_cells(layer)]
        table.add_row(str(index), f"{first.operator} {name(console, first.name)}", _number(first.macs or None), *cells)
    return table


def _paragraphs(console: Console, benches: Sequence[Bench]) -> Iterator[str]:
    """For narrow terminals: a layer on every target."""
    for index, (first, layers) in enumerate(_rows(benches)):
        pairs = zip(benches, layers, strict=True)
        found = ", ".join(f"{bench.target} {_number(layer.instructions)}" for bench, layer in pairs if layer is not None)
        yield f"{index} {first.operator} {name(console, first.name)}{f', {first.macs:,} MAC' if first.macs else ''}: {found}"


def _layer_cells(layer: LayerBench | None) -> tuple[str, str]:
    return (_number(layer.instructions), _number(layer.instructions_per_mac)) if layer else ("", "")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,}"
