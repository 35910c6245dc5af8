# SPDX-License-Identifier: Apache-2.0
"""Convolutions on Helium whose columns are made for a few pixels of a row at a time, and such as compute some of the results of
transposed ones, or of those of groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from boards import needs
from dsp_models import LAYERS, LAYERS16, extreme
from harness import build_many, prefix_of

from tinycc import verify
from tinycc.compiler import Compilation, compile, load
from tinycc.execution.host import HostModel
from tinycc.interpret import interpret
from tinycc.kernels.base import Context
from tinycc.kernels.choice import candidates
from tinycc.kernels.mve import conv, parts
from tinycc.kernels.mve.columns import Across
from tinycc.ops.window import Padding, Pair, Window
from tinycc.target import TARGETS

TARGET = "cortex-m55"
CONTEXT = Context(TARGETS[TARGET])
DRAWN = 60
"""Layers; those with rows of enough pixels take parts."""


def able(op: Any, kernel: str) -> bool:
    return any(variant.name == kernel and variant.refusal(op, CONTEXT) is None for variant in candidates(op))


def compiled(kernels: Iterable[str], dtype: str, operator: str = "CONV_2D") -> Iterator[Compilation]:
    """Drawn layers by each of these kernels, which has what it needs."""
    layers = LAYERS16 if dtype == "int16" else LAYERS
    for i, (seed, kernel) in enumerate(product(range(DRAWN), kernels)):
        loaded = load(layers[operator](seed).model)
        if able(loaded.graph.ops[0], kernel):
            yield compile(loaded, name=f"m{i}", target=TARGET, without=["stream"], pinned=[(1, kernel)])


def check(made: list[Compilation], archive: Path, folder: Path) -> None:
    """They give numpy's codes, drawn ones and extremes, with undefined behaviour looked for."""
    library = build_many(made, folder, archive, ["-fsanitize=undefined", "-fno-sanitize-recover"])
    for compilation in made:
        (x,) = compilation.graph.inputs
        with HostModel(compilation, library=library, prefix=prefix_of(compilation)) as model:
            for how in range(3):
                inputs = [extreme(x.shape, how, 0, x.dtype.numpy)]
                assert (model.run(inputs).outputs[0] == interpret(compilation.graph, inputs)[0]).all(), (
                    compilation.report.layers
                )


@pytest.mark.parametrize("dtype", ["int8", "int16"])
@pytest.mark.parametrize("count", conv.PARTS)
def test_parts_of_rows_equal_numpy(dtype: str, count: int, runtime_archive: Path, tmp_path: Path) -> None:
    kernels = {"tk_mve_conv_s8", "tk_mve_conv_signed_s8"} if dtype == "int8" else {"tk_mve_conv_s16"}
    made = list(compiled([f"{kernel} by {count}" for kernel in sorted(kernels)], dtype))
    assert {step.kernel for one in made for step in one.program.steps} == {f"{kernel} by {count}" for kernel in kernels}
    check(made, runtime_archive, tmp_path)


DIVIDED = {
    ("CONV_2D", "int8"): {"tk_mve_conv_s8 in groups", "tk_mve_conv_signed_s8 in groups"},
    ("CONV_2D", "int16"): {"tk_mve_conv_s16 in groups"},
    ("TRANSPOSE_CONV", "int8"): {"tk_mve_conv_s8", "tk_mve_conv_signed_s8"},
    ("TRANSPOSE_CONV", "int16"): {"tk_mve_conv_s16"},
}


@pytest.mark.parametrize(("operator", "dtype"), DIVIDED)
def test_phases_and_groups_equal_numpy(operator: str, dtype: str, runtime_archive: Path, tmp_path: Path) -> None:
    kernels = DIVIDED[operator, dtype]
    made = list(compiled(sorted(kernels), dtype, operator))
    assert {step.kernel for one in made for step in one.program.steps} == kernels
    assert len(made) > DRAWN / 8
    check(made, runtime_archive, tmp_path)


@pytest.mark.parametrize("target", [needs(TARGET)])
@pytest.mark.parametrize(("operator", "dtype"), DIVIDED)
def test_phases_and_groups_on_the_board(target: str, operator: str, dtype: str) -> None:
    layers = (LAYERS16 if dtype == "int16" else LAYERS)[operator]
    for kernel in DIVIDED[operator, dtype]:
        models = (layers(seed).model for seed in range(DRAWN))
        for model in islice((model for model in models if able(load(model).graph.ops[0], kernel)), 3):
            options = {"without": ["stream"], "pinned": [(1, kernel)]}
            assert verify(model, on=target, oracle="numpy", runs=2, **options).passed  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("images", "rows", "stride", "held"), [(1, 5, 2, True), (2, 5, 2, False), (2, 6, 2, True), (2, 5, 1, True)]
)
def test_rows_of_images_follow_each_other_in_every_phase(images: int, rows: int, stride: int, held: bool) -> None:
    op: Any = SimpleNamespace(x=SimpleNamespace(shape=(images, 3, 3, 4)), size=Pair(rows, 7))
    op.window = Window(Pair(3, 3), Pair(stride, 2), Pair(1, 1), Padding(0, 0, 0, 0))
    assert (parts.rows_of_phases(op, CONTEXT) is None) == held


@pytest.mark.parametrize(("groups", "held"), [(1, False), (2, True)])
def test_several_groups(groups: int, held: bool) -> None:
    op: Any = SimpleNamespace(groups=groups)
    assert (parts.several_groups(op, CONTEXT) is None) == held


@pytest.mark.parametrize(("size", "between", "direct", "group"), [(3, 0, True, 4), (3, 4, False, 0), (1, 4, True, 0)])
def test_columns_of_some_channels(size: int, between: int, direct: bool, group: int) -> None:
    """Are no windows as they lie unless they are single ones, and go one by one; they begin at whole pixels of all channels."""
    along = Across(9, 4, 3, 4, 1, size, 3, 1, 0, 1, between)
    assert (along.direct, along.group) == (direct, group)
    assert [run.x for run in along.runs] == [3 * (4 + between) * i for i in range(3)]


@pytest.mark.parametrize(("row", "longer"), [(8, False), (9, True)])
def test_rows_of_as_many_pixels_are_no_parts(monkeypatch: pytest.MonkeyPatch, row: int, longer: bool) -> None:
    """A byte of memory for each pixel."""

    def across(op: object, at_once: int = 0) -> Any:
        return SimpleNamespace(scratch=min(at_once or row, row))

    monkeypatch.setattr(conv, "across", across)
    monkeypatch.setattr(conv, "columns_scratch", lambda op: across(op).scratch)
    assert (conv.longer_rows(8)(SimpleNamespace(), CONTEXT) is None) == longer
