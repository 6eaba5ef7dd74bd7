"""The audit as text for a terminal."""

from __future__ import annotations

from ..datasets.labels import total
from .agreement import agreed_iou, agreed_share
from .audit import Audit
from .document import ground_agreement, origin
from .wording import counted, name_of, thousands

MARKS = {"error": "✗", "warning": "!", "note": "·", "good": "✓"}
"""How a line begins that says a finding of each level."""

_DETAILS = 12


def summary(audit: Audit) -> str:
    """What an audit found, in lines."""
    evidence = audit.evidence
    pixels = sum(pair.size[0] * pair.size[1] for pair in evidence.data.pairs)
    lines = [f"{evidence.data.root}: {counted(len(evidence.data.pairs), 'pair')}, {pixels / 1e6:,.1f} Mpx", ""]
    for finding in audit.findings:
        lines.append(f"{MARKS[finding.level]} {finding.text}")
        lines += [f"    {detail}" for detail in finding.details[:_DETAILS]]
        if len(finding.details) > _DETAILS:
            lines.append(f"    … and {len(finding.details) - _DETAILS} more")
        lines += [f"    → {finding.hint}"] if finding.hint and finding.level != "good" else []
    return "\n".join([*lines, *_class_lines(audit), *_agreement_lines(audit), *_group_lines(audit)])


def _class_lines(audit: Audit) -> list[str]:
    counts = total(audit.evidence.censuses)
    pixels = max(int(counts.sum()), 1)
    lines = ["", "Classes, share of the labelled pixels:"]
    for one, count in zip(audit.evidence.data.scheme, counts, strict=True):
        lines.append(f"{one.name:>16} {one.colour} {100 * count / pixels:6.2f} % {'█' * round(40 * count / pixels)}")
    return lines


def _agreement_lines(audit: Audit) -> list[str]:
    """Where the same ground lies, and how far its annotations agree."""
    evidence = audit.evidence
    lines = []
    for ground in evidence.relations.grounds:
        inner, outer, col, row = origin(evidence, ground)
        names = (
            name_of(evidence.data.pairs, evidence.relations.mosaics[n].members) for n in (ground.first, ground.second)
        )
        lines.append(
            f"    {' ∩ '.join(names)}: {thousands(ground.pixels)} px; {inner} begins at col {col}, row {row} of {outer}"
        )
        matrix = ground_agreement(evidence, ground)
        share = agreed_share(matrix)
        if share is not None:
            iou = agreed_iou(matrix, evidence.data.scheme.names)
            known = ", ".join(f"{name} {value:.2f}" for name, value in iou.items() if value is not None)
            lines.append(f"        labels agree on {100 * share:.1f} % of the pixels; IoU {known}")
    return ["", "The same ground, twice labelled; no model can be expected to agree better:", *lines] if lines else []


def _group_lines(audit: Audit) -> list[str]:
    lines = ["", "Groups that a split must keep together:"]
    for group in audit.evidence.groups[:40]:
        lines.append(f"    {group.name}: {counted(len(group.members), 'image')}")
    if len(audit.evidence.groups) > 40:
        lines.append(f"    … and {len(audit.evidence.groups) - 40} more")
    return lines
