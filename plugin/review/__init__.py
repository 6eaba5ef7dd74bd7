# SPDX-License-Identifier: GPL-2.0-or-later
"""Squares of a map that somebody looks at and corrects: the file, its edits, the map tools. No windows."""
