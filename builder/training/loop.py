"""The loop in which every encoder learns: rates by layer, a warm-up, and an average of the weights."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import Dataset
from transformers import PreTrainedModel, Trainer, TrainingArguments, get_linear_schedule_with_warmup

from builder.training.averaging import WeightAverage
from builder.training.encoders import in_bf16, rated_groups

Collate = Callable[[Sequence[Any]], dict[str, Tensor]]

BETAS, WEIGHT_DECAY = (0.9, 0.98), 0.01  # AdamW's
LARGEST_GRADIENT = 1.0  # the norm that gradients are clipped to
STEPS_A_LINE = 50  # of the log


@dataclass(frozen=True, slots=True)
class Schedule:
    """How a network learns: how many steps of how many items, at which rates.

    The rates rise through `warmup_share` of the steps and fall to zero behind it; each layer of the encoder
    learns `layer_decay` times as fast as the one above it. `average_decay` is the weights'.
    """

    steps: int
    items: int
    seed: int
    encoder_rate: float
    head_rate: float
    layer_decay: float
    warmup_share: float
    average_decay: float
    bf16: bool


def learn(
    network: nn.Module, encoder: PreTrainedModel, data: Dataset[Any], collate: Collate, schedule: Schedule
) -> None:
    """Trains a network, whose `forward` gives the loss, and leaves it with the average of its weights."""
    groups = rated_groups(network, encoder, schedule.encoder_rate, schedule.head_rate, schedule.layer_decay)
    optimizer = torch.optim.AdamW(list(groups), betas=BETAS, weight_decay=WEIGHT_DECAY, fused=True)
    rates = get_linear_schedule_with_warmup(
        optimizer, round(schedule.warmup_share * schedule.steps), schedule.steps
    )
    average = WeightAverage(network, schedule.average_decay)
    with tempfile.TemporaryDirectory() as log:
        Trainer(
            model=network,
            args=_arguments(schedule, log),
            train_dataset=data,
            data_collator=collate,
            optimizers=(optimizer, rates),
            callbacks=[average],
        ).train()
    average.apply()


def _arguments(schedule: Schedule, log: str) -> TrainingArguments:
    return TrainingArguments(
        output_dir=log,
        max_steps=schedule.steps,
        per_device_train_batch_size=schedule.items,
        bf16=in_bf16(schedule.bf16),
        use_cpu=not torch.cuda.is_available(),
        max_grad_norm=LARGEST_GRADIENT,
        seed=schedule.seed,
        save_strategy="no",
        report_to=[],
        logging_steps=STEPS_A_LINE,
        remove_unused_columns=False,
        disable_tqdm=True,
    )
