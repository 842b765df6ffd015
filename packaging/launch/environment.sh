# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
# Sourced by the launchers, with $here the folder of bin/, lib/ and torch-version and $program what is being started:
# finds a LibTorch of the version that the program was built for and lets the program load it. In this order:
# BITLOOM_TORCH_DIR, then PyTorch in BITLOOM_PYTHON or python3, then the one that ./dev keeps per user.
wanted_torch=$(cat "$here/torch-version")
torch_cache=${BITLOOM_CACHE:-${XDG_CACHE_HOME:-${HOME:-$(echo ~)}/.cache}/bitloom}/python-torch-$wanted_torch
torch_seen=

# A window that was started from a menu has no terminal to complain to.
cannot_start() {
  echo "$program: $1" >&2
  if [ "$program" = bitloom-workbench ] && [ ! -t 2 ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    if command -v zenity >/dev/null; then zenity --error --no-markup --title=Bitloom --text="$1"
    elif command -v kdialog >/dev/null; then kdialog --title Bitloom --error "$1"
    elif command -v xmessage >/dev/null; then xmessage "$1"
    elif command -v notify-send >/dev/null; then notify-send Bitloom "$1"
    fi
  fi
  exit 1
}

# is_wanted_torch FOLDER: has a LibTorch in lib/, of the right version where it tells one.
is_wanted_torch() {
  [ -f "$1/lib/libtorch_cpu.so" ] || return 1
  found_torch=$(sed -n "s/^__version__ = ['\"]\([0-9.]*\).*/\1/p" "$1/version.py" 2>/dev/null)
  [ -z "$found_torch" ] || [ "$found_torch" = "$wanted_torch" ] || { torch_seen="$torch_seen; $1 is $found_torch"; return 1; }
}

if [ -n "${BITLOOM_TORCH_DIR:-}" ]; then
  is_wanted_torch "$BITLOOM_TORCH_DIR" ||
    cannot_start "BITLOOM_TORCH_DIR=$BITLOOM_TORCH_DIR is not a folder of LibTorch $wanted_torch (with lib/libtorch_cpu.so)$torch_seen"
else
  in_python=$("${BITLOOM_PYTHON:-python3}" -c \
    'import importlib.util as u; s = u.find_spec("torch"); print(s.submodule_search_locations[0] if s else "")' 2>/dev/null) || true
  for folder in "$in_python" "$torch_cache"/lib/python3*/site-packages/torch; do
    [ -n "$folder" ] && is_wanted_torch "$folder" && BITLOOM_TORCH_DIR=$folder && break
  done
  [ -n "${BITLOOM_TORCH_DIR:-}" ] ||
    cannot_start "LibTorch $wanted_torch was not found in ${BITLOOM_PYTHON:-python3} or $torch_cache$torch_seen. Install it with: python3 -m venv '$torch_cache' && '$torch_cache/bin/pip' install torch==$wanted_torch, or set BITLOOM_PYTHON to a Python that has it, or BITLOOM_TORCH_DIR to its folder"
fi
libraries=$BITLOOM_TORCH_DIR/lib
for folder in "$BITLOOM_TORCH_DIR"/../nvidia/*/lib; do # where the wheel keeps CUDA's run time
  [ -d "$folder" ] && libraries=$libraries:$folder
done
LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export BITLOOM_TORCH_DIR LD_LIBRARY_PATH
