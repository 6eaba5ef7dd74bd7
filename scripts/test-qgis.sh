#!/bin/sh
# Run tests/qgis under the Python that QGIS belongs to: test-qgis.sh AERIALSEG [OPTION OF PYTEST]…
# AERIALSEG is the command line whose outputs are opened.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
command=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
cd "$root"

if ! sh scripts/install-qgis.sh; then
    exit 0 # it said why, and how to get QGIS
fi
echo "QGIS tests, in a process of their own under /usr/bin/python3:"
# QGIS must not meet the packages of a virtual environment.
env -u PYTHONPATH -u PYTHONHOME -u VIRTUAL_ENV QT_QPA_PLATFORM=offscreen QGIS_OPTS= AERIALSEG_COMMAND="$command" \
    AERIALSEG_PYTHON="$(dirname "$command")/python" \
    /usr/bin/python3 -m pytest tests/qgis -p no:cacheprovider "$@"
