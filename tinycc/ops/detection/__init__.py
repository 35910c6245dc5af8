# SPDX-License-Identifier: Apache-2.0
"""From the output of a detector to boxes."""
