# SPDX-License-Identifier: Apache-2.0
"""Counts the cases of all tables by operator, types and oracle: what tinycc/report/cases.json holds."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import tflite
from opcases import Case

from tinycc.compiler import load
from tinycc.ir import Op
from tinycc.ops.base import Operator

TABLES = sorted(path.stem for path in (Path(__file__).parents[1] / "cases").glob("opcases*.py"))


def all_cases() -> Iterator[Case]:
    for table in TABLES:
        for cases in importlib.import_module(table).all_cases().values():
            yield from cases


def counted() -> dict[str, dict[str, dict[str, int]]]:
    """operator -> type -> oracle -> number of cases. Only the first case of equal types is looked into."""
    alike = Counter[tuple[object, ...]]()
    first: dict[tuple[object, ...], Case] = {}
    for case in all_cases():
        key = (case.op, case.oracle, case.dtype == "uint8", file_types(case))
        first.setdefault(key, case)
        alike[key] += 1
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for key, case in first.items():
        if (type := type_of(case)) is not None:
            oracles = counts.setdefault(kind_of(case), {}).setdefault(type, {})
            oracles[case.oracle] = oracles.get(case.oracle, 0) + alike[key]
    return counts


def file_types(case: Case) -> tuple[int, ...]:
    """The element types of the operands and results of the file's last operator."""
    graph = tflite.Model.GetRootAs(case.model, 0).Subgraphs(0)
    operator = graph.Operators(graph.OperatorsLength() - 1)
    read = [operator.Inputs(i) for i in range(operator.InputsLength())]
    made = [operator.Outputs(i) for i in range(operator.OutputsLength())]
    return tuple(-1 if index < 0 else graph.Tensors(index).Type() for index in (*read, *made))


def kind_of(case: Case) -> str:
    """The file's name for the operator of a case."""
    op = main_op(case)
    return case.op if op is None else op.origin.kind


def type_of(case: Case) -> str | None:
    """The name of the case's combination of types; None if the operator is folded away when the file is read."""
    op = main_op(case)
    if op is None:
        return None
    return "uint8" if case.dtype == "uint8" else next(s.name for s in op.signatures if s.matches(op))


def main_op(case: Case) -> Operator | None:
    ops: list[Op] = [
        op for op in load(case.model, match=case.oracle).graph.ops if op.origin.kind in (case.op, f"CUSTOM:{case.op}")
    ]
    return ops[-1] if ops and isinstance(ops[-1], Operator) else None
