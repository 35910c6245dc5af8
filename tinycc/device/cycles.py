# SPDX-License-Identifier: Apache-2.0
"""An ESTIMATE of cycles from instruction counts: a core with memories without wait states, by a table of costs per class.

Sources: the instruction timing chapters of the Technical Reference Manuals of Cortex-M0 (DDI 0432), Cortex-M3 (DDI 0337) and
Cortex-M4 (DDI 0439); for Cortex-M33 the same figures as for Cortex-M4, for Cortex-M7 and Cortex-M55 one instruction at a time
where the cores can do two; for RISC-V a core of two stages such as Ibex. Flash that is slower than the core, caches, dual issue
and interlocks are not in it: expect 10 to 30 % from a real part, more if its flash has wait states.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tinycc.device.count import Count


@dataclass(frozen=True)
class CycleModel:
    """Cycles by instruction class (1 if not listed). `taken`: more for a taken branch. `word`: more for each register that a
    multiple load or store moves. `pair`: less for a load right after a load."""

    costs: Mapping[str, int] = field(default_factory=dict)
    taken: int = 2
    word: int = 1
    pair: int = 0

    def cycles(self, count: Count) -> int:
        """The estimate for a count."""
        base = sum(self.costs.get(name, 1) * number for name, number in count.classes.items())
        return base + self.taken * count.taken + self.word * count.words - self.pair * count.pairs


_FPU = {"float_mac": 3, "float_divide": 14, "float_memory": 2}
_M4 = CycleModel({"load": 2, "divide": 6, **_FPU}, pair=1)
_M55 = CycleModel({"divide": 6, "float_divide": 14, "vector": 2, "vector_mac": 2, "vector_memory": 2}, taken=1, word=0)

MODELS: Mapping[str, CycleModel] = {
    "cortex-m0": CycleModel({"load": 2, "store": 2}),
    "cortex-m3": CycleModel({"load": 2, "multiply_long": 4, "divide": 6}, pair=1),
    "cortex-m4": _M4,
    "cortex-m7": CycleModel({"divide": 6, "float_divide": 14}, taken=1),
    "cortex-m33": _M4,
    "cortex-m55": _M55,
    "rv32imc": CycleModel({"load": 2, "store": 2, "multiply_long": 2, "divide": 37}),
}
