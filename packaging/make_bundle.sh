#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
# make_bundle.sh BUILD OUT: from a build folder with tests, makes the folder OUT and OUT.tar.xz for a machine that has
# LibTorch inside its Python, glibc and libstdc++, and nothing else of ours. At most 60 MiB to carry.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: make_bundle.sh BUILD OUT" >&2; exit 2; }
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd "$1" && pwd)
out=$2
limit_mib=60
die() { printf 'make_bundle: %s\n' "$*" >&2; exit 1; }

[ -x "$build/bin/bitloom" ] || die "$build holds no bin/bitloom; build first"
if [ -e "$out" ] && [ ! -f "$out/environment.sh" ]; then
  die "$out exists and is no bundle; it is left as it is"
fi
torch_library=$(sed -n 's/^BITLOOM_LIB_c10:FILEPATH=//p' "$build/CMakeCache.txt")
torch=$(cd "$(dirname "$torch_library")/.." && pwd)
torch_version=$(awk '/define TORCH_VERSION_(MAJOR|MINOR|PATCH) / {printf "%s%s", dot, $3; dot = "."}' "$torch/include/torch/headeronly/version.h")

rm -rf "$out"
mkdir -p "$out/bin" "$out/lib" "$out/tests" "$out/licenses"
out=$(cd "$out" && pwd)
cp "$build"/bin/bitloom "$build"/bin/tst_* "$out/bin/"
for program in "$build"/bin/fuzz_*; do # the short runs over committed files, not the fuzzers themselves
  [ ! -e "$program" ] || cp "$program" "$out/bin/"
done
cp "$build/bin/bench_cuda" "$out/bin/"
cp "$build"/lib/libbitloom_ops*.so "$out/lib/" # the second one where it was built with CUDA

# What the programs load, less what the machine has: glibc, the compiler's run time, and all that lies beside LibTorch.
# The program, one test (Qt) and the benchmark stand for all; asking each of them takes minutes.
beside_torch() {
  case $1 in "$torch"/*) return 0 ;; esac
  [ -n "$(find "$torch/lib" "$torch/../nvidia" -name "$(basename "$1")" -print -quit 2>/dev/null)" ]
}
ldd "$out/bin/bitloom" "$out/bin/tst_base" "$out/bin/bench_cuda" "$out"/lib/libbitloom_ops*.so | awk '$2 == "=>" && $3 ~ /^\// {print $3}' | sort -u |
  while read -r library; do
    case $(basename "$library") in
      ld-linux*|libc.so.*|libm.so.*|libmvec.so.*|libdl.so.*|libpthread.so.*|librt.so.*|libutil.so.*|libresolv.so.*) ;;
      libstdc++.so.*|libgcc_s.so.*|libbitloom_ops*.so) ;;
      *) beside_torch "$library" || cp -L "$library" "$out/lib/" ;;
    esac
  done

strip --strip-unneeded "$out"/bin/* "$out"/lib/*
for file in "$out"/bin/*; do patchelf --set-rpath '$ORIGIN/../lib' "$file"; done
for file in "$out"/lib/*; do patchelf --set-rpath '$ORIGIN' "$file"; done

cp -r "$source/tests/data" "$out/tests/"
(cd "$source/tests" && find core app -name '*.py' -exec cp --parents {} "$out/tests/" \; 2>/dev/null) || true
cp "$source/LICENSES/Apache-2.0.txt" "$out/licenses/"
# The licence of each library that came from a Debian package.
mapfile -t names < <(ls "$out/lib")
{ dpkg-query -S "${names[@]/#/*/}" 2>/dev/null || true; } | sed 's/:.* / /' | sort -u |
  while read -r package file; do
    printf '%s\t%s\t%s\n' "$(basename "$file")" "$package" "$(dpkg-query -W -f='${Version} ' "$package" | cut -d' ' -f1)"
    cp -L "/usr/share/doc/$package/copyright" "$out/licenses/$package.txt"
  done >"$out/licenses/libraries.tsv"
for script in launch run-tests environment.sh; do cp "$source/packaging/launch/$script" "$out/"; done
ln -s launch "$out/bitloom"
ln -s launch "$out/bench_cuda"
printf '%s\n' "$torch_version" >"$out/torch-version"

tar -C "$(dirname "$out")" --sort=name --owner=0 --group=0 --numeric-owner -c "$(basename "$out")" |
  xz -T0 --lzma2=preset=6,dict=64MiB >"$out.tar.xz" # the test programs have much in common, and lie far apart
size=$(stat -c %s "$out.tar.xz")
printf 'make_bundle: %s.tar.xz, %d KiB (unpacked %d KiB), for LibTorch %s\n' \
  "$out" $((size / 1024)) "$(du -sk "$out" | cut -f1)" "$torch_version" >&2
[ "$size" -le $((limit_mib * 1024 * 1024)) ] || die "the bundle is larger than $limit_mib MiB"
