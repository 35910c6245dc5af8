# SPDX-License-Identifier: Apache-2.0
"""The generated C as a user's compiler and linker meet it: warnings, sanitizers, symbols, files, helpers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import cffi
import numpy as np
import pytest
from conftest import ROOT
from emitted import Emitted, compile_objects, emit_to, identifiers, model_bytes, odd_model, run, symbols, tool
from harness import input_sets
from model_builder import ModelBuilder

from tinycc.codegen.ctext import comment, float_literal, int_literal, shortened, string_pieces
from tinycc.compiler import compile
from tinycc.execution.host import HostModel
from tinycc.frontends.tflite.oracle import tflm
from tinycc.ir import Array, Value
from tinycc.oracles import OracleUnavailable
from tinycc.program.names import identifier

Emit = Callable[[str], Emitted]


@pytest.fixture(scope="session")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> Emit:
    """A model's generated files by the model's name, made once."""
    made: dict[str, Emitted] = {}

    def emit(name: str) -> Emitted:
        if name not in made:
            made[name] = emit_to(tmp_path_factory.mktemp("out") / name, model_bytes(name), name)
        return made[name]

    return emit


# Warnings.

GCC = ("gcc",)
CLANG = ("clang",)
M0, M4, M55 = (("arm-none-eabi-gcc", f"-mcpu={core}", "-mthumb") for core in ("cortex-m0", "cortex-m4", "cortex-m55"))
COMPILERS = [
    *((name, GCC) for name in ("odd_int8", "odd_float32", "digits_int8", "anomaly_float32", "wine_int8")),
    *((name, CLANG) for name in ("odd_int8", "odd_float32", "digits_int8")),
    *((name, M4) for name in ("odd_int8", "odd_float32")),
    ("odd_int8", M0),
    ("digits_int8", (*M55, "-mfloat-abi=hard")),
]


@pytest.mark.parametrize(("name", "command"), COMPILERS, ids=lambda part: part if isinstance(part, str) else part[:2][-1])
def test_compiles_without_a_warning(name: str, command: Sequence[str], emitted: Emit, tmp_path: Path) -> None:
    assert compile_objects(command, emitted(name), tmp_path / "objects")


@pytest.mark.parametrize("dtype", ["int8", "float32"])
def test_self_test_compiles_without_a_warning(dtype: str, tmp_path: Path) -> None:
    """Infinities, NaN and results without elements are among what it expects."""
    model = Emitted(compile(odd_model(dtype), tmp_path / "out", name="odd", self_test=True), tmp_path / "out")
    compile_objects(GCC, model, tmp_path / "objects", ["odd.c", "odd_selftest.c"])


@pytest.mark.parametrize("name", ["odd_int8", "odd_float32"])
def test_header_is_cpp(name: str, emitted: Emit, tmp_path: Path) -> None:
    """Included first and alone, and used."""
    model = emitted(name)
    calls = [f"{name}_init(&net)", f"{name}_input_0(&net) != nullptr", f"{name}_output_0(&net) != nullptr"]
    calls += [f"{name}_output_0_dequantize({name}_input_0_quantize(0.5f)) > 0"] if name.endswith("int8") else []
    text = f'#include "{name}.h"\nstatic {name}_instance net;\nint main() {{ return ({") + (".join(calls)}); }}\n'
    (tmp_path / "main.cpp").write_text(text)
    objects = compile_objects(("gcc",), model, tmp_path / "objects", model.sources)
    flags = ["-std=c++11", "-Wall", "-Wextra", "-pedantic", "-Werror", *model.includes]
    run([tool("g++"), *flags, "main.cpp", *map(str, objects), "-lm", "-o", "main"], tmp_path)


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize("file", ["mlperf__kws_ref_model", "mlonmcu__model_with_multiple_outputs", "tinymaix__mnist_dw_f"])
def test_corpus_model_compiles_without_a_warning(file: str, corpus: Path, tmp_path: Path) -> None:
    model = emit_to(tmp_path / "out", corpus / "models" / f"{file}.tflite", "model")
    compile_objects(GCC, model, tmp_path / "objects", ["model.c", "example_main.c"])
    compile_objects(M4, model, tmp_path / "arm", ["model.c"])


@pytest.mark.parametrize(("core", "cpu"), [("cortex-m4", "cortex-m4"), ("cortex-m4", "cortex-m55"), ("cortex-m0", "cortex-m4")])
def test_scratch_is_checked_against_the_core(core: str, cpu: str, tmp_path: Path) -> None:
    """With Arm's library (not the bundled one), code whose scratch was planned for a lesser core does not compile."""
    model = emit_to(tmp_path / "out", model_bytes("digits_int8"), "digits", core, "either")
    header = tmp_path / "out" / "cmsis_nn" / "arm_nnfunctions.h"
    header.write_text(header.read_text().replace("#define TINYCC_BUNDLED_CMSIS_NN 1", ""))
    flags = [f"-mcpu={cpu}", "-mthumb", "-mfloat-abi=hard", "-std=c99", *model.includes]
    result = run([tool("arm-none-eabi-gcc"), *flags, "-c", str(model.folder / "digits.c")], tmp_path, check=False)
    assert (result.returncode == 0) == (core == cpu)
    assert core == cpu or f"compiled for {core}" in result.stderr.decode()


