# SPDX-License-Identifier: Apache-2.0
"""The generated C as a user's compiler and linker meet it: warnings, sanitizers, symbols, files, helpers.

Long: all that is asked of one text.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import cffi
import numpy as np
import pytest
from conftest import ROOT
from emitted import Emitted, compile_objects, emit_to, identifiers, model_bytes, odd_model, run, symbols, tool
from harness import STRICT, input_sets
from model_builder import ModelBuilder

from tinycc.codegen.ctext import comment, definition, float_literal, int_literal, shortened, string_pieces
from tinycc.compiler import compile
from tinycc.execution.host import HostModel
from tinycc.frontends.tflite.oracle import tflm
from tinycc.ir import Array, Value
from tinycc.oracles import OracleUnavailable
from tinycc.program.names import identifier
from tinycc.provider import EITHER

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
    assert (model.folder / "example_main.c").read_text().count("\n}\n") == 1, "no brace but that of main is at the margin"


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


@pytest.mark.parametrize(("name", "command"), [("odd_int8", GCC), ("odd_float32", GCC), ("digits_int8", CLANG)])
def test_one_cast_alone_takes_const_away(name: str, command: Sequence[str], emitted: Emit, tmp_path: Path) -> None:
    """The one that CMSIS-NN's structs force, in a macro that says so."""
    model = emitted(name)
    flags = ["-std=c99", "-Wcast-qual", "-fsyntax-only", *(str(model.folder / source) for source in model.sources)]
    said = run([tool(command[0]), *flags], tmp_path).stderr.decode()
    lines = [line for line in said.splitlines() if "warning:" in line and "generated." not in line]
    assert all(re.search(rf"{name}\.c:\d+:\d+: warning: .*-Wcast-qual", line) for line in lines)
    numbers = {int(re.findall(rf"{name}\.c:(\d+):", line)[0]) for line in lines}
    text = (model.folder / f"{name}.c").read_text().splitlines()
    assert all("UNCONST(" in text[number - 1] for number in numbers)
    assert bool(numbers) == any("UNCONST(" in line for line in text)


@pytest.mark.parametrize("flat", [False, True], ids=["as it lies", "in one folder"])
@pytest.mark.parametrize("name", ["odd_int8", "odd_float32"])
def test_builds_without_include_paths(name: str, flat: bool, emitted: Emit, tmp_path: Path) -> None:
    model = emitted(name)
    folder = tmp_path / "copy"
    folder.mkdir()
    for path, text in model.compilation.files.items():
        place = folder / (Path(path).name if flat else path)
        place.parent.mkdir(exist_ok=True)
        place.write_text(text)
    sources = sorted(str(path) for path in folder.rglob("*.c"))
    run([tool("gcc"), "-std=c99", *STRICT, *sources, "-lm", "-o", "example"], tmp_path)
    assert run(["./example"], tmp_path).stdout.startswith(b"output 0:")


def test_constants_go_where_the_build_says(emitted: Emit, tmp_path: Path) -> None:
    model = emitted("digits_int8")
    flags = ["-std=c99", *STRICT, '-DDIGITS_INT8_CONSTANTS=__attribute__((section("model_data")))', "-c"]
    run([tool("gcc"), *flags, str(model.folder / "digits_int8_weights.c"), "-o", "weights.o"], tmp_path)
    listed = run([tool("objdump"), "-t", "weights.o"], tmp_path).stdout.decode()
    found = [line.split()[-1] for line in listed.splitlines() if "model_data" in line and " O " in line]
    assert sorted(found) == sorted(model.compilation.emission.symbols.values())


def test_constants_are_those_of_their_crc(emitted: Emit) -> None:
    """Every comment names a step, a type and the CRC-32 of the array behind it, here of those that are written as numbers."""
    text = emitted("digits_int8").compilation.files["digits_int8_weights.c"]
    made = re.findall(
        r"/\* Step \d+, op \d+ \w+ \"[^\"]+\": [^*]*?(int8|int32)\[[^]]*\], CRC-32\s(?:\* )?0x(\w{8}) \*/\n"
        r"\w+ const \w+ \w+\[\d+\] = \{\n(.*?)\n\};",
        text,
        re.DOTALL,
    )
    assert len(made) > 10
    for dtype, crc, body in made:
        numbers = [int(item.replace("INT32_MIN", str(-(2**31)))) for item in body.replace("\n", "").split(",") if item.strip()]
        assert f"{zlib.crc32(np.array(numbers, dtype).tobytes()):08x}" == crc


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("#define AT_Y4 2048", "#define AT_Y4 2050"),
        ("#define AT_Y3 0", "#define AT_Y3 1028"),
        ("#define Y1_IM2COL_BYTES 64", "#define Y1_IM2COL_BYTES 1988"),
    ],
    ids=["alignment", "extent", "scratch"],
)
def test_a_wrong_address_does_not_compile(old: str, new: str, tmp_path: Path) -> None:
    compilation = compile(model_bytes("digits_int8"), tmp_path / "out", name="digits", provider=EITHER, without=["stream"])
    text = compilation.files["digits.c"]
    assert old in text
    for content, expected in ((text, 0), (text.replace(old, new), 1)):
        (tmp_path / "out" / "digits.c").write_text(content)
        result = run([tool("gcc"), "-std=c99", "-fsyntax-only", str(tmp_path / "out" / "digits.c")], tmp_path, check=False)
        assert result.returncode == expected
    assert b"_FITS" in result.stderr


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


def built(folder: Path, files: Mapping[str, str], main_c: str, *flags: str) -> Path:
    """A program of generated files and `main_c`."""
    for path, text in {**files, "main.c": main_c}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    sources = [path for path in files if path.endswith(".c") and path != "example_main.c"]
    run([tool("gcc"), "-std=c99", *STRICT, *flags, *sources, "main.c", "-lm", "-o", "program"], folder)
    return folder / "program"


