#!/bin/sh
# Take the pictures of the tutorial in a real QGIS window that nobody sees (Xvfb), or variants to look at:
#   qgis-screenshots.sh PYTHON [FOLDER [SCALE [light|dark [LANGUAGE]]]]
# With AERIALSEG_ONLY=states, all states of the dock, to be looked at: in German, dark and twice as large, say.
# PYTHON runs the core (an environment with aerialseg installed); FOLDER is docs/qgis/images if none is given.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${2:-$root/docs/qgis/images}
sh "$root/scripts/qgis-window.sh" "$1" "$root/scripts/qgis_screenshots.py" "$folder" "${3:-1}" "${4:-light}" "${5:-en_US}"
if command -v pngquant >/dev/null 2>&1; then
    pngquant --force --ext .png --quality 80-98 "$folder"/*.png || true
    find "$folder" -name '*.png' -size +240k -exec pngquant --force --ext .png --nofs --quality 20-80 {} + || true
fi
ls -l "$folder"
