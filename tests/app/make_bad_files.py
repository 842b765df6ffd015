# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""Makes files that must be refused: make_bad_files.py GOOD.pth FOLDER (standard library only)."""

import io
import os
import struct
import sys
import tarfile
import zipfile

good, folder = sys.argv[1:]
entries = [(i.filename, zipfile.ZipFile(good).read(i)) for i in zipfile.ZipFile(good).infolist()]


def write(name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


def write_zip(name, changed, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(os.path.join(folder, name), "w", compression) as archive:
        for entry, data in entries:
            archive.writestr(entry, changed.get(entry, data))


contents = dict(entries)
pickled = contents["archive/data.pkl"]
whole = open(good, "rb").read()

write("empty.pth", b"")
write("truncated.pth", whole[: len(whole) // 2])
write("text.pth", b"these are no weights\n" * 20)
write("picture.pth", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40))
with tarfile.open(os.path.join(folder, "archive.tar"), "w") as tar:
    info = tarfile.TarInfo("weights.bin")
    info.size = 100
    tar.addfile(info, io.BytesIO(bytes(100)))

# A pickle that would run a command, alone and inside a checkpoint.
marker = os.path.join(folder, "executed").encode()
command = b"\x80\x02cos\nsystem\nX" + struct.pack("<I", len(marker) + 6) + b"touch " + marker + b"\x85R."
write("command.pkl", command)
write_zip("command.pth", {"archive/data.pkl": command})

# A storage that inflates to 1000 times what the file holds.
write_zip("bomb.pth", {"archive/data/0": bytes(64 << 20)}, zipfile.ZIP_DEFLATED)
# A tensor that asks for more elements than its storage has.
shape = b"K\x20K\x01K\x05K\x05" if b"K\x20K\x01K\x05K\x05" in pickled else struct.pack("<BiBiBiBi", 74, 32, 74, 1, 74, 5, 74, 5)
assert pickled.count(shape) == 1
write_zip("outside.pth", {"archive/data.pkl": pickled.replace(shape, shape[:1] + struct.pack("<i", 33) + shape[5:])})
# The same names, another shape: 25 of 32 rows of the first layer.
write_zip("shape.pth", {"archive/data.pkl": pickled.replace(shape, shape[:1] + struct.pack("<i", 25) + shape[5:])})
# Three weights of the second layer that are no numbers.
values = bytearray(contents["archive/data/2"])
values[0:4] = struct.pack("<f", float("nan"))
values[400:404] = struct.pack("<f", float("inf"))
values[800:804] = struct.pack("<f", float("-inf"))
write_zip("nan.pth", {"archive/data/2": bytes(values)})
