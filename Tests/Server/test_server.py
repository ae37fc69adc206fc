"""The server, asked over HTTP as clients do. `make test-server` builds it and runs this."""

import base64
import json
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest
import zlib

from server import TOOL, Server, run, test_images, together

IMAGES = test_images(64)


def png(pixels, width=28, height=28):
    """A gray picture as a PNG file."""
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    rows = b"".join(b"\0" + pixels[width * row : width * (row + 1)] for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def form(parts):
    """A body with files, and its content type."""
    body = b"".join(
        b'--edge\r\nContent-Disposition: form-data; name="picture"; filename="%s"\r\nContent-Type: image/png\r\n\r\n%s\r\n'
        % (name.encode(), content) for name, content in parts)
    return body + b"--edge--\r\n", {"Content-Type": "multipart/form-data; boundary=edge"}


class AnswerTests(unittest.TestCase):
    """One server with the shipped weights."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server("fast", "copy=fast")

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0, cls.server.log_text()

    def test_health_and_descriptions(self):
        for path in ("/v2/health/live", "/v2/health/ready", "/v2", "/v2/models/fast", "/v2/models/fast/ready",
                     "/openapi.json", "/v1/models"):
            status, headers, content = self.server.ask("GET", path)
            self.assertEqual((status, headers["x-content-type-options"]), (200, "nosniff"), path)
            status, _, content = self.server.ask("HEAD", path)
            self.assertEqual((status, content), (200, None), path)
        description = self.server.ask("GET", "/v2/models/copy")[2]
        version = description["versions"][0]
        self.assertEqual(description["inputs"], [{"name": "pixels", "datatype": "UINT8", "shape": [-1, 28, 28, 1]}])
        self.assertEqual(self.server.served["models"][0]["version"], version)
        self.assertEqual(self.server.ask("GET", f"/v2/models/copy/versions/{version}")[2], description)
        self.assertEqual(self.server.ask("GET", "/v2/models/copy/versions/1")[0], 404)

    def test_company_changes_no_bit(self):
        alone = [self.server.infer([image])[1] for image in IMAGES]
        self.assertEqual(len(set(alone)), len(alone))
        self.assertEqual(self.server.infer(IMAGES)[1], b"".join(alone))
        self.assertEqual(self.server.infer(IMAGES[3:40], model="copy")[1], b"".join(alone[3:40]))

        def many(place):
            connection = self.server.connection()
            found = []
            for step in range(40):
                first = (7 * place + step) % 60
                count = 1 + (place + step) % 4
                found.append(self.server.infer(IMAGES[first : first + count], connection=connection)[1]
                             == b"".join(alone[first : first + count]))
            connection.close()
            return all(found)

        self.assertEqual(together(32, many), [True] * 32)
        batches = [line for line in self.server.ask("GET", "/metrics")[2].decode().splitlines()
                   if line.startswith('jacquard_batch_images_bucket{le="4.0"}')
                   or line.startswith("jacquard_batch_images_count")]
        small, all_batches = (int(line.split()[1]) for line in batches)
        self.assertGreater(all_batches, small, "no batch has images of several requests")

    def test_the_answers_are_those_of_the_command(self):
        lines = run("predict", "fast", "t10k-images-idx3-ubyte.gz:0..9", "--json", "--threads", 1).splitlines()
        for image, line in zip(IMAGES, lines):
            content = self.server.infer([image], outputs=("probabilities",))[1]
            wanted = json.loads(line)["probabilities"]
            self.assertEqual(struct.unpack("<10f", content), struct.unpack("<10f", struct.pack("<10f", *wanted)))

    def test_forms_of_tensors_have_the_same_answer(self):
        image = IMAGES[5]
        wanted = struct.unpack("<10f", self.server.infer([image])[1])
        rows = [[[pixel] for pixel in image[28 * row : 28 * row + 28]] for row in range(28)]
        for data, shape, datatype in (
            (list(image), [1, 28, 28, 1], "UINT8"), ([rows], [1, 28, 28, 1], "UINT8"), (list(image), [1, 28, 28], "UINT8"),
            ([float(pixel) for pixel in image], [1, 28, 28, 1], "FP32"),
        ):
            request = {"id": "a\"b", "inputs": [{"name": "pixels", "shape": shape, "datatype": datatype, "data": data}]}
            status, _, answer = self.server.ask("POST", "/v2/models/fast/infer", json.dumps(request))
            self.assertEqual((status, answer["id"], answer["model_name"]), (200, 'a"b', "fast"))
            outputs = {output["name"]: output for output in answer["outputs"]}
            self.assertEqual(outputs["logits"]["shape"], [1, 10])
            found = struct.pack("<10f", *outputs["logits"]["data"])
            self.assertEqual(struct.unpack("<10f", found), wanted)
            self.assertAlmostEqual(sum(outputs["probabilities"]["data"]), 1, places=5)
        floats = struct.pack("<784f", *map(float, image))
        head = json.dumps({"inputs": [{"name": "pixels", "shape": [1, 28, 28, 1], "datatype": "FP32",
                                       "parameters": {"binary_data_size": len(floats)}}],
                           "outputs": [{"name": "logits"}]}).encode()
        answer = self.server.ask("POST", "/v2/models/fast/infer", head + floats,
                                 {"Inference-Header-Content-Length": str(len(head))})[2]
        self.assertEqual(struct.unpack("<10f", struct.pack("<10f", *answer["outputs"][0]["data"])), wanted)

    def test_wrong_requests_are_refused_with_a_reason(self):
        tensor = {"name": "pixels", "shape": [1, 28, 28, 1], "datatype": "UINT8", "data": [0] * 784}
        cases = [
            (None, "is not JSON"), ([], "must be an object"), ({}, '"inputs"'), ({"inputs": [tensor, tensor]}, '"inputs"'),
            ({"inputs": [{**tensor, "name": "image"}]}, 'the name "pixels"'),
            ({"inputs": [{**tensor, "shape": [1, 28, 28, 3]}]}, "the shape"),
            ({"inputs": [{**tensor, "shape": [10**9, 28, 28, 1]}]}, "the shape"),
            ({"inputs": [{**tensor, "shape": [0, 28, 28, 1]}]}, "the shape"),
            ({"inputs": [{**tensor, "datatype": "INT64"}]}, "datatype"),
            ({"inputs": [{**tensor, "data": [0] * 783}]}, "784 numbers"),
            ({"inputs": [{**tensor, "data": [256] + [0] * 783}]}, "0 to 255"),
            ({"inputs": [{**tensor, "data": [0.5] + [0] * 783}]}, "0 to 255"),
            ({"inputs": [{**tensor, "data": ["x"] + [0] * 783}]}, "lists of numbers"),
            ({"inputs": [{key: value for key, value in tensor.items() if key != "data"}]}, '"data"'),
            ({"inputs": [tensor], "outputs": [{"name": "classes"}]}, "there is no output"),
            ({"inputs": [tensor], "outputs": []}, '"outputs"'),
            ({"inputs": [tensor], "id": 5}, '"id"'),
            ({"inputs": [{**tensor, "parameters": {"binary_data_size": 784}}]}, "both"),
        ]
        for request, reason in cases:
            body = b"{" if request is None else json.dumps(request)
            status, _, answer = self.server.ask("POST", "/v2/models/fast/infer", body)
            self.assertEqual(status, 400, answer)
            self.assertIn(reason, answer["error"])
        for text in ("[1,]", "[,1]", "[1 2]", "[1", "[[1]", "[1]]", "[01]", "[1e999]", "[nan]", "[-]", "{}", "[" * 50):
            body = '{"inputs":[{"name":"pixels","shape":[1,28,28,1],"datatype":"FP32","data":%s}]}' % text
            self.assertEqual(self.server.ask("POST", "/v2/models/fast/infer", body)[0], 400, text)
        for length in ("5", "99999", "-1", "x"):
            self.assertEqual(self.server.ask("POST", "/v2/models/fast/infer", json.dumps({"inputs": [tensor]}),
                                             {"Inference-Header-Content-Length": length})[0], 400, length)
        for method, path, wanted in (
            ("GET", "/v2/models/fsat", 404), ("GET", "/nowhere", 404), ("GET", "/../etc/passwd", 404),
            ("GET", "/v2/models/fast/infer", 405), ("DELETE", "/v2", 405), ("POST", "/v1/predict?top=0", 400),
            ("POST", "/v1/predict?tpo=3", 400), ("POST", "/v1/predict?model=x", 404), ("POST", "/v1/predict", 400),
        ):
            status, headers, answer = self.server.ask(method, path)
            self.assertEqual(status, wanted, path)
            self.assertTrue(answer["error"])
            self.assertEqual("allow" in headers, wanted == 405)
        self.assertIn('did you mean "fast"', self.server.ask("GET", "/v2/models/fsat")[2]["error"])
        for status, headers in ((413, {"Content-Length": str(1 << 40)}), (415, {"Content-Encoding": "gzip"})):
            self.assertEqual(self.server.ask("POST", "/v1/predict", b"x", headers)[0], status)

    def test_pictures_are_answered_as_the_command_answers_them(self):
        picture = png(IMAGES[0])
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "a.png").write_bytes(picture)
            wanted = json.loads(run("predict", "fast", "a.png", "--json", "--top", 3, folder=folder))["top"]
        body, headers = form([("a.png", picture), ("b<.png", b"no picture"), ("c.png", png(IMAGES[1]))])
        answers = [
            self.server.ask("POST", "/v1/predict?top=3", picture, {"Content-Type": "image/png"}),
            self.server.ask("POST", "/v1/predict?top=3&model=copy", picture),
            self.server.ask("POST", "/v1/predict?top=3", json.dumps({"pictures": [base64.b64encode(picture).decode()]}),
                            {"Content-Type": "application/json"}),
            self.server.ask("POST", "/v1/predict?top=3", body, headers),
        ]
        for status, _, answer in answers:
            self.assertEqual(status, 200, answer)
            self.assertEqual(answer["predictions"][0]["top"], wanted)
        form_answer = answers[3][2]["predictions"]
        self.assertEqual([one["input"] for one in form_answer], ["a.png", "b<.png", "c.png"])
        self.assertIn("error", form_answer[1])
        self.assertNotEqual(form_answer[0]["top"], form_answer[2]["top"])
        status, _, answer = self.server.ask("POST", "/v1/predict", b"no picture")
        self.assertEqual(status, 422)
        self.assertIn("error", answer["predictions"][0])
        for content in ('{"pictures":["%%"]}', '{"pictures":[]}', "[]", "{", '{"pictures":[5]}'):
            self.assertEqual(self.server.ask("POST", "/v1/predict", content, {"Content-Type": "application/json"})[0], 400)
        for content in (b"--edge", b"--edge\r\n", b"--edge\r\n\r\n", b"--edge\r\n\r\n\r\nx", b"x", body[:-20]):
            self.assertEqual(self.server.ask("POST", "/v1/predict", content, headers)[0], 400, content[:30])

    def test_an_explanation_is_a_picture(self):
        status, _, answer = self.server.ask("POST", "/v1/predict?explain=gradcam&input=true", png(IMAGES[0]))
        self.assertEqual(status, 200)
        prediction = answer["predictions"][0]
        for text in (prediction["seen"], prediction["explanation"]["picture"]):
            head, content = text.split(",")
            self.assertEqual(head, "data:image/png;base64")
            self.assertEqual(base64.b64decode(content)[12:24], b"IHDR" + struct.pack(">II", 28, 28))
        self.assertEqual(prediction["explanation"]["class"], prediction["top"][0]["class"])

    def test_only_this_computers_names_are_answered(self):
        for host, wanted in (("localhost", 200), ("127.0.0.1:1", 200), ("[::1]:80", 200), ("evil.example", 421)):
            self.assertEqual(self.server.ask("GET", "/v2", headers={"Host": host})[0], wanted, host)

    def test_the_page_runs_in_a_browser(self):
        status, headers, content = self.server.ask("GET", "/")
        self.assertEqual(status, 200)
        self.assertIn("default-src 'none'", headers["content-security-policy"])
        self.assertNotIn(b"<script>", content)
        for path in ("/app.js", "/style.css", "/icon.svg"):
            self.assertEqual(self.server.ask("GET", path)[0], 200)
        browser = shutil.which("chromium")
        if not browser:
            self.skipTest("there is no Chromium")
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}", "--enable-logging=stderr",
                 "--virtual-time-budget=5000", "--dump-dom", self.server.served["address"]],
                capture_output=True, text=True, timeout=120)
        self.assertIn('<option value="copy">copy</option>', done.stdout)
        self.assertIn("28 × 28 pixels, gray, 10 classes (T-shirt/top", done.stdout)
        for line in done.stderr.splitlines():
            self.assertFalse("CONSOLE" in line and "INFO" not in line, line)


class OperationTests(unittest.TestCase):
    """Each test has its server."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return pathlib.Path(self.folder.name, name)

    def train(self, name, seed):
        run("train", "--model", "lenet", "--epochs", 1, "--max-train", 500, "--no-test", "--quiet", "--seed", seed, "--out",
            self.path(name))
        return self.path(name) / "weights/last.safetensors"

    def test_new_weights_are_served_without_a_lost_request(self):
        weights, other = self.train("one", 1), self.train("two", 2)
        with Server(f"m={weights}") as server:
            answers = {server.infer(IMAGES[:1], "m")[0]["model_version"]: server.infer(IMAGES[:1], "m")[1]}
            end = time.monotonic() + 4

            def ask(place):
                connection = server.connection()
                seen = set()
                while time.monotonic() < end:
                    answer = server.infer(IMAGES[:1], "m", connection)
                    assert isinstance(answer[0], dict), answer
                    seen.add((answer[0]["model_version"], answer[1]))
                connection.close()
                return seen

            def exchange(place):
                time.sleep(1)
                shutil.copy(other, f"{weights}.new")
                os.rename(f"{weights}.new", weights)
                return set()

            seen = set().union(*together(9, lambda place: exchange(place) if place == 8 else ask(place)))
            self.assertEqual(len(seen), 2, seen)
            self.assertTrue(set(answers.items()) < seen)
            # What cannot be used is left, and said once.
            version = server.infer(IMAGES[:1], "m")[0]["model_version"]
            weights.write_bytes(b"no weights")
            time.sleep(2.5)
            server.process.send_signal(signal.SIGHUP)
            time.sleep(0.5)
            self.assertEqual(server.infer(IMAGES[:1], "m")[0]["model_version"], version)
            metrics = server.ask("GET", "/metrics")[2].decode()
            self.assertIn('jacquard_model_reloads_total{model="m",result="exchanged"} 1', metrics)
            self.assertIn('jacquard_model_reloads_total{model="m",result="refused"} 2', metrics)
            self.assertEqual(server.stop(), 0)
            self.assertIn("the old ones go on", server.log_text())

    def test_too_many_requests_are_told_to_come_again(self):
        with Server("fast", "--queue", 4, "--threads", 1, "--batch-size", 1) as server:
            wanted = server.infer(IMAGES[:1])[1]

            def ask(place):
                connection = server.connection()
                found = []
                for _ in range(30):
                    answer = server.infer(IMAGES[:1], connection=connection)
                    found.append("right" if answer[1] == wanted else answer[0])
                return found

            found = sum(together(48, ask), [])
            self.assertEqual(set(found), {"right", 503})
            status, _, answer = server.ask(
                "POST", "/v2/models/fast/infer",
                json.dumps({"inputs": [{"name": "pixels", "shape": [5, 28, 28, 1], "datatype": "UINT8", "data": [0] * 3920}]}))
            self.assertEqual((status, server.stop()), (413, 0), answer)

    def test_slow_clients_are_closed_and_hold_up_no_others(self):
        with Server("fast", "--timeout", 1) as server:
            slow = []
            for text in (b"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx",) * 50:
                one = socket.create_connection((server.host, int(server.port)))
                one.sendall(text)
                one.settimeout(10)
                slow.append(one)
            start = time.monotonic()
            for _ in range(100):
                self.assertIsInstance(server.infer(IMAGES[:1])[0], dict)
            self.assertLess(time.monotonic() - start, 5)
            for one in slow:
                try:
                    one.recv(1000)
                except ConnectionResetError:
                    pass
                one.close()
            self.assertLess(time.monotonic() - start, 8)
            for text in (b"nonsense\r\n\r\n", b"GET /" + b"a" * 100_000, b"GET / HTTP/1.1\r\nX: " + b"a" * 50_000):
                with socket.create_connection((server.host, int(server.port))) as one:
                    one.settimeout(10)
                    try:
                        one.sendall(text)
                        self.assertIn(one.recv(12)[9:12], (b"400", b"431", b""), text[:10])
                    except (ConnectionResetError, BrokenPipeError):
                        pass
            self.assertEqual(server.stop(), 0)

    def test_requests_end_before_the_server_does(self):
        with Server("fast", "--threads", 1, "--queue", 4096) as server:
            def ask(place):
                answer = server.infer(IMAGES * 8)
                return isinstance(answer[0], dict) and len(answer[1])

            def stop(place):
                time.sleep(0.3)
                return server.stop()

            found = together(5, lambda place: stop(place) if place == 4 else ask(place))
            self.assertEqual(found, [64 * 8 * 40] * 4 + [0])

    def test_a_token_is_needed_where_there_is_one(self):
        token = self.path("token")
        token.write_text("short\n")
        run("serve", "fast", "--token-file", token, "--port", 0, code=78)
        token.write_text("0123456789abcdef\n")
        run("serve", "fast", "--host", "0.0.0.0", code=64)
        with Server("fast", "--host", "0.0.0.0", "--token-file", token) as server:
            server.host = "127.0.0.1"
            for path, given, wanted in (
                ("/v2", None, 401), ("/v2", "Bearer 0123456789abcdeg", 401), ("/v2", "Bearer 0123456789abcdef0", 401),
                ("/v2", "Basic 0123456789abcdef", 401), ("/v2", "Bearer 0123456789abcdef", 200), ("/metrics", None, 401),
                ("/v2/health/ready", None, 200), ("/", None, 200), ("/v2", "bearer 0123456789abcdef", 200),
            ):
                status, headers, _ = server.ask("GET", path, headers={"Authorization": given} if given else {})
                self.assertEqual(status, wanted, (path, given))
                self.assertEqual("www-authenticate" in headers, wanted == 401)

    def test_each_request_is_a_line_of_the_log(self):
        with Server("fast", "--access-log", self.path("log")) as server:
            for path in ("/v2", "/nowhere", "/v2/models/fast?a=b"):
                server.ask("GET", path)
            self.path("log").rename(self.path("log.1"))
            server.process.send_signal(signal.SIGHUP)
            time.sleep(0.5)
            server.ask("GET", "/v2/health/live")
            metrics = server.ask("GET", "/metrics")[2].decode()
            self.assertIn('jacquard_requests_total{route="unknown",code="404"} 1', metrics)
            self.assertEqual(server.stop(), 0)
        lines = [json.loads(line) for name in ("log.1", "log") for line in self.path(name).read_text().splitlines()]
        self.assertEqual([(line["path"], line["status"]) for line in lines],
                         [("/v2", 200), ("/nowhere", 404), ("/v2/models/fast", 200), ("/v2/health/live", 200), ("/metrics", 200)])
        self.assertTrue(all(line["client"] == "127.0.0.1" and line["seconds"] >= 0 for line in lines))

    def test_wrong_starts_end_with_one_line(self):
        with Server("fast") as server:
            done = subprocess.run([TOOL, "serve", "fast", "--port", server.port], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (73, "", 1), done.stderr)
            self.assertIn("--port", done.stderr)
        for arguments, code in ((["none"], 66), (["fast", "fast"], 64), (["fast", "--port", "70000"], 64)):
            done = subprocess.run([TOOL, "serve", *arguments], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (code, "", 1), done.stderr)


if __name__ == "__main__":
    unittest.main()
