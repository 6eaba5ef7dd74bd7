"""Inspection: what is wrong with labelled data, and what a split must keep together, before anything is trained."""

from .auditing import Audit as Audit
from .auditing import audit as audit
from .summary import summary as summary
