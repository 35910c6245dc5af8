# SPDX-License-Identifier: Apache-2.0
"""The node tests of the package onnx: every operator's own cases, compiled, run on this machine, compared with their answers.

A case gives some operands as inputs that say how the operator works (axes, a shape, the number of loops) and are constants in
every model that is used. Where a refusal says that such an operand must be known, the case is tried again with the inputs that
it is made of as initializers; the verdict names them.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

from tinycc.compiler import Compilation, compile
from tinycc.data import data_path
from tinycc.errors import CompileError
from tinycc.execution.host import HostModel, adapter, find_compiler
from tinycc.frontends.onnx.file import read_onnx
from tinycc.ir import Array
from tinycc.runtime import source_folders

BATCH = 48
"""Cases that the C compiler sees at once."""
OUTSIDE = ("sequence", "optional", "string", "training")
"""Classes of cases that no microcontroller needs."""
MCU_TYPES = frozenset({"FLOAT", "INT8", "UINT8", "INT16", "UINT16", "INT32", "UINT32", "INT64", "BOOL"})
NOISE = 1e-6
"""Of the largest element: what the rounding of float32 leaves where the case expects 0."""
_AT_RUN_TIME = re.compile(r"%(\S+) computed at run time")


@dataclass(frozen=True)
class NodeCase:
    """A case of the package. `common`: whether its types are those of microcontrollers."""

    name: str
    kind: str
    common: bool
    proto: Any
    inputs: tuple[Array, ...]
    outputs: tuple[Array, ...]
    rtol: float
    atol: float


@dataclass(frozen=True)
class Verdict:
    """`outcome`: passed, refused, WRONG, CRASH (of the compiler or of the C) or NO C (it does not compile). `bound`: inputs
    that were given as constants. `reason`: of a refusal, what was found."""

    name: str
    kind: str
    common: bool
    outcome: str
    reason: str = ""
    bound: tuple[str, ...] = ()


@cache
def node_cases() -> tuple[NodeCase, ...]:
    """All cases but those of OUTSIDE, in the order of the package."""
    from onnx.backend.test.case.node import collect_testcases

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = collect_testcases(None)
    cases = []
    for item in found:
        types = _types(item.model)
        if not any(word in name.lower() for name in types for word in OUTSIDE):
            ((inputs, outputs),) = item.data_sets
            kind = _operator(item)
            common = all(name in MCU_TYPES for name in types if name.isupper() and ":" not in name)
            cases.append(NodeCase(item.name, kind, common, item.model, _arrays(inputs), _arrays(outputs), item.rtol, item.atol))
    return tuple(cases)


def _operator(item: Any) -> str:
    """The operator that a case is about, of a function's body the one whose function it is."""
    kinds = {node.op_type for node in item.model.graph.node}
    if len(item.model.graph.node) == 1:
        return str(next(iter(kinds)))
    flat = item.name.removeprefix("test_").replace("_", "")
    fitting = [schema.name for schema in onnx.defs.get_all_schemas() if flat.startswith(schema.name.lower())]
    return max(fitting, key=len, default=str(item.model.graph.node[-1].op_type))


def _types(model: Any) -> set[str]:
    """Element types of what goes in and out (in capitals), kinds of values that are no tensors, operators and domains."""
    found: set[str] = set()
    for item in (*model.graph.input, *model.graph.output):
        kind = item.type.WhichOneof("value")
        found.add(TensorProto.DataType.Name(item.type.tensor_type.elem_type) if kind == "tensor_type" else kind)
    for node in model.graph.node:
        found.update((f"{node.domain}:{node.op_type}", *(f":{item.op_type}" for item in _inner(node))))
    return found


def _inner(node: Any) -> Iterator[Any]:
    for attribute in node.attribute:
        for item in attribute.g.node if attribute.HasField("g") else ():
            yield item
            yield from _inner(item)


