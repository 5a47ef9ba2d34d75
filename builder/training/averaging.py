"""Averages of a network's weights, which generalise better than the weights of one step or one run."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments


class WeightAverage(TrainerCallback):
    """Averages the weights after every step of a `Trainer`.

    The share of the old average is `decay`, less in the beginning: (1 + steps) / (10 + steps), as
    TensorFlow's ExponentialMovingAverage does it.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self._network, self._decay = network, decay
        self._average: dict[str, Tensor] = {}

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: object
    ) -> None:
        """Moves the average toward the weights of now."""
        decay = min(self._decay, (1 + state.global_step) / (10 + state.global_step))
        with torch.no_grad():
            for name, weight in self._network.named_parameters():
                if name in self._average:
                    self._average[name].lerp_(weight, 1 - decay)
                else:
                    self._average[name] = weight.detach().clone()

    def apply(self) -> None:
        """Gives the network its average weights."""
        self._network.load_state_dict(self._average, strict=False)


Weights = Mapping[str, Tensor]


def mixed(some: Weights, others: Weights, share: float) -> Weights:
    """The mean of the weights of two runs, `share` of it that of the others."""
    return {name: weight.lerp(others[name], share) for name, weight in some.items()}


def copied(weights: Weights) -> Weights:
    """The weights as they are now, whatever becomes of the network that they are of."""
    return {name: weight.detach().clone() for name, weight in weights.items()}
