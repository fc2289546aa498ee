"""Which files open where: every fixture, real torch in both of its ways, and torsh. `--write` puts the table into the docs."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import cli

FIXTURES = cli.ROOT / 'fixtures'
PAGE = cli.ROOT / 'docs' / 'formats' / 'pytorch.md'
BEGIN, END = '<!-- files that open: begin -->\n', '<!-- files that open: end -->\n'


# torch makes this tensor of memory that was never written, and sometimes fails.
CHANCE = {FIXTURES / 'torch-legacy' / 'nested.pt'}


@dataclass(frozen=True)
class Kind:
    """A row: files of one kind, by patterns; a file belongs to the first kind that matches it."""

    title: str
    patterns: tuple[str, ...]

    def files(self) -> list[Path]:
        return sorted({path for pattern in self.patterns for path in FIXTURES.glob(pattern)} - CHANCE)


def kind(title: str, *patterns: str) -> Kind:
    return Kind(title, patterns)


KINDS = [
    kind('ZIP of `torch.save`, pickle protocols 1, 3, 4 and 5', *(f'torch-save/*protocol-{each}.pt' for each in '1345')),
    kind('ZIP of `torch.save`, big-endian', 'torch-save/big-endian*.pt'),
    kind('ZIP of `torch.save`, whole modules', 'torch-save/*module*.pt'),
    kind('ZIP of `torch.save`, everything else', 'torch-save/*.pt'),
    kind('old stream, pickle protocols 0, 1, 3, 4 and 5', *(f'torch-legacy/*-{each}.pt' for each in '01345')),
    kind('old stream, types without a storage of their own', *(f'torch-legacy/dtype-{each}*.pt' for each in ('bits', 'complex32', 'float4', 'float8', 'uint16', 'uint32', 'uint64'))),
    kind('old stream of Python 2, and of torch 0.1 to 0.3', 'torch-legacy/python-2*.pt', 'torch-legacy/old-*.pt', 'torch-legacy/stretches.pt'),
    kind('old stream, whole modules', 'torch-legacy/whole-module*.pt'),
    kind('old stream, everything else', 'torch-legacy/*.pt'),
    kind('tar of torch 0.1', 'torch-tar/*.pt'),
    kind('TorchScript of torch 1.0 to 1.2 (`model.json`)', 'torchscript/model-json*.pt'),
    kind('TorchScript', 'torchscript/*.pt', 'torchscript/mobile*.ptl'),
    kind('TorchScript as a flatbuffer', 'torchscript/flatbuffer.ptl'),
    kind('exported program (`.pt2`)', 'torch-export/*.pt2'),
    kind('index of shards', 'torch-sharded/*/*.index.json'),
    kind('pickle of tensors, without a container', 'bare-pickle/torch-*.pkl'),
    kind('pickle of NumPy arrays', 'bare-pickle/numpy-*.pkl', 'bare-pickle/*.joblib'),
]

# Each file by itself: torch keeps no state, but a file that is not understood must not stop the others.
TORCH = """
import json, sys, warnings
warnings.simplefilter('ignore')
import torch
opened = []
for path in json.load(sys.stdin):
    row = []
    for weights_only in (True, False):
        try:
            torch.load(path, map_location='cpu', weights_only=weights_only)
            row.append(True)
        except BaseException:
            row.append(False)
    opened.append(row)
json.dump(opened, sys.stdout)
"""


def opened_by_torch(files: list[Path]) -> list[list[bool]]:
    """For each file whether `weights_only=True` opens it, and whether `weights_only=False` does."""
    paths = json.dumps([str(path) for path in files])
    result = subprocess.run([sys.executable, '-c', TORCH], input=paths, capture_output=True, encoding='utf-8', check=True)
    return json.loads(result.stdout)


def opened_by_torsh(path: Path) -> bool:
    return cli.run('inspect', path, '--quiet').returncode == cli.DONE


def rows() -> list[tuple[str, int, int, int, int]]:
    """Title, number of files, and how many of them each opens."""
    taken: set[Path] = set()
    result = []
    for each in KINDS:
        files = [path for path in each.files() if path not in taken]
        taken.update(files)
        assert files, f'no file is of the kind {each.title}'
        torch = opened_by_torch(files)
        ours = sum(opened_by_torsh(path) for path in files)
        result.append((each.title, len(files), sum(row[0] for row in torch), sum(row[1] for row in torch), ours))
    return result


def table(counted: list[tuple[str, int, int, int, int]]) -> str:
    head = '| kind of file | files | torch 2.13, `weights_only=True` | torch 2.13, `weights_only=False` | torsh |\n| --- | ---: | ---: | ---: | ---: |\n'
    total = ('all', *(sum(row[column] for row in counted) for column in range(1, 5)))
    return head + ''.join(f'| {" | ".join(map(str, row))} |\n' for row in [*counted, total])


def documented() -> str:
    return PAGE.read_text().split(BEGIN)[1].split(END)[0]


def main() -> None:
    text = table(rows())
    if '--write' in sys.argv:
        before, rest = PAGE.read_text().split(BEGIN)
        PAGE.write_text(f'{before}{BEGIN}{text}{END}{rest.split(END)[1]}')
    sys.stdout.write(text)


if __name__ == '__main__':
    main()
