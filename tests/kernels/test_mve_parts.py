# SPDX-License-Identifier: Apache-2.0
"""Convolutions on Helium whose columns are made for a few pixels of a row at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dsp_models import LAYERS, LAYERS16
from harness import build_many, prefix_of

from tinycc.compiler import Compilation, compile, load
from tinycc.execution.host import HostModel
from tinycc.interpret import interpret
from tinycc.kernels.base import Context
from tinycc.kernels.choice import candidates
from tinycc.kernels.mve import conv
from tinycc.target import TARGETS

CONTEXT = Context(TARGETS["cortex-m55"])
DRAWN = 60
"""Layers; those with rows of enough pixels take parts."""


def compiled(kernels: Iterable[str], dtype: str) -> Iterator[Compilation]:
    """Drawn layers by each of these kernels, which has what it needs."""
    layers = LAYERS16 if dtype == "int16" else LAYERS
    for i, (seed, kernel) in enumerate(product(range(DRAWN), kernels)):
        loaded = load(layers["CONV_2D"](seed).model)
        op: Any = loaded.graph.ops[0]
        if any(variant.name == kernel and variant.refusal(op, CONTEXT) is None for variant in candidates(op)):
            yield compile(loaded, name=f"m{i}", target="cortex-m55", without=["stream"], pinned=[(1, kernel)])


@pytest.mark.parametrize("dtype", ["int8", "int16"])
@pytest.mark.parametrize("count", conv.PARTS)
def test_parts_of_rows_equal_numpy(dtype: str, count: int, runtime_archive: Path, tmp_path: Path) -> None:
    kernels = {"tk_mve_conv_s8", "tk_mve_conv_signed_s8"} if dtype == "int8" else {"tk_mve_conv_s16"}
    made = list(compiled([f"{kernel} by {count}" for kernel in sorted(kernels)], dtype))
    assert {step.kernel for one in made for step in one.program.steps} == {f"{kernel} by {count}" for kernel in kernels}
    library = build_many(made, tmp_path, runtime_archive, ["-fsanitize=undefined", "-fno-sanitize-recover"])
    rng = np.random.default_rng(count)
    for compilation in made:
        (x,) = compilation.graph.inputs
        limits = np.iinfo(x.dtype.numpy)
        inputs = [rng.integers(limits.min, limits.max, x.shape, x.dtype.numpy, endpoint=True)]
        with HostModel(compilation, library=library, prefix=prefix_of(compilation)) as model:
            assert (model.run(inputs).outputs[0] == interpret(compilation.graph, inputs)[0]).all(), compilation.report.layers


@pytest.mark.parametrize(("row", "longer"), [(8, False), (9, True)])
def test_rows_of_as_many_pixels_are_no_parts(monkeypatch: pytest.MonkeyPatch, row: int, longer: bool) -> None:
    """A byte of memory for each pixel."""

    def across(op: object, at_once: int = 0) -> Any:
        return SimpleNamespace(scratch=min(at_once or row, row))

    monkeypatch.setattr(conv, "across", across)
    monkeypatch.setattr(conv, "columns_scratch", lambda op: across(op).scratch)
    assert (conv.longer_rows(8)(SimpleNamespace(), CONTEXT) is None) == longer
