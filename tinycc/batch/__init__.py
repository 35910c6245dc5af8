# SPDX-License-Identifier: Apache-2.0
"""Many models in one run: measured by workers, kept as they come, so that a run that was interrupted goes on where it was."""
