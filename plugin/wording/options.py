# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of values that were chosen, by the keys of the core."""

from __future__ import annotations

from ..i18n import tr_noop

SENTENCES = {
    "option-not-numbers": tr_noop("“{text}” in {option} is no list of numbers. Separate them by commas."),
    "option-number-count": tr_noop("{option} takes {count} numbers, not {given}. Separate them by commas."),
    "option-not-metres": tr_noop(
        "“{text}” in {option} is no number of metres, and none of the words that are known there ({known})."
    ),
    "option-no-choice": tr_noop("“{value}” in {option} is none of {known}."),
    "option-range": tr_noop("{value:g} in {option} is not between {low:.10g} and {high:.10g}."),
    "option-finite": tr_noop("{option} takes numbers only."),
    "option-from-zero": tr_noop("{value:g} in {option} must be 0 or more."),
    "option-positive": tr_noop("{value:g} in {option} must be more than 0."),
    "memory-least": tr_noop("--memory must be at least {least}."),
    "size-not-readable": tr_noop("“{text}” is no amount of memory. Write it as 1GiB or 800MB."),
    "size-too-large": tr_noop("“{text}” is more memory than a computer can have."),
    "bands-from-one": tr_noop("--bands are counted from 1, as in 1,2,3."),
    "range-empty": tr_noop("{low:g} to {high:g} in --range is empty: the low value comes first."),
    "range-out-of-measure": tr_noop("{low:g} to {high:g} in --range is out of measure."),
    "majority-odd": tr_noop("The window of {value} px must be odd, and at most {most} px."),
    "points-least": tr_noop("{value} in --points must be at least 2."),
    "standard-error-range": tr_noop("{value:g} in --standard-error is not between 0 and 0.5."),
    "accuracy-range": tr_noop("The expected accuracy {value:g} of {name} is not between 0 and 1."),
    "accuracy-no-share": tr_noop(
        "“{part}” in --expected-accuracy is no share of a class. Write it as Building=0.7,Road=0.6."
    ),
    "minimum-least": tr_noop("{value} in --minimum must be at least 2: one point has no standard error."),
    "seed-range": tr_noop("{value} in --seed must be a whole number from 0 up."),
    "distance-systematic": tr_noop("--min-distance has no meaning for a systematic sample: its grid has one distance."),
    "side-positive": tr_noop("{value:g} in --side must be a number of metres above 0."),
    "check-share-range": tr_noop("{value:g} in --check-share is not between 0 and 1."),
    "squares-count": tr_noop("{value} is no number of squares to look at."),
    "minutes-wrong": tr_noop("{minutes:g} in --minutes is no time to train for."),
    "nodata-no-number": tr_noop("“{text}” in --nodata is no number. Write the value that is no data, or none."),
    "order-unknown": tr_noop("“{order}” in --order is none of {known}."),
    "usage": tr_noop("The run was started with something that this version does not know: {message}"),
    "usage-wrong": tr_noop("{option} cannot be used like that: {message}"),
    "usage-missing": tr_noop("{option} is missing."),
    "usage-choice": tr_noop("{option} takes one of {known}, not “{value}”."),
    "usage-number": tr_noop("{option} takes a number, not “{value}”."),
}
