"""What we count in models against a second count, which takes its shapes from onnx itself."""

import json
import math
import subprocess
from collections import Counter
from pathlib import Path

import onnx
import pytest
from cli import ROOT
from onnx import shape_inference

# The graphs of well-known networks come with onnx, without their weights.
NETWORKS = sorted((Path(onnx.__file__).parent / 'backend' / 'test' / 'data' / 'light').glob('*.onnx'))

# Multiplications that are added up, in millions, as papers and other counters have them.
PUBLISHED = {'light_resnet50': 4_090, 'light_vgg19': 19_600, 'light_densenet121': 2_830, 'light_squeezenet': 350}


def shapes_of(model):
    graph = shape_inference.infer_shapes(model, strict_mode=True, data_prop=True).graph
    shapes = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    for value in [*graph.input, *graph.output, *graph.value_info]:
        shapes[value.name] = [dim.dim_value for dim in value.type.tensor_type.shape.dim]
    return shapes


def macs_of(node, shapes):
    output, first = shapes[node.output[0]], shapes[node.input[0]]
    if node.op_type == 'Conv':
        return math.prod(output) * math.prod(shapes[node.input[1]][1:])
    if node.op_type == 'Gemm':
        transposed = any(attribute.name == 'transA' and attribute.i for attribute in node.attribute)
        return math.prod(output) * first[0 if transposed else 1]
    return math.prod(output) * first[-1] if node.op_type == 'MatMul' else 0


@pytest.fixture(scope='module')
def summaries():
    bridge = ROOT / 'conformance' / 'onnx_summary_bridge.mjs'
    lent = json.dumps([str(path) for path in NETWORKS]).encode()
    done = subprocess.run(['node', bridge], input=lent, capture_output=True, check=True)
    return dict(zip((path.stem for path in NETWORKS), json.loads(done.stdout), strict=True))


def test_there_are_networks(summaries):
    assert len(summaries) == 9


@pytest.mark.parametrize('path', NETWORKS, ids=lambda path: path.stem)
def test_counts(path, summaries):
    model, ours = onnx.load(path), summaries[path.stem]
    shapes = shapes_of(model)
    assert ours['work']['macs'] == sum(macs_of(node, shapes) for node in model.graph.node)
    assert ours['work']['shapeless'] == ours['work']['unknown'] == {}
    assert ours['operators'] == Counter(node.op_type for node in model.graph.node)
    assert ours['weights']['parameters'] == sum(math.prod(tensor.dims) for tensor in model.graph.initializer)
    assert {each['name']: each['shape'] for each in ours['outputs']} == {
        output.name: shapes[output.name] for output in model.graph.output
    }


@pytest.mark.parametrize('name', PUBLISHED)
def test_what_others_published(name, summaries):
    assert summaries[name]['work']['macs'] / 1e6 == pytest.approx(PUBLISHED[name], rel=0.01)
