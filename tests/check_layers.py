#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Checks who includes whom. Usage: check_layers.py CHECKOUT

A folder of core/ may include only itself and the folders before it in LAYERS; base and types know no third-party
numerics; nothing in core knows Qt; widgets see plain types only. The folder of a method in
core/methods is known to the registry alone. Folders of core/io, widgets/ and app/workbench/ have their own orders. Each header guards itself, and the .cpp file of the same name includes it first, which proves that it includes what it needs (tests/headers compiles the other headers).
"""
import pathlib
import re
import sys

LAYERS = ["base", "types", "pack", "ops", "graph", "quant", "cost", "data", "io", "methods", "report", "engine"]
IO_LAYERS = ["safetensors", "state", "bitpack", "events", "packed", "interchange", "script"]  # of core/io; files beside the folders may use all of them
WIDGET_LAYERS = ["util", "models", "views", "plots"]
# Of app/workbench; files beside the folders may use all of them.
WORKBENCH_LAYERS = ["document", "jobs", "project", "actions", "panels", "settings", "opening", "frame", "palette", "pages",
                    "dialogs"]
METHOD_REGISTRY = "core/methods/registry.cpp"
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')
TORCH = re.compile(r"^(torch|ATen|c10|caffe2)/")
HDF5 = re.compile(r"^(hdf5|H5)")
QT = re.compile(r"^(Q[A-Z]|Qt[A-Z]|qcustomplot)")
WIDGETS_SEE = ("core/types/", "core/base/", "core/report/colours.h")  # plain data, and the colours of all pictures
TORCH_FREE = {"base", "types", "pack", "cost", "report"}
TORCH_FREE_HEADERS = {"core/engine/engine.h", "core/engine/job.h", "core/engine/event_sink.h", "core/engine/project.h"}
PLAIN_HEADERS = {"base", "types"}  # their headers use the standard library only


def upward(where, order, root, folder, target):
    """An include of a folder that comes later in the order, or of a file beside the folders."""
    if folder not in order:
        yield *where, f"the folder {root}{folder} has no place in the order of layers"
    elif target.startswith(root):
        other = target.removeprefix(root).split("/")
        if len(other) == 1 or other[0] not in order or order.index(other[0]) > order.index(folder):
            yield *where, f"{root}{folder} includes {target}, which lies above it"


def violations(root):
    for path in sorted(p for folder in ("core", "widgets", "app") for p in (root / folder).rglob("*")
                       if p.suffix in {".h", ".cpp", ".cu", ".cuh"}):
        name = path.relative_to(root).as_posix()
        parts = name.split("/")
        folder = parts[1] if parts[0] == "core" else None
        if folder is not None and folder not in LAYERS:
            yield name, 0, f"the folder core/{folder} has no place in the order of layers"
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        if path.suffix == ".h" and "#pragma once" not in lines and not name.endswith("-inl.h"):
            yield name, 0, "the header lacks #pragma once"
        if path.suffix == ".cpp" and path.with_suffix(".h").exists():
            own = name.removesuffix(".cpp") + ".h"
            first = next((match.group(1) for match in map(INCLUDE.match, lines) if match), None)
            if first != own:
                yield name, 0, f"the first include is {first}, not the file's own header {own}"
        for number, line in enumerate(lines, 1):
            match = INCLUDE.match(line)
            if match is None:
                continue
            target = match.group(1)
            where = (name, number)
            method = target.removeprefix("core/methods/").split("/")
            if target.startswith("core/methods/") and len(method) > 1 and name != METHOD_REGISTRY and not name.startswith(
                    f"core/methods/{method[0]}/"):
                yield *where, f"{target} belongs to one method, which only {METHOD_REGISTRY} knows"
            if name.startswith("widgets/"):
                yield from upward(where, WIDGET_LAYERS, "widgets/", parts[1], target)
            if name.startswith("app/workbench/") and len(parts) > 3:
                yield from upward(where, WORKBENCH_LAYERS, "app/workbench/", parts[2], target)
            if name.startswith("core/io/") and len(parts) > 3 and target.startswith("core/io/"):
                yield from upward(where, IO_LAYERS, "core/io/", parts[2], target)
            if folder is not None:
                if QT.match(target) or target.startswith(("app/", "widgets/")):
                    yield *where, f"core includes {target}"
                if target.startswith("core/"):
                    other = target.split("/")[1]
                    if other not in LAYERS or LAYERS.index(other) > LAYERS.index(folder):
                        yield *where, f"core/{folder} includes {target}, which lies above it"
                if folder in TORCH_FREE and TORCH.match(target):
                    yield *where, f"core/{folder} includes LibTorch ({target})"
                if folder in PLAIN_HEADERS and HDF5.match(target):
                    yield *where, f"core/{folder} includes HDF5 ({target})"
                if folder in PLAIN_HEADERS and name.endswith(".h") and "/detail/" not in name and (
                        "." in target and not target.startswith("core/")):
                    yield *where, f"a public header of core/{folder} includes {target}, not the standard library"
                if name in TORCH_FREE_HEADERS and TORCH.match(target):
                    yield *where, f"the facade {name} includes LibTorch ({target})"
            elif parts[0] == "widgets":
                if target.startswith("app/") or TORCH.match(target) or HDF5.match(target):
                    yield *where, f"widgets include {target}"
                if target.startswith("core/") and not target.startswith(WIDGETS_SEE):
                    yield *where, f"widgets include {target}; they see plain types only"
            elif parts[0] == "app":
                if TORCH.match(target) or HDF5.match(target):
                    yield *where, f"app includes {target}; it sees the engine's facade only"
                if name.startswith("app/cli/") and (QT.match(target) or target.startswith(("widgets/", "app/workbench/"))):
                    yield *where, f"the command line program includes {target}: it has no window, and another licence"
            if not match.group(0).count("<") and "/" not in target and not target.endswith(".moc"):
                yield *where, f'"{target}" is not included from the root'


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    found = list(violations(root))
    for name, number, text in found:
        print(f"{name}:{number}: {text}")
    print(f"{len(found)} violations of the layers")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
