import pytest

from inference.local.process import _environment


def test_the_model_process_asks_no_hub_and_is_told_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("EDGERAD_BOT_TOKEN", "1234567890:secret")
    environment = _environment()
    assert environment["HF_HUB_OFFLINE"] == "1"
    assert "EDGERAD_BOT_TOKEN" not in environment
