"""Measures requests per second and the 99th percentile of their times, of the server and of `peer.py`, in turns.

Needs wrk (Debian), a built server, and the packages fastapi, uvicorn[standard], onnxruntime and pillow for this interpreter.

    make server && Benchmarks/server/measure.py
"""

import argparse
import gzip
import io
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = ROOT / ".build/release/jacquard"
PEER_PORT = 8091


def image():
    path = pathlib.Path("/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz")
    return gzip.open(path).read(16 + 784)[16:]


def forms(folder):
    """The bodies of each form of a request: (name, our path, its headers and body, the peer's path and body)."""
    pixels = image()
    head = json.dumps({"inputs": [{"name": "pixels", "shape": [1, 28, 28, 1], "datatype": "UINT8",
                                   "parameters": {"binary_data_size": 784}}],
                       "outputs": [{"name": "probabilities"}]}).encode()
    numbers = json.dumps({"inputs": [{"name": "pixels", "shape": [1, 28, 28, 1], "datatype": "UINT8", "data": list(pixels)}],
                          "outputs": [{"name": "probabilities"}]}).encode()
    png = io.BytesIO()
    Image.frombytes("L", (28, 28), pixels).save(png, "PNG")
    binary = {"Content-Type": "application/octet-stream"}
    return [
        ("bytes", "/v2/models/cnn/infer", {**binary, "Inference-Header-Content-Length": str(len(head))}, head + pixels, "/bytes", pixels),
        ("JSON", "/v2/models/cnn/infer", {"Content-Type": "application/json"}, numbers, "/json", json.dumps({"pixels": list(pixels)}).encode()),
        ("PNG", "/v1/predict?top=10", binary, png.getvalue(), "/png", png.getvalue()),
    ]


def wrk(url, headers, body, connections, seconds, folder):
    """Requests per second, the 99th percentile in milliseconds, and the number of answers that are not 200."""
    (folder / "body").write_bytes(body)
    script = folder / "request.lua"
    script.write_text(
        'wrk.method = "POST"\nlocal file = io.open("%s", "rb")\nwrk.body = file:read("*a")\nfile:close()\n' % (folder / "body")
        + "".join('wrk.headers["%s"] = "%s"\n' % pair for pair in headers.items()))
    text = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script, url],
                          check=True, capture_output=True, text=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
    wrong = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", text)))
    return rate, float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit], wrong


def await_answer(url):
    for _ in range(300):
        try:
            return urllib.request.urlopen(url).status
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{url} does not answer")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--forms", nargs="+", default=["bytes", "JSON", "PNG"])
    parser.add_argument("--flags", default="", help="more flags for our server")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([TOOL, "train", "--model", "cnn", "--max-train", "5000", "--epochs", "1", "--no-test", "--quiet", "--out",
                        folder / "cnn"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([TOOL, "export", folder / "cnn", "--include-preprocessing", "--output", folder / "cnn.onnx", "--quiet"],
                       check=True, stdout=subprocess.DEVNULL)
        ours = subprocess.Popen([TOOL, "serve", folder / "cnn", "--port", "0", "--json", "--access-log", "/dev/null",
                                 *chosen.flags.split()], stdout=subprocess.PIPE, text=True)
        address = json.loads(ours.stdout.readline())["address"].rstrip("/")
        peer = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "peer:app", "--workers", "2", "--port", str(PEER_PORT), "--no-access-log",
             "--log-level", "warning"], cwd=pathlib.Path(__file__).parent,
            env={**os.environ, "MODEL": str(folder / "cnn.onnx"), "PYTHONDONTWRITEBYTECODE": "1"})
        try:
            peer_address = f"http://127.0.0.1:{PEER_PORT}"
            await_answer(peer_address + "/openapi.json")
            print("| request | connections | server, requests/s | p99 | peer, requests/s | p99 | ratio |")
            print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
            for form, path, headers, body, peer_path, peer_body in forms(folder):
                if form not in chosen.forms:
                    continue
                for connections in chosen.connections:
                    found = {"server": [], "peer": []}
                    for _ in range(chosen.rounds):
                        for who, url, fields, content in (("server", address + path, headers, body),
                                                          ("peer", peer_address + peer_path, {"Content-Type": "application/octet-stream"}, peer_body)):
                            rate, late, wrong = wrk(url, fields, content, connections, chosen.seconds, folder)
                            if wrong:
                                raise SystemExit(f"{who}: {wrong} answers are wrong")
                            found[who].append((rate, late))
                    middle = {who: [statistics.median(column) for column in zip(*rows)] for who, rows in found.items()}
                    (rate, late), (peer_rate, peer_late) = middle["server"], middle["peer"]
                    print(f"| {form} | {connections} | {rate:,.0f} | {late:.1f} ms | {peer_rate:,.0f} | {peer_late:.1f} ms | {rate / peer_rate:.1f} × |",
                          flush=True)
        finally:
            for process in (ours, peer):
                process.send_signal(signal.SIGTERM)
                process.wait(30)


if __name__ == "__main__":
    main()
