# SPDX-License-Identifier: GPL-2.0-or-later
"""The environment that the core runs in: found, made, watched and described; QGIS's own Python gets nothing."""
