# SPDX-License-Identifier: Apache-2.0
"""The code bytes of every runtime file, of which the choice of kernels under `--optimize size` knows."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from tinycc.device.elf import Elf
from tinycc.device.toolchains import FLAGS, find_compiler
from tinycc.kernels.code import PATH
from tinycc.runtime import RuntimeFile, library, source_folders
from tinycc.target import TARGETS

CORES = {"mve": "cortex-m55", "paired": "cortex-m0"}
"""Folder of `runtime/kernels` -> the core that its kernels are for; Cortex-M4 for the others."""


def write_code() -> None:
    """Compile each file by itself, and write what it takes."""
    sources = [file for file in library().values() if file.is_source]
    with tempfile.TemporaryDirectory() as folder:
        found = {file.name: code_bytes(file, Path(folder)) for file in sources}
    lines = ",\n".join(f" {json.dumps(name)}: {size}" for name, size in sorted(found.items()))
    PATH.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def code_bytes(file: RuntimeFile, folder: Path) -> int:
    """Of code and constant data, compiled for the core that it is for."""
    target = TARGETS[next((core for group, core in CORES.items() if group == file.source.parent.name), "cortex-m4")]
    made = folder / "file.o"
    includes = [f"-I{folder}" for folder in source_folders()]
    subprocess.run([*find_compiler(target).command, *FLAGS, *includes, "-c", str(file.source), "-o", str(made)], check=True)
    sizes = Elf(made).sizes
    return sum(size for name, size in sizes.items() if name.startswith((".text", ".rodata")))
