# SPDX-License-Identifier: Apache-2.0
"""Constants and instance in the sections that were asked for, as the linker sees them."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT
from elftools.elf.elffile import ELFFile
from emitted import run, tool
from harness import STRICT

from tinycc.cli import cli
from tinycc.codegen.files import write_files
from tinycc.compiler import Compilation, compile
from tinycc.errors import CompileError
from tinycc.footprint import footprint

DIGITS = ROOT / "examples" / "digits" / "digits_int8.tflite"


def sections_of(compilation: Compilation, folder: Path, source: str) -> dict[str, str]:
    """Symbol -> section, in the object of one of its files."""
    write_files(folder, dict(compilation.files))
    run([tool("gcc"), "-std=c99", *STRICT, "-c", source, "-o", "out.o"], folder)
    with (folder / "out.o").open("rb") as file:
        elf = ELFFile(file)
        found = elf.get_section_by_name(".symtab").iter_symbols()
        return {
            symbol.name: elf.get_section(symbol["st_shndx"]).name
            for symbol in found
            if symbol.name and isinstance(symbol["st_shndx"], int)
        }


def test_constants_by_name_and_all_others(tmp_path: Path) -> None:
    asked = {"conv2d_3/*": ".itcm", "softmax*": ".never", "weights": ".ext_flash"}
    with pytest.raises(CompileError, match=r"'softmax\*', which names no constant; expected names such as conv2d_1_"):
        compile(DIGITS, name="net", sections=asked)
    del asked["softmax*"]
    found = sections_of(compile(DIGITS, name="net", sections=asked), tmp_path / "out", "net_weights.c")
    placed = {name: section for name, section in found.items() if name.startswith("net_")}
    assert placed
    for name, section in placed.items():
        assert section == (".itcm" if name.startswith("net_conv2d_3_") else ".ext_flash"), name


def test_the_instance(tmp_path: Path) -> None:
    compilation = compile(DIGITS, name="net", sections={"arena": ".dtcm"})
    assert sections_of(compilation, tmp_path / "out", "example_main.c")["net"] == ".dtcm"
    assert "static NET_ARENA_SECTION net_instance net;" in compilation.files["net.h"]


def test_without_sections_the_text_has_no_attribute() -> None:
    assert not any("__attribute__((section(name)))" in text for text in compile(DIGITS).files.values())


@pytest.mark.parametrize("section", ["", "a b", '.x")', "1st", "x" * 101])
def test_what_is_no_section(section: str) -> None:
    with pytest.raises(CompileError, match="WHAT=SECTION"):
        compile(DIGITS, sections={"weights": section})


def test_command(tmp_path: Path) -> None:
    from click.testing import CliRunner

    command = ["compile", str(DIGITS), "-o", str(tmp_path / "out"), "--quiet"]
    assert CliRunner().invoke(cli, [*command, "--section", "weights=.ext", "--place", "conv2d_3/*=.itcm"]).exit_code == 0
    text = (tmp_path / "out" / "digits_int8_weights.c").read_text()
    assert '#define DIGITS_INT8_CONSTANTS DIGITS_INT8_SECTION(".ext")' in text
    assert 'DIGITS_INT8_SECTION(".itcm") const' in text
    assert CliRunner().invoke(cli, [*command, "--section", "weights"]).exit_code == 2


@pytest.mark.parametrize("sections", [{"weights": ".ext_flash", "arena": ".dtcm"}, {"conv*": ".itcm", "weights": ".rodata.w"}])
def test_what_a_model_takes_is_the_same_wherever_it_lies(sections: dict[str, str]) -> None:
    tool("arm-none-eabi-gcc")
    model = ROOT / "examples" / "digits" / "digits_int8.tflite"
    placed = footprint(compile(model, target="cortex-m4", sections=sections))
    assert placed.linked
    assert placed == footprint(compile(model, target="cortex-m4"))
