# SPDX-License-Identifier: Apache-2.0
"""Kernels that are nothing but names and costs, in place of those that there are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from model_builder import ModelBuilder

from tinycc.compiler import load
from tinycc.ir import Graph
from tinycc.kernels import choice as choosing
from tinycc.kernels.base import Context, Cost, Variant
from tinycc.kernels.calls import Call
from tinycc.kernels.choice import choose
from tinycc.ops.base import Operator
from tinycc.target import find_target


def relus(count: int, size: int = 4) -> Graph:
    """A chain of them."""
    net = ModelBuilder()
    x = net.input((size,))
    for _ in range(count):
        y = net.tensor((size,))
        net.op("RELU", [x], [y])
        x = y
    return load(net.build(outputs=[x])).graph


ONE = relus(1)
(RELU,) = ONE.ops


def never(op: Operator, context: Context) -> str | None:
    """it rains"""
    return "sunshine"


def variant(name: str, cycles: int = 0, flash: int = 0, **fields: Any) -> Variant[Any]:
    defaults: dict[str, Any] = {"signatures": ("float32",), "bind": lambda op, context: (Call(name, ()),)}
    return Variant(name=name, op=type(RELU), cost=lambda op, context: Cost(cycles, cycles, flash), **(defaults | fields))


def declare(monkeypatch: pytest.MonkeyPatch) -> list[Variant[Any]]:
    """Those that are put into the list are all that there are."""
    found: list[Variant[Any]] = []
    judged = choosing._judged

    def anew(op: Operator, *rest: Any) -> Any:
        """An operator keeps what was said of its variants, which are always the same elsewhere."""
        op.__dict__.pop("_judged", None)
        return judged(op, *rest)

    monkeypatch.setattr(choosing, "variants", lambda cls: tuple(found))
    monkeypatch.setattr(choosing, "_judged", anew)
    return found


def context(target: str = "generic", **fields: Any) -> Context:
    core = find_target(target)
    assert core is not None
    return replace(Context(core), **fields)


def taken(declared: list[Variant[Any]], core: Context, *found: Variant[Any]) -> str:
    declared[:] = found
    return choose(ONE, core)[RELU].taken.name
