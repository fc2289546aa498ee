"""What is exported for test_package_export.py: sources, and what is asked of an exporter. By us and by real torch alike."""

import random

MODEL = {
    'pa/__init__.py': 'result = "pa"\n\n\nclass PackageObject:\n    def __init__(self, obj):\n        self.obj = obj\n',
    'pa/sub.py': 'import math\n\nresult = "pa.sub"\n\n\nclass SubObject:\n    kind = 1\n\n    class Inner:\n        pass\n',
    'pa/use.py': 'from pa.sub import SubObject\nfrom pa import sub as s\nimport pa\n\n\ndef make():\n    return SubObject()\n',
    'pb/__init__.py': '__import__("pb.s1")\n__import__("s2", globals(), fromlist=["deep"], level=1)\nfrom .s0 import deep\n',
    'pb/s1.py': 'import os.path\nfrom collections import OrderedDict, abc\n',
    'pb/s2/__init__.py': 'value = 2\n',
    'pb/s2/deep.py': 'from .. import s1\nfrom ..s2 import value as v\n\n\ndef other():\n    from .. import s3 as other\n',
    'pb/s3.py': 'import json\nimport torch\nimport torch.nn as nn\nfrom torch.nn import functional as F, Module\nfrom torch import nn as again, tensor\n',
    'pb/s0/__init__.py': '',
    'pb/s0/deep.py': 'result = "deep"\n',
    'ma.py': 'result = "ma"\n',
    'ring/__init__.py': '',
    'ring/a.py': 'def go():\n    import ring.b\n    return ring.b\n',
    'ring/b.py': 'def go():\n    import ring.c\n    return ring.c\n',
    'ring/c.py': 'def go():\n    import ring.a\n    return ring.a\n',
    'space/one.py': 'import space.two\nx = 1\n',
    'space/two.py': 'y = 2\n',
    'late.py': 'def f():\n    from pa import nothing, sub\n    import ma as m\n    try:\n        import nowhere.at.all\n    except ImportError:\n        pass\n\n\nclass C:\n    import io\n    import sys as system\n',
    'star.py': 'from pa import *\nfrom pa.sub import *\nif False:\n    import ma\n',
    'typed.py': 'from __future__ import annotations\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import ma\nmatch 1:\n    case 1:\n        import pa.sub\n',
    'dynamic.py': 'import importlib\nname = "ma"\ntry:\n    __import__(name)\n    __import__(f"m{name}")\nexcept ImportError:\n    pass\nimportlib.import_module("ma")\nf = lambda: __import__("pa.sub")\nprint(__import__("ma").result)\n',
    'crlf.py': 'import ma\r\nx = 1\r\n# no newline at the end',
    'latin.py': '# ünïcode\nimport ma\ntext = "日本"\n',
    'broken_user.py': 'try:\n    import broken\nexcept SyntaxError:\n    pass\nimport ma\n',
    'broken.py': 'def f(:\n',
    'mocker.py': 'import ma\nfrom pa import sub\n\n\ndef used():\n    return ma.result\n',
}  # fmt: skip

PLAIN = [['intern', '**', {}]]


def obj(module: str, name: str, **state) -> dict:
    return {'object': [module, name], 'state': state}


