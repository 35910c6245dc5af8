# SPDX-License-Identifier: Apache-2.0
"""The operators, a family a file. `tinycc.ops.base` says what an operator declares; `operators()` finds them all."""
