# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of the plan of a run, by the keys of the core."""

from __future__ import annotations

from ..i18n import tr_noop

SENTENCES = {
    "plan-scene": tr_noop("{scene}: {cols} × {rows} px, {dtype}, {crs}, {gsd}"),
    "crs-none": tr_noop("no coordinate system"),
    "gsd-unknown": tr_noop("resolution unknown"),
    "plan-bands": tr_noop("{bands}, {reason}; values {range}"),
    "bands-as-chosen": tr_noop("as chosen"),
    "bands-as-stored": tr_noop("in the order of the file"),
    "bands-by-name": tr_noop("by their names"),
    "bands-by-wavelength": tr_noop("by their wavelengths"),
    "bands-by-colour": tr_noop("by their colours"),
    "range-stretched": tr_noop("{low:g} to {high:g}, {how}"),
    "range-as-given": tr_noop("as chosen"),
    "range-as-trained": tr_noop("as the model knows them"),
    "range-of-bytes": tr_noop("of 8 bits"),
    "range-bytes": tr_noop("of 8 bits, by what the image holds"),
    "range-fractions": tr_noop("as parts of one, by what the image holds"),
    "range-of-folder": tr_noop("one for the folder, estimated from {count} of its images"),
    "range-estimated": tr_noop("stretched from 2 to 98 % of this image; “Range of values” says otherwise"),
    "range-of-maps": tr_noop("as in the maps that are there already"),
    "range-of-rasters": tr_noop("from {sampled} of {scenes} images; per-raster in --range stretches each by itself"),
    "plan-range": tr_noop("{low:g} to {high:g} for all images of type {dtype}, {how}"),
    "plan-read-as-is": tr_noop("its own resolution"),
    "plan-read-resampled": tr_noop("{gsd}, brought to {cols} × {rows} px: the model was made for {made}"),
    "plan-model": tr_noop("{model}: {classes}"),
    "plan-ground": tr_noop("{ground}"),
    "ground-like": tr_noop("like the model's training images ({unlike} of {windows} samples are not)"),
    "ground-partly": tr_noop(
        "partly unlike the model's training images ({unlike} of {windows} samples); --unlike tells where, and there "
        "the map may be wrong"
    ),
    "ground-unlike": tr_noop(
        "unlike the model's training images ({unlike} of {windows} samples); the model does not know such ground, and "
        "the map may be wrong"
    ),
    "ground-doubtful": tr_noop("The ground is {ground}."),
    "plan-windows": tr_noop(
        "squares of {side} px: {count}, which overlap by {overlap} px; each is looked at {times} ×"
    ),
    "plan-engine": tr_noop("the processor, {threads} threads"),
    "plan-engine-gpu": tr_noop("{engine}"),
    "plan-output": tr_noop("{cols} × {rows} px, {gsd}"),
    "plan-needs": tr_noop("about {time}, {memory} MiB of memory, at most {disk} MiB of disk for a raster"),
    "plan-note": tr_noop("{note}"),
    "bands-doubtful": tr_noop("{doubts}; --bands says otherwise"),
    "bands-equal": tr_noop("bands {bands} are all {wanted}: the first of them was taken"),
    "bands-nameless": tr_noop(
        "the model does not name its bands: {bands} of {total} were taken in the order of the file"
    ),
    "bands-contrary": tr_noop(
        "the bands show {shown}, the model wants {wanted}: {bands} were taken in the order of the file"
    ),
    "bands-only-one": tr_noop("nothing says whether the only band is {wanted}: it was taken"),
    "bands-untold": tr_noop(
        "nothing says which of the {total} bands are {names}: {bands} were taken in the order of the file"
    ),
    "bands-numbered": tr_noop("{names} were read as numbers of {sensor}"),
    "bands-contradict": tr_noop(
        "names, wavelengths and colours of band {band} contradict each other ({said}, {told}): the first was believed"
    ),
    "collar-mapped": tr_noop(
        "about {share:.0%} of the image, along its edge, is {value:g} in all bands and is mapped: if that is a border "
        "without data, write {value:g} into --nodata"
    ),
    "no-crs-gsd-given": tr_noop("no coordinate system: its pixels are as large as --gsd says; areas are in pixels"),
    "no-crs-in-metres": tr_noop(
        "no coordinate system: its pixel size, {size:g}, is taken as metres; areas are in pixels"
    ),
    "no-crs-no-gsd": tr_noop(
        "no coordinate system, so the resolution is unknown: say in --gsd how many metres a pixel has; areas are in "
        "pixels"
    ),
    "no-crs-pixel-size": tr_noop(
        "no coordinate system, so the resolution is unknown: a number of metres in --gsd takes the pixel size, "
        "{size:g}, as metres; areas are in pixels"
    ),
    "scene-state-silent": tr_noop(
        "nobody says whether {scene}{more} has changed: an earlier run is continued as if it had not"
    ),
    "gpu-unused": tr_noop(
        "The NVIDIA graphics card of this computer is not used: the packages for it are not installed."
    ),
    "run-continued": tr_noop("An earlier run is continued: {done} of {blocks} blocks are done already."),
    "run-begins-anew": tr_noop(
        "The run begins anew: it was lost what the finished parts of an earlier run were of, as in a power cut."
    ),
    "hours": tr_noop("{hours:.1f} h"),
    "resolution": tr_noop("{gsd:.3g} m"),
    "resolution-oblong": tr_noop("{across:.3g} × {down:.3g} m"),
    "resolutions": tr_noop("{finest:.3g} to {coarsest:.3g} m"),
}
