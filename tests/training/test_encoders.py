import pytest

pytest.importorskip("torch", reason="needs quotestance[train]")

from pathlib import Path

import numpy as np
import torch

from builder.errors import UsageError
from builder.training.encoders import (
    called,
    in_bf16,
    layers_of,
    load_encoder,
    rated_groups,
    settle_table,
    table_of,
)
from builder.training.export import on_grid


@pytest.mark.parametrize(
    ("wanted", "machine", "used"), [(True, "bf16", True), (True, "f32", False), (False, "bf16", False)]
)
def test_bfloat16_is_used_where_it_is_wanted_and_the_machine_has_instructions_for_it(
    wanted: bool, machine: str, used: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder.training.encoders.precision", lambda: machine)
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert in_bf16(wanted) is used


def test_a_card_names_an_encoder_without_folders_of_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small").mkdir()
    monkeypatch.chdir(tmp_path / "small")
    assert called(str(tmp_path / "small")) == called(".") == "small"
    assert called("somebody/small") == "somebody/small"  # on a hub
    assert called("package:one/model") == "one/model"


def test_the_lowest_layers_of_an_encoder_are_those_of_the_whole_one(encoder: Path) -> None:
    whole, part = load_encoder(str(encoder)), load_encoder(str(encoder), 1)
    assert (len(layers_of(whole)), len(layers_of(part))) == (2, 1)
    for one, other in zip(layers_of(part)[0].parameters(), layers_of(whole)[0].parameters(), strict=True):
        assert one.equal(other)
    with pytest.raises(UsageError, match=r"cannot be loaded: it has 2 layers \(got 3\)"):
        load_encoder(str(encoder), 3)


def test_a_settled_table_is_on_the_grid_and_learns_nothing(encoder: Path) -> None:
    network = load_encoder(str(encoder))
    before = table_of(network).detach().numpy().copy()
    settle_table(network)
    table = table_of(network)
    assert table.detach().numpy() == pytest.approx(on_grid(before))
    settled = table.detach().clone()
    optimizer = torch.optim.AdamW(list(rated_groups(network, network, 0.1, 0.1, 0.9)), weight_decay=0.1)
    tokens = torch.ones(1, 4, dtype=torch.long)
    network(input_ids=tokens, attention_mask=tokens).last_hidden_state.square().sum().backward()
    optimizer.step()
    assert torch.equal(table, settled)
    others = dict(load_encoder(str(encoder)).named_parameters())
    moved = [name for name, one in network.named_parameters() if not torch.equal(one, others[name])]
    assert len(moved) > len(others) / 2


def test_the_numbers_of_a_settled_table_are_not_many(encoder: Path) -> None:
    network = load_encoder(str(encoder))
    settle_table(network)
    assert all(len(np.unique(row)) <= 15 for row in table_of(network).detach().numpy())
