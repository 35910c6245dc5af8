# SPDX-License-Identifier: Apache-2.0
"""Every row of the ONNX front end: numpy semantics, before and after the passes, and the C agree with ONNX Runtime."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import onnx_learned_cases
import pytest
from harness import Subject, agree_on_all
from onnx_cases import FAMILIES as PLAIN
from onnx_models import Case

from tinycc.compiler import compile, load

FAMILIES = {**PLAIN, **onnx_learned_cases.FAMILIES}


@pytest.mark.parametrize("family", FAMILIES)
def test_equals_onnx_runtime(family: str, runtime_archive: Path) -> None:
    if find_spec("onnxruntime") is None:
        pytest.skip("onnxruntime is not installed")
    agree_on_all([_subject(number, case) for number, case in enumerate(FAMILIES[family]())], runtime_archive)


def _subject(number: int, case: Case) -> Subject:
    loaded = load(case.data)
    made = compile(loaded, name=f"case{number}")
    return Subject(case.name, loaded, made, lambda: loaded.source.oracle(case.oracle, loaded.graph, loaded.options))
