# SPDX-License-Identifier: Apache-2.0
"""Kernels for Helium (M-profile Vector Extension): Cortex-M55 and Cortex-M85."""
