# SPDX-License-Identifier: Apache-2.0
"""`python -m tinycc`."""

from tinycc.cli import main

main()