def test_scratch_for_the_bundled_functions_alone(tmp_path: Path) -> None:
    """With Arm's library such code does not compile, whatever the core."""
    model = emit_to(tmp_path / "out", model_bytes("digits_int8"), "digits", "cortex-m4")
    command = [tool("gcc"), "-std=c99", *model.includes, "-c", str(model.folder / "digits.c")]
    assert run(command, tmp_path, check=False).returncode == 0
    header = tmp_path / "out" / "cmsis_nn" / "arm_nnfunctions.h"
    header.write_text(header.read_text().replace("#define TINYCC_BUNDLED_CMSIS_NN 1", ""))
    refused = run(command, tmp_path, check=False)
    assert refused.returncode
    assert b"use --provider cmsis-nn (or either)" in refused.stderr


# Running.

DRIVER = """
#include <stdio.h>
#include <string.h>
#include "@NAME@.h"
static @NAME@_instance nets[2];
static int in(void *to, size_t bytes) { return fread(to, 1, bytes, stdin) == bytes; }
static void out(const void *from, size_t bytes) { fwrite(from, 1, bytes, stdout); }
static int start(@NAME@_instance *net)
{
    memset(net, 0xa5, sizeof *net);
    if (@NAME@_invoke(net) != @MACRO@_ERROR_NOT_INITIALIZED) { return 0; }
    return @NAME@_init(net) == @MACRO@_OK;
}
int main(void)
{
    if (@NAME@_init(NULL) != @MACRO@_ERROR_NULL || @NAME@_invoke(NULL) != @MACRO@_ERROR_NULL) { return 2; }
    if (@NAME@_invoke(&nets[0]) != @MACRO@_ERROR_NOT_INITIALIZED) { return 3; }
    if (!start(&nets[0]) || !start(&nets[1])) { return 4; }
    for (;;) {
        for (int i = 0; i < 2; i++) {
            if (!(@INPUTS@)) { return feof(stdin) ? 0 : 5; }
        }
        if (@NAME@_invoke(&nets[0]) != @MACRO@_OK || @NAME@_invoke(&nets[1]) != @MACRO@_OK) { return 6; }
        for (int i = 0; i < 2; i++) {
            @OUTPUTS@
        }
    }
}
"""
"""Reads the inputs of two instances, runs one after the other, writes the outputs of both, until the input ends."""


def write_driver(path: Path, model: Emitted) -> None:
    def port(direction: str, number: int) -> str:
        return f"{model.name}_{direction}_{number}(&nets[i]), {model.name.upper()}_{direction.upper()}_{number}_BYTES"

    graph = model.compilation.graph
    text = DRIVER.replace("@NAME@", model.name).replace("@MACRO@", model.name.upper())
    text = text.replace("@INPUTS@", " && ".join(f"in({port('input', i)})" for i in range(len(graph.inputs))))
    path.write_text(text.replace("@OUTPUTS@", " ".join(f"out({port('output', i)});" for i in range(len(graph.outputs)))))


def split(data: bytes, values: Sequence[Value]) -> Iterator[bytes]:
    start = 0
    for value in values:
        yield data[start : start + value.type.bytes]
        start += value.type.bytes


