"""Pretrained encoders as trainings start from them: weights, tokenizer, and rates for their layers."""

import copy
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import nn
from transformers import AutoConfig, AutoModel, AutoTokenizer, PretrainedConfig, PreTrainedModel

from builder.engine.workspace import write_atomically
from builder.errors import UsageError
from builder.inference import precision
from builder.tokenization import FILE as TOKENIZER
from builder.tokenization import Tokenizer
from builder.training.export import on_grid

PLAIN = "eager"
CONFIG = "config.json"


def use_all_cores() -> None:
    """Lets PyTorch use every core that the process may run on, whatever the command allows its workers."""
    torch.set_num_threads(
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )


def in_bf16(wanted: bool) -> bool:
    """Whether to compute in bfloat16: where it is wanted and the machine has instructions for it.

    Without them it is many times as slow as single precision.
    """
    return wanted and (torch.cuda.is_available() or precision() == "bf16")


def load_encoder(name: str, layers: int | None = None) -> PreTrainedModel:
    """An encoder by its name on a hub or its folder, without dropout, which costs half of the time on a CPU.

    Of its layers the lowest `layers` are taken, or all. The attention is the plain one: in bfloat16 on a CPU
    it is several times as fast as the fused one.

    Raises:
        UsageError: there is no such encoder, or it has fewer layers.
    """
    try:
        config = _without_dropout(name)
        if layers is not None:
            if layers > config.num_hidden_layers:
                raise ValueError(f"it has {config.num_hidden_layers} layers (got {layers})")
            config.num_hidden_layers = layers
        encoder: PreTrainedModel = AutoModel.from_pretrained(name, config=config, attn_implementation=PLAIN)
    except (OSError, ValueError) as error:
        raise UsageError(f"encoder: {name!r} cannot be loaded: {first_line(error)}") from error
    return encoder


def called(encoder: str) -> str:
    """An encoder as a card names it: without the folders that it lies in on this machine."""
    folder = Path(encoder)
    return folder.absolute().name if folder.is_dir() else encoder.removeprefix("package:")


def encoder_like(folder: Path) -> PreTrainedModel:
    """An encoder of the architecture that a folder's `config.json` describes, its weights drawn at random.

    Raises:
        UsageError: there is no such file, or it describes no encoder.
    """
    try:
        encoder: PreTrainedModel = AutoModel.from_config(
            _without_dropout(str(folder)), attn_implementation=PLAIN
        )
    except (OSError, ValueError) as error:
        raise UsageError(f"encoder: {folder}: {first_line(error)}") from error
    return encoder


def _without_dropout(name: str) -> PretrainedConfig:
    config: PretrainedConfig = AutoConfig.from_pretrained(name)
    for key in vars(config):
        if "dropout" in key and isinstance(getattr(config, key), float):
            setattr(config, key, 0.0)
    return config


def first_line(error: Exception) -> str:
    """What went wrong, without the advice that follows."""
    return (str(error).strip().splitlines() or [repr(error)])[0]


def layers_of(encoder: PreTrainedModel) -> list[nn.Module]:
    """The encoder's layers, from the lowest to the highest: its longest list of modules."""
    lists = [one for one in encoder.modules() if isinstance(one, nn.ModuleList)]
    return list(max(lists, key=len, default=[]))


def table_of(encoder: PreTrainedModel) -> torch.Tensor:
    """The encoder's table of words, shape (words, width)."""
    embeddings = encoder.get_input_embeddings()
    assert isinstance(embeddings, nn.Embedding)  # noqa: S101 - for the type checker
    return embeddings.weight


def settle_table(encoder: PreTrainedModel) -> None:
    """Rounds the encoder's table of words to what four bits a number can hold, and lets it learn nothing."""
    table = table_of(encoder)
    with torch.no_grad():
        table.copy_(torch.from_numpy(on_grid(table.cpu().numpy())))
    table.requires_grad_(False)


def rated_groups(
    network: nn.Module, encoder: PreTrainedModel, encoder_rate: float, head_rate: float, layer_decay: float
) -> Iterator[dict[str, object]]:
    """The weights of a network with their learning rates: lower layers of its encoder learn more slowly."""
    layers = layers_of(encoder)
    rates = [encoder_rate * layer_decay ** (len(layers) - 1 - number) for number in range(len(layers))]
    lowest = encoder_rate * layer_decay ** len(layers)
    taken: set[int] = set()
    for module, rate in (*zip(layers, rates, strict=True), (encoder, lowest)):
        weights = [weight for weight in module.parameters() if id(weight) not in taken]
        taken |= {id(weight) for weight in weights}
        yield {"params": weights, "lr": rate}
    yield {"params": [weight for weight in network.parameters() if id(weight) not in taken], "lr": head_rate}


def save_tokenizer(encoder: str, folder: Path) -> None:
    """Writes the `tokenizer.json` of an encoder, and nothing else that its library would write.

    Raises:
        UsageError: there is no such encoder, or its tokenizer has no such file.
    """
    with tempfile.TemporaryDirectory() as everything:
        try:
            AutoTokenizer.from_pretrained(encoder).save_pretrained(everything)
            content = (Path(everything) / TOKENIZER).read_bytes()
        except (OSError, ValueError) as error:
            raise UsageError(f"encoder: no tokenizer of {encoder!r}: {first_line(error)}") from error
    write_atomically(folder / TOKENIZER, content)


def tokenizer_of(encoder: str) -> Tokenizer:
    """The tokenizer of an encoder.

    Raises:
        UsageError: there is no such encoder, or its tokenizer has no file that `Tokenizer` reads.
    """
    with tempfile.TemporaryDirectory() as folder:
        save_tokenizer(encoder, Path(folder))
        return Tokenizer(Path(folder))


def save_config(encoder: PreTrainedModel, labels: Sequence[str], folder: Path) -> None:
    """Writes an encoder's `config.json` with a map of labels, as transformers has it."""
    config = copy.deepcopy(encoder.config)
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: number for number, label in enumerate(labels)}
    config.name_or_path = ""  # a path of this machine
    write_atomically(folder / CONFIG, config.to_json_string().encode())
