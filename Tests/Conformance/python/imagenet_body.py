"""Exports a network with real weights and asks PyTorch for its classes: imagenet_body.py EXPORTER FOLDER.

Runs the exporter of the how-to, which writes FOLDER/body.onnx, and writes scikit-learn's two photographs as pictures of the network's size.
Prints the probabilities that the module gives to each class, by picture and name, as JSON.
"""
import json
import pathlib
import runpy
import sys

import numpy as np
import onnx
import torch
from PIL import Image
from sklearn.datasets import load_sample_images

torch.set_num_threads(1)


def main(exporter, folder):
    sys.argv = [exporter, str(folder / "body.onnx")]
    network = runpy.run_path(exporter)["network"]()
    model = onnx.load(str(folder / "body.onnx"))
    names = json.loads(next(entry.value for entry in model.metadata_props if entry.key == "class_names"))
    result = {}
    for name, pixels in zip(("palace.png", "daisy.png"), load_sample_images().images):
        picture = Image.fromarray(pixels[:, 100:527][:427]).resize((224, 224), Image.BICUBIC)
        picture.save(folder / name)
        image = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float()
        with torch.no_grad():
            probabilities = torch.softmax(network(image), 1)[0]
        best = names[int(probabilities.argmax())]
        if name.startswith("daisy") and best != "daisy":
            sys.exit(f"imagenet_body.py: the module finds {best} in a picture of a daisy")
        result[name] = {class_name: float(value) for class_name, value in zip(names, probabilities)}
    print(json.dumps(result))


main(sys.argv[1], pathlib.Path(sys.argv[2]))
