# SPDX-License-Identifier: Apache-2.0
"""The TFLite front end: file -> Graph."""