def by_hand() -> dict[str, dict]:
    tensors = {'dict': [['w', {'tensor': [1, 2, 3, 4], 'shape': [2, 2], 'on': 's'}], ['v', {'tensor': [], 'shape': [2], 'offset': 1, 'on': 's'}], ['n', {'tensor': [5]}]]}
    note = [['hook', kind, f'{kind}-{n}'] for kind in ('intern', 'extern', 'mock') for n in (1, 2)]
    return {
        'nothing': {'ops': []},
        'texts': {'ops': [['text', 'a.b', 't.txt', 'höllo\n'], ['binary', 'a', 'b.bin', 'xyz'], ['text', 'a', 'b/c.txt', 'no'], ['text', 'a.b', 't.txt', 'twice']]},
        'module': {'ops': [*PLAIN, ['module', 'pa.use', {}]]},
        'module-implicit-intern': {'ops': [['module', 'pa.sub', {}]]},
        'module-alone': {'ops': [['module', 'pa.use', {'dependencies': False}]]},
        'dunder-imports': {'ops': [*PLAIN, ['module', 'pb', {}]]},
        'no-action': {'ops': [['module', 'pa.use', {}]]},
        'no-action-debug': {'ops': [['module', 'pb', {}]], 'debug': True},
        'no-action-pickle': {'ops': [['pickle', 'obj', 'obj.pkl', obj('pa.sub', 'SubObject', x=1), {}]], 'debug': True},
        'sys-and-io': {'ops': [['intern', 'late', {}], ['module', 'late', {}]]},
        'sys-and-io-debug': {'ops': [['intern', 'late', {}], ['module', 'late', {}]], 'debug': True},
        'extern-all': {'ops': [['extern', '**', {}], ['module', 'late', {}]]},
        'extern-glob': {'ops': [['extern', ['pa.*', 'm*'], {}], ['intern', 'pa', {}], ['module', 'pa.use', {}], ['module', 'star', {}]]},
        'extern-exclude': {'ops': [['extern', '**', {'exclude': ['pa.**', 'nothing']}], ['intern', 'pa.**', {}], ['module', 'late', {}]]},
        'mock': {'ops': [['mock', 'ma', {}], *PLAIN, ['module', 'mocker', {}]]},
        'mock-all': {'ops': [['intern', 'pb.**', {}], ['mock', '**', {}], ['module', 'pb', {}], ['module', 'star', {}]]},
        'mock-package': {'ops': [['mock', 'pa', {}], ['mock', 'pa.**', {}], ['module', 'star', {}]]},
        'mock-in-pickle': {'ops': [['mock', 'pa.sub', {}], *PLAIN, ['pickle', 'obj', 'obj.pkl', [obj('pa.sub', 'SubObject'), obj('pa', 'PackageObject', obj=1)], {}]]},
        'mock-in-two-pickles': {'ops': [['mock', 'pa.**', {}], ['pickle', 'o', 'a.pkl', obj('pa', 'PackageObject', obj={'class': ['pa.sub', 'SubObject']}), {}], ['pickle', 'o', 'b.pkl', obj('pa', 'PackageObject', obj=2), {}]], 'debug': True},
        'mock-nested-class-in-pickle': {'ops': [['mock', 'pa.**', {}], ['pickle', 'o', 'a.pkl', [{'class': ['pa.sub', 'SubObject.Inner']}, {'class': ['pa.sub', 'SubObject']}], {}]]},
        'order-intern-first': {'ops': [['intern', 'pa.**', {}], ['mock', '**', {}], ['pickle', 'obj', 'obj.pkl', obj('pa.sub', 'SubObject'), {}]]},
        'order-mock-first': {'ops': [['mock', 'pa.*', {}], ['intern', 'pa.**', {}], ['module', 'pa.use', {}]]},
        'order-too-late': {'ops': [['module', 'star', {}], *PLAIN]},
        'deny': {'ops': [['deny', ['pa.sub', 'ma'], {}], *PLAIN, ['module', 'pa.use', {}], ['module', 'star', {}]]},
        'deny-exclude': {'ops': [['deny', '**', {'exclude': 'pa.**'}], *PLAIN, ['module', 'star', {}]]},
        'deny-all-problems': {'ops': [['deny', 'pa.sub', {}], ['mock', 'ma', {}], ['module', 'star', {}], ['module', 'late', {}], ['string', 'bad', 'from ... import x\n', {}], ['pickle', 'o', 'o.pkl', obj('pa', 'PackageObject', obj=0), {}]]},
        'allow-empty-extern': {'ops': [['extern', 'pb.*', {'allowEmpty': False}], *PLAIN, ['module', 'ma', {}]]},
        'allow-empty-mock': {'ops': [['mock', ['pb.*', "it's"], {'allowEmpty': False, 'exclude': ['x']}], *PLAIN, ['module', 'star', {}]]},
        'allow-empty-intern': {'ops': [['intern', 'pb.*', {'allowEmpty': False, 'exclude': 'y'}], *PLAIN, ['module', 'star', {}]]},
        'allow-empty-matched': {'ops': [['mock', 'ma', {'allowEmpty': False}], *PLAIN, ['module', 'star', {}]]},
        'allow-empty-not-by-saving': {'ops': [['intern', 'ma', {'allowEmpty': False}], ['module', 'ma', {}]]},
        'allow-empty-after-errors': {'ops': [['extern', 'zzz', {'allowEmpty': False}], ['module', 'star', {}]]},
        'no-empty-pattern-for-implicit': {'ops': [['extern', 'torch.**', {'allowEmpty': False}], *PLAIN, ['module', 'pb.s3', {}]]},
        'relative-beyond-top': {'ops': [['string', 'x.y', 'from ... import z\n', {}], ['string', 'x', 'from .. import z\n', {}]], 'debug': True},
        'no-such-module': {'ops': [['module', 'zilch', {}], ['module', 'pa.zilch', {}], ['module', 'ma.zilch', {}]]},
        'string-over-module': {'ops': [*PLAIN, ['module', 'pa.use', {}], ['string', 'pa.use', 'import ma\nnew = 1\n', {}], ['string', 'pa.sub', 'import json\n', {}]]},
        'strings': {'ops': [*PLAIN, ['string', 'top', 'import top.inner\nfrom . import inner\n', {'isPackage': True}], ['string', 'top.inner', 'import math\r\nfrom .other import q\n', {}], ['string', 'quiet', 'import pa\nthis is no python\n', {'dependencies': False}]]},
        'string-not-scanned': {'ops': [['string', 'quiet', 'import pa\n', {'dependencies': False}]]},
        'string-for-what-is-imported': {'ops': [['string', 'ma', 'mine = 1\n', {}], ['module', 'star', {}], ['string', 'user', 'import ma\n', {}]]},
        'file': {'ops': [*PLAIN, ['file', 'renamed', 'ma.py'], ['file', 'crlf', 'crlf.py'], ['file', 'whole', 'pb/s2/__init__.py']]},
        'namespace': {'ops': [*PLAIN, ['module', 'space.one', {}]]},
        'namespace-itself': {'ops': [*PLAIN, ['module', 'space', {}], ['string', 'u', 'import space\n', {}]]},
        'rings': {'ops': [*PLAIN, ['module', 'ring.a', {}]]},
        'rings-denied': {'ops': [['deny', 'ring.c', {}], *PLAIN, ['module', 'ring.a', {}]]},
        'late-imports': {'ops': [['extern', ['io', 'sys'], {}], *PLAIN, ['module', 'late', {}]]},
        'stars': {'ops': [*PLAIN, ['module', 'star', {}], ['module', 'typed', {}], ['module', 'dynamic', {}]]},
        'newlines': {'ops': [*PLAIN, ['module', 'crlf', {}], ['module', 'latin', {}]]},
        'syntax-error-elsewhere': {'ops': [*PLAIN, ['module', 'broken_user', {}]]},
        'pickles': {'ops': [*PLAIN, ['pickle', 'o', 'a.pkl', {'dict': [['x', {'tuple': [1, 2.5, None, True]}], [3, {'bytes': 'abc'}], ['big', {'int': str(-(2**70))}], ['s', {'set': [1]}], ['neg', -5]]}, {}], ['pickle', 'o', 'b.pkl', [obj('pa.sub', 'SubObject', a=[1], b='é'), {'class': ['pa', 'PackageObject']}, {'class': ['collections', 'Counter']}], {}]]},
        'pickles-protocol-4': {'ops': [*PLAIN, ['pickle', 'o', 'a.pkl', [obj('pa.sub', 'SubObject', a='x' * 300), {'set': [1]}, {'class': ['pa', 'PackageObject']}], {'protocol': 4}]]},
        'pickles-protocol-5': {'ops': [['pickle', 'o', 'a.pkl', 1, {'protocol': 5}]]},
        'pickle-nested-class': {'ops': [*PLAIN, ['pickle', 'o', 'a.pkl', {'class': ['pa.sub', 'SubObject.Inner']}, {}]]},
        'pickle-alone': {'ops': [['pickle', 'o', 'a.pkl', obj('pa.sub', 'SubObject'), {'dependencies': False}]]},
        'tensors': {'ops': [['pickle', 'o', 'a.pkl', tensors, {}], ['text', 'o', 't', 'between'], ['pickle', 'o', 'b.pkl', {'tensor': [], 'shape': [4], 'on': 's'}, {'protocol': 4}], ['pickle', 'o', 'c.pkl', {'tensor': [], 'shape': [0]}, {}]]},
        'hooks': {'ops': [*note, ['mock', 'ma', {}], ['extern', 'pa.sub', {}], *PLAIN, ['hook', 'intern', 'note-a'], ['hook', 'mock', 'note-b'], ['module', 'star', {}], ['pickle', 'o', 'a.pkl', obj('pa', 'PackageObject', obj=1), {}], ['unhook', 'mock-1'], ['unhook', 'extern-2'], ['unhook', 'intern-1'], ['unhook', 'note-a']]},
        'hooks-not-without-close': {'ops': [*note, ['module', 'star', {}]]},
        'need': {'ops': [['mock', 'pa', {}], ['need', 'pa'], ['need', 'torch.nn'], ['need', 'torch_package_importer'], ['need', '_mock'], ['need', 'os.path'], ['need', 'sys']]},
        'support-file-alone': {'ops': [['need', '_mock']]},
        'ids': {'ops': [['id'], ['id'], ['id']]},
    }


