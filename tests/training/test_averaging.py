"""Averages of weights, over the steps of a training and over runs, with the calculation beside them."""

import pytest

pytest.importorskip("torch", reason="training needs the extra train")

import torch
from torch import nn
from transformers import TrainerControl, TrainerState, TrainingArguments

from builder.training.averaging import WeightAverage, copied, mixed


def averaged(weights: list[float], decay: float) -> nn.Linear:
    network = nn.Linear(1, 1, bias=False)
    average = WeightAverage(network, decay)
    for step, weight in enumerate(weights, 1):
        with torch.no_grad():
            network.weight.fill_(weight)
        average.on_step_end(TrainingArguments(), TrainerState(global_step=step), TrainerControl())
    average.apply()
    return network


@pytest.mark.parametrize(
    ("weights", "decay", "average"),
    [
        ([3.0], 0.9, 3.0),
        ([1.0, 5.0], 0.9, 4.0),  # the second step's decay is 3 / 12: 0.25 x 1 + 0.75 x 5
        ([1.0, 5.0], 0.2, 4.2),  # 0.2 x 1 + 0.8 x 5
        ([1.0, 5.0, 0.0], 0.9, 16 / 13),  # the third step's is 4 / 13: 4 / 13 x 4
        ([2.0, 2.0, 2.0], 0.999, 2.0),
    ],
)
def test_the_average_moves_toward_the_weights_of_each_step(
    weights: list[float], decay: float, average: float
) -> None:
    assert averaged(weights, decay).weight.item() == pytest.approx(average)


def test_without_a_step_the_weights_stay() -> None:
    network = nn.Linear(1, 1)
    before = network.weight.item()
    WeightAverage(network, 0.9).apply()
    assert network.weight.item() == before


def test_a_share_of_the_mean_is_that_of_the_second_run() -> None:
    first, second = {"weight": torch.tensor([1.0, 2.0])}, {"weight": torch.tensor([5.0, 2.0])}
    assert mixed(first, second, 0.25)["weight"].tolist() == [2.0, 2.0]  # 0.75 x 1 + 0.25 x 5


def test_a_copy_stays_as_it_was() -> None:
    network = nn.Linear(1, 1, bias=False)
    kept = copied(network.state_dict())
    before = kept["weight"].item()
    with torch.no_grad():
        network.weight.add_(1.0)
    assert kept["weight"].item() == before
