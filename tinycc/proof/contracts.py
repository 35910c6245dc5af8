# SPDX-License-Identifier: Apache-2.0
"""Functions of the runtime that are taken by their contracts, and the analyses that prove these.

A contract is an annotation in the C. Its proof runs the function's code over all that its precondition allows, in intervals so
small that the bounds come out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from tinycc.proof.drivers import Driver


@dataclass(frozen=True)
class Contract:
    """`function` is static in `file`; its one argument is an int32_t from `low` to `high`, taken in `parts` intervals;
    `ensures` repeats the postcondition of the annotation over `y`."""

    function: str
    file: str
    low: int
    high: int
    parts: int
    ensures: str

    def driver(self, folder: str) -> Driver:
        width = (self.high - self.low + 1) // self.parts
        text = f"""/* The contract of {self.function}, for every argument that it allows. */
#include "__fc_builtin.h"
#include "{folder}/{self.file}"

int main(void)
{{
    for (int32_t part = 0; part < {self.parts}; part++) {{
        const int32_t low = {self.low} + part * {width};
        const int32_t y = {self.function}(Frama_C_interval(low, low + {width - 1}));
        /*@ assert ensures: {self.ensures}; */
    }}
    return 0;
}}
"""
        about = f"the contract of {self.function} in {self.file}"
        return Driver(f"contract_{self.function}", about, text, (), ("ensures",))


CONTRACTS = (Contract("reciprocal_of_one_plus", "arm_nn_softmax_s8.c", 0, 2**31 - 1, 64, "1 << 29 <= y"),)


def contracts_of(sources: Iterable[str]) -> tuple[Contract, ...]:
    """The contracts on which an analysis of these files rests."""
    named = {PurePosixPath(source).name for source in sources}
    return tuple(contract for contract in CONTRACTS if contract.file in named)
