# SPDX-License-Identifier: Apache-2.0
"""The emitted C on the cores that it is for: cross-compiled, run in an emulator, counted and measured, without a board."""
