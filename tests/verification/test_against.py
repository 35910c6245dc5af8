# SPDX-License-Identifier: Apache-2.0
"""A model beside CMSIS-NN, layer by layer: what is measured, and what is refused. The library is the bundled functions."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace

import pytest
from boards import absent
from click.testing import CliRunner
from conftest import ROOT

from tinycc.cli import cli
from tinycc.device.against import against
from tinycc.device.bench import LayerBench, bench
from tinycc.device.toolchains import find_compiler
from tinycc.errors import CompileError
from tinycc.target import TARGETS

WINE = ROOT / "examples" / "wine" / "wine_int8.tflite"
BUNDLED = ROOT / "runtime" / "cmsis_nn"
pytestmark = pytest.mark.skipif(bool(absent("cortex-m4")), reason=f"not installed: {absent('cortex-m4')}")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The options that name it."""
    folder = tmp_path_factory.mktemp("library")
    command = find_compiler(TARGETS["cortex-m4"]).command
    names = ("arm_fully_connected_*8.c", "arm_softmax_s8.c", "arm_vector_sum_s8.c", "arm_nn_*.c")
    sources = [source for name in names for source in BUNDLED.glob(name)]
    subprocess.run([*command, "-O2", "-c", f"-I{BUNDLED}", *map(str, sources)], cwd=folder, check=True)
    subprocess.run(["ar", "rcs", "libcmsis-nn.a", *(f"{source.stem}.o" for source in sources)], cwd=folder, check=True)
    return ["--cmsis-nn-include", str(BUNDLED), "--cmsis-nn-lib", str(folder / "libcmsis-nn.a")]


def test_every_layer_beside_arms(library: list[str]) -> None:
    arguments = ["bench", str(WINE), "--on", "m4", "--against-cmsis-nn", *library]
    found = json.loads(CliRunner().invoke(cli, [*arguments, "--json"], catch_exceptions=False).output)
    rows = found["against_cmsis_nn"]["cortex-m4"]
    layers = found["targets"]["cortex-m4"]["layers"]
    assert [(row["name"], row["kernel"], row["cycles_estimate"]) for row in rows] == [
        (layer["name"], layer["kernel"], layer["cycles_estimate"]) for layer in layers
    ]
    assert rows[0]["kernel"].startswith("tk_")
    assert rows[0]["cmsis_nn"].startswith("arm_fully_connected")
    assert rows[0]["ratio"] == round(rows[0]["cycles_estimate"] / rows[0]["cmsis_nn_cycles_estimate"], 3) < 1
    said = CliRunner().invoke(cli, arguments, catch_exceptions=False).output
    assert "slower than CMSIS-NN by more than 2%" in " ".join(said.split())


def test_layers_of_one_origin_are_one() -> None:
    found = bench(WINE, on="cortex-m4")
    one, other = LayerBench("CONV_2D", "a", "k", 9, 5, 7), LayerBench("ADD", "b", "k", 0, 1, 1)
    parts = one, other, replace(one, instructions=6, cycles_estimate=8)
    whole = LayerBench("CONV_2D", "a", "arm", 18, 10, 14), replace(other, name="c")
    (row,) = against(replace(found, layers=parts), replace(found, layers=whole))
    assert (row.instructions, row.cycles_estimate, row.ratio, row.slower) == (11, 15, 1.071, True)


@pytest.mark.parametrize(("cores", "linked", "said"), [("m4", False, "no library"), ("m4,m7", True, "2 cores")])
def test_what_is_refused(cores: str, linked: bool, said: str, library: list[str]) -> None:
    arguments = ["bench", str(WINE), "--on", cores, "--against-cmsis-nn", *(library if linked else [])]
    result = CliRunner().invoke(cli, arguments)
    assert isinstance(result.exception, CompileError)
    assert f"--against-cmsis-nn: found {said}; expected one core" in str(result.exception)
