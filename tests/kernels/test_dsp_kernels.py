# SPDX-License-Identifier: Apache-2.0
"""The kernels for the DSP extension: assembly against their twins in C on emulated cores, and the rules that assembly keeps."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT

from tinycc.codegen.templates import render
from tinycc.device.toolchains import FLAGS, find_compiler, find_emulator, has_compiler
from tinycc.runtime import RuntimeFile, library, source_folders
from tinycc.target import TARGETS, Target

CORES = ("cortex-m4", "cortex-m7", "cortex-m33")
BOARD = ROOT / "runtime" / "board"


def assembly() -> list[RuntimeFile]:
    return [file for file in library().values() if file.source.parent.name == "dsp" and file.source.suffix == ".S"]


def built(target: Target, folder: Path) -> Path:
    """The program of dsp_board.c: every kernel in assembly, and its twin as twin_NAME."""
    toolchain = find_compiler(target)
    command = [*toolchain.command, *FLAGS, *(f"-I{path}" for path in (*source_folders(("kernels",)), BOARD)), "-c"]
    sources = [ROOT / "tests" / "support" / "dsp_board.c", *(BOARD / name for name in ("start_arm.c", "semihost.c"))]
    jobs = [([], source, f"{source.stem}.o") for source in sources]
    for file in assembly():
        twin = file.source.with_suffix(".c")
        jobs.append(([], file.source, f"{twin.stem}_asm.o"))
        jobs.append((["-DTK_NO_ASM", f"-D{twin.stem}=twin_{twin.stem}"], twin, f"twin_{twin.stem}.o"))
    for flags, source, output in jobs:
        subprocess.run([*command, *flags, str(source), "-o", output], cwd=folder, check=True)
    board = target.boards[0]
    script = render(
        "board.ld.j2",
        machine=board.machine,
        vectors=board.vectors,
        flash=board.flash,
        ram=board.ram,
        stack_bytes=board.stack_bytes,
        model="none",
        weights=[],
    )
    (folder / "program.ld").write_text(script, encoding="utf-8")
    objects = [output for _, _, output in jobs]
    link = [*toolchain.command, *objects, "-T", "program.ld", *toolchain.link, "-o", "program.elf"]
    subprocess.run(link, cwd=folder, check=True)
    return folder / "program.elf"


@pytest.mark.parametrize("core", CORES)
def test_assembly_gives_the_bytes_of_its_twin(core: str, tmp_path: Path) -> None:
    target = TARGETS[core]
    emulator = find_emulator(target)
    if emulator is None or not has_compiler(target):
        pytest.skip(f"no compiler or emulator for {core}")
    elf = built(target, tmp_path)
    command = [emulator.path, "-M", target.boards[0].machine, *"-display none -monitor none -serial none".split()]
    command += ["-semihosting-config", "enable=on,target=native", "-kernel", str(elf)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert result.stdout.endswith("PASS\n"), result.stdout
    assert result.returncode == 0
    tested = {line.split()[0] for line in result.stdout.splitlines()[:-1]}
    assert tested == {file.source.stem for file in assembly()}


@pytest.mark.parametrize("file", assembly(), ids=lambda file: file.name)
def test_assembly_keeps_the_rules(file: RuntimeFile) -> None:
    """A twin, a contract, r9 left alone (the platform's), and the stack moved by multiples of 8."""
    name = file.source.stem
    assert file.source.with_suffix(".c").exists()
    assert f" {name}(" in file.source.with_suffix(".h").read_text(encoding="utf-8")
    body = "".join(library()[include].text for include in re.findall(r'#include "(\w+_body\.h)"', file.text)) or file.text
    code = re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL)
    assert not re.search(r"\b(r9|sb|r8-r1[0-2]|r[4-8]-r(9|1[0-2]))\b", code)
    for listed in re.findall(r"push\s+\{([^}]*)\}", code):
        count = sum(int(b) - int(a) + 1 if b else 1 for a, b in re.findall(r"r(\d+)(?:-r(\d+))?", listed))
        assert (count + ("lr" in listed)) % 2 == 0, listed
    for moved in re.findall(r"(?:sub|add)\s+sp, (?:sp, )?#(\d+)", code):
        assert int(moved) % 8 == 0
