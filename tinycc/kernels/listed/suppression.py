# SPDX-License-Identifier: Apache-2.0
"""Kernels of suppression."""

from __future__ import annotations

ITEM_BYTES = 12
"""Of tk_heap_item."""
