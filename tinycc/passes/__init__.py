# SPDX-License-Identifier: Apache-2.0
"""The passes, Graph -> Graph, and the order in which they run."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator

from tinycc.errors import fail
from tinycc.ir import Graph
from tinycc.passes.base import Pass
from tinycc.passes.centre_weights import CentreWeights
from tinycc.passes.copy_constant_outputs import CopyConstantOutputs
from tinycc.passes.fold_constants import FoldConstants
from tinycc.passes.fuse_activation import FuseActivation
from tinycc.passes.fuse_pad import FusePad
from tinycc.passes.layout import Layout
from tinycc.passes.order_branches import OrderBranches
from tinycc.passes.prune_channels import PruneChannels
from tinycc.passes.remove_dead import RemoveDead
from tinycc.passes.resolve_control import ResolveControl
from tinycc.passes.settle_control import SettleControl
from tinycc.passes.shift_states import ShiftStates
from tinycc.passes.simplify import Simplify
from tinycc.passes.tabulate import Tabulate
from tinycc.passes.write_back import WriteBack

__all__ = ["LOAD", "PIPELINE", "STEPS", "STREAM", "Pass", "pipeline", "run_passes", "stages"]

PIPELINE: tuple[Pass, ...] = (
    FoldConstants(),
    ResolveControl(),
    Layout(),
    CentreWeights(),
    FuseActivation(),
    Tabulate(),
    Simplify(),
    FusePad(),
    RemoveDead(),
    PruneChannels(),
    OrderBranches(),
    CopyConstantOutputs(),
    SettleControl(),
    ShiftStates(),
    WriteBack(),
)
LOAD = "load"
"""The stage before the first pass."""
STREAM = "stream"
"""What comes after the last one and can be left out as passes can: operators that run row by row (tinycc.arrange)."""

STEPS = "steps"
"""What comes after the last one where a model of steps is asked for (tinycc.passes.steps)."""


def pipeline(without: Collection[str] = ()) -> tuple[Pass, ...]:
    """The passes in order, but for those whose names are in `without`. Raises CompileError for what cannot be left out."""
    optional = [*(step.name for step in PIPELINE if step.optional), STREAM]
    for name in without:
        if name not in optional:
            near = difflib.get_close_matches(name, optional, 1)
            hint = f"Is --no-{near[0]} meant?" if near else ""
            found = "a pass that the C needs" if any(step.name == name for step in PIPELINE) else "a pass that is not there"
            raise fail(f"--no-{name}", found, "one of " + ", ".join(optional), hint)
    return tuple(step for step in PIPELINE if step.name not in without)


def stages(graph: Graph, without: Collection[str] = ()) -> Iterator[tuple[str, Graph]]:
    """The graph as it is and after each pass, by name."""
    yield LOAD, graph
    for step in pipeline(without):
        graph = step(graph)
        yield step.name, graph


def run_passes(graph: Graph, without: Collection[str] = ()) -> Graph:
    """All passes in order; the graph is checked after each."""
    for step in pipeline(without):
        graph = step(graph)
    return graph
