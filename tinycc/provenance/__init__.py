# SPDX-License-Identifier: Apache-2.0
"""Where C comes from: a folder held against what was written there, and bills of materials."""
