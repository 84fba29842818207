#!/usr/bin/env bash
# How long a newcomer waits: a fresh clone of this checkout, set up and started, until the first page is served.
# Usage: benchmarks/fresh_setup.sh [FOLDER]      Without uv on the PATH it measures pip. Needs git and curl.
set -euo pipefail
here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)"
folder="$(mktemp -d "${1:-${TMPDIR:-/tmp}}/halo-fresh-XXXXXX")"
server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; sleep 1; rm -rf "$folder"' EXIT

git clone --quiet "$here" "$folder/halo"
export PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1          # a newcomer has nothing yet
export XDG_CACHE_HOME="$folder/cache" HALO_DATA_DIR="$folder/data"
port="$("${HALO_PYTHON:-python3}" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"

began="$(date +%s.%N)"
since() { awk -v a="$began" -v b="$(date +%s.%N)" 'BEGIN {printf "%.1f", b - a}'; }
"$folder/halo/run.sh" setup
printf 'set-up: %s s\n' "$(since)"
"$folder/halo/run.sh" --port "$port" --no-browser >"$folder/said" 2>&1 &
server=$!
until link="$(grep -o 'http://[^ ]*' "$folder/said" 2>/dev/null)" && curl -sfL -c "$folder/cookies" -o "$folder/page" "$link"; do
    kill -0 "$server" 2>/dev/null || { cat "$folder/said"; exit 1; }
    sleep 0.1
done
printf 'first page: %s s\n' "$(since)"
began="$(date +%s.%N)"
"$folder/halo/run.sh" setup
printf 'set-up again: %s s\n' "$(since)"
printf 'environment: %s MB\n' "$(du -sm "$folder/halo/.venv" | cut -f 1)"
