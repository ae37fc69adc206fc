"""Trains two dense layers with teachers, by gradient descent with momentum: FOLDER TEACHERS TEMPERATURE WEIGHT STEPS.
The folder holds inputs.npy, labels.npy, and NAME.fc1.weight.npy and so on of the student and of teacher0, teacher1, ….
Prints the losses of the steps and the weights after them as JSON."""
import json
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

folder, teachers, temperature, weight, steps = (
    sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))


def network(name):
    tensors = {
        f"{layer}.{part}": torch.from_numpy(np.load(f"{folder}/{name}.{layer}.{part}.npy")).double()
        for layer in ("fc1", "fc2") for part in ("weight", "bias")}
    made = nn.Sequential()
    for layer in ("fc1", "fc2"):
        outputs, inputs = tensors[f"{layer}.weight"].shape
        made.add_module(layer, nn.Linear(inputs, outputs))
        if layer == "fc1":
            made.add_module("relu", nn.ReLU())
    made.double().load_state_dict(tensors)
    return made


inputs = torch.from_numpy(np.load(f"{folder}/inputs.npy")).double()
labels = torch.from_numpy(np.load(f"{folder}/labels.npy"))
student = network("student")
with torch.no_grad():
    targets = torch.stack(
        [F.softmax(network(f"teacher{index}")(inputs) / temperature, dim=1) for index in range(teachers)]).mean(dim=0)
optimizer = torch.optim.SGD(student.parameters(), lr=0.05, momentum=0.9)
divergence = nn.KLDivLoss(reduction="batchmean")
losses = []
for _ in range(steps):
    optimizer.zero_grad()
    logits = student(inputs)
    loss = ((1 - weight) * F.cross_entropy(logits, labels)
            + weight * temperature ** 2 * divergence(F.log_softmax(logits / temperature, dim=1), targets))
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
print(json.dumps({
    "losses": losses,
    "weights": {name: value.detach().flatten().tolist() for name, value in student.state_dict().items()}}))