@pytest.mark.parametrize("name", ["odd_int8", "odd_float32", "digits_int8"])
def test_two_instances_run_clean_under_sanitizers(name: str, emitted: Emit, runtime_archive: Path, tmp_path: Path) -> None:
    """Statuses, poisoned memory, two instances in turns: the outputs of each are those of an instance alone."""
    model = emitted(name)
    write_driver(tmp_path / "driver.c", model)
    flags = ["-std=c99", "-O1", "-g", "-ffp-contract=off", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    sources = ["driver.c", *(str(model.folder / source) for source in model.sources)]
    run([tool("gcc"), *flags, *model.includes, *sources, "-o", "driver", "-lm"], tmp_path)

    values = model.compilation.graph.outputs
    sets = [item.arrays for item in input_sets(model.compilation.model)]
    pairs = list(zip(sets, reversed(sets), strict=True))
    stdin = b"".join(array.tobytes() for pair in pairs for arrays in pair for array in arrays)
    found = list(split(run(["./driver"], tmp_path, stdin=stdin).stdout, values * 2 * len(pairs)))
    with HostModel(model.compilation, archive=runtime_archive) as host:
        runs = [host.run(arrays).outputs for pair in pairs for arrays in pair]
    assert found == [output.tobytes() for outputs in runs for output in outputs]


# What is in the objects.

LIBC = {"memcpy", "memset", "memmove", "expf", "expm1f", "tanhf", "logf", "sqrtf", "fabsf", "fmaxf", "fminf", "floorf"}


@pytest.mark.parametrize("name", ["odd_int8", "odd_float32", "digits_int8"])
def test_objects(name: str, emitted: Emit, tmp_path: Path) -> None:
    """Nothing writable, nothing from the C library but a few functions; every file is needed and none is missing."""
    model = emitted(name)
    objects = compile_objects(("gcc", "-fno-pic", "-fno-pie"), model, tmp_path / "objects", model.sources)
    table = symbols("nm", objects)
    writable = [(file, symbol) for file, found in table.items() for kind, symbol in found if kind in "bBcCdDsSgG"]
    assert not writable
    made = {symbol: file for file, found in table.items() for kind, symbol in found if kind in "TR"}
    wanted = {file: {symbol for kind, symbol in found if kind == "U"} for file, found in table.items()}
    assert set().union(*wanted.values()) - set(made) <= LIBC

    reached: set[str] = set()
    pending = {name}
    while pending:
        file = pending.pop()
        reached.add(file)
        pending |= {made[symbol] for symbol in wanted[file] if symbol in made} - reached
    assert reached == set(table), "files that nothing calls"
    assert reached == {Path(path).stem for path in model.sources}


@pytest.mark.parametrize("name", ["odd_int8", "odd_float32", "digits_int8"])
def test_every_header_is_included(name: str, emitted: Emit) -> None:
    files = emitted(name).compilation.files
    included = {header for text in files.values() for header in re.findall(r'^#include "(.*)"', text, re.MULTILINE)}
    assert {Path(path).name for path in files if path.endswith(".h")} == {Path(header).name for header in included}


STANDARD = {
    "float.h": {"FLT_MAX"},
    "math.h": {"INFINITY", "NAN"},
    "stdbool.h": {"bool", "true", "false"},
    "stddef.h": {"NULL", "size_t"},
    "stdint.h": {"int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint32_t"},
    "stdio.h": {"printf"},
    "string.h": {"memset", "memcpy"},
}


@pytest.mark.parametrize("name", ["odd_int8", "odd_float32", "digits_int8", "digits_float32"])
def test_standard_headers_are_used(name: str, emitted: Emit) -> None:
    files = emitted(name).compilation.files
    own = {path: text for path, text in files.items() if "/" not in path and path.endswith((".c", ".h"))}
    for path, text in own.items():
        for header in re.findall(r"^#include <(.*)>", text, re.MULTILINE):
            assert identifiers(text) & STANDARD[header] or (path, header) == (f"{name}_weights.h", "stdint.h"), (path, header)


# The text.


def test_output_depends_on_the_model_alone(tmp_path: Path) -> None:
    """Another process, hash seed, folder and day of the week: the same bytes, and nothing of the machine in them."""
    (tmp_path / "odd.tflite").write_bytes(odd_model("int8"))
    for number in range(2):
        folder = tmp_path / f"run{number}"
        folder.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": str(number), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "tinycc", str(tmp_path / "odd.tflite"), "-o", "out", "--quiet"]
        subprocess.run(command, cwd=folder, env=environment, check=True)
    first, second = (
        {str(p.relative_to(d)): p.read_bytes() for p in d.rglob("*") if p.is_file()} for d in tmp_path.glob("run*")
    )
    assert first == second
    text = b"".join(first.values()).decode()
    for leak in (str(tmp_path), str(ROOT), str(Path.home()), os.sep + "tmp", ".py"):
        assert leak not in text, leak
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b|\b\d\d:\d\d:\d\d\b", text)


def test_names_cannot_break_comments(tmp_path: Path) -> None:
    file = tmp_path / 'model "x" \\??) \u202e \u00fc.tflite'
    file.write_bytes(odd_model("int8"))
    model = emit_to(tmp_path / "out", file, "model")
    assert all(text.isascii() for text in model.compilation.files.values())
    compile_objects(GCC, model, tmp_path / "objects", ["model.c", "example_main.c"])


@pytest.mark.parametrize("name", ["odd_int8", "digits_int8", "digits_float32"])
def test_lines_fit_on_a_screen(name: str, emitted: Emit) -> None:
    """All lines but those of string literals, which nobody reads."""
    files = emitted(name).compilation.files
    wide = [line for path, text in files.items() for line in text.splitlines() if len(line) > 128 and line[:5] != '    "']
    assert not wide


@pytest.mark.parametrize("text", ["*/", "/*/", "**//", "/*/*/", "??/", "???", "*/*?/??/*//", "a\nb", "\\", "\u202e"])
def test_comment(text: str) -> None:
    safe = comment(f"x{text}y")
    assert safe.isascii()
    assert safe.isprintable()
    assert not re.search(r"\*/|/\*|\?\?", safe)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0.0f"), (-0.0, "-0.0f"), (0.1, "0.100000001f"), (1e-45, "1.40129846e-45f"), (16777216.0, "16777216.0f"),
     (1e10, "1e+10f"), (np.inf, "INFINITY"), (-np.inf, "-INFINITY"), (np.nan, "NAN"),
     (-3.4028234663852886e38, "-FLT_MAX"), (3.4028232635611926e38, "3.40282326e+38f")],
)  # fmt: skip
def test_float_literal(value: float, text: str) -> None:
    assert float_literal(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-128, "-128"),
        (2**31 - 1, "2147483647"),
        (2**31, "2147483648LL"),
        (-(2**31), "INT32_MIN"),
        (-(2**63), "INT64_MIN"),
        (2**63 - 1, "9223372036854775807LL"),
        (2**64 - 1, "18446744073709551615ULL"),
    ],
)
def test_int_literal(value: int, text: str) -> None:
    assert int_literal(value) == text