MISUSE = """
#include <string.h>
#include "net.h"
static union { net_instance net; unsigned char bytes[sizeof(net_instance) + 8]; } place;
int main(void)
{
    net_instance *const net = &place.net;
    memset(&place, 0xff, sizeof place);
    for (unsigned at = 1; at < 8; at++) { /* whatever lies there, an instance must be where it can */
        net_instance *const here = (net_instance *)(void *)(place.bytes + at);
        if (net_init(here) != NET_ERROR_MISALIGNED || net_invoke(here) != NET_ERROR_MISALIGNED) { return 1; }
    }
    if (net_invoke(net) != NET_ERROR_NOT_INITIALIZED || net_failed_step(net) != 0) { return 2; }
    if (net_init(net) != NET_OK || net_invoke(net) != NET_OK || net_failed_step(net) != 0) { return 3; }
    for (size_t at = sizeof net->arena; at < sizeof *net; at++) { /* no byte behind the arena can be lost unseen */
        const unsigned char kept = place.bytes[at];
        place.bytes[at] ^= 0x40;
        if (net_invoke(net) != NET_ERROR_NOT_INITIALIZED || net_failed_step(net) != 0) { return 4; }
        place.bytes[at] = kept;
    }
    return net_invoke(net) == NET_OK ? 0 : 5;
}
"""


def test_an_instance_that_is_none_is_told(tmp_path: Path) -> None:
    """Misaligned, never initialised, or with lost bytes: every one of two words counts. None of it is undefined."""
    files = compile(model_bytes("wine_int8"), name="net").files
    program = built(tmp_path, files, MISUSE, "-fsanitize=undefined,address", "-fno-sanitize-recover=all")
    run([str(program)], tmp_path)


@pytest.mark.parametrize(("function", "step"), [("arm_max_pool_s8", 4), ("arm_fully_connected_per_channel_s8", 9)])
def test_a_kernel_that_fails_is_told_with_its_step(function: str, step: int, tmp_path: Path) -> None:
    compilation = compile(model_bytes("digits_int8"), name="net", provider="either")
    assert f"/* Step {step}, " in compilation.files["net.c"]
    path = f"cmsis_nn/{function}.c"
    failing = compilation.files[path].replace("ARM_CMSIS_NN_SUCCESS;", "ARM_CMSIS_NN_ARG_ERROR;")
    assert failing != compilation.files[path]
    main_c = """
#include <stdio.h>
#include "net.h"
static net_instance net;
int main(void)
{
    const int first = (int)net_init(&net);
    const int status = (int)net_invoke(&net);
    const int step = (int)net_failed_step(&net);
    const int again = (int)net_init(&net);
    return printf("%d %d %d %d %d", first, status, step, again, (int)net_failed_step(&net)) < 0;
}
"""
    program = built(tmp_path, {**compilation.files, path: failing}, main_c)
    assert run([str(program)], tmp_path).stdout.decode() == f"0 3 {step} 0 0"


def test_kernels_that_came_along_are_not_asked(emitted: Emit) -> None:
    """What is known when the model is compiled costs no code: only another library's functions are checked, and self-tests."""
    text = emitted("digits_int8").compilation.files["digits_int8.c"]
    assert "static void run(" in text
    assert "ARM_CMSIS_NN_SUCCESS" not in text
    for options in ({"provider": "either"}, {"provider": "cmsis-nn"}, {"watched": True}):
        made = compile(model_bytes("digits_int8"), name="net", **options)  # type: ignore[arg-type]
        assert made.files["net.c"].count("!= ARM_CMSIS_NN_SUCCESS") == sum(call.checked for call in made.program.calls) > 0


def test_steps_pointers_and_picture_agree(emitted: Emit) -> None:
    """Step n makes yn, views too; the picture has the same names, at the offsets that the C names."""
    text = emitted("digits_int8").compilation.files["digits_int8.c"]
    for number, body in re.findall(r"/\* Step (\d+), (.*?)\n\n", text, re.DOTALL):
        assert f" y{number}" in body or f", y{number})" in body
    plain = " ".join(text.replace("\n     *", "").split())
    assert re.search(r"Step 8, op 7 RESHAPE [^/]*/[^/]*; no code: y8 is in the memory of y7 \*/", plain)
    offsets = dict(re.findall(r"#define AT_(\w+) (\w+)", text))
    header = emitted("digits_int8").compilation.files["digits_int8.h"]
    public = dict(re.findall(r"#define (\w+_OFFSET) (\d+)", header))
    rows = re.findall(r"^ \* +\d+ +([\d,]+) +[\d,]+ +\d+-\d+  (\w+)", text, re.MULTILINE)
    assert len(rows) == len(offsets) > 5
    for offset, name in rows:
        found = offsets[name.upper()]
        assert public.get(found, found) == offset.replace(",", "")


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


@pytest.mark.parametrize(("name", "text"), [("a-b.c", "a_b_c"), ("7up", "m_7up"), ("", "m"), ("\u00fcb", "b")])
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


def test_a_long_struct_is_taken_apart() -> None:
    assert definition("a = ", [".b = 1", ".c = {1, 2}"], 40) == ["a = {.b = 1, .c = {1, 2}};"]
    inner = ".layer = {.words = f(x, y), .dims = {10, 20}, .pad = {.rows = 1}}"
    assert definition("a = ", [".b = 1", inner, ".c = 3", ".d = 4"], 40) == [
        *("a = {", "    .b = 1,", "    .layer = {", "        .words = f(x, y),", "        .dims = {10, 20},"),
        *("        .pad = {.rows = 1},", "    },", "    .c = 3, .d = 4,", "};"),
    ]
