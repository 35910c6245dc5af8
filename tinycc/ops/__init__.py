# SPDX-License-Identifier: Apache-2.0
"""The operators: what they mean and what is accepted, no more. A folder is a family, a module operators alike.

`tinycc.ops.base` says what an operator declares; `operators()` finds them all. Alone stand control.py (IF, WHILE), pooling.py,
resize.py, and known.py (results that are known when the model is compiled). Shared by families: conditions.py, window.py (what
slides over an image), strides.py (shapes as loops), hybrid.py (float inputs that are quantized at run time).
"""
