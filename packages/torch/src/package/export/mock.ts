/** The special methods that a stand-in refuses, without their underscores. */
const REFUSED = [
  'abs add and bool bytes call ceil cmp complex contains copy deepcopy delattr delitem dir div divmod enter eq exit',
  'float floor floordiv ge getattr getitem getstate gt hash hex iadd iand idiv ifloordiv ilshift imod imul index',
  'instancecheck int invert ior ipow irshift isub iter itruediv ixor le len long lshift lt mod mul ne neg nonzero oct',
  'or pos pow rand rdivmod reduce reversed rmul round rrshift rshift setattr setitem sizeof sub subclasscheck truediv',
  'trunc unicode xor',
];

/**
 * The source of `_mock.py`: what stands in for the things of a mocked module. torch.package packs its own file under
 * this name; this one was written for torsh and keeps the same promises to packaged code.
 */
export const MOCK_SUPPORT: string = `"""Stands in for modules that were left out when this package was made.

A stand-in can be looked up and printed. Any other use raises NotImplementedError and names what is missing.
"""

_REFUSED = """
${REFUSED.join('\n')}
"""


class MockedObject:
    def __new__(cls, *args, **options):
        # Only the stubs of mocked modules make stand-ins; anybody else is about to use something that is not there.
        if options.get("_suppress_err"):
            return super().__new__(cls)
        wanted = args[0] if args and isinstance(args[0], str) else cls.__name__
        raise NotImplementedError(
            f"Object '{wanted}' was mocked out during packaging but it is being used in '__new__'. "
            "If this error is happening during 'load_pickle', please ensure that your pickled object "
            "doesn't contain any mocked objects."
        )

    def __init__(self, name, _suppress_err=False):
        self.__dict__["_name"] = name

    def __repr__(self):
        return f"MockedObject({self.__dict__.get('_name')})"


def _refuse(method):
    def refuse(self, *args, **options):
        wanted = object.__getattribute__(self, "__dict__").get("_name")
        raise NotImplementedError(
            f"Object '{wanted}' was mocked out during packaging but it is being used in {method}"
        )

    refuse.__name__ = method
    return refuse


for _name in _REFUSED.split():
    _method = f"__{_name}__"
    setattr(MockedObject, _method, _refuse(_method))
del _name, _method
`;

/** The source of the stub of a mocked module: whatever is asked of it is a stand-in. */
export const MOCK_STUB: string = `# This module was mocked when the package was made.
from _mock import MockedObject


def __getattr__(name):
    return MockedObject(f"{__name__}.{name}", _suppress_err=True)
`;
