# SPDX-License-Identifier: Apache-2.0
"""Streams of samples: TFLM's signal library, Fourier transforms, CIRCULAR_BUFFER."""
