# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of files that are read and written, by the keys of the core."""

from __future__ import annotations

from ..i18n import tr_noop

SENTENCES = {
    "raster-name": tr_noop("{path} would be a GeoTIFF under the name of another format. Let the name end in .tif."),
    "output-is-folder": tr_noop("{path} is a folder. Choose the name of a file."),
    "output-is-file": tr_noop("{path} is a file. Choose the name of a folder."),
    "output-is-input": tr_noop("{path} is also what is read. Choose another name for the result."),
    "output-folder-missing": tr_noop("The folder {folder} does not exist. Create it, or choose another one."),
    "output-folder-gone": tr_noop(
        "The folder {folder} does not exist, or not any more. Create it, or choose another one."
    ),
    "output-folder-vanished": tr_noop(
        "The folder for the results, {folder}, does not exist any more. Bring it back and run it again."
    ),
    "output-folder-not-made": tr_noop("The folder {folder} cannot be made: {error}. Choose another one."),
    "output-folder-read-only": tr_noop(
        "The folder {folder} is read-only. Choose another one, or ask for the right to write there."
    ),
    "output-parent-read-only": tr_noop("The folder {folder} is read-only. Choose another one."),
    "output-folder-taken": tr_noop(
        "The folder {folder} holds more than an earlier result ({other}), so it is not replaced. Choose another name, "
        "or empty it."
    ),
    "output-exists": tr_noop("{path} exists already. Choose another name."),
    "output-name-long": tr_noop("The name {path} is too long. Choose a shorter one."),
    "output-name-bytes": tr_noop("The name {path} has {length} bytes, more than {most}. Choose a shorter one."),
    "output-being-written": tr_noop(
        "Another run is writing {output}{who}. Wait until it has ended, stop it, or choose another name."
    ),
    "output-seems-written": tr_noop(
        "Another run seems to be writing {output}{who}. If it has ended, delete {file} and run it again."
    ),
    "output-not-writable": tr_noop("{path} cannot be written: {reason}. Check its folder."),
    "output-not-written": tr_noop("{path} cannot be written: {reason}. Check its folder, its disk and your quota."),
    "output-written-wrong": tr_noop("{path} was not written as it should be. Check the disk, and run it again."),
    "sheet-written-wrong": tr_noop("A map of {scene} was not written as it should be. Check the disk."),
    "output-in-scenes": tr_noop(
        "The folder for the results, {folder}, is also the folder of the images. Choose another one."
    ),
    "outputs-same-name": tr_noop("Two results have the same name. Give each a name of its own."),
    "disk-full": tr_noop("The disk is full: {path} could not be written. Free some space and run it again."),
    "disk-silent": tr_noop("The disk of {path} does not answer: {error}. Connect it again and run it again."),
    "file-too-large": tr_noop(
        "{path} could not be written: it is larger than a file may be there. Choose another disk."
    ),
    "block-damaged": tr_noop("A part of {path} was damaged on the disk. Run it again: that part is computed anew."),
    "blocks-of-another": tr_noop(
        "What lies beside {path} is of another run ({folder}). Delete that folder, or choose another name."
    ),
    "blocks-unknown": tr_noop(
        "Nobody knows any more what has computed the parts of {path}, as {file} is damaged. Delete the folder {folder} "
        "and run it again."
    ),
    "confidence-lost": tr_noop("The confidence of {path} was lost while it was made. Run it again."),
    "geopackage-open": tr_noop(
        "{path} is open in another program, which is writing to it. Save and close it there, in QGIS by removing its "
        "layers, or choose another name."
    ),
    "geopackage-changed": tr_noop("{path} was changed by another program meanwhile. Close it there and run it again."),
    "geopackage-unreadable": tr_noop("{path} cannot be read: {error}. Choose another name for the result."),
    "geopackage-layers-lost": tr_noop(
        "{path} holds other layers that cannot be kept: {error}. Choose another name for the result."
    ),
    "geopackage-layer-taken": tr_noop(
        "{path} holds a layer “{layer}” that is not of aerialseg and would be replaced. Rename that layer, or choose "
        "another name for the result."
    ),
    "catalogue-not-made": tr_noop("{path} cannot be made: {error}. Choose another folder."),
    "catalogue-unusable": tr_noop(
        "{path} cannot be used as the list of the images: {error}. Move it away, or choose another folder for the "
        "results."
    ),
    "catalogue-unreadable": tr_noop("{path} cannot be read: {error}. Close it in other programs."),
    "catalogue-incomplete": tr_noop(
        "{path} could not be written and lacks {count} of the images: close it in other programs, and run it again."
    ),
    "index-page-taken": tr_noop("{path} is no page of aerialseg, so it is not replaced. Move it away."),
    "vector-source-unknown": tr_noop(
        "{source} asks for “{part}”, which is not understood. Save the selection to a file of its own."
    ),
    "vector-leads-elsewhere": tr_noop(
        "{path} holds no features but says where others are. Choose the file with the features itself."
    ),
    "vector-path": tr_noop("The path “{path}” cannot be opened. Rename the folder or the file."),
    "vector-path-no-link": tr_noop(
        "The path {path} cannot be opened, and {place} allows no link to it: {error}. Rename the folder or the file: "
        "without ! and other signs that addresses have."
    ),
    "text-too-large": tr_noop("{path} is larger than {most} MB, so it is no text."),
    "text-unreadable": tr_noop("{path} cannot be read: {error}. Check that it is there and may be read."),
    "text-no-utf8": tr_noop("{path} is no UTF-8 text: see line {line}. Save it as UTF-8."),
    "toml-too-deep": tr_noop("{name} is nested too deeply."),
    "toml-invalid": tr_noop("{name} is not valid TOML: {error}. Text stands in quotes; paths are written with /."),
    "json-too-deep": tr_noop("{path} is nested too deeply."),
    "json-half-character": tr_noop("{path} holds half a character, {half}. Correct it or take it out."),
    "json-invalid": tr_noop("{path} is no JSON: {error}. Correct it or take it out."),
    "stdout-full": tr_noop("What was to be told could not be written: {reason}."),
}
