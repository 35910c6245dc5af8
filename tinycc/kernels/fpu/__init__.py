# SPDX-License-Identifier: Apache-2.0
"""Kernels for float32 on cores with a floating-point unit, scalar or Helium's."""
