# SPDX-License-Identifier: Apache-2.0
"""The passes, Graph -> Graph, and the order in which they run."""

from __future__ import annotations

from collections.abc import Callable

from tinycc.ir import Graph, check
from tinycc.passes.centre_weights import centre_weights
from tinycc.passes.copy_constant_outputs import copy_constant_outputs
from tinycc.passes.fold_constants import fold_constants
from tinycc.passes.fuse_activation import fuse_activation
from tinycc.passes.fuse_pad import fuse_pad
from tinycc.passes.remove_dead import remove_dead
from tinycc.passes.resolve_control import resolve_control
from tinycc.passes.rewrite import inside
from tinycc.passes.settle_control import settle_control
from tinycc.passes.simplify import simplify
from tinycc.passes.tabulate import tabulate
from tinycc.passes.write_back import write_back

Pass = Callable[[Graph], Graph]

PIPELINE: tuple[Pass, ...] = (
    fold_constants,
    resolve_control,
    centre_weights,
    fuse_activation,
    tabulate,
    simplify,
    fuse_pad,
    remove_dead,
    copy_constant_outputs,
    settle_control,
    write_back,
)

_WHOLE = (resolve_control, settle_control)
"""Passes that go into the graphs that ops run themselves: what is right there depends on the op."""


def apply(step: Pass, graph: Graph) -> Graph:
    """The graph after a pass, which every graph that an op runs has gone through, too; checked."""
    return check(step(graph if step in _WHOLE else inside(step, graph)))


def run_passes(graph: Graph) -> Graph:
    """All passes in order; the graph is checked after each."""
    for step in PIPELINE:
        graph = apply(step, graph)
    return graph
