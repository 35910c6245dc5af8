# SPDX-License-Identifier: Apache-2.0
"""The long hunt among drawn ONNX networks."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click

from benchmarks import use_test_code
from tinycc.errors import CompileError
from tinycc.verification import verify


def hunt_onnx(seeds: Iterable[int], keep: Path | None) -> int:
    """Verify a network of each seed, report what differs or is refused, and put it into the folder `keep`; the number of
    those."""
    use_test_code()
    from onnx_networks import drawn
    from properties import drawn_options

    found = Counter[str]()
    for seed in seeds:
        network = drawn(seed)
        options = drawn_options(network.data)
        try:
            verdict = verify(network.data, runs=2, **options)
            what = "right" if verdict.passed and not verdict.unverified else "wrong"
            told = verdict.unverified or str([row.first for row in verdict.outputs])
        except CompileError as error:
            what, told = "refused", str(error)
        except Exception:
            what, told = "crashed", traceback.format_exc()
        found[what] += 1
        if what != "right":
            click.echo(f"seed {seed}, {what}: {network.text}, {options}\n    {told}")
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"drawn_{seed}.onnx").write_bytes(network.data)
    click.echo(", ".join(f"{count} {what}" for what, count in sorted(found.items())))
    return found.total() - found["right"]
