# SPDX-License-Identifier: Apache-2.0
"""How operators are computed: kernel variants and the calls that they bind."""
