# SPDX-License-Identifier: Apache-2.0
"""The documentation site: `pip install -e '.[docs]' && sphinx-build docs build/site`."""

from tinycc import __version__

project = "tinycc"
copyright = "the tinycc authors, Apache-2.0"
release = version = __version__
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["schema"]
myst_heading_anchors = 3
myst_links_external_new_tab = False
suppress_warnings = ["myst.xref_missing"]
html_theme = "furo"
html_title = "tinycc"
