"""Tensors that are kept on the disk, so that a training that was stopped goes on where it was."""

from collections.abc import Callable
from pathlib import Path

from safetensors.torch import load_file, save
from torch import nn

from builder.engine.workspace import make_folder, write_atomically
from builder.ids import sha256
from builder.training.averaging import Weights

DIGITS = 12  # of the key that stands in a file's name


def kept(folder: Path | None, name: str, key: str, make: Callable[[], Weights]) -> Weights:
    """What was kept in a folder under a name and a key; what is not there yet is made, and kept.

    The key is a hash of everything that the tensors depend on. Without a folder they are made.
    """
    if folder is None:
        return make()
    path = folder / f"{name}-{key[:DIGITS]}.safetensors"
    if path.is_file():
        return load_file(path)
    made = make()
    make_folder(folder)
    write_atomically(path, save(dict(made)))
    return made


def weights_hash(network: nn.Module) -> str:
    """A hash of what a network has learnt, or started with."""
    return sha256(save({name: weight.contiguous() for name, weight in network.state_dict().items()}))
