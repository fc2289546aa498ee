"""Our safetensors files and those of the reference library, huggingface_hub and torch: the same bytes, the same tensors."""

import json
import random
import struct
import subprocess
from pathlib import Path

import pytest
import safetensors_golden as golden
import torch
from huggingface_hub import save_torch_state_dict
from safetensors import SafetensorError, deserialize, safe_open
from safetensors.torch import save

BRIDGE = Path(__file__).with_name('safetensors_bridge.mjs')
INDEX = 'model.safetensors.index.json'


def bridge(*jobs: dict) -> list[dict]:
    """The answers of the built packages."""
    result = subprocess.run(['node', str(BRIDGE)], input=json.dumps(jobs), capture_output=True, encoding='utf-8', timeout=300)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def write(tensors: list, **more) -> dict:
    return {'do': 'write', 'name': 'model.safetensors', 'tensors': tensors, **more}


def read(files: dict[str, bytes], entry: str, **more) -> dict:
    return {'do': 'read', 'files': {path: data.hex() for path, data in files.items()}, 'entry': entry, **more}


def folder(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.iterdir()}


def random_name(rng: random.Random) -> str:
    characters = 'ab.01_"\\/\n\t\x1f\x7fé日😀\ufffd\ue000\u2028'
    return ''.join(rng.choice(characters) for _ in range(rng.randint(1, 6)))


def random_tensors(rng: random.Random) -> list:
    """Names, types and shapes; sizes are whole bytes."""
    names = sorted({random_name(rng) for _ in range(rng.randint(0, 12))})
    rng.shuffle(names)
    found = []
    for name in names:
        dtype = rng.choice([d for d, (api, _) in golden.DTYPES.items() if api is not None])
        shape = [rng.randint(0, 4) for _ in range(rng.randint(0, 4))]
        if dtype == 'F4':
            shape = [*shape, 2 * rng.randint(0, 3)]
        found.append([name, dtype, shape])
    return found


def with_data(tensors: list) -> list:
    return [
        [name, dtype, shape, golden.pattern(number, golden.byte_length(dtype, shape)).hex()]
        for number, (name, dtype, shape) in enumerate(tensors)
    ]


def test_we_write_the_bytes_of_the_reference() -> None:
    rng = random.Random(1)
    cases = [(random_tensors(rng), rng.choice([None, {random_name(rng): random_name(rng)}])) for _ in range(300)]
    written = bridge(*(write(with_data(tensors), metadata=metadata or {}) for tensors, metadata in cases))
    for (tensors, metadata), files in zip(cases, written, strict=True):
        assert bytes.fromhex(files['model.safetensors']) == golden.reference(tensors, metadata), tensors


def test_we_read_what_the_reference_wrote() -> None:
    rng = random.Random(2)
    cases = [(random_tensors(rng), {random_name(rng): random_name(rng) for _ in range(3)}) for _ in range(300)]
    answers = bridge(*(read({'a': golden.reference(*case)}, 'a') for case in cases))
    for (tensors, metadata), answer in zip(cases, answers, strict=True):
        assert sorted(answer['tensors']) == sorted(with_data(tensors))
        assert answer['metadata'] == metadata


def test_torch_reads_what_we_wrote(tmp_path: Path) -> None:
    generator = torch.Generator().manual_seed(3)
    dtypes = {
        'BOOL': torch.bool, 'U8': torch.uint8, 'I8': torch.int8, 'I16': torch.int16, 'U16': torch.uint16,
        'I32': torch.int32, 'U32': torch.uint32, 'I64': torch.int64, 'U64': torch.uint64, 'F16': torch.float16,
        'BF16': torch.bfloat16, 'F32': torch.float32, 'F64': torch.float64, 'C64': torch.complex64,
        'F8_E5M2': torch.float8_e5m2, 'F8_E4M3': torch.float8_e4m3fn, 'F8_E8M0': torch.float8_e8m0fnu,
        'F8_E4M3FNUZ': torch.float8_e4m3fnuz, 'F8_E5M2FNUZ': torch.float8_e5m2fnuz,
    }  # fmt: skip
    tensors, expected = [], {}
    for name, dtype in dtypes.items():
        count = golden.byte_length(name, [3, 5])
        raw = torch.randint(0, 2 if name == 'BOOL' else 256, (count,), dtype=torch.uint8, generator=generator)
        tensors.append([f't.{name}', name, [3, 5], bytes(raw.tolist()).hex()])
        expected[f't.{name}'] = raw.view(dtype).reshape(3, 5)
    (files,) = bridge(write(tensors, origin='torch', aliases={'tied': 't.F32'}))
    path = tmp_path / 'model.safetensors'
    path.write_bytes(bytes.fromhex(files['model.safetensors']))
    with safe_open(path, framework='pt') as opened:
        assert set(opened.keys()) == set(expected)
        assert opened.metadata() == {'format': 'pt', 'torsh.aliases': '{"tied":"t.F32"}'}
        for name, tensor in expected.items():
            got = opened.get_tensor(name)
            assert got.dtype == tensor.dtype and got.shape == tensor.shape
            assert torch.equal(got.view(torch.uint8), tensor.view(torch.uint8)), name


