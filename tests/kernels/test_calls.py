# SPDX-License-Identifier: Apache-2.0
"""Calls and what they take, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tinycc.ir import DType, TensorType, Value
from tinycc.kernels.calls import Call, Path, Scratch, Table, Tensor, context, struct
from tinycc.kernels.code import LIBRARY, MATHEMATICS, SOFT_FLOAT, _library
from tinycc.program.types import Content
from tinycc.target import TARGETS


def test_no_working_memory_is_a_null_pointer() -> None:
    assert dict(context("sums", 0).fields) == {"buf": None, "size": 0}
    assert dict(context("sums", 8).fields) == {"buf": Scratch("sums", 8), "size": 8}


def test_another_kernel_of_some_turns_has_memory_of_its_own() -> None:
    """Constants have other names, working memory is on its way, and tensors are the same, in structs, too."""
    x, table, path = (
        Tensor(Value("x", TensorType((4,), DType.INT8))),
        Table("shift", np.zeros(4), Content.REQUANT),
        Path(8, 2, 4),
    )
    call = Call("f", (x, table, Scratch("sums", 8), struct("pair", one=table, other=Scratch("rest", 4), x=x)))
    other = call.called("roomy", path)
    assert [item.role for item in other.tables] == ["shift roomy", "shift roomy"]
    assert all(item.data is table.data for item in other.tables)
    assert other.scratches == {
        "sums roomy": Scratch("sums roomy", 8, path=path),
        "rest roomy": Scratch("rest roomy", 4, path=path),
    }
    assert [item for item in other.leaves() if isinstance(item, Tensor)] == [x, x]


@pytest.mark.parametrize(("core", "bytes"), [("cortex-m4", MATHEMATICS), ("cortex-m0", SOFT_FLOAT), ("avr", MATHEMATICS)])
def test_mathematics_of_the_library(core: str, bytes: int) -> None:
    """That of AVR, whose constants lie in RAM, is small without a unit for floats."""
    assert _library(TARGETS[core], mathematics=True) == bytes
    assert _library(TARGETS[core], mathematics=False) == LIBRARY
