"""Models that are right, and models that are wrong in one known way: each has a name that says which."""

import copy

import numpy as np
from onnx import AttributeProto, ModelProto, TensorProto, defs, helper, numpy_helper

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64

# The field, the entries and the bytes of seven elements of each type, by the rules of the schema.
TYPES = {
    1: ('float_data', 7, 28), 2: ('int32_data', 7, 7), 3: ('int32_data', 7, 7), 4: ('int32_data', 7, 14),
    5: ('int32_data', 7, 14), 6: ('int32_data', 7, 28), 7: ('int64_data', 7, 56), 8: ('string_data', 7, 7),
    9: ('int32_data', 7, 7), 10: ('int32_data', 7, 14), 11: ('double_data', 7, 56), 12: ('uint64_data', 7, 28),
    13: ('uint64_data', 7, 56), 14: ('float_data', 14, 56), 15: ('double_data', 14, 112), 16: ('int32_data', 7, 14),
    17: ('int32_data', 7, 7), 18: ('int32_data', 7, 7), 19: ('int32_data', 7, 7), 20: ('int32_data', 7, 7),
    21: ('int32_data', 4, 4), 22: ('int32_data', 4, 4), 23: ('int32_data', 4, 4), 24: ('int32_data', 7, 7),
    25: ('int32_data', 2, 2), 26: ('int32_data', 2, 2), 27: ('int32_data', 7, 6), 28: ('int32_data', 7, 6),
}  # fmt: skip


