# SPDX-License-Identifier: Apache-2.0
"""Every row of the ONNX front end: numpy semantics, before and after the passes, and the C agree with ONNX Runtime."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from pathlib import Path

import onnx_codes_cases
import onnx_learned_cases
import onnx_loop_cases
import onnx_quantized_cases
import onnx_wide_cases
import onnx_wider_cases
import pytest
from harness import Subject, agree_on_all
from onnx_cases import FAMILIES as PLAIN
from onnx_models import Case

from tinycc.compiler import compile, load

MORE = (onnx_codes_cases, onnx_learned_cases, onnx_loop_cases, onnx_quantized_cases, onnx_wide_cases, onnx_wider_cases)
FAMILIES = {**PLAIN, **{name: cases for module in MORE for name, cases in module.FAMILIES.items()}}


@pytest.mark.parametrize("family", FAMILIES)
def test_equals_onnx_runtime(family: str, runtime_archive: Path) -> None:
    if find_spec("onnxruntime") is None:
        pytest.skip("onnxruntime is not installed")
    agree_on_all([_subject(number, case) for number, case in enumerate(FAMILIES[family]())], runtime_archive)


def _subject(number: int, case: Case) -> Subject:
    loaded = load(case.data)
    made = compile(loaded, name=f"case{number}")
    return Subject(case.name, loaded, made, lambda: loaded.source.oracle(case.oracle, loaded.graph, loaded.options))


def test_thresholds_of_16_bits(runtime_archive: Path) -> None:
    """Whole numbers, which --optimize size takes as such, give the same to the bit."""
    if find_spec("onnxruntime") is None:
        pytest.skip("onnxruntime is not installed")
    subjects = []
    for number, case in enumerate(onnx_learned_cases.ensembles()):
        loaded = load(case.data)
        made = compile(loaded, name=f"case{number}", optimize="size")
        if "tk_tree_ensemble_s16" in made.symbols:
            oracle = partial(loaded.source.oracle, case.oracle, loaded.graph, loaded.options)
            subjects.append(Subject(case.name, loaded, made, oracle))
    assert len(subjects) >= 2
    agree_on_all(subjects, runtime_archive)


def test_labels_in_the_header() -> None:
    """What a classifier's numbers stand for is in the header, whatever the texts are."""
    texts = ["setosa", 'a "b"?', "setosa", "größe"]
    node = onnx_learned_cases.learned(
        "LinearClassifier", "l p", coefficients=[0.5] * 16, intercepts=[0.0] * 4, classlabels_strings=texts
    )
    made = compile(load(onnx_learned_cases.ml("labels", [node], "l p").data), name="flower")
    header = made.files["flower.h"]
    assert "    FLOWER_OUTPUT_0_LABEL_SETOSA = 0,\n" in header
    assert "    FLOWER_OUTPUT_0_LABEL_SETOSA_2 = 2,\n" in header
    assert "extern const char *const flower_output_0_labels[FLOWER_OUTPUT_0_LABELS];\n" in header
    table = '    "setosa",\n    "a \\042b\\042\\077",\n    "setosa",\n    "gr\\303\\266\\303\\237e"\n};'
    assert table in made.files["flower.c"]
