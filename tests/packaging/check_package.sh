#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
# check_package.sh BUILD TORCH: makes the Debian package of a finished build folder, takes it apart, and starts both
# programs from where they were unpacked, with nothing of the build folder in their sight. Exit code 77: skipped.
set -euo pipefail
build=$(cd "$1" && pwd)
torch=$2
for tool in dpkg-deb dpkg-shlibdeps readelf; do
  command -v "$tool" >/dev/null || { echo "SKIP: there is no $tool here, so no Debian package can be made"; exit 77; }
done
failed=0
fail() { echo "FAIL: $*"; failed=1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Strong compression costs seconds and proves nothing.
(cd "$work" && cpack --config "$build/CPackConfig.cmake" -G DEB -B "$work/made" -D CPACK_OUTPUT_FILE_PREFIX="$work" \
  -D CPACK_DEBIAN_COMPRESSION_TYPE=gzip >"$work/cpack.log" 2>&1) || { cat "$work/cpack.log"; exit 1; }
package=$(echo "$work"/bitloom_*.deb)
dpkg-deb -c "$package" >"$work/contents"
for path in usr/bin/bitloom usr/bin/bitloom-workbench usr/lib/bitloom/bin/bitloom usr/lib/bitloom/bin/bitloom-workbench \
  usr/lib/bitloom/lib/libbitloom_ops.so usr/lib/bitloom/environment.sh usr/lib/bitloom/torch-version \
  usr/share/applications/bitloom.desktop usr/share/metainfo/bitloom.metainfo.xml \
  usr/share/icons/hicolor/scalable/apps/bitloom.svg usr/share/doc/bitloom/copyright; do
  grep -qE " \./$path( ->|\$)" "$work/contents" || fail "the package lacks /$path"
done
grep -vE '(root/root) ' "$work/contents" && fail "the files above do not belong to root"
depends=$(dpkg-deb -f "$package" Depends)
for name in libqt6widgets6 libqcustomplot2.1-qt6 libhdf5 libc6; do
  [[ $depends == *$name* ]] || fail "the package does not depend on $name: $depends"
done

dpkg-deb -x "$package" "$work/root"
for file in "$work"/root/usr/lib/bitloom/bin/* "$work"/root/usr/lib/bitloom/lib/*; do
  paths=$(readelf -d "$file" | sed -n 's/.*\(RUNPATH\|RPATH\).*\[\(.*\)\]/\2/p')
  case $paths in ''|'$ORIGIN/../lib') ;; *) fail "$(basename "$file") looks for libraries in $paths" ;; esac
done

export QT_QPA_PLATFORM=offscreen HOME="$work/home" XDG_RUNTIME_DIR="$work"
mkdir -p "$HOME"
# Nor anything that the caller says about LibTorch: `./dev test` names it for all tests.
unset LD_LIBRARY_PATH BITLOOM_TORCH_DIR BITLOOM_CACHE XDG_CACHE_HOME DISPLAY WAYLAND_DISPLAY
version=$(dpkg-deb -f "$package" Version)
for program in bitloom bitloom-workbench; do
  said=$(cd / && BITLOOM_TORCH_DIR=$torch "$work/root/usr/bin/$program" --version) || fail "$program --version ended with code $?"
  [[ $said == *"Bitloom $version, LibTorch $(cat "$work/root/usr/lib/bitloom/torch-version")"* ]] || fail "$program --version said: $said"
  loaded=$(cd / && here=$work/root/usr/lib/bitloom && BITLOOM_TORCH_DIR=$torch && . "$here/environment.sh" && ldd "$here/bin/$program")
  [[ $loaded != *"$build"* ]] || fail "$program loads from the build folder: $(grep "$build" <<<"$loaded")"
  [[ $loaded != *libtorch_cuda* ]] || fail "$program loads CUDA at every start: $(grep libtorch_cuda <<<"$loaded")"
  [[ $loaded == *"$work/root/usr/lib/bitloom/"*libbitloom_ops.so* ]] || fail "$program does not load the package's libbitloom_ops.so"
done
# It computes, too.
(cd "$work" && BITLOOM_TORCH_DIR=$torch root/usr/bin/bitloom inspect arch:lenet5 --json >inspect.json) || fail "bitloom inspect ended with code $?"
# Without LibTorch, the user is told what to do.
if said=$(cd / && BITLOOM_PYTHON=/nonexistent "$work/root/usr/bin/bitloom" --version 2>&1); then
  fail "bitloom started without LibTorch: $said"
elif [[ $said != *"pip' install torch=="* ]]; then
  fail "without LibTorch, bitloom said: $said"
fi

if command -v desktop-file-validate >/dev/null; then
  desktop-file-validate "$work/root/usr/share/applications/bitloom.desktop" || fail "the desktop file is not valid"
else
  echo "not checked: the desktop file (no desktop-file-validate)"
fi
if command -v appstreamcli >/dev/null; then
  # The project has no domain of its own to be named after.
  appstreamcli validate --no-net --override=cid-desktopapp-is-not-rdns=info \
    "$work/root/usr/share/metainfo/bitloom.metainfo.xml" || fail "the metainfo file is not valid"
else
  echo "not checked: the metainfo file (no appstreamcli)"
fi
exit $failed
