#!/usr/bin/env python3
"""Writes the seeds in Fuzz/Corpus: small files of every format, sound ones and a few that are not. Standard library only."""

import gzip
import io
import json
import pathlib
import struct
import zipfile
import zlib

corpus = pathlib.Path(__file__).parent / "Corpus"
pictures = pathlib.Path(__file__).parent.parent / "Tests/PhotographsTests/Fixtures"


def write(reader, name, content):
    folder = corpus / reader
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def idx(kind, dimensions, payload):
    return bytes([0, 0, kind, len(dimensions)]) + b"".join(struct.pack(">I", d) for d in dimensions) + payload


images = idx(8, [3, 4, 4], bytes(range(48)))
labels = idx(8, [5], bytes([0, 1, 2, 9, 4]))
plain = {
    "images": images,
    "labels": labels,
    "channels": idx(8, [2, 3, 3, 3], bytes(54)),
    "floats": idx(13, [2, 2], struct.pack(">4f", 0, 1, -1, float("inf"))),
    "doubles": idx(14, [1], struct.pack(">d", 0.5)),
    "shorts": idx(11, [2, 1], b"\0\1\0\2"),
    "rank8": idx(9, [1] * 8, b"\7"),
    "short": images[:-1],
    "long": labels + b"\0",
    "promise": idx(8, [0x7FFFFFFF] * 3, b""),
    "empty": b"",
    "html": b"<html>",
}
for name, content in plain.items():
    write("idx", name, content)
for name in ["images", "labels", "promise", "short"]:
    write("gzip", name, gzip.compress(plain[name], mtime=0))
write("gzip", "stored", gzip.compress(images, compresslevel=0, mtime=0))
write("gzip", "members", gzip.compress(images[:20], mtime=0) + gzip.compress(images[20:], mtime=0))
write("gzip", "junk", gzip.compress(labels, mtime=0) + b"junk")
write("gzip", "cut", gzip.compress(images, mtime=0)[:-5])
header = bytes([0x1F, 0x8B, 8, 0x1C, 0, 0, 0, 0, 0, 255]) + b"\4\0ABCD" + b"name\0" + b"comment\0"
body = zlib.compressobj(9, zlib.DEFLATED, -15)
write("gzip", "fields", header + body.compress(labels) + body.flush() + struct.pack("<II", zlib.crc32(labels), len(labels)))


