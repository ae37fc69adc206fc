"""The programs that are compared, as processes: ours, started anew for each measurement, and the peers, which stay."""

import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import environment
from networks import NETWORKS

PEERS = {
    "pytorch": "torch_peer.py", "keras": "keras_peer.py", "onnxruntime": "onnxruntime_peer.py",
    "openvino": "openvino_peer.py", "ncnn": "ncnn_peer.py",
}


class Failure(Exception):
    """A measurement that did not work; the others go on."""


@dataclasses.dataclass(frozen=True)
class Variant:
    """One way to use one program."""

    program: "Ours | Peer"
    name: str
    mode: str
    precision: str

    @property
    def title(self) -> str:
        return f"{self.program.name} {self.name}"

    def measure(self, model: str, seconds: float) -> float:
        """Images per second."""
        return self.program.measure(self, model, seconds)


class Ours:
    """Our command line."""

    name = "Jacquard"

    def __init__(self, command: pathlib.Path, threads: int, algorithms: list[str]) -> None:
        self._command, self._threads = command, threads
        self.version = self._run(["--version"]).strip()
        self.algorithms = algorithms
        # What the command says besides the throughput, by variant and model: lists over the rounds.
        self.gflops: dict[tuple[str, str, str], list[float]] = {}
        self.peaks: list[float] = []
        # The kernels that its BLAS has chosen, once something is measured.
        self.kernels = "unknown"

    def variants(self, mode: str) -> list[Variant]:
        return [Variant(self, algorithm, mode, "float32") for algorithm in self.algorithms]

    def arguments(self, model: str, mode: str, algorithm: str, seconds: float) -> list[str]:
        network = NETWORKS[model]
        return ["bench", "model", "--model", network.reference, "--mode", mode, "--batch-size", str(network.batches[mode]),
                "--algorithm", algorithm, "--gemm", "blas", "--threads", str(self._threads), "--seconds", f"{seconds:g}", "--no-naive",
                "--json"]

    def measure(self, variant: Variant, model: str, seconds: float) -> float:
        result = json.loads(
            self._run([*self.arguments(model, variant.mode, variant.name, seconds), "--progress", "none"]))
        row = result["results"][0]
        if "error" in row:
            raise Failure(row["error"])
        self.gflops.setdefault((model, variant.mode, variant.name), []).append(row["gflops"])
        self.peaks.append(result["sgemm_peak"][0]["gflops"])
        self.kernels = f"{result['machine']['blas']}, {result['machine']['blas_core']}"
        return row["images_per_second"]["median"]

    def _run(self, arguments: list[str]) -> str:
        try:
            process = subprocess.run([self._command, *arguments], capture_output=True, text=True)
        except OSError as error:
            raise SystemExit(f"peers: {self._command}: {error.strerror}; run make build, or name it with --jacquard")
        if process.returncode not in (0, 1):
            raise SystemExit(f"peers: jacquard {' '.join(arguments)}: {process.stderr.strip()}")
        return process.stdout

    def close(self) -> None:
        pass


class Peer:
    """A peer's process. While others are measured it is stopped, so that its threads cannot spin beside them."""

    def __init__(self, script: str, python: pathlib.Path, threads: int) -> None:
        settings = {"OMP_NUM_THREADS": str(threads)}
        self._process = subprocess.Popen(
            [python, environment.HERE / script, "--threads", str(threads)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE if not os.environ.get("JACQUARD_PEERS_LOG") else None,
            text=True, env=os.environ | settings)
        if self._process.stderr:
            os.set_blocking(self._process.stderr.fileno(), False)
        about = self._answer()
        self.name, self.version, self._variants = about["name"], about["version"], about["variants"]
        self._stop()

    def variants(self, mode: str) -> list[Variant]:
        return [
            Variant(self, name.removeprefix(mode).strip(), mode, facts["precision"])
            for name, facts in self._variants.items() if facts["mode"] == mode
        ]

    def measure(self, variant: Variant, model: str, seconds: float) -> float:
        self._process.send_signal(signal.SIGCONT)
        request = {"model": model, "variant": f"{variant.mode} {variant.name}", "seconds": seconds}
        print(json.dumps(request), file=self._process.stdin, flush=True)
        answer = self._answer()
        # Its threads park before it is stopped: a stop in the middle of a spin would be waited out afterwards.
        time.sleep(0.2)
        self._stop()
        if "error" in answer:
            raise Failure(answer["error"])
        return answer["images_per_second"]

    def close(self) -> None:
        self._process.send_signal(signal.SIGCONT)
        self._process.kill()
        self._process.wait()

    def _stop(self) -> None:
        self._process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def _answer(self) -> dict:
        line = self._process.stdout.readline()
        if not line:
            log = self._process.stderr.read() if self._process.stderr else ""
            raise SystemExit(f"peers: a peer ended with exit code {self._process.wait()}:\n{log or ''}")
        return json.loads(line)


def say(text: str) -> None:
    print(f"peers: {text}", file=sys.stderr, flush=True)
