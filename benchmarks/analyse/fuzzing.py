# SPDX-License-Identifier: Apache-2.0
"""libFuzzer over the inputs of generated models, with sanitizers; what it found worth keeping is where the next run begins."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks.analyse.watching import UNDEFINED, build, has_sanitizers
from tinycc.compiler import compile
from tinycc.ir import DType

DRIVER = Path(__file__).with_name("fuzz.c")
_RUNS = re.compile(r"^Done (\d+) runs in (\d+) second|stat::number_of_executed_units: (\d+)", re.MULTILINE)


def fuzz_inputs(models: Sequence[Path], seconds: int, target: str, keep: Path) -> int:
    """Fuzz each of `models` for so long; the number of those that failed. `keep`/NAME has its corpus and what failed."""
    if not has_sanitizers():
        raise click.ClickException("no clang with libFuzzer: Debian: apt-get install clang libclang-rt-14-dev")
    failed = 0
    for path in models:
        corpus = (keep / path.stem).resolve()
        corpus.mkdir(parents=True, exist_ok=True)
        compilation = compile(path, name="model", target=target)
        bools = "".join("1" if port.type.dtype is DType.BOOL else "0" for port in compilation.program.inputs)
        flags = ("clang", "-O1", "-fsanitize=fuzzer,address", UNDEFINED, "-fno-sanitize-recover=all", f'-DBOOLS="{bools}"')
        with tempfile.TemporaryDirectory() as folder:
            compilation.write(folder)
            program = build(compilation, Path(folder), DRIVER, "fuzz", flags)
            options = [f"-max_total_time={seconds}", f"-artifact_prefix={corpus}/", "-timeout=60", "-print_final_stats=1"]
            command = [f"./{program.name}", *options, str(corpus)]
            done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        runs = max((int(found[1] or found[3]) for found in _RUNS.finditer(done.stdout)), default=0)
        kept = sum(1 for _ in corpus.iterdir())
        click.echo(f"{path.name}: {runs:,} inputs, {kept} kept, {'FAILED' if done.returncode else 'nothing found'}")
        if done.returncode:
            failed += 1
            click.echo("\n".join(line for line in done.stdout.splitlines() if "ERROR" in line or "runtime error" in line))
    return failed