def safetensors(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def entry(dtype, shape, begin, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


write("safetensors", "empty", safetensors({}))
write("safetensors", "two", safetensors(
    {"__metadata__": {"format": "pt", "a": "\u00e9\n"}, "a.weight": entry("F32", [2, 1], 0, 8), "b": entry("F16", [], 8, 10)},
    struct.pack("<ffe", 1, -2, 0.5)))
write("safetensors", "types", safetensors(
    {"a": entry("F64", [1], 0, 8), "b": entry("BF16", [1], 8, 10), "c": entry("I64", [1], 10, 18), "d": entry("F4", [2], 18, 19),
     "e": entry("BOOL", [0], 19, 19)}, bytes(19)))
write("safetensors", "escapes", safetensors(b'{"\\u0061\\"\\\\":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', b"\0"))
write("safetensors", "gap", safetensors({"a": entry("U8", [1], 1, 2)}, b"\0\0"))
write("safetensors", "overlap", safetensors({"a": entry("U8", [2], 0, 2), "b": entry("U8", [2], 1, 3)}, bytes(3)))
write("safetensors", "promise", struct.pack("<Q", 99_999_999) + b"{}")
write("safetensors", "huge", safetensors({"a": entry("F32", [1 << 40, 1 << 40], 0, 8)}, bytes(8)))
write("safetensors", "deep", safetensors(b'{"a":' + b"[" * 40 + b"]" * 40 + b"}"))
write("safetensors", "twice", safetensors(b'{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}'))


def model(layers, **more):
    return json.dumps({"name": "m", "input_shape": [8, 8, 2], "class_names": ["a", "b"], **more,
                       "layers": [dict(type=kind, **fields) for kind, fields in layers]})


dense = ("dense", {"output_features": 2})
conv = ("conv2d", {"output_channels": 3, "kernel_size": 3})
write("model", "dense", model([("flatten", {}), dense]))
write("model", "conv", model([conv, ("batch_norm2d", {}), ("relu", {}), ("max_pool2d", {"size": 2}), ("flatten", {}), dense]))
write("model", "options", model([
    ("conv2d", {"output_channels": 4, "kernel_size": [3, 5], "stride": [1, 2], "padding": [1, 2, 0, 1], "dilation": 2, "groups": 2,
                "bias": False}),
    ("gelu", {}), ("average_pool2d", {"size": 2, "stride": 1}), ("silu", {}), ("leaky_relu", {"negative_slope": 0.1}),
    ("dropout", {"rate": 0.5}), ("global_average_pool", {}), dense]))
write("model", "slopes", model([conv, ("prelu", {}), ("flatten", {}), ("prelu", {"shared": True, "initial_slope": 0.1}), dense]))
write("model", "residual", model([
    ("residual", {"body": [dict(type="conv2d", output_channels=2, kernel_size=3, padding=1), dict(type="relu")]}),
    ("global_max_pool", {}), dense]))
write("model", "preprocessing", model(
    [("flatten", {}), dense], preprocessing={"scale": 0.004, "mean": [0.1, 0.2], "deviation": [0.3, 0.4]}))
write("model", "wide", model([("flatten", {}), ("dense", {"output_features": 2147483647}), dense]))
write("model", "mistakes", model([("conv", {"output_channel": 3}), dense]))


def checkpoint(description, tensors, in_bytes=(), **strings):
    entries, data = {}, b""
    for name, shape in tensors.items():
        count = 1
        for dimension in shape:
            count *= dimension
        size = 1 if name in in_bytes else 4
        entries[name] = entry("I8" if name in in_bytes else "F32", shape, len(data), len(data) + size * count)
        data += (b"\x05" if name in in_bytes else struct.pack("<f", 0.25)) * count
    return safetensors({"__metadata__": {"jacquard.model": description, **strings}, **entries}, data)


small = model([("flatten", {}), dense], input_shape=[2, 2, 1])
norm = model([("conv2d", {"output_channels": 2, "kernel_size": 1, "bias": False}), ("batch_norm2d", {}), ("relu", {}),
              ("global_average_pool", {})], input_shape=[3, 3, 1])
write("checkpoint", "dense", checkpoint(small, {"fc1.weight": [2, 4], "fc1.bias": [2]}))
write("checkpoint", "norm", checkpoint(norm, {"conv1.weight": [2, 1, 1, 1], **{
    "bn1." + name: [2] for name in ["weight", "bias", "running_mean", "running_var"]}}))
quantized = {"fc1.weight": [2, 4], "fc1.weight_scale": [2], "fc1.bias": [2]}
write("checkpoint", "bytes", checkpoint(small, quantized, in_bytes=["fc1.weight"], **{
    "jacquard.quantization": json.dumps({"schema": 1, "input": {"scale": 0.5, "zero_point": 3}, "activations": []})}))
write("checkpoint", "range", checkpoint(small, quantized, in_bytes=["fc1.weight"], **{
    "jacquard.quantization": json.dumps({"schema": 1, "input": {"scale": -1, "zero_point": 3}, "activations": [{}]})}))
write("checkpoint", "missing", checkpoint(small, {"fc1.weight": [2, 4]}))
write("checkpoint", "turned", checkpoint(small, {"fc1.weight": [4, 2], "fc1.bias": [2]}))
write("checkpoint", "other", checkpoint(small, {"fc1.weight": [2, 4], "fc1.bias": [2], "fc2.bias": [1]}))
write("checkpoint", "promise", checkpoint(
    model([("flatten", {}), ("dense", {"output_features": 16000}), ("dense", {"output_features": 16000}), dense]), {}))
nested = dict(type="relu")
for _ in range(30):
    nested = dict(type="residual", body=[nested])
write("model", "deep", json.dumps({"name": "d", "input_shape": [4, 4, 1], "layers": [nested]}))

for name, text in {
    "object": '{"a": 1, "b": [true, false, null], "c": {"d": -1.5e-7}}', "text": '"\\u00e9\\ud83d\\ude00\\n\\\\/ \u00e9"',
    "numbers": "[0, -0, 1e308, 5e-324, 9223372036854775807, 9223372036854775808, -9223372036854775808, 0.1]",
    "deep": "[" * 64 + "]" * 64, "half": '"\\ud800"', "twice": '{"a":1,"a":2}', "cut": '{"a":',
}.items():
    write("json", name, text)

settings = {
    "schema": 1, "model": "tiny.json", "epochs": 2, "max_steps": None, "max_time": "90s", "batch_size": 20, "optimizer": "adam", "lr": 0.01,
    "momentum": 0.0, "nesterov": False, "weight_decay": 0.0, "schedule": "cosine", "warmup_epochs": 0.5, "label_smoothing": 0.1,
    "clip_norm": 1.0, "init": "he", "augment": "flip,shift=1", "validation": 0.25, "seed": 1, "threads": 2, "shards": 8, "algorithm": "auto",
    "gemm": "blas", "init_from": None, "save_every": "30s", "early_stopping": 3, "on_nan": "skip", "max_train": 100, "shuffle": True,
    "test": True}
write("config", "all", json.dumps(settings))
write("config", "few", '{"epochs": 3, "optimizer": "sgd", "momentum": 0.9, "nesterov": true, "save_every": 5, "validation": 0}')
write("config", "wrong", '{"epochs": 0, "augment": "flop"}')

progress = {"step": 4, "epoch": 2, "position": 20, "images": 20, "correct": 3, "loss": 12.5, "learning_rate": 0.01,
            "learning_rate_scale": 1.0, "seconds": 0.5}
score = {"loss": 1.5, "accuracy": 0.5}
state = {
    "schema": 1, "version": "0.1.0", "blas": "OpenBLAS", "seed": 1, "progress": progress, "epoch_start": progress,
    "best": {"epoch": 1, "step": 3, "score": score},
    "last_epoch": {"epoch": 1, "steps": 3, "learning_rate": 0.01, "train": score, "validation": score, "images_per_second": 1e4,
                   "seconds": "inf"},
    "totals": {"seconds": 1.5, "training_seconds": 1, "trained_images": 45, "skipped_steps": 0, "rollbacks": 0},
    "files": {"metrics.csv": 100, "events.jsonl": 1000}, "data_sha256": ["0" * 64], "settings": settings}
write("state", "whole", json.dumps(state))
write("state", "begin", json.dumps({**state, "epoch_start": None, "best": None, "last_epoch": None}))
write("state", "wrong", json.dumps({**state, "progress": {**progress, "images": 21}}))

columns = "epoch,steps,learning_rate,train_loss,train_accuracy,validation_loss,validation_accuracy\n"
write("metrics", "two", columns + "1,375,0.001,0.5512,0.8012,0.41,0.85\n2,750,0.00001,0.4,0.86,0.38,0.87\n")
write("metrics", "alone", columns + "1,10,0.1,inf,0.1,,\n2,20,0.1,nan,0.1,,\n")
write("metrics", "wide", columns + "1,9,1e308,-1e308,1e-308,,\n2,18,0,1e308,1e308,,\n")
write("metrics", "near", columns + "1,9,0.1,1e15,0.5,,\n2,18,0.1,1.00000000000001e15,0.5,,\n")
write("metrics", "cut", columns + "1,375,0.001,0.55")
write("metrics", "many", columns + "100000,9223372036854775807,0.1,1,1,,\n")
write("record", "killed", json.dumps({
    "schema": 1, "status": "running", "started": "2026-01-01T00:00:00Z", "sessions": [{"process": 7, "status": "running"}],
    "provenance": {"data": [{"path": "data/train-images", "sha256": "0" * 64}]}, "result": None}))
write("record", "finished", json.dumps({"schema": 1, "status": "finished", "sessions": [], "result": {"test": {"loss": 1}}}))
write("record", "wrong", json.dumps({"schema": 1, "status": 3, "sessions": [3, {"process": -1}], "provenance": []}))
rows = {
    "gemm": {"m": 64, "n": 64, "k": 288, "transpose": "nn", "implementation": "blas", "threads": 1, "gflops": 90.5},
    "conv": {"shape": "28x28x32", "pass": "forward", "algorithm": "im2col", "gemm": "blas", "batch": 8, "threads": 2,
             "microseconds_per_image": 35},
    "model": {"model": "cnn", "mode": "train", "algorithm": "auto", "gemm": "blas", "batch": 128, "threads": 2,
              "images_per_second": {"median": 9800.5}}}
for kind, row in rows.items():
    write("benchmark", kind, json.dumps({
        "schema": 1, "benchmark": kind, "machine": {"cpu": "x", "cores": 2}, "results": [row, {**row, "threads": 9}]}))


columns = [
    "checkpoint", "weights_sha256", "data", "data_sha256", "split", "tta", "status", "exit_code", "error", "model", "members",
    "parameters", "images", "loss", "accuracy", "accuracy_low", "accuracy_high", "top3", "macro_f1", "expected_calibration_error",
    "seconds", "images_per_second", "predictions", "ended"]
good = ["run", "0a", "data", "0b", "test", "none", "ok", 0, None, "m", 1, 10, 20, 0.5, 0.9, 0.8, 0.95, 1, 0.9, 0.1, 0.5, 40.5, None,
        "2026-01-01T00:00:00Z"]
bad = ["a,b", None, "da\nta", None, "test", "flip", "failed", 65, 'a "word"'] + [None] * 14 + ["2026-01-01T00:00:00Z"]


def cell(value):
    text = "" if value is None else str(value)
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text


table = "".join(",".join(map(cell, row)) + "\n" for row in [good, bad])
write("batch", "csv", table)
write("batch", "torn", table[:-30])
write("batch", "lines", "".join(json.dumps({"schema": 1, **dict(zip(columns, row))}) + "\n" for row in [good, bad]))
write("batch", "other", "a,b\n1,2\n")

write("sweep", "grid", json.dumps({"base": {"validation": 0.1}, "grid": {"lr": [0.001, 0.003], "batch_size": [64, 128]}}))
write("sweep", "random", json.dumps({"base": {"validation": 10}, "random": {
    "count": 4, "seed": 1, "settings": {"lr": {"log": [0.0001, 0.01]}, "batch_size": {"integer": [8, 64]}, "model": ["lenet", "cnn"]}}}))
write("sweep", "list", json.dumps({"list": [{"lr": 0.01, "validation": 0.2}, {"model": "cnn", "validation": 0.2}]}))
write("sweep", "halving", json.dumps({"base": {"validation": 0.1}, "grid": {"seed": [1, 2]}, "halving": {"rungs": [1, 2], "factor": 2}}))
write("sweep", "many", json.dumps({"base": {"validation": 0.1}, "grid": {name: list(range(1, 99)) for name in ["seed", "epochs", "threads"]}}))


def npy(descr, shape, data, order=False, version=1, text=None):
    header = text or f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}"
    start = b"\x93NUMPY" + bytes([version, 0])
    padding = -(len(start) + (2 if version == 1 else 4) + len(header) + 1) % 64
    content = (header + " " * padding + "\n").encode("utf-8")
    return start + struct.pack("<H" if version == 1 else "<I", len(content)) + content + data


arrays = {
    "floats": npy("<f4", "(2, 3)", struct.pack("<6f", *range(6))),
    "columns": npy(">i2", "(2, 3)", struct.pack(">6h", *range(6)), order=True),
    "scalar": npy("<f8", "()", struct.pack("<d", 0.5)),
    "bytes": npy("|u1", "(4,)", bytes(4), version=3),
    "truth": npy("|b1", "(2,)", b"\0\1"),
    "half": npy("<f2", "(1, 1, 2)", b"\0\x3c\0\0", version=2),
    "large": npy("<u8", "(1,)", b"\xff" * 8),
    "nothing": npy("<i8", "(3, 0)", b""),
    "promise": npy("<f4", "(4294967296, 4294967296)", bytes(8)),
    "fields": npy("", "", bytes(8), text="{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }"),
    "order": npy("", "", bytes(4), text="{ 'shape':(1L,) ,\n\"fortran_order\":False,'descr':'=i4'}"),
    "short": npy("<f4", "(2,)", bytes(7)),
    "cut": npy("<f4", "(2,)", b"")[:40],
}
for name, content in arrays.items():
    write("npy", name, content)


def npz(names, method):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in names.items():
            information = zipfile.ZipInfo(name)
            information.compress_type = method
            archive.writestr(information, content)
    return file.getvalue()


two = {"a.npy": arrays["floats"], "b/c.npy": arrays["bytes"]}
write("npz", "stored", npz(two, zipfile.ZIP_STORED))
write("npz", "deflated", npz(two, zipfile.ZIP_DEFLATED))
write("npz", "empty", npz({}, zipfile.ZIP_STORED))
write("npz", "same", npz({"a.npy": arrays["truth"], "a": arrays["truth"]}, zipfile.ZIP_STORED))
write("npz", "comment", npz({"\u00e9.npy": arrays["scalar"]}, zipfile.ZIP_DEFLATED)[:-2] + struct.pack("<H", 4) + b"PK\5\6")
write("npz", "cut", npz(two, zipfile.ZIP_STORED)[:-9])
whole = npz({"a.npy": arrays["bytes"]}, zipfile.ZIP_DEFLATED)
directory = whole.index(b"PK\1\2")
write("npz", "promise", whole[:directory + 24] + struct.pack("<I", 0x7FFFFFFF) + whole[directory + 28:])


def packed(names):
    """An archive's members as the readers of archives want them: see `ArrayFiles.members`."""
    return b"".join(
        struct.pack("<BH", len(name), len(content)) + name.encode() + content for name, content in names.items())


train = {"x_train": npy("|u1", "(2, 2, 2)", bytes(8)), "y_train": npy("<i8", "(2, 1)", struct.pack("<2q", 0, 1))}
test = {"x_test": npy("|u1", "(1, 2, 2)", bytes(4)), "y_test": npy("|u1", "(1,)", b"\1")}
write("arrays", "both", packed({**train, **test}))
write("arrays", "training", packed(train))
write("arrays", "colors", packed({"train_images": npy("|u1", "(1, 2, 2, 3)", bytes(12)), "train_labels": npy("<i4", "(1,)", bytes(4))}))
write("arrays", "counts", packed({**train, "y_train": npy("|u1", "(1,)", b"\0")}))
write("arrays", "label", packed({**train, **test, "y_test": npy("<i2", "(1,)", b"\x09\0")}))
write("arrays", "negative", packed({**train, "y_train": npy("|i1", "(2,)", b"\xff\0")}))
write("arrays", "floats", packed({**train, "x_train": npy("<f4", "(2, 2, 2)", bytes(32))}))


def variable(*shape):
    count = 1
    for dimension in shape:
        count *= dimension
    return npy("<f4", str(shape), struct.pack("<f", 0.25) * count)


layers = {
    "000.kernel": variable(2, 2, 1, 2), "000.bias": variable(2), "001.gamma": variable(2), "001.beta": variable(2),
    "001.moving_mean": variable(2), "001.moving_variance": variable(2), "003.kernel": variable(8, 2), "003.bias": variable(2)}
write("keras", "model", packed(layers))
write("keras", "turned", packed({**layers, "003.kernel": variable(2, 8)}))
write("keras", "missing", packed({name: content for name, content in layers.items() if name != "001.beta"}))
write("keras", "more", packed({**layers, "003.scale": variable(2)}))
write("keras", "number", packed({"18446744073709551616.kernel": variable(1), "x.bias": variable(1)}))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, color, rows, extra=b"", interlace=0):
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)) + extra
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


