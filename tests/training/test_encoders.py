import pytest

pytest.importorskip("torch", reason="needs quotestance[train]")

from builder.training.encoders import in_bf16


@pytest.mark.parametrize(
    ("wanted", "machine", "used"), [(True, "bf16", True), (True, "f32", False), (False, "bf16", False)]
)
def test_bfloat16_is_used_where_it_is_wanted_and_the_machine_has_instructions_for_it(
    wanted: bool, machine: str, used: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder.training.encoders.precision", lambda: machine)
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert in_bf16(wanted) is used
