# SPDX-License-Identifier: Apache-2.0
"""What became of mutants, written as it is known: a run that was ended goes on where it was, and one with more tests meets only
those that live. A line has the tests' digest, the verdict, and the mutant with a digest of its module's text."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.mutants import Mutant

KILLED = "killed"


@dataclass
class Log:
    """`tests`: the digest of those that meet mutants now."""

    path: Path | None
    tests: str
    known: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path | None, root: Path, tests: Sequence[str]) -> Log:
        """What is killed stays killed; the others count as met if it was by the same tests."""
        texts = (f"{name} {(root / name.partition('::')[0]).read_text(encoding='utf-8')}" for name in tests)
        digest = f"{zlib.crc32(' '.join(texts).encode()):08x}"
        if path is None or not path.exists():
            return cls(path, digest)
        lines = [line.split(" ", 2) for line in path.read_text(encoding="utf-8").splitlines()]
        return cls(path, digest, {name: verdict for met, verdict, name in lines if verdict == KILLED or met == digest})

    def verdict(self, mutant: Mutant) -> str | None:
        return self.known.get(_name(mutant))

    def write(self, mutant: Mutant, verdict: str) -> None:
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as file:
                print(self.tests, verdict, _name(mutant), file=file)


def _name(mutant: Mutant) -> str:
    return f"{mutant.text:08x} {mutant.column} {mutant}"
