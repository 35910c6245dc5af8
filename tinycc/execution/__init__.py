# SPDX-License-Identifier: Apache-2.0
"""Running a compiled model: input sets, an adapter around its C, this machine, and how results are compared."""

BOARD_NAME = "network"
"""The model's C name on emulated boards."""
