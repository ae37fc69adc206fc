"""A server under test, and the images that it is asked about."""

import contextlib
import gzip
import http.client
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = pathlib.Path(os.environ.get("JACQUARD", ROOT / ".build/release/jacquard"))
DATA = pathlib.Path(os.environ.get("JACQUARD_DATA", "/usr/share/datasets/fashion-mnist"))


def test_images(count):
    """The first test images of Fashion-MNIST, 784 bytes each."""
    path = DATA / "t10k-images-idx3-ubyte.gz"
    content = gzip.open(path).read(16 + 784 * count) if path.exists() else path.with_suffix("").read_bytes()
    return [content[16 + 784 * place : 16 + 784 * (place + 1)] for place in range(count)]


def run(*arguments, folder=None, code=0):
    """What the command prints; fails if it ends with another code."""
    done = subprocess.run([TOOL, *map(str, arguments)], cwd=folder, capture_output=True, text=True)
    assert done.returncode == code, f"{arguments}: {done.returncode}: {done.stderr}"
    return done.stdout


class Server:
    """A running server, asked over HTTP."""

    def __init__(self, *arguments, folder=None, log=None):
        self.log_file = tempfile.TemporaryFile() if log is None else None
        command = [TOOL, "serve", *map(str, arguments), "--port", "0", "--json"]
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=self.log_file or log, text=True)
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise AssertionError(f"the server did not start: {self.log_text()}")
        self.served = json.loads(line)
        self.host, self.port = self.served["address"].removeprefix("http://").rstrip("/").rsplit(":", 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGKILL)

    def stop(self, number=signal.SIGTERM):
        ended = self.process.poll()
        if ended is None:
            self.process.send_signal(number)
        code = self.process.wait(60)
        self.process.stdout.close()
        self.log = self.log_text()
        if self.log_file:
            self.log_file.close()
            self.log_file = None
        assert ended in (None, 0), f"the server ended with {ended}: {self.log[-3000:]}"
        return code

    def log_text(self):
        """What the server has written to standard error."""
        if not self.log_file:
            return getattr(self, "log", "")
        self.log_file.seek(0)
        return self.log_file.read().decode()

    def connection(self):
        return http.client.HTTPConnection(self.host, int(self.port), timeout=60)

    def ask(self, method, path, body=None, headers={}, connection=None):
        """The status, the headers and the body of an answer; the body as JSON if it says so."""
        with contextlib.closing(self.connection()) if connection is None else contextlib.nullcontext(connection) as one:
            one.request(method, path, body, headers)
            answer = one.getresponse()
            content = answer.read()
        found = {name.lower(): value for name, value in answer.getheaders()}
        if found.get("content-type") == "application/json" and "inference-header-content-length" not in found:
            content = json.loads(content) if content else None
        return answer.status, found, content

    def infer(self, images, model="fast", connection=None, outputs=("logits",)):
        """The outputs for images as bytes, by the binary extension."""
        pixels = b"".join(images)
        head = json.dumps({
            "inputs": [{"name": "pixels", "shape": [len(images), 28, 28, 1], "datatype": "UINT8",
                        "parameters": {"binary_data_size": len(pixels)}}],
            "outputs": [{"name": name, "parameters": {"binary_data": True}} for name in outputs],
        }).encode()
        headers = {"Inference-Header-Content-Length": str(len(head))}
        status, found, content = self.ask("POST", f"/v2/models/{model}/infer", head + pixels, headers, connection)
        if status != 200:
            return status, content
        length = int(found["inference-header-content-length"])
        return json.loads(content[:length]), content[length:]


def together(count, work):
    """Runs work on threads, with the number of the thread; returns the results in order."""
    results, failures = [None] * count, []

    def one(place):
        try:
            results[place] = work(place)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=one, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return results
