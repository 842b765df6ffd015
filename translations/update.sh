#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: GPL-3.0-or-later
# update.sh [FILE.ts...]: takes the strings of the sources into the translations (default: all beside this script);
# then translate what is marked as unfinished, in Qt Linguist or by hand.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
[ $# -gt 0 ] || set -- translations/*.ts
lupdate=${LUPDATE:-$(command -v lupdate6 || echo /usr/lib/qt6/bin/lupdate)}
# The folder of includes tells lupdate the namespaces of classes; without it the strings get names that no class has.
for file in "$@"; do
  plurals=()
  case $(basename "$file") in bitloom_en*) plurals=(-pluralonly) ;; esac # the sources are English but for their plurals
  "$lupdate" -I . -locations none -no-obsolete "${plurals[@]}" app widgets translations -ts "$file"
done