def random_scenario(rng: random.Random) -> dict:
    """A handful of modules that import each other in any way, and patterns over them."""
    names = [f'r{n}' for n in range(rng.randint(2, 4))]
    names += [f'{rng.choice(names)}.m{n}' for n in range(rng.randint(2, 6))]
    packages = {name.split('.')[0] for name in names if '.' in name}
    sources = {}
    for name in names:
        lines = ['def use():', '    pass']
        for _ in range(rng.randint(0, 4)):
            other = rng.choice([*names, 'os.path', 'json', 'sys', 'torch.nn', 'missing', 'collections.abc'])
            parent, _, last = other.rpartition('.')
            lines.append(rng.choice([f'    import {other}', f'    import {other} as x', f'    from {parent} import {last}, thing' if parent else f'    from {other} import thing', f'    x = __import__("{other}", fromlist=["thing"])']))
        path = name.replace('.', '/')
        sources[f'{path}/__init__.py' if name in packages else f'{path}.py'] = '\n'.join(lines) + '\n'
    ops = []
    for _ in range(rng.randint(0, 3)):
        name = rng.choice(names)
        pattern = rng.choice([name, f'{name}.**', f'{name[0]}*', '**.m*', '*'])
        action = rng.choice(['intern', 'extern', 'mock', 'deny'])
        more = {'exclude': rng.choice(names)} if rng.random() < 0.3 else {}
        if action != 'deny' and rng.random() < 0.2:
            more['allowEmpty'] = False
        ops.append([action, pattern, more])
    if rng.random() < 0.8:
        ops.append(['intern', '**', {'exclude': ['sys']}] if rng.random() < 0.5 else ['extern', '**', {}])
    ops += [['module', name, {}] for name in rng.sample(names, rng.randint(1, 2))]
    return {'sources': sources, 'ops': ops, 'debug': rng.random() < 0.3}


def scenarios() -> dict[str, dict]:
    rng = random.Random(20261121)
    found = {name: {'sources': MODEL, **scenario} for name, scenario in by_hand().items()}
    return found | {f'random-{number}': random_scenario(rng) for number in range(40)}
