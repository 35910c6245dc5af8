# SPDX-License-Identifier: Apache-2.0
"""tinycc's own functions in plain C, for every core."""
