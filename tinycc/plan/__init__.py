# SPDX-License-Identifier: Apache-2.0
"""Where everything lies: traces, plans, their checks, bounds and pictures, and the layout of a program."""
