"""Writes packages/python/src/standard/names.ts from the Pythons that are given, oldest first:

    python scripts/standard_library.py python3.8 python3.9 python3.10 python3.11 python3.12 python3.13

Each is asked for its own names (`sys.stdlib_module_names`, which 3.8 and 3.9 do not have: there, what lies in the folder of the library), and for the
modules within its packages. No module is imported. What Python 3.14 changed is not asked of one; it stands in `standard/versions.ts`.
"""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

ASK = r"""
import json, os, sys, sysconfig
folder = sysconfig.get_paths()['stdlib']
top = set(getattr(sys, 'stdlib_module_names', ()))
if not top:
    top = set(sys.builtin_module_names) | {'_dbm', '_gdbm', '_frozen_importlib', '_frozen_importlib_external'}
    top |= {'_msi', '_overlapped', '_scproxy', '_winapi', 'msilib', 'msvcrt', 'nt', 'winreg', 'winsound'}
    for name in os.listdir(folder):
        if name.endswith('.py'): top.add(name[:-3])
        elif os.path.isfile(os.path.join(folder, name, '__init__.py')): top.add(name)
    for name in os.listdir(os.path.join(folder, 'lib-dynload')):
        if '.so' in name: top.add(name.split('.')[0])
    own = {'test', 'xxlimited', 'xxsubtype', '_ctypes_test', '_xxsubinterpreters', '_xxtestfuzz', '__phello__.foo'}
    top = {name for name in top - own if not name.startswith(('_test', '_sysconfigdata'))}
inner = {'os.path'}
for base, folders, files in os.walk(folder):
    parts = [] if base == folder else os.path.relpath(base, folder).split(os.sep)
    strange = parts and (parts[0] not in top or '__init__.py' not in files)
    if strange or {'test', 'tests', 'idle_test', '__pycache__'} & set(parts):
        folders[:] = []
        continue
    if len(parts) > 1: inner.add('.'.join(parts))
    if parts:
        names = [name[:-3] for name in files if name.endswith('.py')]
        inner |= {'.'.join(parts + [name]) for name in names if name not in ('__init__', '__main__')}
print(json.dumps([list(sys.version_info[:2]), sorted(top), sorted(inner)]))
"""


def block(name: str, names: list[str]) -> str:
    lines = textwrap.wrap(' '.join(names), 108, break_long_words=False, break_on_hyphens=False)
    return f'  {name}: `\n' + ''.join(f'{line}\n' for line in lines) + '`,\n'


versions = [json.loads(subprocess.check_output([python, '-c', ASK], text=True)) for python in sys.argv[1:]]
text = '// Made by scripts/standard_library.py from the Pythons themselves; do not edit.\n\n'
text += '/** What one version of Python has that the one before did not have, and the other way round. */\n'
text += 'export interface VersionNames {\n  readonly minor: number;\n  readonly added: string;\n  readonly dropped: string;\n}\n\n'
text += '/** The names of the standard library, modules within packages with their dots; the first version adds all of its own. */\n'
text += 'export const versions: readonly VersionNames[] = [\n'
before: set[str] = set()
for (_, minor), top, inner in versions:
    now = set(top) | set(inner)
    text += f'  {{\n  minor: {minor},\n' + block('added', sorted(now - before)) + block('dropped', sorted(before - now)) + '  },\n'
    before = now
text += '];\n'
target = Path(__file__).resolve().parent.parent / 'packages' / 'python' / 'src' / 'standard' / 'names.ts'
target.parent.mkdir(exist_ok=True)
target.write_text(text)
