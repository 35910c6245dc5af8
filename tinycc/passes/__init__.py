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
from tinycc.passes.simplify import simplify
from tinycc.passes.tabulate import tabulate
from tinycc.passes.write_back import write_back

Pass = Callable[[Graph], Graph]

PIPELINE: tuple[Pass, ...] = (
    fold_constants,
    centre_weights,
    fuse_activation,
    tabulate,
    simplify,
    fuse_pad,
    remove_dead,
    copy_constant_outputs,
    write_back,
)


def run_passes(graph: Graph) -> Graph:
    """All passes in order; the graph is checked after each."""
    for step in PIPELINE:
        graph = check(step(graph))
    return graph
