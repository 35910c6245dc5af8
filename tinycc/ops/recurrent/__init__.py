# SPDX-License-Identifier: Apache-2.0
"""Layers with a state that goes from step to step: LSTM, RNN, SVDF."""
