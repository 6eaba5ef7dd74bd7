# SPDX-License-Identifier: GPL-2.0-or-later
"""The skin of aerialseg in QGIS: it imports QGIS and the standard library, never the core."""
