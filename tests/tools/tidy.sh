#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# clang-tidy over every source file that the build compiles, or with --changed over those that differ
# from main. It has a build folder of its own, without precompiled headers, so that a file that leans
# on another's includes is found here and not on another compiler.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

changed=0
case ${1:-} in
'') ;;
--changed) changed=1 ;;
*)
    echo "tidy: unknown option '$1'; there is --changed" >&2
    exit 2
    ;;
esac

folder=build/lint
cmake -S . -B "$folder" -G Ninja --log-level=WARNING -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DKHOP_WERROR=OFF \
    -DCMAKE_AUTOGEN_ORIGIN_DEPENDS=OFF \
    >/dev/null
# Only what sources include: moc output, without building the libraries that the tests link.
mapfile -t generated < <(ninja -C "$folder" -t targets all | sed -n 's/^\([^/]*_autogen\): phony$/\1/p')
((${#generated[@]} == 0)) || ninja -C "$folder" --quiet "${generated[@]}" >/dev/null

mapfile -t files < <(python3 - "$folder/compile_commands.json" <<'PY'
import json, os, sys
root = os.getcwd()
for entry in json.load(open(sys.argv[1])):
    path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), root)
    if not path.startswith(("..", "build")):
        print(path)
PY
)
mapfile -t files < <(printf '%s\n' "${files[@]}" | sort -u)
if ((changed)); then
    base=$(git merge-base HEAD main 2>/dev/null || git merge-base HEAD origin/main)
    mapfile -t files < <(comm -12 <(printf '%s\n' "${files[@]}") <(
        { git diff --name-only "$base"; git ls-files --others --exclude-standard; } | sort -u))
fi
((${#files[@]})) || exit 0

# GCC warns of shadowing in its own way; clang also blames the library for its own deprecated parts.
echo "tidy: ${#files[@]} files" >&2
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" \
    clang-tidy-19 -p "$folder" --quiet --extra-arg=-Wno-unknown-warning-option \
    --extra-arg=-Wno-shadow --extra-arg=-Wno-deprecated-declarations 2> >(
        grep -vE '^[0-9]+ warnings?( and [0-9]+ errors?)? generated\.$|^Suppressed|^Use -header-filter' >&2 || true)
