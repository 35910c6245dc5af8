# SPDX-License-Identifier: Apache-2.0
"""The arithmetic of the runtimes, in numpy: what kernels do bit for bit."""
