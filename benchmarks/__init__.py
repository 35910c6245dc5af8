# SPDX-License-Identifier: Apache-2.0
"""Measurements with their own commands: `python -m benchmarks --help`. None of them is a test."""
