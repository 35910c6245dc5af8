# SPDX-License-Identifier: Apache-2.0
"""Operators that work element by element: arithmetic, comparisons, functions, activations, and tables of functions."""
