# SPDX-License-Identifier: Apache-2.0
"""What is done for flash unasked: no model gets larger for it, nor more than 2 % slower. `python -m benchmarks unasked` looks
at all of the corpora."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from benchmarks.unasked import Taken, pairs
from tinycc.arrange import HARDLY
from tinycc.compiler import compile, load

SAMPLE = (
    ("mlperf__kws_ref_model", "cortex-m4"),
    ("tflm__person_detect", "cortex-m4"),
    ("diy-alexa__firmware_lib_neural_network_model", "rv32imc"),
    ("mww__v2_alexa", "cortex-m0"),
)
"""Among them what packed constants and rows were too slow for together."""


@pytest.mark.parametrize(("name", "core"), SAMPLE)
def test_neither_larger_nor_slower(corpus: Path, name: str, core: str) -> None:
    for pair in pairs(load(str(corpus / "models" / f"{name}.tflite")), core, count=False):
        assert not list(pair.default.worse_than(pair.without)), pair


def test_rows_and_saved_flash_share_what_may_be_spent(corpus: Path) -> None:
    """Beside whole tensors and plain constants."""
    model = load(str(corpus / "models" / "tflm__person_detect.tflite"))
    cycles = [
        sum(step.cycles for step in compile(model, target="cortex-m4", **options).program.steps)
        for options in ({}, {"without": ["stream"], "optimize": "speed"})
    ]
    assert cycles[0] <= cycles[1] * (100 + HARDLY) / 100


def test_what_is_worse_is_told() -> None:
    plain = Taken(1000, 100, 5000)
    assert list(Taken(1000, 900, 5100).worse_than(plain)) == []
    assert list(Taken(1001, 100, 5101).worse_than(plain)) == ["1 bytes larger", "2.0 % slower"]


def test_counted() -> None:
    (pair,) = pairs(load(str(ROOT / "examples" / "wine" / "wine_int8.tflite")), "cortex-m4", count=True)
    assert pair.default == pair.without
    assert "WORSE" not in str(pair)
