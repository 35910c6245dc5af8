# SPDX-License-Identifier: Apache-2.0
"""The program, to which a graph is lowered: its types, its checks and its text."""