@pytest.mark.parametrize(("name", "text"), [("a-b.c", "a_b_c"), ("7up", "m_7up"), ("", "m_"), ("\u00fcb", "b")])
def test_identifier(name: str, text: str) -> None:
    assert identifier(name) == text


def test_shortened() -> None:
    names = ["m/s/a/Relu", "m/s/a/Add", "m/s/b", "input:0", "m/s/" + 50 * "long/"]
    short = shortened(names, 20)
    assert list(short) == names
    assert list(short.values())[:4] == ["a/Relu", "a/Add", "b", "input:0"]
    assert len(short[names[4]]) <= 20


def test_string_pieces_hold_the_bytes() -> None:
    """Every pair of bytes: an escape must not run into what follows it."""
    data = bytes(byte for pair in np.ndindex(256, 256) for byte in pair)
    pieces = string_pieces(data)
    assert [size for size, _ in pieces] == [min(4000, len(data) - start) for start in range(0, len(data), 4000)]
    literals = re.findall(r'"((?:\\.|[^"\\])*)"', "\n".join(text for _, text in pieces))
    assert b"".join(re.sub(r"\\([0-7]{3}|.)", _byte, text).encode("latin-1") for text in literals) == data


def _byte(match: re.Match[str]) -> str:
    return chr(int(match[1], 8)) if len(match[1]) == 3 else match[1]


