# SPDX-License-Identifier: Apache-2.0
"""The proof of kernels with coded weights and packed constants: every form, every coding, for all inputs."""

from __future__ import annotations

import shutil
from itertools import count, islice

import numpy as np
import pytest
from dsp_models import conv
from test_prove import shown, window

from tinycc.compiler import Compilation, compile
from tinycc.errors import CompileError
from tinycc.proof.prove import prove
from tinycc.shrink.tflite import TfliteWeights

pytestmark = pytest.mark.skipif(not shutil.which("frama-c"), reason="no frama-c")
TARGETS = {
    "tk_convolve_coded_s8": "cortex-m3",
    "tk_conv_coded_long_s8": "cortex-m3",
    "tk_conv_coded_paired_s8": "cortex-m0",
    "tk_conv_coded_paired_wide_s8": "rv32imc",
    "tk_conv_coded_dsp_s8": "cortex-m4",
    "tk_conv_coded_dsp_any_s8": "cortex-m4",
    "tk_mve_gemm_coded_s8": "cortex-m55",
    "tk_mve_conv_coded_signed_s8": "cortex-m55",
}
VALUES = (0, 0, 0, 0, 1, -1, 7)
"""Of weights that each coding makes smaller."""


def coded(form: str, coding: str) -> Compilation:
    """The smallest of a few drawn convolutions that have this form."""

    def drawn(seed: int) -> Compilation | None:
        file, rng = TfliteWeights(conv(seed).model), np.random.default_rng(seed)
        arrays = {item.name: rng.choice(np.asarray(VALUES, np.int8), item.array.shape) for item in file.weights}
        pinned = [(1, f"{form} by {coding}")]
        try:
            return compile(file.replaced(arrays), name="net", target=TARGETS[form], pinned=pinned, without=["stream"])
        except CompileError:
            return None

    found = (made for made in map(drawn, count()) if made is not None)
    return min(islice(found, 4), key=lambda made: made.program.macs)


@pytest.mark.parametrize("form", TARGETS)
def test_forms(form: str) -> None:
    proof = prove(coded(form, "mask"), whole=False)
    assert proof.proved, shown(proof)


@pytest.mark.parametrize("coding", ["palette4", "widths", "huffman"])
def test_codings(coding: str) -> None:
    proof = prove(coded("tk_convolve_coded_s8", coding), whole=False)
    assert proof.proved, shown(proof)


def test_packed_constants() -> None:
    compilation = compile(window("CONV_2D"), name="net", pinned=[(1, "tk_convolve_packed_s8")])
    proof = prove(compilation, whole=True)
    assert proof.proved, shown(proof)
