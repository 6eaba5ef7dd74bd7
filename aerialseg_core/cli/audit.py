"""`aerialseg audit`."""

from __future__ import annotations

from pathlib import Path

import click

from .options import FILE, open_reporter, overwrite_option, print_result, progress_option


@click.command(short_help="Look at labelled images before anything trains.")
@click.argument("data", type=FILE)
@click.option("-o", "--output", type=FILE, metavar="REPORT", help="Folder for the report: a page and a JSON file.")
@overwrite_option
@progress_option
def audit(data: Path, output: Path | None, overwrite: bool, progress: str) -> None:
    """Look for what is wrong with DATA: a folder of images/ and masks/ at any depth, or a TOML that pairs them.

    It finds missing and mismatched files, colours that are no class and where they are, duplicates, images that are
    parts of one picture or show the same ground, and says what a split must keep together so that nothing leaks. Where
    names, colours or numbers of labels leave a choice, it says what was taken for granted, or asks.

    \b
    Examples:
      aerialseg audit data/dubai
      aerialseg audit data/dubai -o report/
      aerialseg audit fields.toml -o report/ --overwrite
    """
    from ..auditing.audit import audit as run_audit
    from ..auditing.report import summarize

    with open_reporter(progress) as reporter:
        found = run_audit(data, output, overwrite=overwrite, reporter=reporter)
        reporter.result(report=found.report, **found.document)
    print_result(progress, summarize(found.evidence, found.findings))
    if found.report is not None:
        print_result(progress, f"\nwrote {found.report / 'audit.html'} and {found.report / 'audit.json'}")
