"""Exports small models by other programs' exporters, for the tests: make_onnx_fixtures.py torch|keras FOLDER.

Writes NAME.onnx with random weights, inputs for it (NAME.in.npy) and what the model made of them there (NAME.out.npy).
Needs, besides what requirements.txt lists, onnxscript 0.7.2 for torch, and for keras: tensorflow-cpu 2.21.0, keras 3.15.1, tf2onnx 1.17.0.
"""
import pathlib
import sys

import numpy as np

kind, folder = sys.argv[1], pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(3)


def save(name, inputs, outputs):
    np.save(folder / f"{name}.in.npy", np.asarray(inputs))
    np.save(folder / f"{name}.out.npy", np.asarray(outputs))


def torch_models():
    import torch
    from torch import nn

    class Views(nn.Module):
        """Shapes computed from the batch's, as tutorials write them."""

        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(2, 4, 3, stride=2, padding=1)
            self.first, self.second = nn.Linear(4 * 5 * 4, 8), nn.Linear(8, 6)

        def forward(self, x):
            x = torch.relu(self.conv(x))
            x = x.view(x.size(0), -1)
            x = torch.nn.functional.gelu(self.first(x))
            return torch.nn.functional.log_softmax(self.second(x), dim=1)

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1, self.norm1 = nn.Conv2d(4, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
            self.conv2, self.norm2 = nn.Conv2d(4, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)

        def forward(self, x):
            return torch.relu(x + self.norm2(self.conv2(torch.relu(self.norm1(self.conv1(x))))))

    class Normalized(nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("mean", torch.tensor([0.4, 0.5]).view(1, 2, 1, 1))
            self.register_buffer("deviation", torch.tensor([0.2, 0.3]).view(1, 2, 1, 1))
            self.layers = nn.Sequential(nn.Conv2d(2, 3, 3), nn.ReLU(), nn.Flatten(), nn.Linear(3 * 7 * 6, 4))

        def forward(self, x):
            return torch.softmax(self.layers((x - self.mean) / self.deviation), 1)

    models = {
        "plain": nn.Sequential(
            nn.Conv2d(2, 4, 3, padding="same"), nn.BatchNorm2d(4, eps=1e-3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
            nn.Conv2d(4, 6, (3, 2), padding=(1, 0), groups=2), nn.LeakyReLU(0.1), nn.AvgPool2d(2, stride=1), nn.Flatten(),
            nn.Linear(6 * 3 * 2, 7), nn.SiLU(), nn.Dropout(), nn.Linear(7, 5, bias=False)),
        "views": Views(),
        "residual": nn.Sequential(
            nn.Conv2d(2, 4, 3, dilation=2), Block(), nn.MaxPool2d(3, 2, 1, ceil_mode=True), nn.Conv2d(4, 6, 1),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 3)),
        "normalized": Normalized(),
    }
    torch.manual_seed(3)
    for name, model in models.items():
        for tensor_name, tensor in model.state_dict().items():
            if tensor.dtype == torch.float32 and "deviation" not in tensor_name and tensor_name != "mean":
                with torch.no_grad():
                    tensor.copy_(torch.rand(tensor.shape) + 0.5 if tensor_name.endswith("running_var")
                                 else torch.randn(tensor.shape) / max(1, tensor[0].numel()) ** 0.5)
        model.eval()
        images = torch.from_numpy(random.normal(0.5, 0.4, (3, 2, 9, 8)).astype(np.float32))
        with torch.no_grad():
            expected = model(images).numpy()
        for opset in [11, 17]:
            title = f"torch-script-{name}-{opset}"
            torch.onnx.export(model, (images,), str(folder / f"{title}.onnx"), opset_version=opset, dynamo=False,
                              input_names=["input"], dynamic_axes={"input": {0: "batch"}})
            save(title, images, expected)
        title = f"torch-dynamo-{name}"
        program = torch.onnx.export(model, (images,), dynamo=True, dynamic_shapes=({0: torch.export.Dim("batch")},),
                                    verbose=False)
        program.save(str(folder / f"{title}.onnx"), external_data=False)
        save(title, images, expected)


def keras_models():
    import keras
    import onnx
    import tensorflow as tf
    import tf2onnx
    from keras import layers

    inner = layers.Input((9, 8, 2))
    x = layers.Conv2D(4, 3, padding="same", use_bias=False)(inner)
    x = layers.BatchNormalization()(x)
    first = x = layers.Activation("relu")(x)
    x = layers.Conv2D(4, 3, padding="same")(x)
    x = layers.Add()([x, first])
    x = layers.GlobalAveragePooling2D()(x)
    residual = keras.Model(inner, layers.Dense(3)(x))
    models = {
        "plain": keras.Sequential([
            layers.Input((9, 8, 2)), layers.Rescaling(1 / 255), layers.Conv2D(4, 3, strides=2, padding="same", activation="relu"),
            layers.BatchNormalization(), layers.Conv2D(5, (2, 3), padding="valid"), layers.LeakyReLU(0.2),
            layers.MaxPooling2D(2, padding="same"), layers.Dropout(0.4), layers.Flatten(), layers.Dense(7, activation="silu"),
            layers.BatchNormalization(), layers.Dense(6, activation="softmax")]),
        "gray": keras.Sequential([
            layers.Input((12, 10, 1)), layers.Conv2D(4, 3, activation="silu"), layers.AveragePooling2D(2),
            layers.Conv2D(3, 3, padding="same"), layers.GlobalMaxPooling2D(), layers.Dense(5)]),
        "tutorial": keras.Sequential([
            layers.Input((6, 5)), layers.Flatten(), layers.Dense(8, activation="relu"), layers.Dropout(0.2), layers.Dense(4)]),
        "residual": residual,
        "padded": keras.Sequential([
            layers.Input((9, 8, 2)), layers.ZeroPadding2D(((1, 2), (0, 1))), layers.Conv2D(4, 3, strides=2),
            layers.BatchNormalization(), layers.ReLU(), layers.Flatten(), layers.Dense(3)]),
    }
    for name, model in models.items():
        for layer in model.layers:
            layer.set_weights([
                random.uniform(0.5, 1.5, array.shape) if "variance" in variable.name else random.normal(0, 0.4, array.shape)
                for variable, array in zip(layer.weights, layer.get_weights())])
        images = random.normal(0.5, 0.4, (3, *model.input_shape[1:])).astype(np.float32)
        if name == "plain":
            images = np.round(255 * np.clip(images, 0, 1)).astype(np.float32)
        expected = model.predict(images, verbose=0)
        for opset in [13, 17]:
            title = f"keras-{name}-{opset}"
            signature = [tf.TensorSpec([None, *model.input_shape[1:]], tf.float32, name="input")]
            function = tf.function(lambda x, model=model: model(x, training=False), input_signature=signature)
            converted, _ = tf2onnx.convert.from_function(function, signature, opset=opset)
            onnx.save(converted, str(folder / f"{title}.onnx"))
            save(title, images, expected)


{"torch": torch_models, "keras": keras_models}[kind]()
