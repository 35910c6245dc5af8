# SPDX-License-Identifier: Apache-2.0
"""Other people's analysers over the C that is emitted: those that read it, and those that watch it run.

What they find is a `Finding`. Those that are meant to be so are listed with reason and count in deviations.json; a run that
finds others, or more, fails.
"""
