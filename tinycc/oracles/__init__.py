# SPDX-License-Identifier: Apache-2.0
"""Reference runtimes behind one interface: what a model really computes, value by value.

The runtimes are native code of others; each lives in a process of its own (process.py, worker.py). A format's folder says
which of them run its files, and in which terms they speak: see `tinycc.frontends.Source`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tinycc.ir import Array, Value


class OracleUnavailable(Exception):  # noqa: N818 - a state of affairs, not always an error
    """The runtime is not installed, or it refuses, fails on or does not survive the model; the message says which."""


class OracleMissing(OracleUnavailable):
    """The runtime is not installed; `command` would install it."""

    def __init__(self, reason: str, command: str) -> None:
        super().__init__(reason)
        self.command = command


class Oracle(Protocol):
    """A graph, loaded from a file, in a reference runtime. Stateful models carry their state from one invocation to the next.

    Inputs, outputs and values are arrays in the order, shapes and element types of the graph, whatever the runtime has. A
    failed invocation raises OracleUnavailable.
    """

    @property
    def name(self) -> str:
        """That of the set of kernels: see `Source.kernel_sets`."""

    @property
    def kernels(self) -> str:
        """Which kernels run, in words."""

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """One invocation; the outputs."""

    def trace(self, inputs: Sequence[Array], values: Sequence[Value]) -> tuple[list[Array], dict[Value, Array]]:
        """One invocation; the outputs, and what it had for those of `values` that it shows.

        The values need not be the graph's own: those of a graph that passes made of it stand for the same tensors of the file.
        """

    def reset(self) -> None:
        """Back to the state of a freshly loaded model."""
