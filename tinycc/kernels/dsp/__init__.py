# SPDX-License-Identifier: Apache-2.0
"""Kernels for Cortex-M with the DSP extension (M4, M7, M33): int8, in assembly beside portable twins. See docs/kernels.md."""
