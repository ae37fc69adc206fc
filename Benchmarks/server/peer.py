"""What a user would write instead of `jacquard serve`: FastAPI and ONNX Runtime.

    MODEL=cnn.onnx uvicorn peer:app --workers 2
"""

import io
import os

import numpy
import onnxruntime
from fastapi import FastAPI, Request
from PIL import Image

options = onnxruntime.SessionOptions()
# One thread each: the two workers share the two processors.
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(os.environ["MODEL"], options)
app = FastAPI()


def answer(pixels):
    logits = session.run(None, {"pixels": pixels})[0]
    shares = numpy.exp(logits - logits.max(axis=1, keepdims=True))
    return {"probabilities": (shares / shares.sum(axis=1, keepdims=True)).tolist()}


@app.post("/bytes")
async def pixels(request: Request):
    """784 bytes: the pixels of an image."""
    return answer(numpy.frombuffer(await request.body(), numpy.uint8).reshape(1, 1, 28, 28))


@app.post("/json")
async def numbers(request: Request):
    """An object with the pixels as numbers."""
    return answer(numpy.array((await request.json())["pixels"], numpy.uint8).reshape(1, 1, 28, 28))


@app.post("/png")
async def picture(request: Request):
    """A PNG file of 28 × 28 pixels."""
    image = Image.open(io.BytesIO(await request.body())).convert("L")
    return answer(numpy.asarray(image, numpy.uint8).reshape(1, 1, 28, 28))
