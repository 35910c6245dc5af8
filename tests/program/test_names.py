# SPDX-License-Identifier: Apache-2.0
"""Names in the C are nobody else's: no keyword of C and C++, no macro of Arduino's or Zephyr's headers."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from tinycc.codegen.block import strip_comments
from tinycc.codegen.names import model_name
from tinycc.compiler import compile

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"
ARDUINO = Path("/usr/share/arduino/hardware/arduino/avr")
STANDARD = "".join(f"#include <{name}.h>\n" for name in ("float", "math", "stdbool", "stddef", "stdint", "stdio", "string"))
ZEPHYR = """
    ARG_UNUSED ARRAY_FOR_EACH ARRAY_INDEX ARRAY_SIZE BIT BITS_PER_LONG BIT_MASK BUILD_ASSERT CLAMP CODE_UNREACHABLE COND_CODE_0
    COND_CODE_1 CONCAT CONTAINER_OF DIV_ROUND_CLOSEST DIV_ROUND_UP EMPTY EXPAND FIELD_GET FIELD_PREP FLAG FOR_EACH GENMASK
    GET_ARG_N HAS_BUILTIN IDENTITY IF_ENABLED INT_TO_POINTER IN_RANGE IS_ARRAY IS_ENABLED IS_EQ KB KHZ K_ANY K_ESSENTIAL
    K_FOREVER K_MSEC K_NO_WAIT K_USER LISTIFY LIST_DROP_EMPTY LSB_GET MAX MB MHZ MIN NUM_BITS NUM_VA_ARGS_LESS_1 PART_OF_ARRAY
    POINTER_TO_INT POINTER_TO_UINT POPCOUNT REVERSE_ARGS ROUND_DOWN ROUND_UP SAME_TYPE STRINGIFY TYPEOF UINT_TO_POINTER
    UNALIGNED_GET UNALIGNED_PUT UTIL_CAT UTIL_INC WAIT_FOR WB_DN WB_UP WRITE_BIT ZRESTRICT Z_GENERIC_SECTION
    ceiling_fraction likely unlikely
"""
OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"profile": True, "self_test": True},
    {"external_io": True, "external_weights": True, "share_arena": "both"},
    {"stream_input": True, "external_io": True},
)


@cache
def arduino() -> frozenset[str]:
    """The macros of Arduino.h that the C library does not have anyway."""
    if not shutil.which("avr-g++") or not ARDUINO.is_dir():
        pytest.skip("no Arduino core")
    flags = ["-mmcu=atmega328p", "-DF_CPU=16000000L", "-DARDUINO=10819"]
    folders = [f"-I{ARDUINO}/cores/arduino", f"-I{ARDUINO}/variants/standard"]
    found = []
    for text in ("#include <Arduino.h>\n", STANDARD):
        command = ["avr-g++", *flags, *folders, "-dM", "-E", "-x", "c++", "-"]
        result = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
        found.append(frozenset(re.findall(r"#define (\w+)", result.stdout)))
    return found[0] - found[1]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_no_macro_of_a_platform(options: dict[str, Any]) -> None:
    """Headers, which go where platforms' headers are included, name none at all. Sources do not include those, but may be
    compiled behind them (-include): they call none that takes arguments."""
    macros = arduino() | frozenset(ZEPHYR.split())
    for path, text in compile(DIGITS, name="net", **options).files.items():
        bare = re.sub(r'"(?:\\.|[^"\\])*"', "", strip_comments(text))
        names = re.findall(r"[A-Za-z_]\w*", bare)
        if path.startswith("net") and path.endswith(".h"):
            assert not macros & set(names), path
        elif path.startswith("net"):
            called = set(re.findall(r"([A-Za-z_]\w*)\s*\(", bare))
            assert not macros & called, path


@pytest.mark.parametrize("file", ["esp", "HAL", "k", "lv", "gpio", "new", "class", "int", "string"])
def test_a_model_called_like_what_is_there(file: str) -> None:
    made = model_name(None, f"{file}.tflite")
    assert made == f"{file.lower()}_model"


@pytest.mark.parametrize(
    ("file", "name"), [("a__b-_c.tflite", "a_b_c"), ("__init__.onnx", "init"), ("1__2.onnx", "m_1_2"), ("_-_.tflite", "m")]
)
def test_no_two_underscores_together(file: str, name: str) -> None:
    """C++ keeps them to itself, and ESP-IDF's registry takes no component that is called so."""
    assert model_name(None, file) == name
    assert "__" not in model_name(None, f"{'x' * 70}_y.onnx") + "_init"
