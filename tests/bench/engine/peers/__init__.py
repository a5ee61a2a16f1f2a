"""The peers' environments: one for each, as some install the same module; made once, with hashes, under `.bench/`."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[4]
FOLDER = ROOT / ".bench"


def python_of(peer: str | None) -> Path | None:
    """The Python that has the peer's libraries, made when it is missing; None, with a sentence, when it cannot be."""
    if peer is None:
        return Path(sys.executable)
    wanted = Path(__file__).parent / f"{peer}.txt"
    home = FOLDER / peer
    python = home / "bin" / "python"
    ready = home / f".ready-{sha256(wanted.read_bytes()).hexdigest()[:16]}"
    if ready.exists() and python.exists():
        return python
    sys.stderr.write(f"Installing {peer} under {FOLDER.name}\n")
    uv = Path(sys.executable).parent / "uv"
    for command in (
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, home],
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, wanted],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            why = (done.stderr.strip().splitlines() or ["no reason was given"])[-1].strip()
            sys.stderr.write(f"{peer} could not be installed and is left out: {why}\n")
            return None
    ready.touch()
    return python
