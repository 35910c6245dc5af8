# SPDX-License-Identifier: Apache-2.0
"""ONNX models. `file` reads what may be hostile, `load` walks the nodes, `rows` has a function or a table entry for every
operator, which makes the operators of `tinycc.ops` out of it through a `Builder`."""
