# SPDX-License-Identifier: Apache-2.0
"""Analysers that read C: GCC's, clang-tidy, and cppcheck with the rules of MISRA C:2012."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.analyse.findings import Finding

INCLUDES = ("-I.", "-Icmsis_nn", "-Ikernels")
_DIAGNOSTIC = re.compile(
    r"^(?P<file>[^\s:]+):(?P<line>\d+):\d+: (?:warning|error): (?P<text>.*?)(?: \[(?P<rule>[\w.,+-]+)\])?$"
)
_CPPCHECK = re.compile(r"^(?P<file>[^\s:]+):(?P<line>\d+): (?P<rule>[\w.-]+): (?P<text>.*)$")
_NOT_RULES = frozenset({"missingInclude", "missingIncludeSystem", "unmatchedSuppression", "checkersReport", "toomanyconfigs"})


@dataclass(frozen=True)
class Reader:
    """An analyser of sources. `command` of the sources; `line`: what a finding looks like. `files`: sources at a time."""

    name: str
    program: str
    command: Callable[[Sequence[str]], list[str]]
    line: re.Pattern[str]
    files: int = 1

    @property
    def is_here(self) -> bool:
        return shutil.which(self.program) is not None

    def read(self, folder: Path, sources: Sequence[str]) -> list[Finding]:
        """What it says of these sources of an emitted folder and of the headers that they include, once each."""
        found: set[Finding] = set()
        for first in range(0, len(sources), self.files):
            batch = list(sources[first : first + self.files])
            done = subprocess.run(
                self.command(batch), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
            )
            found |= self._findings(folder, done.stdout)
            if done.returncode < 0:
                found.add(Finding(self.name, "crash", batch[0], 0, f"ended by signal {-done.returncode}"))
        return sorted(found)

    def _findings(self, folder: Path, said: str) -> set[Finding]:
        found = set()
        for line in said.splitlines():
            match = self.line.match(line)
            rule = (match["rule"] or "error") if match else ""
            if match and rule not in _NOT_RULES:
                file = match["file"].removeprefix(f"{folder}/").removeprefix("./")
                rule = rule.removesuffix(",-warnings-as-errors").partition(",")[0]
                found.add(Finding(self.name, rule, file, int(match["line"]), match["text"]))
        return found


def _gcc(sources: Sequence[str]) -> list[str]:
    return ["gcc", "-std=c99", "-O2", "-fanalyzer", *INCLUDES, "-c", *sources, "-o", "/dev/null"]


def _clang_tidy(sources: Sequence[str]) -> list[str]:
    checks = "-*,bugprone-*,cert-*"
    return ["clang-tidy", "--quiet", f"--checks={checks}", "--header-filter=.*", *sources, "--", "-std=c99", *INCLUDES]


def _cppcheck(sources: Sequence[str]) -> list[str]:
    options = ["--quiet", "--std=c99", "--addon=misra", "--enable=warning,style,performance,portability", "--max-configs=1"]
    return ["cppcheck", *options, "--template={file}:{line}: {id}: {message}", *INCLUDES, *sources]


READERS = {
    reader.name: reader
    for reader in (
        Reader("fanalyzer", "gcc", _gcc, _DIAGNOSTIC),
        Reader("clang-tidy", "clang-tidy", _clang_tidy, _DIAGNOSTIC, 16),
        Reader("cppcheck", "cppcheck", _cppcheck, _CPPCHECK, 16),
    )
}
