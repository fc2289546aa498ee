"""What a reader must find in a TorchScript file: what torch loads, and what Python's unpickler sees besides."""

from pathlib import Path

import torch
from flatten import Flat, flatten
from script_pickle import whole
from torchscript_registry import ScriptFile


def expectation(script: ScriptFile, path: Path) -> dict:
    if script.refused is not None:
        code, reason = script.refused
        return {'refused': {'code': code, 'reason': reason}}
    models = expected_models(script, path)
    several = len(models) > 1
    full = lambda model, name: f'{model}:{name}' if several else name  # noqa: E731
    return {
        'tensors': [
            {'model': model, **tensor.summary()} for model, flat in models.items() for tensor in flat.tensors.values()
        ],
        'aliases': {
            full(model, alias): full(model, name) for model, flat in models.items() for alias, name in flat.aliases.items()
        },
        'opaque': list(script.opaque),
    }


def expected_models(script: ScriptFile, path: Path) -> dict[str, Flat]:
    """Tensors by model; an empty model is there only where there is no other."""
    if script.tensors is not None:
        return {name: flatten(tensors) for name, tensors in script.tensors().items()}
    module, constants = whole(path)
    state = state_names(script, path)
    if state is None:
        models = {'model': module}
    else:
        models = split(module, state)
    held = {name: flat for name, flat in {**models, 'constants': constants}.items() if flat.tensors}
    return held or {'model': module}


def state_names(script: ScriptFile, path: Path) -> list[str] | None:
    """The names of `state_dict()` of the loaded module, in order; `None` where nobody can know them."""
    if script.state is not None:
        return list(script.state)
    return list(torch.jit.load(str(path), map_location='cpu').state_dict()) if script.loads else None


def split(module: Flat, state: list[str]) -> dict[str, Flat]:
    """The state dict, and the rest: tensors that the state dict already has are not repeated under other names."""
    inside = lambda name: any(name == each or name.startswith(f'{each}.') for each in state)  # noqa: E731
    owner = lambda name: module.aliases.get(name, name)  # noqa: E731
    model, extra = Flat(), Flat()
    first: dict[str, str] = {}
    names = [name for each in state for name in [*module.tensors, *module.aliases] if name == each or name.startswith(f'{each}.')]
    for name in names:
        found = module.tensors[owner(name)]
        if owner(name) in first:
            model.aliases[name] = first[owner(name)]
        else:
            first[owner(name)] = name
            model.tensors[name] = type(found)(name, found.dtype, found.shape, found.data)
    left: dict[str, str] = {}
    for name in [*module.tensors, *module.aliases]:
        if inside(name) or owner(name) in first:
            continue
        found = module.tensors[owner(name)]
        if owner(name) in left:
            extra.aliases[name] = left[owner(name)]
        else:
            left[owner(name)] = name
            extra.tensors[name] = type(found)(name, found.dtype, found.shape, found.data)
    return {'model': model, 'extra': extra}
