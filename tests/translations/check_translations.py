#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
"""check_translations.py ROOT LUPDATE: the translations are complete, and lupdate understands the sources.

Takes the strings of the sources into a copy of each translations/*.ts as translations/update.sh does, and fails if one
is not translated, is no longer used, or has other placeholders than its source.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

PLACEHOLDER = re.compile(r"%(?:\d|n|L\d)")


def problems_of(path: pathlib.Path) -> list[str]:
    problems = []
    for context in ElementTree.parse(path).getroot().iter("context"):
        where = context.findtext("name")
        for message in context.iter("message"):
            source = message.findtext("source")
            translation = message.find("translation")
            forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
            said = f"{path.name}: {where}: {source!r}"
            if translation.get("type") or not all(forms):
                problems.append(f"{said} is not translated")
                continue
            for form in forms:
                if set(PLACEHOLDER.findall(form)) != set(PLACEHOLDER.findall(source)):
                    problems.append(f"{said} has other placeholders in {form!r}")
            if source.endswith("...") != forms[-1].endswith("..."):
                problems.append(f"{said}: only one of them ends with '...'")
            if message.get("numerus") != "yes" and ("&" in source) != ("&" in forms[0]):
                problems.append(f"{said}: only one of them has a mnemonic or entity")
    return problems


def main() -> int:
    root, lupdate = pathlib.Path(sys.argv[1]), sys.argv[2]
    files = sorted((root / "translations").glob("*.ts"))
    problems = [] if files else ["there are no translations"]
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            copy = pathlib.Path(folder) / file.name
            shutil.copy(file, copy)
            run = subprocess.run([root / "translations/update.sh", copy], capture_output=True, text=True, check=False,
                                 env={**os.environ, "LUPDATE": lupdate})
            if run.returncode:
                problems.append(run.stderr or run.stdout)
                continue
            # A class or function that lupdate cannot name: its strings would never be found at run time.
            problems += [line for line in (run.stdout + run.stderr).splitlines()
                         if "lacks Q_OBJECT" in line or "Qualifying with unknown" in line]
            problems += problems_of(copy)
            used, known = copy.read_text(encoding="utf-8").count("<source>"), file.read_text(encoding="utf-8").count("<source>")
            if used != known:
                problems.append(f"{file.name} has {known} strings, the sources have {used}: run translations/update.sh")
    for problem in problems:
        print(problem)
    print(f"{len(files)} translations, {len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