write("png", "gray", png(2, 2, 8, 0, b"\0\1\2\0\3\4"))
write("png", "colors", png(2, 1, 8, 2, b"\0" + bytes(range(6))))
write("png", "opacity", png(1, 1, 8, 6, b"\0" + bytes(range(4))))
write("png", "palette", png(4, 1, 2, 3, b"\0\x1b", chunk(b"PLTE", bytes(range(12))) + chunk(b"tRNS", b"\x80")))
write("png", "deep", png(1, 1, 16, 0, b"\0\1\2"))
write("png", "interlaced", png(2, 2, 8, 0, b"\0\1\0\2\0\3\4", interlace=1))
write("png", "promise", png(0x7FFFFFFF, 0x7FFFFFFF, 8, 6, b""))
write("png", "cut", png(2, 2, 8, 0, b"\0\1\2\0\3\4")[:-20])


def exif(orientation, order="<"):
    mark = b"II" if order == "<" else b"MM"
    tiff = mark + struct.pack(order + "HIHHHIHHI", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff


photographs = {path.stem: path.read_bytes() for path in sorted(pictures.glob("*.jpg"))}
for name, content in photographs.items():
    write("jpeg", name, content)
gray = photographs["quadrants-gray"]
write("jpeg", "turned", gray[:2] + exif(6) + gray[2:])
write("jpeg", "mirrored", gray[:2] + b"\xff\xff" + exif(2, ">")[1:] + gray[2:])
write("jpeg", "cut", gray[:-40])
size = gray.index(b"\xff\xc0") + 5
write("jpeg", "large", gray[:size] + struct.pack(">HH", 2000, 3000) + gray[size + 4:])
write("jpeg", "promise", gray[:size] + struct.pack(">HH", 65500, 65500) + gray[size + 4:])
write("png", "turned", png(2, 1, 8, 0, b"\0\1\2", chunk(b"eXIf", exif(8)[10:])))


def bitmap(width, height, depth, compression, pixels, extra=b"", colors=0):
    offset = 54 + len(extra)
    return (struct.pack("<2sIHHI", b"BM", offset + len(pixels), 0, 0, offset)
            + struct.pack("<IiiHHIIiiII", 40, width, height, 1, depth, compression, len(pixels), 0, 0, colors, 0) + extra + pixels)


palette = b"".join(struct.pack("<BBBB", 16 * i, 255 - i, 7 * i, 0) for i in range(16))
write("bmp", "colors", bitmap(2, 2, 24, 0, bytes(range(16))))
write("bmp", "top", bitmap(1, -2, 32, 0, bytes(range(8))))
write("bmp", "palette", bitmap(3, 1, 4, 0, b"\x12\x30\0\0", palette, 16))
write("bmp", "masks", bitmap(2, 1, 16, 3, b"\x12\x34\x56\x78", struct.pack("<III", 0xF800, 0x7E0, 0x1F)))
write("bmp", "runs", bitmap(9, 2, 4, 2, b"\x05\x12\0\4\x34\x56\0\0\0\2\1\0\2\x11\0\1", palette, 16))
write("bmp", "old", struct.pack("<2sIHHIIHHHH", b"BM", 30, 0, 0, 26, 12, 1, 1, 1, 24) + b"\1\2\3\0")
write("bmp", "bare", bitmap(2, 2, 24, 0, bytes(range(16)))[14:])
write("bmp", "promise", bitmap(30000, 2000, 8, 1, b"\0\1", palette, 16))
write("bmp", "cut", bitmap(2, 2, 24, 0, bytes(5)))


def gif(width, height, frame, extra=b"", flags=0x80, colors=bytes(range(6))):
    return b"GIF89a" + struct.pack("<HHBBB", width, height, flags, 0, 0) + colors + extra + frame + b";"


def frame(left, top, width, height, codes, flags=0, colors=b"", smallest=2):
    return (b"," + struct.pack("<HHHHB", left, top, width, height, flags) + colors + bytes([smallest, len(codes)]) + codes + b"\0")


write("gif", "two", gif(2, 1, frame(0, 0, 2, 1, b"\x44\x0a")))
write("gif", "transparent", gif(3, 3, frame(1, 1, 2, 1, b"\x44\x0a"), b"!\xf9\4\1\0\0\1\0"))
write("gif", "repeated", gif(8, 1, frame(0, 0, 8, 1, b"\x84\x8f\xa9\x50")))
write("gif", "interlaced", gif(1, 9, frame(0, 0, 1, 9, b"\x84\x8f\xa9\x50", flags=0x40)))
write("gif", "own", gif(2, 1, frame(0, 0, 2, 1, b"\x44\x0a", flags=0x80, colors=bytes(6)), flags=0, colors=b""))
write("gif", "early", gif(2, 1, frame(0, 0, 2, 1, b"\x44\x01")))
write("gif", "promise", gif(65535, 65535, frame(0, 0, 65535, 65535, b"\x44\x0a")))
write("gif", "cut", gif(2, 1, frame(0, 0, 2, 1, b"\x44\x0a"))[:-4])

# Of four pixels, by libwebp: without loss, with loss, with opacity, of two frames, turned by its Exif data.
WEBP = {
    "lossless": "5249464640000000574542505650384c330000002f014000101f20202164abff13ec101210bcf2bfb845906d1bda76a0930d5014fe7fd8"
            "12bafd1f4000b201ca546113d1ffd80100",
    "lossy": "5249464632000000574542505650382026000000b001009d012a0200020002c04c25004e8021dfc05d8000fec24fb5f55cc04cf3b56c7e"
            "000000",
    "opacity": "524946465800000057454250565038580a00000010000000010000010000414c5048050000000004ffffff00565038202c000000b00100"
            "9d012a0200020002c04c25980274010efe02ec00fec24fb5f55cc6c62c3c36bf8bbd8477dd98000000",
    "moving": "52494646a200000057454250565038580a00000002000000010000010000414e494d06000000000000000000414e4d4638000000000000"
            "000000010000010000320000025650384c200000002f014000001f201048860d6bf0411e99f98f0c07a0a66d0316bf494744ff8303414e"
            "4d4636000000000000000000010000010000320000005650384c1e0000002f014000001f201048860d6bf0411e99f98f0c07403640992a"
            "cc22fa1f1f",
    "turned": "524946466000000057454250565038580a000000080000000100000100005650384c1f0000002f014000001f306462c16458f95f618dcc"
            "fc079b10201ba04c153611fd8f1d00455849461a0000004d4d002a00000008000101120003000000010006000000000000",
    "cut": "5249464640000000574542505650384c330000002f014000101f20202164abff13ec101210bcf2bfb845906d1bda76a0930d5014fe7fd8"
            "12bafd1f4000b201",
}
for name, text in WEBP.items():
    write("webp", name, bytes.fromhex(text))
