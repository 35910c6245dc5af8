# SPDX-License-Identifier: Apache-2.0
"""The generated CMakeLists.txt in the projects that users have."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from emitted import Emitted, emit_to, model_bytes, run, symbols, tool

from tinycc.codegen.templates import render
from tinycc.errors import CompileError
from tinycc.interpret import interpret
from tinycc.packages.layout import lay_out, write_package

APP = """\
cmake_minimum_required(VERSION 3.13)
project(app C CXX)
{before}
{folders}
add_executable(app app.c header.cpp)
target_link_libraries(app PRIVATE {names})
"""
EXTERNAL = """\
file(GLOB sources arm/*.c)
add_library(cmsis-nn STATIC ${sources})
target_include_directories(cmsis-nn PUBLIC arm)
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[Emitted]:
    """int8 and float32, both under the project's folder, for whose functions the build decides."""
    tool("cmake"), tool("make")
    folder = tmp_path_factory.mktemp("project")
    return [emit_to(folder / name, model_bytes(name), name, provider="either") for name in ("digits_int8", "odd_float32")]


def configure(folder: Path, *options: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    return run([tool("cmake"), "-S", str(folder), "-B", str(folder / "build"), *options], folder, check=check)


def build(folder: Path, *options: str) -> Path:
    configure(folder, "-DCMAKE_BUILD_TYPE=Debug", *options)
    run([tool("cmake"), "--build", str(folder / "build"), "--parallel", "2"], folder)
    return folder / "build"


def write_app(folder: Path, models: list[Emitted], before: str = "") -> Path:
    """A program that runs every model's example, and C++ that includes the headers."""
    folder.mkdir()
    folders = "\n".join(f"add_subdirectory({model.folder} {model.name})" for model in models)
    text = APP.format(before=before, folders=folders, names=" ".join(model.name for model in models))
    (folder / "CMakeLists.txt").write_text(text)
    code = ""
    for model in models:
        example = (model.folder / "example_main.c").read_text()
        code += (
            example.replace("int main(void)", f"int run_{model.name}(void);\nint run_{model.name}(void)")
            .replace(" net", f" {model.name}_net")
            .replace("&net", f"&{model.name}_net")
        )
    calls = " || ".join(f"run_{model.name}()" for model in models)
    (folder / "app.c").write_text(f"{code}\nint main(void) {{ return {calls}; }}\n")
    (folder / "header.cpp").write_text("".join(f'#include "{model.name}.h"\n' for model in models))
    return folder


def assert_outputs(printed: bytes, models: list[Emitted]) -> None:
    """The examples print the real outputs for inputs whose bytes are 0, to six digits."""
    lines = [line.split(":") for line in printed.decode().splitlines()]
    for model in models:
        graph = model.compilation.graph
        outputs = interpret(graph, [np.zeros(value.shape, value.dtype.numpy) for value in graph.inputs])
        for index, (value, array) in enumerate(zip(graph.outputs, outputs, strict=True)):
            real = array.ravel().astype(np.float64)
            if value.dtype.is_integer and value.type.quantization:
                real = value.scale * (real - value.zero_point)
            head, numbers = lines.pop(0)
            assert head == f"output {index}"
            np.testing.assert_allclose(list(map(float, numbers.split())), real, rtol=1e-4, atol=1e-7)
    assert not lines


def test_example_stands_alone(models: list[Emitted], tmp_path: Path) -> None:
    """The output folder as the project: it builds the example."""
    folder = tmp_path / "digits"
    shutil.copytree(models[0].folder, folder)
    program = build(folder, "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror") / "digits_int8_example"
    assert_outputs(run([str(program)], folder).stdout, models[:1])


def test_two_models_in_a_build(models: list[Emitted], tmp_path: Path) -> None:
    folder = write_app(tmp_path / "app", models)
    program = build(folder) / "app"
    assert_outputs(run([str(program)], folder).stdout, models)


def test_external_cmsis_nn(models: list[Emitted], tmp_path: Path) -> None:
    """With a stand-in for Arm's library, the model's own library has no CMSIS-NN in it, and the results are the same."""
    folder = write_app(tmp_path / "app", models, EXTERNAL)
    shutil.copytree(ROOT / "runtime" / "cmsis_nn", folder / "arm")
    out = build(folder, "-DTINYCC_CMSIS_NN=external")
    assert_outputs(run([str(out / "app")], folder).stdout, models)
    found = symbols("nm", [out / "digits_int8" / "libdigits_int8.a"])["libdigits_int8"]
    assert ("U", "arm_convolve_s8") in found
    assert not [symbol for kind, symbol in found if kind == "T" and symbol.startswith("arm_")]


@pytest.mark.parametrize("number", [0, 1], ids=["with CMSIS-NN", "without"])
def test_unknown_provider_is_refused(number: int, models: list[Emitted], tmp_path: Path) -> None:
    folder = write_app(tmp_path / "app", models[number : number + 1])
    result = configure(folder, "-DTINYCC_CMSIS_NN=nonsense", check=False)
    assert result.returncode
    assert "'nonsense': expected bundled or external" in " ".join(result.stderr.decode().split())


def test_bundled_has_no_switch(tmp_path: Path) -> None:
    model = emit_to(tmp_path / "digits", model_bytes("digits_int8"), "digits_int8")
    assert "TINYCC_CMSIS_NN" not in (model.folder / "CMakeLists.txt").read_text()
    folder = write_app(tmp_path / "app", [model])
    assert_outputs(run([str(build(folder) / "app")], folder).stdout, [model])


OLD_CONVOLVE = """\
#include <stddef.h>
#include "arm_nnfunctions.h"
arm_cmsis_nn_status arm_convolve_s8({arguments})
{{
    return new_convolve_s8({names});
}}
"""


def write_old_library(folder: Path) -> None:
    """A stand-in for CMSIS-NN 6: arm_convolve_s8 without `upscale_dims`, no arm_fully_connected_per_channel_s8."""
    shutil.copytree(ROOT / "runtime" / "cmsis_nn", folder)
    (folder / "arm_fully_connected_per_channel_s8.c").unlink()
    header = (folder / "arm_nnfunctions.h").read_text()
    found = re.search(r"arm_cmsis_nn_status\s+arm_convolve_s8\(([^)]*)\);", header)
    assert found
    arguments = " ".join(found[1].split())
    old = arguments.replace("const cmsis_nn_dims *upscale_dims, ", "")
    assert old != arguments
    for path in folder.glob("*.c"):
        path.write_text(path.read_text().replace("arm_convolve_s8(", "new_convolve_s8("))
    (folder / "arm_convolve_s8.c").rename(folder / "new_convolve_s8.c")
    declared = f"{found[0].replace('arm_convolve_s8', 'new_convolve_s8')}\narm_cmsis_nn_status arm_convolve_s8({old});"
    (folder / "arm_nnfunctions.h").write_text(header.replace(found[0], declared))
    names = ", ".join(re.findall(r"(\w+)(?:,|$)", arguments)).replace("upscale_dims", "NULL")
    (folder / "arm_convolve_s8.c").write_text(OLD_CONVOLVE.format(arguments=old, names=names))


def test_an_older_library(tmp_path: Path) -> None:
    """The C adapts its calls itself, has tinycc's own kernels for what is not there, and brings no function of Arm's."""
    model = emit_to(tmp_path / "digits", model_bytes("digits_int8"), "digits_int8", provider="cmsis-nn=6")
    assert "arm_convolve_s8" in model.compilation.program.symbols
    assert (model.folder / "cmsis_nn_versions.h").is_file()
    assert not (model.folder / "cmsis_nn").exists()
    folder = write_app(tmp_path / "app", [model], EXTERNAL)
    write_old_library(folder / "arm")
    out = build(folder, "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror")
    assert_outputs(run([str(out / "app")], folder).stdout, [model])
    packaged = tmp_path / "package"
    write_package([model.compilation], ["cmake"], packaged)
    shutil.rmtree(folder / "build")
    lists = folder / "CMakeLists.txt"
    lists.write_text(lists.read_text().replace(str(model.folder), str(packaged)))
    assert_outputs(run([str(build(folder) / "app")], folder).stdout, [model])
    with pytest.raises(CompileError, match="--package arduino: found --provider cmsis-nn; expected one of cmake, zephyr"):
        lay_out([model.compilation], ["arduino"])


def test_arms_library_is_needed(tmp_path: Path) -> None:
    model = emit_to(tmp_path / "digits", model_bytes("digits_int8"), "digits_int8", provider="cmsis-nn")
    assert not [path for path in model.compilation.files if "cmsis_nn" in path]
    result = configure(write_app(tmp_path / "app", [model]), check=False)
    assert "compiled for Arm's CMSIS-NN: expected the target cmsis-nn" in " ".join(result.stderr.decode().split())


def test_external_without_the_target_is_refused(models: list[Emitted], tmp_path: Path) -> None:
    folder = write_app(tmp_path / "app", models[:1])
    result = configure(folder, "-DTINYCC_CMSIS_NN=external", check=False)
    assert result.returncode
    assert "expected the target cmsis-nn" in " ".join(result.stderr.decode().split())


def test_optimised_where_nobody_says_anything(models: list[Emitted], tmp_path: Path) -> None:
    """Without a build type the library is compiled with -O2; a type or flags of the user's own count."""
    shutil.copytree(models[0].folder, tmp_path / "digits")
    for number, option in enumerate(["-Wdev", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_C_FLAGS=-Os"]):
        folder = tmp_path / f"build{number}"
        options = ["-S", str(tmp_path / "digits"), "-B", str(folder), "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", option]
        run([tool("cmake"), *options], tmp_path)
        items = json.loads((folder / "compile_commands.json").read_text())
        (command,) = (item["command"] for item in items if Path(item["file"]).name == "digits_int8.c")
        assert (" -O2 " in command) == (number == 0)


def test_alias_and_example(models: list[Emitted], tmp_path: Path) -> None:
    """tinycc::NAME is the library; the example is built where it is the project, and elsewhere where it is asked for."""
    folder = write_app(tmp_path / "app", models[:1])
    lists = folder / "CMakeLists.txt"
    lists.write_text(lists.read_text().replace("PRIVATE digits_int8", "PRIVATE tinycc::digits_int8"))
    assert not (build(folder) / "digits_int8" / "digits_int8_example").exists()
    shutil.rmtree(folder / "build")
    assert (build(folder, "-DDIGITS_INT8_EXAMPLE=ON") / "digits_int8" / "digits_int8_example").exists()


def test_assembly_is_enabled_where_there_is_some() -> None:
    """And not elsewhere: many a toolchain has no assembler set up."""
    plain: dict[str, object] = dict.fromkeys(("self_test", "libm", "profiled"), False) | dict.fromkeys(
        ("kernel_sources", "cmsis_sources"), ()
    )
    plain |= {"name": "m", "NAME": "M", "version": "0", "provider": "bundled", "cmsis_header": None, "block": None}
    for assembly in (False, True):
        text = render("CMakeLists.txt.j2", **plain, has_assembly=assembly)
        assert re.search(r"^project\(m C( ASM)?\)$", text, re.MULTILINE)[1] == (" ASM" if assembly else None)  # type: ignore[index]
