"""The package and its help load nothing heavy."""

import subprocess
import sys

import pytest

HEAVY = ["torch", "transformers", "sklearn", "faiss", "rasa_sdk", "numpy", "sqlalchemy", "sanic"]


@pytest.mark.parametrize("call", ["import cs_bot", "from cs_bot.cli import main; main(['--help'])"])
def test_nothing_heavy_is_imported(call: str) -> None:
    code = f"""
import sys
try:
    {call}
except SystemExit:
    pass
print('loaded:', *(name for name in {HEAVY!r} if name in sys.modules))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "loaded:"
