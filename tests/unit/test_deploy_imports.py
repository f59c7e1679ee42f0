import subprocess
import sys

import pytest

HEAVY = ("torch", "transformers", "accelerate", "bitsandbytes")


@pytest.mark.parametrize("module", ["bot.app", "gateway.app", "deploy.commands.cli"])
def test_what_a_clinic_keeps_running_never_imports_torch(module: str) -> None:
    script = f"import sys, {module}; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"