def _arrays(items: Sequence[Any]) -> tuple[Array, ...]:
    return tuple(numpy_helper.to_array(item) if isinstance(item, TensorProto) else np.asarray(item) for item in items)


def attempt(case: NodeCase, name: str) -> tuple[Compilation | None, Verdict]:
    """The case compiled, or why it is not."""
    bound: dict[str, Array] = {}
    verdict = Verdict(case.name, case.kind, case.common, "passed")
    while True:
        try:
            return compile(_with_constants(case, bound).SerializeToString(), name=name), replace(verdict, bound=tuple(bound))
        except CompileError as error:
            wanted = {item for problem in error.problems for item in _AT_RUN_TIME.findall(problem.found)}
            more = {name: array for name, array in _sources(case, wanted).items() if name not in bound}
            if not more:
                reason = "; ".join(dict.fromkeys(problem.found for problem in error.problems))
                return None, replace(verdict, outcome="refused", reason=reason, bound=tuple(bound))
            bound.update(more)
        except Exception as error:
            return None, replace(verdict, outcome="CRASH", reason=f"{type(error).__name__}: {error}", bound=tuple(bound))


def _sources(case: NodeCase, names: set[str]) -> dict[str, Array]:
    """The inputs that values are made of, as the case gives them; who asks for a shape does not read the elements."""
    pending, seen = list(names), set(names)
    nodes = read_onnx(case.proto.SerializeToString(), None).graph.node
    makers = {name: node for node in nodes for name in node.output}
    while pending:
        node = makers.get(pending.pop())
        if node is not None and node.op_type not in ("Shape", "Size"):
            new = {*node.input, *(name for item in _inner(node) for name in item.input)} - seen
            seen |= new
            pending += new
    given = zip(case.proto.graph.input, case.inputs, strict=True)
    return {item.name: array for item, array in given if item.name in seen}


def _with_constants(case: NodeCase, bound: dict[str, Array]) -> Any:
    if not bound:
        return case.proto
    proto = onnx.ModelProto()
    proto.CopyFrom(case.proto)
    kept = [item for item in proto.graph.input if item.name not in bound]
    del proto.graph.input[:]
    proto.graph.input.extend(kept)
    proto.graph.initializer.extend(numpy_helper.from_array(array, name) for name, array in bound.items())
    return proto


def judge(case: NodeCase, verdict: Verdict, host: HostModel) -> Verdict:
    """The C run on the case's inputs, its results compared with the case's."""
    given = zip(case.proto.graph.input, case.inputs, strict=True)
    found = host.run([array for item, array in given if item.name not in verdict.bound]).outputs
    for item, array, expected in zip(case.proto.graph.output, found, case.outputs, strict=True):
        if difference := _difference(array, expected, case):
            return replace(verdict, outcome="WRONG", reason=f"{item.name}: {difference}")
    return verdict


def _difference(found: Array, expected: Array, case: NodeCase) -> str:
    if found.shape != expected.shape:
        return f"shape {list(found.shape)}, not {list(expected.shape)}"
    if found.dtype != expected.dtype:
        return f"elements of {found.dtype}, not {expected.dtype}"
    wide: Any = np.float64 if expected.dtype.kind not in "iub" else expected.dtype
    exact = wide is not np.float64
    finite = np.abs(expected[np.isfinite(expected)].astype(wide)) if not exact else np.zeros(0)
    noise = NOISE * float(finite.max(initial=0))
    close = np.isclose(found.astype(wide), expected.astype(wide), case.rtol, max(case.atol, noise), equal_nan=True)
    differing = np.argwhere(found != expected if exact else ~close)
    if not len(differing):
        return ""
    at = tuple(int(n) for n in differing[0])
    return f"{len(differing)} of {found.size} elements, the first at {list(at)}: {found[at]}, not {expected[at]}"


