# SPDX-License-Identifier: Apache-2.0
"""Whose CMSIS-NN functions are linked: what is planned for them, and what stands in for those that an older library lacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from case_types import all_cases
from conftest import ROOT
from dsp_models import LAYERS, extreme

from tinycc.compiler import compile, load
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel
from tinycc.interpret import Interpreter
from tinycc.kernels.base import Context
from tinycc.kernels.cmsis_nn.versions import bias_of_64_bits, no_offset, one_group, one_image, upscales
from tinycc.provider import BUNDLED, EITHER, MADE_FOR, OLDEST, SINCE, Kind, Provider, parse_provider, with_library
from tinycc.runtime import source_folders
from tinycc.target import TARGETS, Unit
from tinycc.verification import verify

AS_7 = ("-DTINYCC_CMSIS_NN_VERSIONS_H", "-include", "arm_nnfunctions.h")
"""Leaves the adapter to older versions out: what is linked is as new as can be."""
DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bundled", BUNDLED),
        ("cmsis-nn", Provider(Kind.CMSIS_NN)),
        ("cmsis-nn=7", Provider(Kind.CMSIS_NN)),
        ("cmsis-nn=v7.0.0", Provider(Kind.CMSIS_NN)),
        ("cmsis-nn=4.1", Provider(Kind.CMSIS_NN, (4, 1))),
        ("either", EITHER),
    ],
)
def test_provider_as_text(text: str, expected: Provider) -> None:
    assert parse_provider(text) == expected
    assert parse_provider(str(expected)) == expected


@pytest.mark.parametrize("text", ["", "arm", "bundled=7", "either=6", "cmsis-nn=", "cmsis-nn=3.9", "cmsis-nn=8", "cmsis-nn=x"])
def test_provider_that_there_is_none_of(text: str) -> None:
    with pytest.raises(CompileError, match=r"^--provider: found .*cmsis-nn"):
        parse_provider(text)


def test_library_to_build_with(tmp_path: Path) -> None:
    (tmp_path / "arm_nnfunctions.h").touch()
    (tmp_path / "lib.a").touch()
    folder, library = str(tmp_path), str(tmp_path / "lib.a")
    assert with_library(BUNDLED, None, None) == BUNDLED
    assert with_library(BUNDLED, folder, library).kind is Kind.CMSIS_NN
    assert with_library(parse_provider("cmsis-nn=6"), folder, library).version == (6,)
    assert with_library(EITHER, folder, library).kind is Kind.EITHER
    for include, archive in ((folder, None), (None, library), ("/", library), (folder, "/lib.a")):
        with pytest.raises(CompileError, match="--cmsis-nn"):
            with_library(BUNDLED, include, archive)


def test_units_that_may_be_linked() -> None:
    arm, old = parse_provider("cmsis-nn"), parse_provider("cmsis-nn=6")
    generic, m4, m55 = (TARGETS[name] for name in ("generic", "cortex-m4", "cortex-m55"))
    assert BUNDLED.units(generic) == BUNDLED.units(m55) == ()
    assert arm.units(generic) == EITHER.units(generic) == (Unit.PLAIN, Unit.DSP, Unit.MVE)
    assert old.units(generic) == (Unit.PLAIN, Unit.DSP)
    assert old.units(m4) == (Unit.DSP,)
    with pytest.raises(CompileError, match=r"--provider: found CMSIS-NN 6 for cortex-m55; expected CMSIS-NN 7, or bundled"):
        compile(DIGITS, target="m55", provider=old)


@pytest.mark.parametrize(
    ("target", "size"), [("cortex-m0", 17_792), ("cortex-m4", 17_798), ("cortex-m55", 16_000), ("generic", 16_000)]
)
def test_keyword_spotter_is_planned_for_what_is_linked(corpus: Path, target: str, size: int) -> None:
    """MLPerf Tiny's: with the bundled functions only its tensors take room, and what tinycc's own convolutions weave for the
    DSP extension, or unpack and pair on a core without SIMD."""
    compilation = compile(corpus / "models" / "mlperf__kws_ref_model.tflite", target=target)
    assert compilation.report.arena_bytes == size


@pytest.mark.parametrize(
    ("provider", "target", "expected"),
    [
        ("bundled", "cortex-m55", 0),
        ("cmsis-nn", "cortex-m0", 1),
        ("cmsis-nn", "cortex-m4", 2),
        ("cmsis-nn", "cortex-m55", 3),
        ("cmsis-nn=6", "generic", 2),
        ("cmsis-nn", "generic", 3),
        ("either", "generic", 3),
        ("either", "cortex-m55", 3),
    ],
)
def test_scratch_is_that_of_what_may_be_linked(provider: str, target: str, expected: int) -> None:
    context = Context(TARGETS[target], parse_provider(provider))
    assert context.scratch(plain=1, dsp=2, mve=3) == expected
    assert context.may_use_mve == (expected == 3)


FIRST = {
    **dict.fromkeys(("arm_batch_matmul_s16", "arm_batch_matmul_s8", "arm_maximum_s8", "arm_minimum_s8", "arm_pad_s8"), 7),
    **dict.fromkeys(("arm_convolve_1x1_s4", "arm_convolve_1x1_s4_fast", "arm_convolve_s4", "arm_fully_connected_s4"), 7),
    **dict.fromkeys(("arm_depthwise_conv_s4", "arm_depthwise_conv_s4_opt", "arm_fully_connected_per_channel_s8"), 7),
    **dict.fromkeys(("arm_transpose_conv_s8", "arm_transpose_s8", "arm_vector_sum_s8"), 7),
}
"""Function -> the first version whose header has it with the arguments and the buffers of version 7, or, for int4 weights, the
first with which all cases were run."""


@pytest.mark.parametrize("symbol", FIRST)
def test_functions_that_came_later(symbol: str) -> None:
    """Every row of SINCE."""
    for version in range(OLDEST, MADE_FOR + 1):
        assert Provider(Kind.CMSIS_NN, (version,)).lacks(symbol) == (version < FIRST[symbol]), version
    assert set(SINCE) == set(FIRST)
    assert not BUNDLED.lacks(symbol)
    assert not EITHER.lacks(symbol)


def like(**fields: object) -> Any:
    """Something with the fields of an operator that a fact looks at."""
    return SimpleNamespace(**fields)


def weighted(*zero_points: int) -> Any:
    return like(weights=like(quantization=like(zero_points=zero_points)))


@pytest.mark.parametrize(
    ("fact", "later", "always", "first"),
    [
        (one_group, like(groups=2), like(groups=1), 6),
        (one_image, like(x=like(shape=(2, 4, 4, 3))), like(x=like(shape=(1, 4, 4, 3))), 6),
        (no_offset, weighted(0, 3), weighted(0, 0), 6),
        (bias_of_64_bits, like(wide_accumulators=False), like(wide_accumulators=True), 6),
        (upscales, like(), None, 7),
    ],
)
def test_forms_that_came_later(fact: Callable[[Any, Context], str | None], later: Any, always: Any, first: int) -> None:
    for version in range(OLDEST, MADE_FOR + 1):
        context = Context(TARGETS["cortex-m4"], Provider(Kind.CMSIS_NN, (version,)))
        assert (fact(later, context) is None) == (version >= first), version
        assert always is None or fact(always, context) is None


@pytest.mark.parametrize(
    ("op", "dtype", "name", "version", "newer", "older"),
    [
        ("PAD", "int8", "", "6", "arm_pad_s8", "tk_pad"),
        ("TRANSPOSE", "int8", "", "6", "arm_transpose_s8", "tk_copy_strided"),
        ("MAXIMUM", "int8", "", "6", "arm_maximum_s8", "tk_maximum_s8"),
        ("MINIMUM", "int8", "", "6", "arm_minimum_s8", "tk_minimum_s8"),
        ("BATCH_MATMUL", "int8", "", "6", "arm_batch_matmul_s8", "tk_batch_matmul_s8"),
        ("TRANSPOSE_CONV", "int8", "deep", "6", "arm_convolve_s8", "tk_transpose_conv_s8"),
        ("CONV_2D", "int8", "group", "5", "arm_convolve_s8", "tk_conv_grouped_s8"),
        ("CONV_2D", "int16x8", "bias_int32", "5", "arm_convolve_s16", "tk_conv_s16"),
        ("FULLY_CONNECTED", "int8", "per_channel", "6", "arm_fully_connected_per_channel_s8", "arm_convolve_1x1_s8_fast"),
    ],
)
def test_what_an_older_library_lacks_is_replaced(op: str, dtype: str, name: str, version: str, newer: str, older: str) -> None:
    """By a function that it has, or tinycc's own. The first case of the table that calls the newer function."""
    cases = (case for case in all_cases() if (case.op, case.dtype) == (op, dtype) and name in case.name)
    model, compilation = next(
        (model, made)
        for model in (load(case.model, match=case.oracle) for case in cases)
        if newer in (made := compile(model, provider="cmsis-nn")).symbols
    )
    assert not compilation.replaced
    replaced = compile(model, provider=f"cmsis-nn={version}")
    assert older in replaced.symbols
    assert newer not in replaced.symbols
    assert [(row.function, row.kernel) for row in replaced.replaced] == [(newer, older)]


