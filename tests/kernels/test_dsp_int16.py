# SPDX-License-Identifier: Apache-2.0
"""Layers of int16 as they are computed on cores with the DSP extension: drawn shapes, weights and biases, the twins in C."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn16 import check_drawn
from dsp_models import LAYERS16

DRAWN = 80
"""Models of an operator."""
KERNELS = {
    "BATCH_MATMUL": {"tk_batch_matmul_dsp_s16"},
    "CONV_2D": {"tk_conv_dsp_s16", "tk_conv_dsp_any_s16"},
    "DEPTHWISE_CONV_2D": {"tk_depthwise_dsp_s16", "tk_conv_dsp_any_s16"},
    "FULLY_CONNECTED": {"tk_conv_dsp_s16", "tk_conv_dsp_any_s16"},
    "POOL_2D": {"tk_avg_pool_dsp_s16", "tk_max_pool_dsp_s16"},
}
"""What the draws of an operator take, each of them."""
assert set(KERNELS) == set(LAYERS16) - {"TRANSPOSE_CONV"}  # which has kernels on Helium alone


@pytest.mark.parametrize("operator", KERNELS)
def test_drawn_layers_equal_numpy(operator: str, runtime_archive: Path, tmp_path: Path) -> None:
    check_drawn(operator, DRAWN, "cortex-m4", KERNELS[operator], runtime_archive, tmp_path)
