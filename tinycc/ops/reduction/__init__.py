# SPDX-License-Identifier: Apache-2.0
"""Dimensions folded onto one element each; CUMSUM, ARG_MAX, TOPK_V2."""
