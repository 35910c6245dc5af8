# SPDX-License-Identifier: Apache-2.0
"""Kernels of control."""

from __future__ import annotations

from tinycc.kernels.listed.base import Kernel
from tinycc.ops.base import Operator
from tinycc.ops.control import If, While

KERNELS: dict[type[Operator], tuple[Kernel, ...]] = {}
KERNELS[If] = (Kernel("if", lambda op, target: ()),)
KERNELS[While] = (Kernel("while", lambda op, target: ()),)