def test_logical_types_are_plain_tensors_to_the_reference() -> None:
    data = golden.pattern(0, 32).hex()
    tensors = [['c', 'C128', [2], data], ['q', 'QU4X2', [5], data[:6]], ['h', 'C32', [], data[:8]]]
    (files,) = bridge(write(tensors))
    stored = {name: (info['dtype'], info['shape']) for name, info in deserialize(bytes.fromhex(files['model.safetensors']))}
    assert stored == {'c': ('F64', [2, 2]), 'q': ('U8', [3]), 'h': ('F16', [2])}


def some_state() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(4)
    dtypes = [torch.float32, torch.float16, torch.bfloat16, torch.float64]
    return {
        f'layers.{number}.{"é" if number % 7 == 0 else "w"}': torch.randn(
            (number % 5 + 1, number % 3 + 1), generator=generator
        ).to(dtypes[number % 4])
        for number in range(40)
    }


@pytest.mark.parametrize('max_shard_size', [30, 100, 400, 10_000])
def test_shards_of_the_hub(tmp_path: Path, max_shard_size: int) -> None:
    state = some_state()
    save_torch_state_dict(state, tmp_path, max_shard_size=max_shard_size)
    files = folder(tmp_path)
    entry = INDEX if INDEX in files else 'model.safetensors'
    (answer,) = bridge(read(files, entry))
    assert answer['issues'] == [] and answer['metadata'] == {'format': 'pt'}
    assert {name: data for name, _, _, data in answer['tensors']} == {
        name: bytes(tensor.flatten().view(torch.uint8).tolist()).hex() for name, tensor in state.items()
    }
    # In the order of the state dict our shards and our index are those of the hub, to the last byte.
    found = {each[0]: each for each in answer['tensors']}
    (ours,) = bridge(write([found[name] for name in state], origin='torch', maxShardBytes=max_shard_size))
    assert {path: bytes.fromhex(data) for path, data in ours.items()} == files


def test_our_shards_load_as_transformers_loads_them(tmp_path: Path) -> None:
    state = some_state()
    (single,) = bridge(read({'a': save(state)}, 'a'))
    (files,) = bridge(write(single['tensors'], origin='torch', maxShardBytes=200, aliases={'tied': 'layers.1.w'}))
    for path, data in files.items():
        (tmp_path / path).write_bytes(bytes.fromhex(data))
    index = json.loads((tmp_path / INDEX).read_text())
    assert index['metadata']['total_size'] == sum(tensor.nbytes for tensor in state.values())
    loaded = {}
    for shard in sorted(set(index['weight_map'].values())):
        with safe_open(tmp_path / shard, framework='pt') as opened:
            assert opened.metadata()['format'] == 'pt'
            for name in opened.keys():
                assert index['weight_map'][name] == shard
                loaded[name] = opened.get_tensor(name)
    assert loaded.keys() == state.keys()
    assert all(torch.equal(loaded[name], state[name]) for name in state)


def reference_accepts(data: bytes) -> list | None:
    try:
        return sorted([name, info['dtype'], info['shape'], bytes(info['data']).hex()] for name, info in deserialize(data))
    except SafetensorError:
        return None


PIECES = [
    '{', '}', '[', ']', ':', ',', '"', '\\', ' ', '\n', '0', '1', '4', '-', '.', 'e', 'null', 'true', '{}', '[]', '""',
    '"a"', '"dtype"', '"shape"', '"F32"', '"U8"', '"data_offsets"', '"__metadata__"', '"a":"b",', '"x":1,', '\\u0061',
    '\\ud83d', '\\ude00', 'é', '\x00', '\x7f', '[0,4]', '[1]', '"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},',
]  # fmt: skip