def build_batch(compilations: Sequence[Compilation], folder: Path, archive: Path) -> tuple[Path | None, str]:
    """One shared library of many models, each with the adapter's functions under its own name; or what the compiler says."""
    includes = [f"-I{path}" for path in (*source_folders(), data_path("runtime") / "board")]
    sources = []
    for compilation in compilations:
        place = folder / compilation.name
        place.mkdir()
        own = {path: text for path, text in compilation.files.items() if "/" not in path and path.endswith((".c", ".h"))}
        own |= {"tinycc_adapter.c": _adapter(compilation), "tinycc_adapter.h": ""}
        own["all.c"] = "".join(f'#include "{path}"\n' for path in own if path.endswith(".c") and path != "example_main.c")
        own["tinycc_adapter.h"] = adapter(compilation, watched=False)["tinycc_adapter.h"]
        for path, text in own.items():
            (place / path).write_text(text, encoding="utf-8")
        sources.append(f"{compilation.name}/all.c")
    command = [*find_compiler(), "-std=c99", "-O0", "-pipe", "-fPIC", "-shared", "-ffp-contract=off", "-w", *includes]
    built = folder / "libmodels.so"
    result = subprocess.run(
        [*command, *sources, str(archive), "-o", built.name, "-lm"], cwd=folder, capture_output=True, text=True, check=False
    )
    return (None, result.stderr) if result.returncode else (built, "")


def _adapter(compilation: Compilation) -> str:
    return adapter(compilation, watched=False, prefix=prefix_of(compilation))["tinycc_adapter.c"]


def prefix_of(compilation: Compilation) -> str:
    """What the adapter's functions begin with in a library of many models."""
    return f"{compilation.name}_host"


def run_cases(cases: Sequence[NodeCase], archive: Path) -> list[Verdict]:
    """The verdicts of a batch. Where the batch's C does not compile, or ends the process, each case is looked at alone."""
    made = [(case, *attempt(case, f"case{number}")) for number, case in enumerate(cases)]
    compiled = [(case, compilation, verdict) for case, compilation, verdict in made if compilation is not None]
    verdicts = [verdict for _, compilation, verdict in made if compilation is None]
    return verdicts + _run_compiled(compiled, archive)


def _run_compiled(items: Sequence[tuple[NodeCase, Compilation, Verdict]], archive: Path) -> list[Verdict]:
    if not items:
        return []
    with tempfile.TemporaryDirectory(prefix="tinycc-") as folder:
        built, message = build_batch([compilation for _, compilation, _ in items], Path(folder), archive)
        results = None if built is None else _apart(items, built)
    if results is not None:
        return results
    if len(items) > 1:
        return [verdict for item in items for verdict in _run_compiled([item], archive)]
    outcome = "NO C" if built is None else "CRASH"
    reason = next((line for line in message.splitlines() if "error" in line), message) or "the C ends the process"
    return [replace(items[0][2], outcome=outcome, reason=reason)]


def _apart(items: Sequence[tuple[NodeCase, Compilation, Verdict]], built: Path) -> list[Verdict] | None:
    """The verdicts, found in a process of its own; None if that ends before."""
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)

    def work() -> None:
        there.send([_judged(case, compilation, verdict, built) for case, compilation, verdict in items])

    process = context.Process(target=work)
    process.start()
    there.close()
    try:
        found: list[Verdict] = here.recv()
    except EOFError:
        return None
    finally:
        process.join()
        here.close()
    return found


def _judged(case: NodeCase, compilation: Compilation, verdict: Verdict, built: Path) -> Verdict:
    try:
        with HostModel(compilation, library=built, prefix=prefix_of(compilation)) as host, np.errstate(all="ignore"):
            return judge(case, verdict, host)
    except Exception as error:
        return replace(verdict, outcome="CRASH", reason=f"{type(error).__name__}: {error}")


def batches(cases: Sequence[NodeCase]) -> list[Sequence[NodeCase]]:
    return [cases[start : start + BATCH] for start in range(0, len(cases), BATCH)]
