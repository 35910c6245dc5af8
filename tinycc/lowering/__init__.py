# SPDX-License-Identifier: Apache-2.0
"""From a graph and the kernels that were chosen to a program."""
