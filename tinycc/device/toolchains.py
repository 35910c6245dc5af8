# SPDX-License-Identifier: Apache-2.0
"""The cross compilers and emulators on this machine, with their versions; and how to get them where they are missing."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tinycc.errors import CompileError, fail

INSTALL = (
    "Install Debian's packages (apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm, for RISC-V "
    "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc), or, for cortex-m0 to cortex-m33 and rv32imc, "
    "pip install 'tinycc-ml[target]'."
)

_ARM_GCC, _RISCV_GCC = "arm-none-eabi-gcc", "riscv64-unknown-elf-gcc"
OLDEST: Mapping[str, tuple[int, ...]] = {
    _ARM_GCC: (10,),
    _RISCV_GCC: (10,),
    "qemu-system-arm": (7, 0),
    "qemu-system-riscv32": (7, 0),
}
"""Oldest versions that will do: GCC 10 has -fcallgraph-info, QEMU 7 all the boards."""

_ZIG_CORE: Mapping[str, tuple[str, ...]] = {
    "cortex-m0": ("-target", "thumb-freestanding-eabi", "-mcpu=cortex_m0"),
    "cortex-m3": ("-target", "thumb-freestanding-eabi", "-mcpu=cortex_m3"),
    "cortex-m4": ("-target", "thumb-freestanding-eabi", "-mcpu=cortex_m4"),
    "cortex-m7": ("-target", "thumb-freestanding-eabi", "-mcpu=cortex_m7"),
    "cortex-m33": ("-target", "thumb-freestanding-eabi", "-mcpu=cortex_m33"),
    "rv32imc": ("-target", "riscv32-freestanding-none", "-mcpu=generic_rv32+m+c", "-mcmodel=medany"),
}
"""Soft float throughout: what is verified is the arithmetic, not the FPU."""
_GCC_CORE: Mapping[str, tuple[str, ...]] = {
    "cortex-m0": ("-mthumb", "-mcpu=cortex-m0", "-mfloat-abi=soft"),
    "cortex-m3": ("-mthumb", "-mcpu=cortex-m3", "-mfloat-abi=soft"),
    "cortex-m4": ("-mthumb", "-mcpu=cortex-m4", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"),
    "cortex-m7": ("-mthumb", "-mcpu=cortex-m7", "-mfloat-abi=hard", "-mfpu=fpv5-d16"),
    "cortex-m33": ("-mthumb", "-mcpu=cortex-m33", "-mfloat-abi=hard", "-mfpu=fpv5-sp-d16"),
    "cortex-m55": ("-mthumb", "-mcpu=cortex-m55", "-mfloat-abi=hard"),
    "rv32imc": ("-march=rv32imc", "-mabi=ilp32", "-mcmodel=medany"),
}
FLAGS = ("-std=c99", "-O2", "-ffunction-sections", "-fdata-sections", "-fno-common", "-ffp-contract=off")
"""What the C is compiled with for a target."""


@dataclass(frozen=True)
class Toolchain:
    """A cross compiler for one target: the command with the core's flags, and what linking adds."""

    name: str
    version: str
    command: tuple[str, ...]
    link: tuple[str, ...]
    is_gcc: bool = True
    """Whether it tells frame sizes and call graphs, and has a C library."""

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True)
class Tool:
    """A program on this machine."""

    name: str
    path: str
    version: tuple[int, ...]

    @property
    def version_text(self) -> str:
        return ".".join(map(str, self.version))


@cache
def find_tool(name: str) -> Tool | None:
    """The program `name`, or None if it is not installed. Raises CompileError if it is too old or does not answer."""
    path = shutil.which(name)
    if path is None:
        return None
    option = "-dumpfullversion" if name.endswith("gcc") else "--version"
    try:
        answer = subprocess.run([path, option], capture_output=True, text=True, check=False, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise fail(name, f"no answer to {option} ({error})", "a program that runs", INSTALL) from error
    found = re.search(r"\d+(?:\.\d+)+", answer)
    version = tuple(map(int, found[0].split("."))) if found else ()
    oldest = OLDEST.get(name, ())
    if version < oldest:
        wanted = ".".join(map(str, oldest))
        raise fail(name, f"version {'.'.join(map(str, version)) or 'unknown'}", f"version {wanted} or newer", INSTALL)
    return Tool(name, path, version)


def has_compiler(target: str) -> bool:
    """Whether a cross compiler for the target is installed."""
    return find_tool(_compiler_name(target)) is not None or _find_zig(target) is not None


def _find_zig(target: str) -> Toolchain | None:
    """Zig's clang out of the package ziglang; None if it is not installed or has no flags for the target."""
    if target not in _ZIG_CORE or importlib.util.find_spec("ziglang") is None:
        return None
    version = importlib.metadata.version("ziglang")
    command = (sys.executable, "-m", "ziglang", "cc", *_ZIG_CORE[target])
    return Toolchain("zig cc", version, (*command, "-Wno-unused-command-line-argument"), (), is_gcc=False)


def _compiler_name(target: str) -> str:
    return _RISCV_GCC if target.startswith("rv32") else _ARM_GCC


def missing(target: str, *names: str) -> CompileError:
    """The error for tools that are not installed: one message, both ways to install."""
    return fail(f"--on {target}", f"no {' and no '.join(names)}", "a cross compiler and an emulator", INSTALL)


def find_compiler(target: str) -> Toolchain:
    """The cross compiler for a target. Raises CompileError if there is none."""
    name = _compiler_name(target)
    tool = find_tool(name)
    if tool is None:
        zig = _find_zig(target)
        if zig is None:
            raise missing(target, name, *(("ziglang",) if target in _ZIG_CORE else ()))
        return zig
    specs = ("--specs=picolibc.specs",) if name == _RISCV_GCC else ()
    return Toolchain(
        name=name,
        version=tool.version_text,
        command=(tool.path, *_GCC_CORE[target], *specs),
        link=("-nostartfiles", "-Wl,--no-warn-rwx-segments", "-lm", "-lc", "-lgcc"),
    )
