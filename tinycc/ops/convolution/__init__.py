# SPDX-License-Identifier: Apache-2.0
"""Sums of products of an input and weights: convolutions, FULLY_CONNECTED, BATCH_MATMUL."""
