# SPDX-License-Identifier: Apache-2.0
"""A proof that the generated C does nothing undefined, for all inputs: abstract interpretation of every call by itself, between
arrays of exact size, and of the whole model, by Frama-C's EVA.

What makes it work: every loop is unrolled to its end, with one state for each iteration, so that indices are numbers and not
intervals. Contracts stand in the C where a bound is beyond intervals; each of them is proved by an analysis of its own, which
splits what the function takes into small intervals.
"""
