"""Clients of other projects: Triton's, and schemathesis with the OpenAPI description. Skipped where they are not installed."""

import importlib.util
import os
import struct
import subprocess
import sys
import tempfile
import unittest

from server import Server, test_images

IMAGES = test_images(32)


def is_installed(name):
    return importlib.util.find_spec(name) is not None


@unittest.skipUnless(is_installed("tritonclient"), "tritonclient is not installed")
class TritonTests(unittest.TestCase):
    def test_tritons_client_gets_the_answers(self):
        import numpy
        import tritonclient.http as triton
        with Server("fast") as server:
            client = triton.InferenceServerClient(f"{server.host}:{server.port}", concurrency=8)
            version = server.served["models"][0]["version"]
            self.assertTrue(client.is_server_live() and client.is_server_ready() and client.is_model_ready("fast"))
            self.assertTrue(client.is_model_ready("fast", version))
            self.assertEqual(client.get_server_metadata()["extensions"], ["binary_tensor_data"])
            self.assertEqual(client.get_model_metadata("fast")["platform"], "jacquard")
            pixels = numpy.frombuffer(b"".join(IMAGES), numpy.uint8).reshape(-1, 28, 28, 1)
            wanted = numpy.frombuffer(server.infer(IMAGES)[1], numpy.float32).reshape(-1, 10)
            for array, datatype in ((pixels, "UINT8"), (pixels.astype(numpy.float32), "FP32")):
                for sends_binary in (True, False):
                    for gets_binary in (True, False):
                        tensor = triton.InferInput("pixels", list(array.shape), datatype)
                        tensor.set_data_from_numpy(array, binary_data=sends_binary)
                        outputs = [triton.InferRequestedOutput(name, binary_data=gets_binary)
                                   for name in ("probabilities", "logits")]
                        result = client.infer("fast", [tensor], outputs=outputs, request_id="7", model_version=version)
                        self.assertTrue((result.as_numpy("logits").astype(numpy.float32) == wanted).all())
                        self.assertEqual(result.as_numpy("probabilities").shape, (32, 10))
                        self.assertEqual(result.get_response()["id"], "7")
            tensor = triton.InferInput("pixels", [1, 28, 28, 1], "UINT8")
            tensor.set_data_from_numpy(pixels[:1])
            waiting = [client.async_infer("fast", [tensor]) for _ in range(50)]
            for one in waiting:
                self.assertTrue((one.get_result().as_numpy("logits") == wanted[:1]).all())
            with self.assertRaisesRegex(triton.InferenceServerException, "there is no model"):
                client.infer("other", [tensor])
            client.close()
            self.assertEqual(server.stop(), 0)


@unittest.skipUnless(is_installed("schemathesis"), "schemathesis is not installed")
class DescriptionTests(unittest.TestCase):
    def test_no_request_gets_an_answer_that_the_description_does_not_have(self):
        # The program keeps files where it is started.
        with Server("fast") as server, tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [sys.executable, "-m", "schemathesis.cli", "run", f"{server.served['address']}openapi.json", "--max-examples",
                 os.environ.get("SCHEMATHESIS_EXAMPLES", "30"), "--seed", "1", "--no-color", "--checks",
                 "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"],
                capture_output=True, text=True, timeout=600, cwd=folder)
            self.assertEqual(done.returncode, 0, done.stdout[-6000:] + done.stderr[-2000:])
            self.assertIsInstance(server.infer(IMAGES[:1])[0], dict)
            self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
