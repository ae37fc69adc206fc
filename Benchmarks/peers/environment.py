"""The Python environment of the peers: made from requirements.txt when it is missing or out of date."""

import hashlib
import os
import pathlib
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
DEFAULT = HERE.parent.parent / ".venv" / "peers"


def python(folder: pathlib.Path | None) -> pathlib.Path:
    """The interpreter of the environment in `folder`, $JACQUARD_PEERS, or .venv/peers."""
    folder = folder or pathlib.Path(os.environ.get("JACQUARD_PEERS") or DEFAULT)
    requirements = HERE / "requirements.txt"
    # Written last, so that an installation that was cut short is begun again.
    stamp = folder / "requirements.sha256"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    interpreter = folder / "bin" / "python"
    if stamp.exists() and stamp.read_text() == digest and interpreter.exists():
        return interpreter
    print(f"peers: installing into {folder}: some gigabytes, some minutes", file=sys.stderr)
    try:
        venv.create(folder, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"peers: cannot make a Python environment in {folder}: {error}\n"
                         "  On Debian, install python3-venv; elsewhere, name a folder in JACQUARD_PEERS.") from error
    install = subprocess.run(
        [interpreter, "-m", "pip", "install", "--quiet", "--requirement", requirements], stdout=sys.stderr)
    if install.returncode != 0:
        raise SystemExit(f"peers: pip could not install {requirements.name}; what it said is above")
    stamp.write_text(digest)
    return interpreter


if __name__ == "__main__":
    print(python(None))
