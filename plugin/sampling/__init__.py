# SPDX-License-Identifier: GPL-2.0-or-later
"""Points that “Sample points” has drawn: read, labelled one by one, and the areas that they tell. No widgets here."""
