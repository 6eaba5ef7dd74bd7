#!/bin/sh
# Run a script in a real QGIS window that nobody sees (Xvfb), with a fresh profile that has the plugin and a sample scene:
#   qgis-window.sh PYTHON SCRIPT FOLDER [SCALE [light|dark [LANGUAGE]]]
# PYTHON runs the core (an environment with aerialseg installed). The script finds FOLDER as AERIALSEG_SHOTS, writes
# there, and makes FOLDER/.done when all went well. AERIALSEG_SECONDS limits it (300).
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
python=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
script=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
mkdir -p "$3"
folder=$(cd "$3" && pwd)
scale=${4:-1}
look=${5:-light}
language=${6:-en_US}

for tool in qgis Xvfb xvfb-run; do
    command -v "$tool" >/dev/null 2>&1 || { echo "$tool is missing: apt-get install qgis xvfb xauth"; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A fresh profile that has the plugin and nothing else.
profile=$work/profiles/default
mkdir -p "$profile/QGIS" "$profile/python/plugins" "$work/home" "$work/runtime"
chmod 700 "$work/runtime"
ln -s "$root" "$profile/python/plugins/aerialseg"
theme=default
[ "$look" = dark ] && theme='Night Mapping'
cat >"$profile/QGIS/QGIS3.ini" <<INI
[PythonPlugins]
aerialseg=true
processing=true

[UI]
UITheme=$theme

[app]
firstRunVersionFlag=99999

[locale]
overrideFlag=true
userLocale=$language
globalLocale=$language

[qgis]
checkVersion=false
showTips=false
askToSaveProjectChanges=false
newsFeed=false
INI

# Stands in for the environment that the plugin would set up, which takes minutes; the script marks it as finished.
mkdir -p "$profile/aerialseg/env/bin"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$python" >"$profile/aerialseg/env/bin/python"
chmod +x "$profile/aerialseg/env/bin/python"
echo "home = $(dirname "$python")" >"$profile/aerialseg/env/pyvenv.cfg"

(cd "$work" && "$python" -m aerialseg_core sample orthophoto.tif --scene dutch &&
    "$python" -m aerialseg_core sample dubai.tif)
width=$((1400 * scale)) height=$((860 * scale))
env -u PYTHONPATH -u PYTHONHOME -u VIRTUAL_ENV -u QT_QPA_PLATFORM -u AERIALSEG_PYTHON \
    HOME="$work/home" XDG_RUNTIME_DIR="$work/runtime" QT_SCALE_FACTOR="$scale" \
    AERIALSEG_PROFILES="$work" AERIALSEG_SCENE="$work/orthophoto.tif" AERIALSEG_SHOTS="$folder" \
    timeout "${AERIALSEG_SECONDS:-300}" xvfb-run -a -s "-screen 0 ${width}x${height}x24" \
    qgis --nologo --noversioncheck --profiles-path "$work" --profile default \
    --code "$script" >"$work/log" 2>&1 || true
if [ ! -e "$folder/.done" ]; then
    tail -n 40 "$work/log"
    echo "The script did not come to its end."
    exit 1
fi
rm "$folder/.done"
