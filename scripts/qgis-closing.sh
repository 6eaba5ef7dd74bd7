#!/bin/sh
# Close a real QGIS window that nobody sees in the middle of a plan, a preview, a run, a training, the set-up and a
# download, and look whether a process is left: qgis-closing.sh PYTHON FOLDER [MOMENT]…
# PYTHON runs the core and training (an environment with aerialseg[train] installed); logs go into FOLDER.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
python=$1
folder=$2
shift 2
left=0
for moment in ${*:-plan preview run training set-up download}; do
    out=$folder/$moment
    AERIALSEG_MOMENT=$moment sh "$root/scripts/qgis-window.sh" "$python" "$root/scripts/qgis_closing.py" "$out" \
        >"$folder.log" 2>&1 || { tail -n 20 "$folder.log"; exit 1; }
    "$python" "$root/scripts/qgis_closing.py" "$(cd "$out" && pwd)" || left=1
done
exit $left