@pytest.mark.parametrize("op", ["AVERAGE_POOL_2D", "MAX_POOL_2D"])
def test_pools_of_several_images_are_a_call_for_each(op: str, runtime_archive: Path) -> None:
    """Before version 6 the functions take one; linked against those that take several, all images come out as they must."""
    case = next(case for case in all_cases() if (case.op, case.dtype, case.name) == (op, "int8", "batch"))
    model = load(case.model)
    older = compile(model, provider="cmsis-nn=5", target="cortex-m4")
    (step,) = older.program.steps
    assert (step.kernel.split()[1:], len(step.calls)) == (["by", "image"], model.graph.inputs[0].shape[0])
    assert [(row.function, row.kernel) for row in older.replaced] == [(step.calls[0].symbol, step.kernel)]
    here = replace(older, options=replace(older.options, provider=BUNDLED))
    with HostModel(here, archive=runtime_archive, flags=[*AS_7, *(f"-I{folder}" for folder in source_folders())]) as host:
        for inputs in ([*case.inputs(0)], [*case.inputs(1)]):
            assert (host.run(inputs).outputs[0] == Interpreter(model.graph).run(inputs)[0]).all()


@pytest.mark.parametrize("operator", ["CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"])
@pytest.mark.parametrize("core", ["cortex-m0", "cortex-m4"])
def test_no_layer_is_refused_for_an_older_library(operator: str, core: str, runtime_archive: Path) -> None:
    """Drawn layers, with groups, too; what stands in for Arm's function computes the same."""
    replaced = 0
    for seed in range(24):
        older = compile(LAYERS[operator](seed).model, provider="cmsis-nn=4", target=core)
        if operator == "CONV_2D" and older.symbols == {"tk_conv_grouped_s8"}:
            replaced += 1
            with HostModel(replace(older, options=replace(older.options, provider=BUNDLED)), archive=runtime_archive) as host:
                arrays = [extreme(older.graph.inputs[0].shape, replaced % 3, seed)]
                assert (host.run(arrays).outputs[0] == Interpreter(older.graph).run(arrays)[0]).all()
    assert (replaced > 1) == (operator == "CONV_2D")


def test_library_that_cannot_be_linked_here() -> None:
    with pytest.raises(CompileError, match=r"--provider cmsis-nn=6: found no library; expected --cmsis-nn-include and"):
        verify(DIGITS, provider="cmsis-nn=6", runs=1, oracle="numpy")
    assert verify(DIGITS, provider="either", runs=1, oracle="numpy").passed
