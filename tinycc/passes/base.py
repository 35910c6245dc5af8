# SPDX-License-Identifier: Apache-2.0
"""What a pass is: valid graph in, valid graph out, under a name that the command line knows."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from tinycc.ir import Graph, check
from tinycc.passes.rewrite import inside


@dataclass(frozen=True)
class Pass(ABC):
    """A rewrite of graphs. Its docstring begins with a line before and after; its parameters are its fields.

    `optional`: the C is right without it, so that `--no-NAME` leaves it out. `whole`: it goes into the graphs that ops run by
    itself; what is right there depends on the op.
    """

    optional: ClassVar[bool] = False
    whole: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """`FuseActivation` -> `fuse-activation`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", type(self).__name__).lower()

    @abstractmethod
    def rewrite(self, graph: Graph) -> Graph:
        """The graph afterwards; what ops run is left alone, unless the pass is `whole`."""

    def __call__(self, graph: Graph) -> Graph:
        """The graph after the pass, which every graph that an op runs has gone through, too; checked."""
        return check(self.rewrite(graph if self.whole else inside(self.rewrite, graph)))
