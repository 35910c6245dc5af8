# SPDX-License-Identifier: Apache-2.0
"""What stands for ESP8266's ROM on the emulated board computes as this machine does."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from conftest import ROOT
from emitted import tool

RIGHT = "kept += low > half || (low == half && (kept & 1u) != 0);"


@pytest.mark.parametrize("rounding", [RIGHT, "kept += low >= half;"], ids=["right", "wrong"])
def test_arithmetic(rounding: str, tmp_path: Path) -> None:
    source = (ROOT / "runtime" / "board" / "rom_lx106.c").read_text(encoding="utf-8")
    assert RIGHT in source
    (tmp_path / "rom_lx106.c").write_text(source.replace(RIGHT, rounding), encoding="utf-8")
    driver = ROOT / "tests" / "support" / "rom_driver.c"
    command = [tool("gcc"), "-O2", "-w", f"-I{tmp_path}", str(driver), "-o", str(tmp_path / "rom"), "-lm"]
    subprocess.run(command, check=True)
    assert subprocess.run([tmp_path / "rom"], check=False, capture_output=True).returncode == (rounding != RIGHT)