# The helpers in the header.

PORTS = [(0.1, 3), (0.02, 127), (0.05, -128), (1 / 3, -9), (1 / 256, 0), (7.5e-6, 1), (2.0**90, 0)]


def port_model(scale: float, zero_point: int) -> bytes:
    m = ModelBuilder()
    return m.build([m.input((1, 1), "int8", scale=scale, zero_point=zero_point)])


class Helpers:
    """The header's quantize and dequantize over arrays."""

    def __init__(self, folder: Path, scale: float, zero_point: int) -> None:
        emit_to(folder, port_model(scale, zero_point), "port")
        loop = "{ for (int i = 0; i < n; i++) { y[i] = %s(x[i]); } }"
        text = '#include "port.h"\n'
        text += f"void q(const float *x, int8_t *y, int n) {loop % 'port_input_0_quantize'}\n"
        text += f"void d(const int8_t *x, float *y, int n) {loop % 'port_output_0_dequantize'}\n"
        (folder / "helpers.c").write_text(text)
        flags = ["-std=c99", "-O2", "-fPIC", "-shared", "-fsanitize=undefined", "-fno-sanitize-recover=all"]
        run([tool("gcc"), *flags, "helpers.c", "-o", "helpers.so"], folder)
        self.ffi = cffi.FFI()
        self.ffi.cdef("void q(float *x, int8_t *y, int n); void d(int8_t *x, float *y, int n);")
        self.library: Any = self.ffi.dlopen(str(folder / "helpers.so"))

    def quantize(self, x: Array) -> Array:
        y = np.zeros(x.size, np.int8)
        self.library.q(self.ffi.from_buffer("float[]", x), self.ffi.from_buffer("int8_t[]", y), x.size)
        return y

    def dequantize(self, x: Array) -> Array:
        y = np.zeros(x.size, np.float32)
        self.library.d(self.ffi.from_buffer("int8_t[]", x), self.ffi.from_buffer("float[]", y), x.size)
        return y


@pytest.mark.parametrize(("scale", "zero_point"), PORTS)
def test_helpers_equal_tflm(scale: float, zero_point: int, tmp_path: Path) -> None:
    """Every code, the ties between codes and their neighbours, values far outside."""
    helpers = Helpers(tmp_path, scale, zero_point)
    codes = np.arange(-128, 128, dtype=np.int8)
    halves = np.arange(-2 * 140 - 2 * zero_point, 2 * 140 - 2 * zero_point, dtype=np.float32) / 2 * np.float32(scale)
    near = [np.nextafter(halves, np.float32(to)) for to in (-np.inf, np.inf)]
    x = np.concatenate([halves, *near, np.float32(scale) * np.array([-1e9, -1e4, 1e4, 1e9, 0.49999997], np.float32)])

    m = ModelBuilder()
    quantized = m.tensor((1, x.size), "int8", scale=scale, zero_point=zero_point)
    m.op("QUANTIZE", [m.input((1, x.size))], [quantized])
    back = ModelBuilder()
    real = back.tensor((1, 256))
    back.op("DEQUANTIZE", [back.input((1, 256), "int8", scale=scale, zero_point=zero_point)], [real])
    try:
        expected = tflm(m.build([quantized])).run([x[None]])[0][0]
        reals = tflm(back.build([real])).run([codes[None]])[0][0]
    except OracleUnavailable as error:
        pytest.skip(f"no TFLM: {error}")
    np.testing.assert_array_equal(helpers.quantize(x), expected)
    np.testing.assert_array_equal(helpers.dequantize(codes), reals)
    np.testing.assert_array_equal(helpers.quantize(reals), codes)


def test_quantize_saturates_and_maps_nan_to_the_zero_point(tmp_path: Path) -> None:
    x = np.array([np.inf, -np.inf, np.nan, 3e38, -3e38], np.float32)
    np.testing.assert_array_equal(Helpers(tmp_path, 0.1, 3).quantize(x), [127, -128, 3, 127, -128])
