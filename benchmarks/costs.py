# SPDX-License-Identifier: Apache-2.0
"""What the choice of kernels predicts, beside what is counted: drawn int8 layers on an emulated core."""

from __future__ import annotations

from collections import defaultdict
from statistics import median

from benchmarks import use_test_code
from tinycc.compiler import compile
from tinycc.device.bench import bench

CLOSE = 0.05
"""An error that is none."""


def compare_costs(target: str, count: int) -> None:
    """Print, for `count` drawn layers of each operator, the cycles predicted and counted, and a line for each kernel."""
    use_test_code()
    from dsp_models import LAYERS

    errors: dict[str, list[float]] = defaultdict(list)
    for draw in LAYERS.values():
        for seed in range(count):
            drawn = draw(seed)
            predicted = compile(drawn.model, target=target).program.steps[0].cycles
            layer = bench(drawn.model, on=target).layers[0]
            error = predicted / layer.cycles_estimate - 1
            errors[layer.kernel].append(error)
            print(f"{layer.kernel:30} {predicted:>10,} {layer.cycles_estimate:>10,} {error:+7.1%}  {drawn.label}", flush=True)
    print()
    for kernel, found in sorted(errors.items()):
        close = sum(abs(error) <= CLOSE for error in found) / len(found)
        print(
            f"{kernel:30} {len(found):3} layers, median error {median(map(abs, found)):5.1%}, within {CLOSE:.0%}: {close:4.0%}"
        )
