"""Opens and converts a large ONNX model, side by side with `onnx.load` and `cp` in one run, and prints ratios.

The model has 4 MiB of random bytes in each initializer. A second one has its weights in a sparse file beside it, to see that
more than fits into memory works. Rounds are interleaved and the median counts.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAIN = ROOT / 'apps' / 'cli' / 'dist' / 'main.js'
OPEN = ROOT / 'bench' / 'open.mjs'
EACH = 4 * 2**20

LOAD = """
import sys, time, onnx
start = time.perf_counter()
model = onnx.load(sys.argv[1])
print(time.perf_counter() - start)
assert len(model.graph.initializer) > 0
"""


def varint(value: int) -> bytes:
    out = bytearray()
    while value >= 128:
        out.append((value & 127) | 128)
        value >>= 7
    return bytes([*out, value])


def field(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def write_model(path: Path, size: int) -> None:
    """A model with its weights inside, written piece by piece: no library could hold it."""
    count = size // EACH
    heads = []
    for index in range(count):
        # dims, data_type UINT8, name, and the head of raw_data
        fields = b'\x08' + varint(EACH) + b'\x10\x02' + field(8, f'w{index}'.encode()) + b'\x4a' + varint(EACH)
        heads.append(b'\x2a' + varint(len(fields) + EACH) + fields)
    name = field(2, b'g')
    length = len(name) + sum(len(head) + EACH for head in heads)
    with path.open('wb') as file:
        file.write(b'\x08\x0a' + field(8, field(1, b'') + b'\x10\x15') + b'\x3a' + varint(length) + name)
        for head in heads:
            file.write(head)
            file.write(os.urandom(EACH))


def write_sparse(folder: Path, size: int) -> Path:
    """A model whose weights are a file of holes beside it."""
    count = size // EACH
    graph = field(2, b'g')
    for index in range(count):
        said = {'location': 'weights.bin', 'offset': str(index * EACH), 'length': str(EACH)}
        entries = b''.join(field(13, field(1, k.encode()) + field(2, v.encode())) for k, v in said.items())
        graph += field(5, b'\x08' + varint(EACH) + b'\x10\x02' + field(8, f'w{index}'.encode()) + entries + b'\x70\x01')
    path = folder / 'sparse.onnx'
    path.write_bytes(b'\x08\x0a' + field(8, field(1, b'') + b'\x10\x15') + field(7, graph))
    with (folder / 'weights.bin').open('wb') as file:
        file.truncate(count * EACH)
    return path


def measure(*command: object) -> tuple[float, float, str]:
    """Seconds, MiB at the most, and what was printed."""
    start = time.perf_counter()
    process = subprocess.Popen([str(each) for each in command], stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f'{command} failed')
    return time.perf_counter() - start, usage.ru_maxrss / 1024, said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--gib', type=float, default=1.5)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--sparse-gib', type=float, default=10)
    parser.add_argument('--folder', type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        model = folder / 'model.onnx'
        write_model(model, int(given.gib * 2**30))
        seconds: dict[str, list[float]] = {'open': [], 'onnx.load': [], 'cp': [], 'convert': [], 'back': []}
        peaks: dict[str, float] = dict.fromkeys(seconds, 0)

        def note(what: str, *command: object, inside: bool = False) -> None:
            took, peak, said = measure(*command)
            seconds[what].append(float(said) if inside else took)
            peaks[what] = max(peaks[what], peak)

        stored, copy, back = folder / 'model.torsh', folder / 'copy.onnx', folder / 'back.onnx'
        for _ in range(given.rounds):
            note('open', 'node', OPEN, model, inside=True)
            note('onnx.load', sys.executable, '-c', LOAD, model, inside=True)
            note('cp', 'cp', model, copy)
            copy.unlink()
            note('convert', 'node', MAIN, 'convert', model, stored, '--no-fsync', '--quiet')
            note('back', 'node', MAIN, 'convert', stored, back, '--no-fsync', '--quiet')
            same = subprocess.run(['cmp', '-s', model, back], check=False).returncode == 0
            if not same:
                raise SystemExit('the model did not come back to the byte')
            stored.unlink()
            back.unlink()
        median = {what: statistics.median(took) for what, took in seconds.items()}
        print(f'{given.gib} GiB of weights in the model, {given.rounds} rounds')
        print(f'  opens {median["onnx.load"] / median["open"]:.1f} times as fast as onnx.load, {peaks["open"]:.0f} MiB at the most '
              f'(onnx.load {peaks["onnx.load"]:.0f} MiB)')  # fmt: skip
        for what, text in (('convert', 'to .torsh'), ('back', 'back to ONNX, the same bytes')):
            print(f'  {text}: {median[what] / median["cp"]:.2f} times cp, {peaks[what]:.0f} MiB at the most')
        if given.sparse_gib > 0:
            model.unlink()
            sparse = write_sparse(folder, int(given.sparse_gib * 2**30))
            took, peak, said = measure('node', OPEN, sparse)
            print(f'{given.sparse_gib} GiB of weights in a sparse file beside the model')
            print(f'  opens in {float(said):.2f} s, {peak:.0f} MiB at the most')
            took, peak, _ = measure('node', MAIN, 'convert', sparse, folder / 'sparse.torsh', '--no-fsync', '--quiet')
            print(f'  to .torsh: {took:.1f} s, {peak:.0f} MiB at the most')


if __name__ == '__main__':
    main()