def odd(rng: random.Random) -> str:
    """A header of everything that a lenient parser might take: other forms, other orders, keys twice, white space."""

    def space() -> str:
        return rng.choice(['', '', '', ' ', '\n', '\t', '\r'])

    def value(text: str) -> str:
        return f'{space()}{text}{space()}'

    def text(plain: str) -> str:
        return '"' + ''.join(f'\\u{ord(c):04x}' if rng.random() < 0.1 else c for c in plain) + '"'

    def junk(depth: int = 0) -> str:
        scalars = ['1', '-0', '1.5', '-2e-3', '1e400', '1E+2', 'true', 'false', 'null', '"s"', '""', '01', '{', '.5']
        if depth > 2 or rng.random() < 0.6:
            return rng.choice(scalars)
        parts = [junk(depth + 1) for _ in range(rng.randint(0, 2))]
        return f'[{",".join(parts)}]' if rng.random() < 0.5 else '{' + ','.join(f'"{i % 2}":{p}' for i, p in enumerate(parts)) + '}'

    def entry(begin: int, end: int) -> str:
        dtype = text(rng.choice(['U8', 'I8', 'BOOL', 'F8_E4M3']))
        if rng.random() < 0.15:
            dtype = '{' + value(dtype) + ':' + value('null') + '}'
        shape = rng.choice([[end - begin], [end - begin, 1], [1, end - begin], [end - begin + (rng.random() < 0.05)]])
        fields = [dtype, f'[{",".join(value(str(n)) for n in shape)}]', f'[{value(str(begin))},{value(str(end))}]']
        if rng.random() < 0.15:
            return f'[{",".join(map(value, fields))}]'
        named = [f'{value(text(key))}:{value(field)}' for key, field in zip(['dtype', 'shape', 'data_offsets'], fields)]
        if rng.random() < 0.3:
            named.append(f'{text(rng.choice(["x", "", "Dtype", "__metadata__", "shape"]))}:{value(junk())}')
        rng.shuffle(named)
        return '{' + ','.join(named) + '}'

    members, at = [], 0
    while at < 4:
        end = rng.randint(at, 4)
        members.append(f'{value(text(rng.choice(["a", "b", "c", "d", "", "é"])))}:{value(entry(at, end))}')
        at = end
    if rng.random() < 0.3:
        pairs = [f'{text(rng.choice("kl"))}:{rng.choice([text("v"), text("v"), junk()])}' for _ in range(rng.randint(0, 2))]
        members.append('"__metadata__":' + rng.choice(['null', '{' + ','.join(pairs) + '}']))
    rng.shuffle(members)
    return value('{' + ','.join(members) + '}')


def damage(text: str, rng: random.Random) -> str:
    """The same with pieces of JSON put in, taken out and replaced."""
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
        at = rng.randrange(len(text) + 1)
        action = rng.random()
        if action < 0.5:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif action < 0.8:
            text = text[:at] + text[at + rng.randint(1, 3) :]
        else:
            text = text[:at] + rng.choice(PIECES) + text[at + 1 :]
    return text


def damaged(rng: random.Random) -> bytes:
    header = damage(odd(rng), rng).encode()
    return struct.pack('<Q', len(header)) + header + b'1234'[: rng.choice([4, 4, 4, 4, 3])]


def test_tolerant_reading_accepts_exactly_what_the_reference_accepts() -> None:
    rng = random.Random(5)
    files = [damaged(rng) for _ in range(20_000)]
    answers = bridge(*(read({'a': data}, 'a', tolerant=True) for data in files))
    accepted = 0
    for data, answer in zip(files, answers, strict=True):
        expected = reference_accepts(data)
        accepted += expected is not None
        got = sorted(answer['tensors']) if 'tensors' in answer else None
        # Numbers above 2^53 are the one thing that is refused in every mode.
        assert got == expected or answer.get('error') == 'limit', (data, answer)
    assert 2_000 < accepted < 15_000


def test_strict_reading_accepts_no_more_than_the_reference() -> None:
    rng = random.Random(6)
    files = [damaged(rng) for _ in range(5_000)]
    for data, answer in zip(files, bridge(*(read({'a': data}, 'a') for data in files)), strict=True):
        if 'tensors' in answer:
            assert sorted(answer['tensors']) == reference_accepts(data), data
