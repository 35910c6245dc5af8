# SPDX-License-Identifier: Apache-2.0
"""Kernels whose constants take less flash than the arrays that they stand for: packed, sparse, coded."""
