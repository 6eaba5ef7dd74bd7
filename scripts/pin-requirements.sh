#!/bin/sh
# Pin what the plugin installs into its environment: plugin/environment/requirements/*.txt, from pyproject.toml.
# One file for all systems and for every Python from 3.10 on. Needs uv, as UV=/path/to/uv or on the PATH.
set -eu
cd "$(dirname "$0")/.."
uv=${UV:-uv}
target=$PWD/plugin/environment/requirements

if ! command -v "$uv" >/dev/null 2>&1; then
    echo "uv is not installed: python3 -m pip install uv, or name it: UV=/path/to/uv sh $0" >&2
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Where there must be wheels: newer versions of some packages leave older systems behind. TensorFlow has none for
# Macs with Intel's processors.
everywhere="\"sys_platform == 'linux' and platform_machine == 'x86_64'\",
    \"sys_platform == 'linux' and platform_machine == 'aarch64'\",
    \"sys_platform == 'win32' and platform_machine == 'AMD64'\",
    \"sys_platform == 'darwin' and platform_machine == 'arm64'\""
old_macs="\"sys_platform == 'darwin' and platform_machine == 'x86_64'\""
# The wheels of newer ones ask for macOS 15, and those of all others for 14 or less.
printf '%s\n' 'rasterio<1.5' 'pyproj<3.8' >"$work/constraints.txt"

pin() { # pin NAME EXTRA SYSTEMS
    { cat pyproject.toml && printf '\n[tool.uv]\nrequired-environments = [%s]\n' "$3"; } >"$work/pyproject.toml"
    # No header and no index: nobody's machine is in the file.
    (cd "$work" && "$uv" pip compile pyproject.toml --extra "$2" --constraint constraints.txt \
        --output-file pins.txt --universal --only-binary :all: --python-version 3.10 \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate --generate-hashes --quiet)
    mv "$work/pins.txt" "$target/$1.txt"
}

pin run audit "$everywhere, $old_macs"
pin train train "$everywhere"
"$uv" --version | sed 's/uv \([0-9.]*\).*/uv==\1/' >"$work/uv.in" # which fetches a Python where QGIS's is too new
"$uv" pip compile "$work/uv.in" --output-file "$target/uv.txt" --no-deps --no-header --no-annotate \
    --no-emit-index-url --no-emit-find-links --generate-hashes --quiet
wc -l "$target"/*.txt