def value(name, shape=(2,), kind=FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def model_of(nodes, inputs=('x',), outputs=('y',), initializers=(), sparse=(), functions=(), opsets=(('', 21),), ir=10):
    graph = helper.make_graph(
        nodes, 'main', [value(name) for name in inputs], [value(name) for name in outputs],
        initializer=initializers, sparse_initializer=sparse,
    )  # fmt: skip
    imports = [helper.make_opsetid(*opset) for opset in opsets]
    return helper.make_model(graph, opset_imports=imports, functions=functions, ir_version=ir)


def plain():
    weight = numpy_helper.from_array(np.ones((2, 2), np.float32), 'w')
    nodes = [
        helper.make_node('Constant', [], ['c'], 'constant', value=numpy_helper.from_array(np.ones(2, np.float32))),
        helper.make_node('MatMul', ['x', 'w'], ['m'], 'multiply'),
        helper.make_node('Gemm', ['w', 'w'], ['g'], alpha=0.5, transA=1),
        helper.make_node('Add', ['m', 'c'], ['y']),
    ]
    return model_of(nodes, initializers=[weight])


def nested():
    def branch(name, node):
        return helper.make_graph([node], name, [], [value('b')])

    inner = branch('inner', helper.make_node('Relu', ['x'], ['b']))
    other = branch('other', helper.make_node('Neg', ['x'], ['b']))
    deep = helper.make_graph(
        [helper.make_node('If', ['t'], ['z'], then_branch=inner, else_branch=other), helper.make_node('Abs', ['z'], ['b'])],
        'deep', [], [value('b')],
    )  # fmt: skip
    truth = helper.make_tensor('t', TensorProto.BOOL, [], [1])
    return model_of([helper.make_node('If', ['t'], ['y'], then_branch=deep, else_branch=other)], initializers=[truth])


def with_functions():
    imports = [helper.make_opsetid('', 21), helper.make_opsetid('own', 1)]
    nodes = [helper.make_node('Add', ['a', 'a'], ['s']), helper.make_node('Twice', ['s'], ['r'], domain='own')]
    outer = helper.make_function('own', 'Outer', ['a'], ['r'], nodes, imports)
    twice_nodes = [helper.make_node('Add', ['a', 'a'], ['r'])]
    twice = helper.make_function('own', 'Twice', ['a'], ['r'], twice_nodes, imports, attributes=['alpha'])
    call = helper.make_node('Outer', ['x'], ['y'], domain='own')
    return model_of([call], functions=[outer, twice], opsets=[('', 21), ('own', 1)])


def sparse(indices=((0, 1), (1, 0), (1, 2)), shape=(2, 3), linear=False, typed=False):
    index = np.array([a * shape[1] + b for a, b in indices] if linear else indices, np.int64)
    values = numpy_helper.from_array(np.ones(len(indices), np.float32), 's')
    if typed:
        positions = helper.make_tensor('i', INT64, index.shape, index.flatten().tolist())
    else:
        positions = numpy_helper.from_array(index, 'i')
    tensor = helper.make_sparse_tensor(values, positions, shape)
    return model_of([helper.make_node('Identity', ['x'], ['y'])], sparse=[tensor])


def tensors():
    """Seven elements of each type, in each storage, right and wrong."""
    for number, (field, entries, size) in TYPES.items():
        name = TensorProto.DataType.Name(number)

        def made(dims=(7,), raw=None, kind=number, **fields):
            tensor = TensorProto(name='w', dims=dims, data_type=kind)
            if raw is not None:
                tensor.raw_data = bytes(raw)
            for key, items in fields.items():
                getattr(tensor, key).extend(items)
            return model_of([helper.make_node('Identity', ['x'], ['y'])], initializers=[tensor], ir=13)

        one = b'a' if field == 'string_data' else 1
        other = 'float_data' if field != 'float_data' else 'int32_data'
        yield f'{name} raw', made(raw=size)
        yield f'{name} raw one byte short', made(raw=size - 1)
        yield f'{name} raw one byte long', made(raw=size + 1)
        yield f'{name} typed', made(**{field: [one] * entries})
        yield f'{name} typed one short', made(**{field: [one] * (entries - 1)})
        yield f'{name} typed one long', made(**{field: [one] * (entries + 1)})
        yield f'{name} in the wrong field', made(**{other: [1] * 14})
        yield f'{name} in two fields', made(raw=size, **{field: [one] * entries})
        yield f'{name} nowhere', made()
        yield f'{name} of no elements', made(dims=[0, 3])
        yield f'{name} of no elements, with values', made(dims=[0, 3], **{field: [one]})
        yield f'{name} scalar', made(dims=[], raw=max(1, size // 7))
        yield f'{name} negative dimension', made(dims=[-7], raw=size)
    for kind in (0, 29, 99, -1):
        yield f'type {kind} raw', made(kind=kind, raw=7)
        yield f'type {kind} typed', made(kind=kind, int32_data=[1] * 7)
    yield 'six-bit floats with bits behind the last', made(kind=27, raw=[0, 0, 0, 0, 0, 0xF0])
    yield 'six-bit floats beyond six bits', made(kind=27, int32_data=[64] * 7)
    yield 'six-bit floats below zero', made(kind=27, int32_data=[-1] * 7)
    yield 'dimensions of 2^62', made(dims=[2**31, 2**31], raw=8)
    yield 'dimensions of 2^63', made(dims=[2**31, 2**32], raw=8)
    yield 'dimensions of 2^63 and zero', made(dims=[2**31, 2**32, 0])
    yield 'dimensions of zero and 2^63', made(dims=[0, 2**31, 2**32])
    yield 'dimension of 2^60', made(dims=[2**60], raw=8)
    yield 'dimensions of zero and below', made(dims=[0, -1])


def _mutations():
    """Functions that break a model, with the model that they are meant for. The names say what they do."""

    def mutation(base):
        def add(function):
            found.append((function.__name__.replace('_', ' '), base, function))
            return function

        return add

    found = []

    @mutation(plain)
    def nothing_wrong(model):
        pass

    @mutation(plain)
    def no_ir_version(model):
        model.ClearField('ir_version')

    @mutation(plain)
    def ir_version_zero(model):
        model.ir_version = 0

    @mutation(plain)
    def ir_version_of_the_future(model):
        model.ir_version = 15

    @mutation(plain)
    def ir_version_14(model):
        model.ir_version = 14

    @mutation(plain)
    def ir_version_3_with_initializers_that_are_no_inputs(model):
        model.ir_version = 3

    @mutation(plain)
    def ir_version_2_with_operator_sets(model):
        model.ir_version = 2

    @mutation(plain)
    def no_operator_sets(model):
        del model.opset_import[:]

    @mutation(plain)
    def operator_set_of_the_future(model):
        model.opset_import[0].version = 99

    @mutation(plain)
    def operator_set_zero(model):
        model.opset_import[0].version = 0

    @mutation(plain)
    def operator_set_below_zero(model):
        model.opset_import[0].version = -1

    @mutation(plain)
    def operator_set_beyond_32_bits(model):
        model.opset_import[0].version = 2**31

    @mutation(plain)
    def operator_set_without_version(model):
        model.opset_import[0].ClearField('version')

    @mutation(plain)
    def operator_set_twice(model):
        model.opset_import.append(helper.make_opsetid('', 1))

    @mutation(plain)
    def operator_set_by_its_long_name(model):
        model.opset_import[0].domain = 'ai.onnx'

    @mutation(plain)
    def operator_set_of_another_domain_only(model):
        model.opset_import[0].domain = 'elsewhere'

    @mutation(plain)
    def metadata_once(model):
        helper.set_model_props(model, {'a': '1', 'b': '1'})

    @mutation(plain)
    def metadata_twice(model):
        for text in 'ab':
            entry = model.metadata_props.add()
            entry.key, entry.value = 'key', text

    @mutation(plain)
    def metadata_without_keys(model):
        for text in 'ab':
            model.metadata_props.add().value = text

    @mutation(plain)
    def no_graph(model):
        model.ClearField('graph')

    @mutation(plain)
    def graph_without_a_name(model):
        model.graph.ClearField('name')

    @mutation(plain)
    def graph_with_an_empty_name(model):
        model.graph.name = ''

    @mutation(plain)
    def input_without_a_name(model):
        model.graph.input[0].name = ''

    @mutation(plain)
    def input_without_a_type(model):
        model.graph.input[0].ClearField('type')

    @mutation(plain)
    def input_of_an_empty_type(model):
        model.graph.input[0].type.Clear()
        model.graph.input[0].type.denotation = 'IMAGE'

    @mutation(plain)
    def input_without_an_element_type(model):
        model.graph.input[0].type.tensor_type.ClearField('elem_type')

    @mutation(plain)
    def input_without_a_shape(model):
        model.graph.input[0].type.tensor_type.ClearField('shape')

    @mutation(plain)
    def input_of_an_unknown_element_type(model):
        model.graph.input[0].type.tensor_type.elem_type = 77

    @mutation(plain)
    def input_that_is_a_sequence(model):
        model.graph.input[0].type.sequence_type.elem_type.tensor_type.elem_type = 1

    @mutation(plain)
    def input_that_is_a_sequence_of_nothing(model):
        model.graph.input[0].type.sequence_type.SetInParent()

    @mutation(plain)
    def input_that_is_optional(model):
        model.graph.input[0].type.optional_type.elem_type.tensor_type.elem_type = 1

    @mutation(plain)
    def input_that_is_optional_of_nothing(model):
        model.graph.input[0].type.optional_type.SetInParent()

    @mutation(plain)
    def input_that_is_a_map(model):
        model.graph.input[0].type.map_type.key_type = 7
        model.graph.input[0].type.map_type.value_type.tensor_type.elem_type = 1

    @mutation(plain)
    def input_that_is_a_map_without_values(model):
        model.graph.input[0].type.map_type.key_type = 7

    @mutation(plain)
    def input_that_is_a_map_without_keys(model):
        model.graph.input[0].type.map_type.value_type.tensor_type.elem_type = 1

    @mutation(plain)
    def input_that_is_sparse(model):
        model.graph.input[0].type.sparse_tensor_type.elem_type = 1
        model.graph.input[0].type.sparse_tensor_type.shape.SetInParent()

    @mutation(plain)
    def input_that_is_sparse_without_a_shape(model):
        model.graph.input[0].type.sparse_tensor_type.elem_type = 1

    @mutation(plain)
    def input_that_is_opaque(model):
        model.graph.input[0].type.opaque_type.name = 'thing'

    @mutation(plain)
    def input_that_is_opaque_without_a_name(model):
        model.graph.input[0].type.opaque_type.domain = 'own'

    @mutation(plain)
    def input_twice(model):
        model.graph.input.append(value('x'))

    @mutation(plain)
    def input_not_used(model):
        model.graph.input.append(value('unused'))

    @mutation(plain)
    def output_without_a_type(model):
        model.graph.output[0].ClearField('type')

    @mutation(plain)
    def output_without_a_name(model):
        model.graph.output[0].name = ''

    @mutation(plain)
    def output_that_nothing_makes(model):
        model.graph.output[0].name = 'nowhere'

    @mutation(plain)
    def output_twice(model):
        model.graph.output.append(value('y'))

    @mutation(plain)
    def output_that_is_an_input(model):
        model.graph.output[0].name = 'x'

    @mutation(plain)
    def output_that_is_an_initializer(model):
        model.graph.output[0].name = 'w'

    @mutation(plain)
    def no_outputs(model):
        del model.graph.output[:]

    @mutation(plain)
    def value_info_without_anything(model):
        model.graph.value_info.add()

    @mutation(plain)
    def initializer_without_a_name(model):
        model.graph.initializer.add().CopyFrom(model.graph.initializer[0])
        model.graph.initializer[1].ClearField('name')

    @mutation(plain)
    def initializer_with_an_empty_name(model):
        model.graph.initializer.add().CopyFrom(model.graph.initializer[0])
        model.graph.initializer[1].name = ''

    @mutation(plain)
    def initializer_twice(model):
        model.graph.initializer.append(model.graph.initializer[0])

    @mutation(plain)
    def initializer_that_is_an_input(model):
        model.graph.input.append(value('w', (2, 2)))

    @mutation(plain)
    def initializer_without_a_type(model):
        model.graph.initializer[0].ClearField('data_type')

    @mutation(plain)
    def initializer_in_segments(model):
        model.graph.initializer[0].segment.begin = 0
        model.graph.initializer[0].segment.end = 2

    @mutation(plain)
    def initializer_of_unknown_location(model):
        model.graph.initializer[0].data_location = 1
        encoded = model.SerializeToString().replace(b'\x70\x01', b'\x70\x05')
        model.CopyFrom(ModelProto.FromString(encoded))

    @mutation(plain)
    def initializer_that_says_default_location(model):
        model.graph.initializer[0].data_location = TensorProto.DEFAULT

    @mutation(plain)
    def initializer_with_external_keys_and_data_here(model):
        entry = model.graph.initializer[0].external_data.add()
        entry.key, entry.value = 'location', '../../etc/passwd'

    @mutation(plain)
    def initializer_named_as_a_node_output(model):
        model.graph.initializer[0].name = 'm'

    @mutation(plain)
    def nodes_in_the_wrong_order(model):
        nodes = list(model.graph.node)
        del model.graph.node[:]
        model.graph.node.extend(reversed(nodes))

    @mutation(plain)
    def node_that_takes_what_nothing_makes(model):
        model.graph.node[3].input[0] = 'nowhere'

    @mutation(plain)
    def node_that_takes_what_it_makes(model):
        model.graph.node[3].input[0] = 'y'

    @mutation(plain)
    def node_without_an_operator(model):
        model.graph.node[3].op_type = ''

    @mutation(plain)
    def node_of_an_operator_that_does_not_exist(model):
        model.graph.node[3].op_type = 'Addition'

    @mutation(plain)
    def node_of_a_domain_that_is_not_imported(model):
        model.graph.node[3].domain = 'elsewhere'

    @mutation(plain)
    def node_of_a_domain_of_its_own(model):
        model.graph.node[3].domain = 'elsewhere'
        model.opset_import.append(helper.make_opsetid('elsewhere', 1))

    @mutation(plain)
    def node_of_the_domain_by_its_long_name(model):
        model.graph.node[3].domain = 'ai.onnx'

    @mutation(plain)
    def node_of_the_domain_by_its_long_name_imported(model):
        model.graph.node[3].domain = 'ai.onnx'
        model.opset_import.append(helper.make_opsetid('ai.onnx', 21))

    @mutation(plain)
    def node_of_an_unknown_operator_of_the_preview_for_training(model):
        model.graph.node[3].domain = 'ai.onnx.preview.training'
        model.opset_import.append(helper.make_opsetid('ai.onnx.preview.training', 1))

    @mutation(plain)
    def node_of_an_unknown_operator_of_the_domain_for_training(model):
        model.graph.node[3].domain = 'ai.onnx.training'
        model.opset_import.append(helper.make_opsetid('ai.onnx.training', 1))

    @mutation(plain)
    def node_of_an_unknown_operator_of_a_preview(model):
        model.graph.node[3].domain = 'ai.onnx.preview'
        model.opset_import.append(helper.make_opsetid('ai.onnx.preview', 1))

    @mutation(plain)
    def node_of_an_unknown_operator_for_learning(model):
        model.graph.node[3].domain = 'ai.onnx.ml'
        model.opset_import.append(helper.make_opsetid('ai.onnx.ml', 3))

    @mutation(plain)
    def node_of_an_experimental_operator(model):
        model.graph.node[3].op_type = 'ScaledTanh'

    @mutation(plain)
    def node_of_a_deprecated_operator(model):
        model.graph.node[3].op_type = 'Upsample'

    @mutation(plain)
    def node_of_nothing(model):
        model.graph.node.add().op_type = 'Constant'

    @mutation(plain)
    def node_without_outputs(model):
        del model.graph.node[2].output[:]

    @mutation(plain)
    def node_with_an_empty_output(model):
        model.graph.node[2].output[0] = ''

    @mutation(plain)
    def node_with_an_empty_input(model):
        model.graph.node[2].input[0] = ''

    @mutation(plain)
    def node_with_an_empty_optional_input(model):
        model.graph.node[2].input.append('')

    @mutation(plain)
    def node_with_too_many_inputs(model):
        model.graph.node[3].input.append('x')

    @mutation(plain)
    def node_that_makes_a_value_twice(model):
        model.graph.node[2].output[0] = 'm'

    @mutation(plain)
    def node_that_makes_an_input(model):
        model.graph.node[2].output[0] = 'x'

    @mutation(plain)
    def node_that_makes_an_initializer(model):
        model.graph.node[2].output[0] = 'w'

    @mutation(plain)
    def node_that_makes_one_value_at_two_places(model):
        node = helper.make_node('Split', ['x'], ['p', 'p'], axis=0, num_outputs=2)
        model.graph.node.append(node)

    @mutation(plain)
    def attribute_without_a_name(model):
        model.graph.node[2].attribute[0].name = ''

    @mutation(plain)
    def attribute_twice(model):
        model.graph.node[2].attribute.append(model.graph.node[2].attribute[0])

    @mutation(plain)
    def attribute_without_a_type(model):
        model.graph.node[2].attribute[0].ClearField('type')

    @mutation(plain)
    def attribute_without_a_type_in_ir_version_1(model):
        model.graph.node[2].attribute[0].ClearField('type')
        model.ir_version = 1
        del model.opset_import[:]

    @mutation(plain)
    def attribute_of_undefined_type(model):
        model.graph.node[2].attribute[0].type = 0

    @mutation(plain)
    def attribute_of_an_unknown_type(model):
        encoded = model.SerializeToString().replace(b'\xa0\x01\x01', b'\xa0\x01\x63')
        model.CopyFrom(ModelProto.FromString(encoded))

    @mutation(plain)
    def attribute_of_the_wrong_type(model):
        model.graph.node[2].attribute[0].type = AttributeProto.INT

    @mutation(plain)
    def attribute_whose_operator_wants_another_type(model):
        del model.graph.node[2].attribute[:]
        model.graph.node[2].attribute.append(helper.make_attribute('alpha', 1))

    @mutation(plain)
    def attribute_with_two_values(model):
        model.graph.node[2].attribute[0].i = 1

    @mutation(plain)
    def attribute_without_a_value(model):
        model.graph.node[2].attribute[0].ClearField('f')

    @mutation(plain)
    def attribute_tensor_without_a_value(model):
        model.graph.node[0].attribute[0].ClearField('t')

    @mutation(plain)
    def attribute_that_refers(model):
        model.graph.node[2].attribute[0].ClearField('f')
        model.graph.node[2].attribute[0].ref_attr_name = 'alpha'

    @mutation(plain)
    def attribute_that_refers_and_has_a_value(model):
        model.graph.node[2].attribute[0].ref_attr_name = 'alpha'

    @mutation(plain)
    def attribute_that_is_not_known(model):
        model.graph.node[2].attribute.append(helper.make_attribute('gamma', 1))

    @mutation(plain)
    def attribute_that_is_nobodys_business(model):
        model.graph.node[2].attribute.append(helper.make_attribute('__gamma', 1))

    @mutation(plain)
    def attribute_that_is_missing(model):
        model.graph.node.append(helper.make_node('Cast', ['x'], ['q']))

    @mutation(plain)
    def attribute_tensor_that_is_too_short(model):
        tensor = model.graph.node[0].attribute[0].t
        tensor.raw_data = tensor.raw_data[:-1]

    @mutation(plain)
    def attribute_with_a_list_of_tensors_one_too_short(model):
        node = helper.make_node('Own', ['x'], ['q'], domain='own')
        good = numpy_helper.from_array(np.ones(2, np.float32))
        short = TensorProto(dims=[3], data_type=1, raw_data=bytes(8))
        node.attribute.append(helper.make_attribute('list', [good, short]))
        model.graph.node.append(node)
        model.opset_import.append(helper.make_opsetid('own', 1))

    @mutation(plain)
    def attribute_with_graphs_one_without_a_name(model):
        node = helper.make_node('Own', ['x'], ['q'], domain='own')
        graphs = [helper.make_graph([], name, [], []) for name in ('one', 'two')]
        node.attribute.append(helper.make_attribute('list', graphs))
        node.attribute[0].graphs[1].name = ''
        model.graph.node.append(node)
        model.opset_import.append(helper.make_opsetid('own', 1))

    @mutation(plain)
    def training_info_with_a_bad_graph(model):
        model.training_info.add().algorithm.initializer.add()

    @mutation(plain)
    def fields_that_the_schema_does_not_have(model):
        model.CopyFrom(ModelProto.FromString(model.SerializeToString() + b'\xc2\x3e\x03abc'))

    @mutation(nested)
    def nested_graphs(model):
        pass

    @mutation(nested)
    def nested_graph_without_a_name(model):
        model.graph.node[0].attribute[1].g.name = ''

    @mutation(nested)
    def nested_output_without_a_type(model):
        model.graph.node[0].attribute[1].g.output[0].ClearField('type')

    @mutation(nested)
    def nested_output_without_a_name(model):
        model.graph.node[0].attribute[1].g.output[0].name = ''

    @mutation(nested)
    def nested_output_of_the_outer_graph(model):
        model.graph.node[0].attribute[1].g.output[0].name = 'x'

    @mutation(nested)
    def nested_node_that_makes_an_outer_value(model):
        graph = model.graph.node[0].attribute[1].g
        graph.node[0].output[0] = graph.output[0].name = 'x'

    @mutation(nested)
    def nested_node_that_takes_a_later_outer_value(model):
        model.graph.node[0].attribute[1].g.node[0].input[0] = 'y'

    @mutation(nested)
    def nested_input_with_an_outer_name(model):
        model.graph.node[0].attribute[1].g.input.append(value('x'))

    @mutation(nested)
    def nested_initializer_with_an_outer_name(model):
        tensor = numpy_helper.from_array(np.ones(2, np.float32), 'x')
        model.graph.node[0].attribute[1].g.initializer.append(tensor)

    @mutation(nested)
    def nested_initializer_that_is_too_short(model):
        tensor = TensorProto(name='k', dims=[3], data_type=1, raw_data=bytes(8))
        model.graph.node[0].attribute[1].g.initializer.append(tensor)

    @mutation(nested)
    def nested_attribute_that_refers_and_has_a_value(model):
        node = helper.make_node('LeakyRelu', ['x'], ['q'], alpha=0.5)
        node.attribute[0].ref_attr_name = 'alpha'
        model.graph.node[0].attribute[1].g.node.append(node)

    @mutation(nested)
    def nested_node_of_an_operator_that_does_not_exist(model):
        for attribute in model.graph.node[0].attribute:
            for node in attribute.g.node:
                if node.op_type == 'Abs':
                    node.op_type = 'Absolute'

    @mutation(nested)
    def nested_graph_missing(model):
        del model.graph.node[0].attribute[1:]

    @mutation(with_functions)
    def functions(model):
        pass

    @mutation(with_functions)
    def function_without_a_name(model):
        model.functions[0].ClearField('name')

    @mutation(with_functions)
    def function_without_a_domain(model):
        model.functions[0].ClearField('domain')

    @mutation(with_functions)
    def function_without_a_domain_in_ir_version_7(model):
        model.functions[0].ClearField('domain')
        model.ir_version = 7

    @mutation(with_functions)
    def function_twice(model):
        model.functions.append(model.functions[0])

    @mutation(with_functions)
    def function_twice_with_another_overload(model):
        model.functions.append(model.functions[0])
        model.functions[2].overload = 'other'

    @mutation(with_functions)
    def function_that_calls_itself(model):
        model.functions[1].node[0].op_type, model.functions[1].node[0].domain = 'Twice', 'own'

    @mutation(with_functions)
    def function_that_calls_itself_through_another(model):
        model.functions[1].node[0].op_type, model.functions[1].node[0].domain = 'Outer', 'own'

    @mutation(with_functions)
    def function_that_calls_itself_from_a_nested_graph(model):
        call = helper.make_node('Twice', ['a'], ['b'], domain='own')
        graph = helper.make_graph([call], 'inner', [], [value('b')])
        node = helper.make_node('If', ['a'], ['q'], then_branch=graph, else_branch=graph)
        model.functions[1].node.append(node)

    def chain(model, count):
        del model.functions[:]
        imports = [helper.make_opsetid('own', 1), helper.make_opsetid('', 21)]
        for index in range(count):
            called = f'F{index + 1}' if index + 1 < count else 'Other'
            nodes = [helper.make_node(called, ['a'], ['r'], domain='own')]
            model.functions.append(helper.make_function('own', f'F{index}', ['a'], ['r'], nodes, imports))

    @mutation(with_functions)
    def functions_that_call_each_other_90_deep(model):
        chain(model, 90)

    @mutation(with_functions)
    def functions_that_call_each_other_400_deep(model):
        chain(model, 400)

    @mutation(with_functions)
    def functions_10001(model):
        del model.functions[1:]
        for index in range(10_000):
            function = model.functions.add()
            function.name, function.domain = f'F{index}', 'own'

    @mutation(with_functions)
    def function_input_twice(model):
        model.functions[0].input.append('a')

    @mutation(with_functions)
    def function_output_twice(model):
        model.functions[0].output.append('r')

    @mutation(with_functions)
    def function_attribute_twice(model):
        model.functions[1].attribute.append('alpha')

    @mutation(with_functions)
    def function_output_that_nothing_makes(model):
        model.functions[0].output[0] = 'nowhere'

    @mutation(with_functions)
    def function_node_that_takes_what_nothing_makes(model):
        model.functions[0].node[0].input[0] = 'x'

    @mutation(with_functions)
    def function_node_that_makes_an_input(model):
        model.functions[0].node[0].output[0] = 'a'

    @mutation(with_functions)
    def function_without_operator_sets(model):
        del model.functions[0].opset_import[:]

    @mutation(with_functions)
    def function_of_an_equal_operator_version(model):
        model.functions[1].opset_import[0].version = 20

    @mutation(with_functions)
    def function_of_a_different_operator_version(model):
        model.functions[1].opset_import[0].version = 6

    @mutation(with_functions)
    def function_operator_set_beyond_32_bits(model):
        model.functions[1].opset_import.append(helper.make_opsetid('far', 2**40))

    @mutation(with_functions)
    def function_with_an_operator_that_does_not_exist(model):
        model.functions[1].node[0].op_type = 'Addition'

    @mutation(with_functions)
    def function_with_its_own_domain(model):
        model.functions[1].opset_import.append(helper.make_opsetid('far', 3))
        model.functions[1].node.append(helper.make_node('Far', ['r'], ['f'], domain='far'))

    @mutation(with_functions)
    def function_domain_that_two_import_differently(model):
        for index, version in enumerate((1, 2)):
            model.functions[index].opset_import.append(helper.make_opsetid('far', version))
            model.functions[index].node.append(helper.make_node('Far', ['a'], ['f'], domain='far'))

    @mutation(with_functions)
    def function_attribute_that_refers(model):
        node = helper.make_node('LeakyRelu', ['a'], ['q'])
        attribute = node.attribute.add()
        attribute.name, attribute.type, attribute.ref_attr_name = 'alpha', AttributeProto.FLOAT, 'alpha'
        model.functions[1].node.append(node)

    @mutation(with_functions)
    def function_attribute_that_refers_and_has_a_value(model):
        node = helper.make_node('LeakyRelu', ['a'], ['q'], alpha=0.5)
        node.attribute[0].ref_attr_name = 'alpha'
        model.functions[1].node.append(node)

    @mutation(with_functions)
    def function_that_is_not_there(model):
        del model.functions[:]

    @mutation(sparse)
    def sparse_tensor(model):
        pass

    def first(model):
        return model.graph.sparse_initializer[0]

    @mutation(sparse)
    def sparse_without_values(model):
        first(model).ClearField('values')

    @mutation(sparse)
    def sparse_without_a_name(model):
        first(model).values.name = ''

    @mutation(sparse)
    def sparse_named_as_an_initializer(model):
        model.graph.initializer.append(numpy_helper.from_array(np.ones(2, np.float32), 's'))

    @mutation(sparse)
    def sparse_values_of_two_dimensions(model):
        first(model).values.dims.append(1)

    @mutation(sparse)
    def sparse_without_dimensions(model):
        del first(model).dims[:]

    @mutation(sparse)
    def sparse_with_a_dimension_of_zero(model):
        first(model).dims[0] = 0

    @mutation(sparse)
    def sparse_with_a_dimension_below_zero(model):
        first(model).dims[0] = -2

    @mutation(sparse)
    def sparse_without_indices(model):
        first(model).ClearField('indices')

    @mutation(sparse)
    def sparse_without_values_and_indices(model):
        first(model).ClearField('indices')
        first(model).values.CopyFrom(TensorProto(name='s', dims=[0], data_type=1))

    @mutation(sparse)
    def sparse_indices_of_the_wrong_type(model):
        first(model).indices.data_type = TensorProto.DOUBLE

    @mutation(sparse)
    def sparse_indices_of_three_dimensions(model):
        first(model).indices.dims.append(1)

    @mutation(sparse)
    def sparse_indices_too_few(model):
        first(model).indices.CopyFrom(numpy_helper.from_array(np.array([[0, 1], [1, 0]]), 'i'))

    @mutation(sparse)
    def sparse_indices_of_another_rank(model):
        first(model).indices.CopyFrom(numpy_helper.from_array(np.array([[0], [1], [2]]), 'i'))

    @mutation(sparse)
    def sparse_indices_too_short(model):
        first(model).indices.raw_data = first(model).indices.raw_data[:-8]

    @mutation(sparse)
    def sparse_indices_external(model):
        first(model).indices.ClearField('raw_data')
        first(model).indices.data_location = TensorProto.EXTERNAL
        entry = first(model).indices.external_data.add()
        entry.key, entry.value = 'location', 'data.bin'

    return found


def structures():
    for name, base, mutate in _mutations():
        model = base()
        mutate(model)
        yield name, model
    wrong = {
        'in order': ((0, 1), (1, 0), (1, 2)),
        'descending': ((1, 0), (0, 1), (1, 2)),
        'descending within a row': ((0, 1), (1, 2), (1, 0)),
        'twice': ((0, 1), (0, 1), (1, 2)),
        'beyond the end': ((0, 1), (1, 0), (2, 0)),
        'below zero': ((0, -1), (1, 0), (1, 2)),
        'beyond a row': ((0, 1), (1, 0), (1, 3)),
    }
    for name, indices in wrong.items():
        for linear in (False, True):
            for typed in (False, True):
                how = f'{"linear" if linear else "by axis"}, {"typed" if typed else "raw"}'
                yield f'sparse indices {name}, {how}', sparse(indices, linear=linear, typed=typed)
    for typed in (False, True):
        model = sparse(typed=typed)
        indices = model.graph.sparse_initializer[0].indices
        if typed:
            indices.int64_data.append(9)
        else:
            indices.raw_data += bytes(8)
        yield f'sparse indices too long, {"typed" if typed else "raw"}', model


def operators():
    """Every version of every operator: as it should be, and wrong in six ways."""
    samples = {
        'FLOAT': 1.0, 'INT': 1, 'STRING': 'a', 'FLOATS': [1.0], 'INTS': [1], 'STRINGS': ['a'],
        'TENSOR': TensorProto(dims=[1], data_type=1, float_data=[1.0]),
        'SPARSE_TENSOR': sparse().graph.sparse_initializer[0],
        'GRAPH': helper.make_graph([], 'inner', [], []),
        'TYPE_PROTO': helper.make_tensor_type_proto(1, [1]),
    }  # fmt: skip
    for schema in defs.get_all_schemas_with_history():
        name = f'{schema.domain or "onnx"} {schema.name} {schema.since_version}'

        def made(inputs=schema.min_input, outputs=schema.min_output, version=schema.since_version, attributes=None, **names):
            given = [names.get('input', 'x')] * inputs
            made = [names.get(f'output{index}', f'o{index}') for index in range(outputs)]
            node = helper.make_node(schema.name, given, made, domain=schema.domain)
            for attribute in schema.attributes.values() if attributes is None else attributes:
                if attribute.required or attributes is not None:
                    kind = attribute.type.name
                    sample = samples[kind] if kind in samples else [samples[kind[:-1]]]
                    node.attribute.append(helper.make_attribute(attribute.name, sample))
            opsets = [(schema.domain, version)] if schema.domain == '' else [('', 21), (schema.domain, version)]
            return model_of([node], outputs=(), opsets=opsets)

        yield f'{name}', made()
        yield f'{name}, too early', made(version=schema.since_version - 1)
        yield f'{name}, one input less', made(inputs=max(0, schema.min_input - 1))
        yield f'{name}, inputs without names', made(inputs=schema.min_input, input='')
        if schema.max_input < 100:
            yield f'{name}, one input more', made(inputs=schema.max_input + 1)
            for count in range(schema.min_input + 1, schema.max_input + 1):
                yield f'{name}, {count} inputs', made(inputs=count)
        if schema.max_output < 100:
            yield f'{name}, one output more', made(outputs=schema.max_output + 1)
            for count in range(schema.min_output + 1, schema.max_output + 1):
                yield f'{name}, {count} outputs', made(outputs=count)
        if schema.attributes:
            everything = list(schema.attributes.values())
            yield f'{name}, all attributes', made(attributes=everything)
            if any(attribute.required for attribute in everything):
                yield f'{name}, no attributes', made(attributes=[])
            other = copy.deepcopy(made(attributes=everything))
            attribute = other.graph.node[0].attribute[0]
            another = 2.5 if attribute.type != AttributeProto.FLOAT else 'text'
            attribute.CopyFrom(helper.make_attribute(attribute.name, another))
            yield f'{name}, attribute of another type', other
        unknown = made()
        unknown.graph.node[0].attribute.append(helper.make_attribute('not_known', 1))
        yield f'{name}, unknown attribute', unknown


def _field(number, content):
    """A field of protobuf that has a length."""

    def varint(value):
        encoded = b''
        while value > 127:
            encoded += bytes([value & 127 | 128])
            value >>= 7
        return encoded + bytes([value])

    return varint(number << 3 | 2) + varint(len(content)) + content


def encoded():
    """Models that the library would not write: nested at and beyond the depth at which protobuf stops."""
    head = b'\x08\x08' + _field(8, _field(1, b'own') + b'\x10\x01') + _field(8, b'\x10\x0d')
    for depth in (32, 33, 34, 100, 300):
        graph = _field(2, b'g')
        for index in range(depth):
            attribute = _field(1, b'a') + b'\xa0\x01\x05' + _field(6, graph)
            node = _field(4, b'Own') + _field(7, b'own') + _field(2, b'o%d' % index) + _field(5, attribute)
            graph = _field(2, b'g') + _field(1, node)
        yield f'graphs {depth} deep', head + _field(7, graph)
    for depth in (46, 47, 48, 200):
        kind = _field(1, b'\x08\x01' + _field(2, b''))
        for _ in range(depth):
            kind = _field(4, _field(1, kind))
        yield f'types {depth} deep', head + _field(7, _field(2, b'g') + _field(11, _field(1, b'x') + _field(2, kind)))
    good = plain().SerializeToString()
    yield 'a field number of zero', good + b'\x02\x00'
    yield 'a group', good + b'\xc3\x3e\xc4\x3e'
    yield 'a length beyond the end', good + _field(2, b'abc')[:-1]
    yield 'the graph in two parts', good + _field(7, _field(10, b'more'))
    yield 'nothing at all', b''
