# SPDX-License-Identifier: Apache-2.0
"""Other element types and quantizations: CAST, QUANTIZE, DEQUANTIZE."""
