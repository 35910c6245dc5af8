# SPDX-License-Identifier: Apache-2.0
"""Rows divided by what sums up their elements: SOFTMAX, LOG_SOFTMAX, L2_NORMALIZATION."""
