# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
# Sourced by the launchers, with $here the bundle's folder: finds LibTorch and lets the programs load it.
if [ -z "${BITLOOM_TORCH_DIR:-}" ]; then
  BITLOOM_TORCH_DIR=$("${BITLOOM_PYTHON:-python3}" -c \
    'import importlib.util as u; s = u.find_spec("torch"); print(s.submodule_search_locations[0] if s else "")' 2>/dev/null) || true
fi
if [ ! -f "$BITLOOM_TORCH_DIR/lib/libtorch.so" ]; then
  echo "bitloom: no LibTorch in ${BITLOOM_PYTHON:-python3}; set BITLOOM_PYTHON to a Python that has torch $(cat "$here/torch-version"), or BITLOOM_TORCH_DIR to a LibTorch folder" >&2
  exit 1
fi
found=$(sed -n "s/^__version__ = ['\"]\([0-9.]*\).*/\1/p" "$BITLOOM_TORCH_DIR/version.py" 2>/dev/null)
if [ -n "$found" ] && [ "$found" != "$(cat "$here/torch-version")" ]; then
  echo "bitloom: this bundle was built for LibTorch $(cat "$here/torch-version"), and $BITLOOM_TORCH_DIR is $found" >&2
  exit 1
fi
libraries=$BITLOOM_TORCH_DIR/lib
for folder in "$BITLOOM_TORCH_DIR"/../nvidia/*/lib; do # where the wheel keeps CUDA's run time
  [ -d "$folder" ] && libraries=$libraries:$folder
done
LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export BITLOOM_TORCH_DIR LD_LIBRARY_PATH
