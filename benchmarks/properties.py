# SPDX-License-Identifier: Apache-2.0
"""The long hunt: drawn models by the thousand, of the families that the tests draw a few of."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks import TESTS, use_test_code

BATCH = 100
"""Models in one library."""
UNDEFINED = ("-fsanitize=undefined",)


def count_cases() -> None:
    """Write what the page of operators says about the test tables, that page, and the one of known defects."""
    use_test_code()
    from case_types import counted

    from tinycc.report.cases import PATH, cases, rendered
    from tinycc.report.defects import defects_markdown
    from tinycc.report.operators import operators_markdown

    PATH.write_text(rendered(counted()), encoding="utf-8")
    cases.cache_clear()
    docs = TESTS.parent / "docs"
    (docs / "operators.md").write_text(operators_markdown(), encoding="utf-8")
    (docs / "defects.md").write_text(defects_markdown(), encoding="utf-8")


def hunt(families: Sequence[str], examples: int, seed: int, keep: Path | None, *, sanitize: bool) -> int:
    """Draw `examples` models of each family, report what disagrees, and put it into the folder `keep`; the number of those."""
    use_test_code()
    from families import FAMILIES
    from harness import build_archive
    from properties import explore

    unknown = sorted(set(families) - set(FAMILIES))
    if unknown:
        raise click.UsageError(f"no family {', '.join(unknown)}; there are {', '.join(FAMILIES)}")
    flags = UNDEFINED if sanitize else ()
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        archive = build_archive(Path(folder), flags)
        for name in families or FAMILIES:
            start, outcomes = time.monotonic(), Counter[str]()
            for number, first in enumerate(range(0, examples, BATCH)):
                tally = explore(FAMILIES[name], min(BATCH, examples - first), archive, number=seed + number, flags=flags)
                outcomes += tally.outcomes
                for sample, what in tally.wrong:
                    if _known(sample.model):
                        outcomes["known defect"] += 1
                        continue
                    failures += 1
                    click.echo(f"{name}, seed {seed + number}: {sample}\n    {what}")
                    if keep is not None:
                        keep.mkdir(parents=True, exist_ok=True)
                        (keep / f"{name}_{seed + number}_{failures}.tflite").write_bytes(sample.model)
            counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
            click.echo(f"{name}: {counts}; {time.monotonic() - start:.0f} s")
    return failures


def _known(model: bytes) -> bool:
    """Whether the runtime is known to be wrong here, and tinycc equals what is right."""
    from tinycc.errors import CompileError
    from tinycc.verification import verify

    try:
        return verify(model, runs=3).passed
    except CompileError:
        return False
