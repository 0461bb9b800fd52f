#!/usr/bin/env bash
# Runs every program of a folder (run_all.sh benchmarks); fails at the end when one of them missed its floor.
set -uo pipefail
cd "$(dirname "$0")/.."

missed=()
for file in $(grep -l '__name__ == "__main__"' "$1"/*.py); do
    name=$(basename "$file" .py)
    echo "── $1: $name"
    .venv/bin/python -m "$1.$name" || missed+=("$name")
done
if [ "${#missed[@]}" -gt 0 ]; then
    echo "Below the floor or failed: ${missed[*]}" >&2
    exit 1
fi
