from eval.queue import CLIENTS_KEY, render

PACE = {"items_per_second": 51.5, "next_median_ms": 9.0, "next_p95_ms": 14.2, "bare_loop": 130, "load": 0.4}


def test_every_number_of_clients_has_its_row() -> None:
    speed = {
        "items": 1000,
        "load_seconds": 0.2,
        "start_seconds": 1.0,
        "memory_mb": 140,
        "memory_after_mb": 150,
    }
    paces = {f"{CLIENTS_KEY}{clients}": PACE | {"load": clients} for clients in (1, 8)}
    table = render({"cores": 2, "postgresql": "present", "speed": speed | paces})
    assert "| 1       |           51.5 |" in table
    assert "| 8       |           51.5 |" in table
