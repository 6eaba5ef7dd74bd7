# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of the process of the core, by the keys of the core."""

from __future__ import annotations

from ..i18n import tr_noop

SENTENCES = {
    "worker-not-started": tr_noop("{program} cannot be started: {reason}."),
    "worker-protocol": tr_noop("Core and plugin are of different versions. Install the plugin again."),
    "worker-ended": tr_noop("The run was ended from outside. Start it again."),
    "worker-killed": tr_noop(
        "The run was killed; most often the system does that when memory runs out. Close other programs, or allow less "
        "in --memory."
    ),
    "worker-crashed": tr_noop(
        "The run crashed ({name}). Start it again; if it crashes again, report what Diagnose says."
    ),
    "worker-silent": tr_noop("The run ended ({code}) and did not say why. See the log, or run Diagnose."),
}
