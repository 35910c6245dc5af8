# SPDX-License-Identifier: Apache-2.0
"""Every kernel for integers, and the C around it, run where int has 16 bits: on a simulated AVR, against numpy's results."""

from __future__ import annotations

from pathlib import Path

import opcases_int16
import pytest
from avr import UNABLE, absent, build_machine, cover, self_test_on_avr
from conftest import ROOT
from opcases import Case

pytestmark = pytest.mark.skipif(bool(absent()), reason=f"not installed: {absent()}")
PARTS = 8
EXAMPLES = ("digits/digits_int8", "anomaly/anomaly_int8", "wine/wine_int8")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_machine(tmp_path_factory.mktemp("avr"))


@pytest.mark.parametrize("part", range(PARTS))
def test_kernels(part: int, machine: Path, tmp_path: Path) -> None:
    cases = list(cover().values())[part::PARTS]
    results = {case.id: self_test_on_avr(case, tmp_path / str(i), machine) for i, case in enumerate(cases)}
    wrong = {name: told for name, told in results.items() if told and told not in UNABLE}
    assert not wrong, "\n".join(f"{name}: {told}" for name, told in wrong.items())
    assert sum(told == "" for told in results.values()) >= 0.7 * len(results)


@pytest.mark.parametrize("path", EXAMPLES)
def test_examples(path: str, machine: Path, tmp_path: Path) -> None:
    model = (ROOT / "examples" / f"{path}.tflite").read_bytes()
    assert self_test_on_avr(Case("example", "int8", path, model), tmp_path, machine) == ""


def test_a_wrong_result_is_told(machine: Path, tmp_path: Path) -> None:
    """A multiplication of int16 that loses its cast, in an int of 16 bits."""
    case = next(case for case in opcases_int16.all_cases()["MUL"] if case.name == "same_shape")
    spoilt = ("cmsis_nn/arm_elementwise_mul_s16.c", "(int32_t)input_1_vect[i]", "input_1_vect[i]")
    assert "FAIL in case 0" in self_test_on_avr(case, tmp_path, machine, spoilt)
