# SPDX-License-Identifier: Apache-2.0
"""Drawn ONNX networks (onnx_networks.py), in floats and quantized: the C = ONNX Runtime. The same ones in every run.

`python -m benchmarks onnx-drawn` draws more of them.
"""

from __future__ import annotations

import pytest
from onnx_networks import drawn
from properties import drawn_options

from tinycc.verification import verify


@pytest.mark.parametrize("seed", range(14))
def test_a_network_equals_the_runtime(seed: int) -> None:
    pytest.importorskip("onnxruntime", reason="the oracle is not installed")
    network = drawn(seed)
    verdict = verify(network.data, runs=1, **drawn_options(network.data))
    assert verdict.passed, f"{network.text}: {[row.first for row in verdict.outputs]}"
    assert not verdict.unverified
