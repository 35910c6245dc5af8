# SPDX-License-Identifier: Apache-2.0
"""What analysers find and is meant to be so: each rule with its reason and how often; held, and a page of docs/."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.analyse.findings import MODEL, RUNTIME, Finding

LISTED = Path(__file__).with_name("deviations.json")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "deviations.md"


@dataclass(frozen=True)
class Deviation:
    """A rule of a tool that is not kept. Places in all kernels (`runtime`), and in what is emitted for the models of the
    sample (`model`)."""

    tool: str
    rule: str
    runtime: int
    model: int
    reason: str


def read_deviations() -> tuple[Deviation, ...]:
    return tuple(Deviation(**entry) for entry in json.loads(LISTED.read_text(encoding="utf-8")))


def excess(found: Iterable[Finding], *, sample: bool) -> list[str]:
    """What is not listed, or more than listed, in words. `sample`: it is of the models that are counted in the list."""
    listed = {(deviation.tool, deviation.rule): deviation for deviation in read_deviations()}
    places = _places(found)
    said = []
    for (tool, rule), parts in sorted(places.items()):
        deviation = listed.get((tool, rule))
        for part, findings in sorted(parts.items()):
            allowed = getattr(deviation, part) if deviation is not None else 0
            enough = len(findings) <= allowed or (part == MODEL and allowed and not sample)
            if not enough:
                said += [f"{tool} {rule}: {len(findings)} places, {allowed} listed", *(f"    {one}" for one in findings[:5])]
    return said


def _places(found: Iterable[Finding]) -> dict[tuple[str, str], dict[str, list[Finding]]]:
    places: dict[tuple[str, str], dict[str, list[Finding]]] = {}
    for finding in found:
        places.setdefault((finding.tool, finding.rule), {}).setdefault(finding.part, []).append(finding)
    return places


def write_deviations(found: Iterable[Finding], tools: Iterable[str]) -> list[str]:
    """Put what was found by `tools` in place of what was listed, and write the page; the rules without a reason."""
    told = set(tools)
    reasons = {(deviation.tool, deviation.rule): deviation for deviation in read_deviations()}
    kept = [deviation for deviation in reasons.values() if deviation.tool not in told]
    for (tool, rule), parts in _places(found).items():
        known = reasons.get((tool, rule), Deviation(tool, rule, 0, 0, ""))
        kept.append(replace(known, runtime=len(parts.get(RUNTIME, ())), model=len(parts.get(MODEL, ()))))
    kept.sort(key=lambda deviation: (deviation.tool, deviation.rule))
    LISTED.write_text(json.dumps([asdict(deviation) for deviation in kept], indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(kept), encoding="utf-8")
    return [f"{deviation.tool} {deviation.rule}" for deviation in kept if not deviation.reason]


ABOUT = """# Rules that the C does not keep, and why

What analysers say of the C that tinycc emits and of all its kernels, and is meant to be so. The list is held: a run that finds
a rule that is not here, or more places than here, ends with status 1.

```sh
python -m benchmarks analyse                    # the models of the sample, every kernel, every analyser that is installed
python -m benchmarks analyse MODEL... --tool cppcheck
python -m benchmarks analyse --write            # this page anew; a rule without a reason is a failure
```

Nothing is listed for those that find nothing: GCC's `-fanalyzer`; AddressSanitizer with UndefinedBehaviorSanitizer (and its
checks of floats that become integers) and MemorySanitizer, which watch every model run on inputs of any bytes. MISRA C:2012 is
checked by cppcheck's add-on, which names rules by their numbers; rules that it does not know are not checked. Deviations are
counted by places: in all kernels, and in what is written for the models of the sample (the examples, and one model for each
operator of the corpus). The command also prints which kernels have branches or addresses that depend on inputs, as valgrind
sees them with inputs and the results of layers marked as unknown: [time](time.md).
"""


def page(deviations: Iterable[Deviation]) -> str:
    lines = [ABOUT]
    by_tool: dict[str, list[Deviation]] = {}
    for deviation in deviations:
        by_tool.setdefault(deviation.tool, []).append(deviation)
    for tool, found in sorted(by_tool.items()):
        lines.append(f"## {tool}\n\n| rule | kernels | models | why |\n|---|---|---|---|")
        lines += [f"| {_name(one.rule)} | {one.runtime:,} | {one.model:,} | {one.reason} |" for one in found]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _name(rule: str) -> str:
    return f"MISRA {rule.removeprefix('misra-c2012-')}" if rule.startswith("misra") else f"`{rule}`"
