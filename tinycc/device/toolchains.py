# SPDX-License-Identifier: Apache-2.0
"""The cross compilers and emulators on this machine, with their versions; and how to get them where they are missing."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache

from tinycc.errors import CompileError, fail
from tinycc.target import CALL_GRAPH, EMULATED, EMULATORS, Compiler, Target

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
    """Whether it has a C library."""
    frames: str = CALL_GRAPH
    """The option by which it tells frame sizes, "" if there is none."""

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    def with_flags(self, flags: tuple[str, ...]) -> Toolchain:
        """The same with a board's flags."""
        return replace(self, command=(*self.command, *flags))


@dataclass(frozen=True)
class Tool:
    """A program on this machine."""

    name: str
    path: str
    version: tuple[int, ...]

    @property
    def version_text(self) -> str:
        return ".".join(map(str, self.version))

    def __str__(self) -> str:
        return f"{self.name} {self.version_text}".rstrip()


def installation(target: Target) -> str:
    """How to get a compiler and an emulator for a target: every way that there is."""
    packages = target.architecture.packages if target.architecture else ()
    ways = [f"Debian's packages (apt-get install {' '.join(packages)})"] if packages else []
    if target.unicorn and any(compiler.module for compiler in target.compilers):
        ways.append("pip install 'tinycc-ml[target]'")
    return f"Install {', or, with pip alone, '.join(ways)}." if ways else ""


@cache
def find_tool(name: str, oldest: tuple[int, ...] = (), hint: str = "") -> Tool | None:
    """The program `name`, or None if it is not installed. Raises CompileError if it is too old or does not answer."""
    path = shutil.which(name)
    if path is None:
        return None
    options = ("-dumpfullversion", "-dumpversion") if name.endswith("gcc") else ("--version",)
    try:
        answer = subprocess.run([path, *options], capture_output=True, text=True, check=False, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise fail(name, f"no answer to {' '.join(options)} ({error})", "a program that runs", hint) from error
    found = re.search(r"\d+(?:\.\d+)+", answer)
    version = tuple(map(int, found[0].split("."))) if found else ()
    if version < oldest:
        wanted = ".".join(map(str, oldest))
        raise fail(name, f"version {'.'.join(map(str, version)) or 'unknown'}", f"version {wanted} or newer", hint)
    return Tool(name, path, version)


def find_emulator(target: Target) -> Tool | None:
    """The program that runs the target's boards, or None if it is not installed."""
    assert target.architecture is not None
    name = target.architecture.emulator
    return find_tool(name, EMULATORS[name], installation(target))


def has_compiler(target: Target) -> bool:
    """Whether a cross compiler for the target is installed."""
    return any(_found(compiler, target) is not None for compiler in target.compilers)


def find_compiler(target: Target) -> Toolchain:
    """The first of the target's compilers that is installed. Raises CompileError if there is none."""
    for compiler in target.compilers:
        if (found := _found(compiler, target)) is not None:
            return found
    raise missing(target, *(compiler.module or compiler.name for compiler in target.compilers))


def _found(compiler: Compiler, target: Target) -> Toolchain | None:
    if compiler.module:
        if importlib.util.find_spec(compiler.module) is None:
            return None
        command = (sys.executable, "-m", compiler.module, *compiler.name.split()[1:])
        version = importlib.metadata.version(compiler.module)
    else:
        tool = find_tool(compiler.name, compiler.oldest, installation(target))
        if tool is None:
            return None
        command, version = (tool.path,), tool.version_text
    return Toolchain(
        compiler.name,
        version,
        (*command, *compiler.flags),
        compiler.link,
        compiler.is_gcc,
        compiler.frames if compiler.is_gcc else "",
    )


def missing(target: Target, *names: str) -> CompileError:
    """The error for tools that are not installed: one message, all ways to install."""
    return fail(f"--on {target.name}", f"no {' and no '.join(names)}", "a cross compiler and an emulator", installation(target))


def check_emulated(target: Target) -> None:
    """Raise CompileError for a target that no board stands for."""
    if not target.boards:
        raise fail("--on", f"{target.name!r}, which no emulated board stands for", f"one of {', '.join(EMULATED)}")
