# SPDX-License-Identifier: Apache-2.0
"""Which runs of operators go row by row, and when each row is made."""
