"""Tests of the comparison that need no framework: python3 -m unittest discover -s Benchmarks/peers"""

import contextlib
import hashlib
import io
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

import compare
import environment
import measurement
import networks
import programs
import tables
from networks import NETWORKS
from programs import Variant
from tables import Place, Series

FAKE_PEER = """
import sys
sys.path.insert(0, {folder!r})
import measurement
from measurement import Variant

def works(task):
    print("frameworks print what they like")
    return lambda seconds: [task.batch * rate for rate in (3, 1, 2)]

def fails(task):
    raise ValueError("no such kernel")

measurement.main("Fake", "1.0", {{
    "train good": Variant("train", "float32", works),
    "train bad": Variant("train", "bfloat16", fails),
    "inference good": Variant("inference", "float32", works),
}}, lambda threads: None)
"""


class Program:
    """A program that is only named."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.gflops = {("cnn", "train", "auto"): [100.0, 120.0, 110.0]}


def series(program: str, variant: str, precision: str, *rates: float | None) -> Series:
    ours = (200, 210, 190)
    ratios = [own / rate for own, rate in zip(ours, rates) if rate is not None]
    return Series(Variant(Program(program), variant, "train", precision), "cnn", list(rates), ratios)


PLACE = Place("Some CPU (family 1, model 2)", "OpenBLAS 0.3.21, Zen", 2)
HERE = "| Some CPU (family 1, model 2) | OpenBLAS 0.3.21, Zen | 2 "


GROUPS = {("cnn", "train"): [
    series("Jacquard", "auto", "float32", 200, 210, 190),
    series("PyTorch", "default", "float32", 90, 110, 100),
    series("Keras", "fit", "float32", 80, None, 84),
    series("PyTorch", "autocast", "bfloat16", 400, 400, 400),
    series("Keras", "broken", "float32", None, None, None),
]}


class TablesTest(unittest.TestCase):
    def test_summary_takes_the_fastest_peer_of_each_precision(self) -> None:
        self.assertEqual(
            tables.summary(GROUPS, PLACE)[2],
            f"{HERE}| `cnn` | training | 200 | 110 | 100 (PyTorch default) | **1.91** | 400 (PyTorch autocast) | **0.50** |")

    def test_rates_have_three_digits(self) -> None:
        self.assertEqual([tables.rate(value) for value in (12345.6, 99.96, 7.891)], ["12,346", "100", "7.89"])

    def test_rows_of_other_processors_stay(self) -> None:
        other = Place("Other CPU", "OpenBLAS 0.3.21, Haswell", 2)
        first, second = tables.summary(GROUPS, PLACE), tables.summary(GROUPS, other)
        both = tables.merged(first, second)
        self.assertEqual(both, [*first, second[2]])
        self.assertEqual(tables.merged(both, first), [*second, first[2]])
        # A table with other columns says nothing that could stay.
        self.assertEqual(tables.merged(["| model |", "| --- |", "| `cnn` |"], first), first)

    def test_details_show_every_variant_and_what_failed(self) -> None:
        lines = tables.details(GROUPS)
        self.assertIn("| `cnn` training | Keras fit | float32 | 82 | 80…84 | 0.82 | 2.38 |", lines)
        self.assertIn("| `cnn` training | Keras broken | float32 | failed |  |  |  |", lines)
        self.assertEqual({line.count("|") for line in lines}, {8})


class WriteTest(unittest.TestCase):
    BEGIN, END = "<!-- peers: written by make bench-peers -->", "<!-- peers: end -->"

    def write(self, readme: str) -> tuple[str, str]:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "README.md").write_text(readme)
            with mock.patch.object(compare, "ROOT", folder), mock.patch.object(environment, "HERE", folder), \
                    mock.patch.object(compare, "say"):
                compare.write(PLACE, GROUPS, "all of it\n")
            return (folder / "README.md").read_text(), (folder / "RESULTS.md").read_text()

    def test_only_what_stands_between_the_markers_changes(self) -> None:
        readme, results = self.write(f"before\n{self.BEGIN}\nold\n{self.END}\nafter\n")
        self.assertTrue(readme.startswith(f"before\n{self.BEGIN}\n| processor | kernels | threads | model | mode |"))
        self.assertTrue(readme.endswith(f"\n{self.END}\nafter\n"))
        self.assertNotIn("old", readme)
        self.assertIn("**1.91**", readme)
        self.assertEqual(results, "all of it\n")
        again, _ = self.write(readme)
        self.assertEqual(again, readme)

    def test_a_readme_without_markers_is_refused(self) -> None:
        with self.assertRaisesRegex(SystemExit, "must hold one line"):
            self.write("nothing\n")

    def test_the_projects_readme_has_them(self) -> None:
        content = (compare.ROOT / "README.md").read_text()
        self.assertEqual([content.count(self.BEGIN), content.count(self.END)], [1, 1])

    def test_parts_of_a_comparison_are_not_written(self) -> None:
        errors = io.StringIO()
        with mock.patch.object(sys, "argv", ["compare.py", "--models", "cnn", "--write"]), \
                contextlib.redirect_stderr(errors), self.assertRaises(SystemExit) as raised:
            compare.arguments()
        self.assertEqual(raised.exception.code, 2)
        self.assertIn("--write is for a whole comparison", errors.getvalue())


class RoundsTest(unittest.TestCase):
    def test_everything_is_measured_once_per_round_and_failures_go_on(self) -> None:
        asked: list[tuple[str, float]] = []

        class Scripted(Program):
            def measure(self, variant: Variant, model: str, seconds: float) -> float:
                asked.append((variant.name, seconds))
                if variant.name == "b" and len(asked) == 2:
                    raise programs.Failure("once")
                return 10.0 * len(asked)

        variants = [Series(Variant(Scripted("X"), name, "train", "float32"), "cnn") for name in ("a", "b")]
        with mock.patch.object(compare, "say"):
            seconds = compare.measure({("cnn", "train"): variants}, rounds=2, seconds=0.5, minutes=1)
        self.assertEqual(asked, [("a", 0.5), ("b", 0.5), ("a", 0.5), ("b", 0.5)])
        self.assertEqual([one.rounds for one in variants], [[10.0, 30.0], [None, 40.0]])
        self.assertEqual([one.ratios for one in variants], [[], []])
        self.assertEqual(seconds, 0.5)

    def test_ours_is_measured_before_each_peer(self) -> None:
        def one(program: str, variant: str) -> Series:
            return Series(Variant(Program(program), variant, "train", "float32"), "cnn")

        series = [one("Jacquard", "auto"), one("Jacquard", "direct"), one("A", "x"), one("A", "y"), one("B", "z")]
        order = [f"{each.variant.program.name} {each.variant.name}" for each in compare.turns(series)]
        self.assertEqual(order, ["Jacquard auto", "Jacquard direct", "A x", "A y", "Jacquard auto", "B z"])
        self.assertEqual(compare.turns(series[:2]), series[:2])
        self.assertEqual(compare.turns(series[2:]), series[2:])

        rates = iter([10.0, 1.0, 5.0, 4.0, 30.0, 3.0])
        with mock.patch.object(Program, "measure", lambda *_: next(rates), create=True), mock.patch.object(compare, "say"):
            compare.measure({("cnn", "train"): series}, rounds=1, seconds=0.5, minutes=1)
        self.assertEqual([each.ratios for each in series[2:]], [[2.0], [2.5], [10.0]])
        self.assertEqual(series[0].rounds, [10.0, 30.0])

    def test_the_seconds_follow_from_the_minutes(self) -> None:
        group = {("cnn", "train"): [Series(Variant(mock.Mock(measure=mock.Mock(return_value=1.0)), "a", "train", "float32"), "cnn")]}
        with mock.patch.object(compare, "say"):
            self.assertEqual(compare.measure(group, rounds=1, seconds=None, minutes=0.1), (6 - 0.5) / 1.25)
            self.assertEqual(compare.measure(group, rounds=1, seconds=None, minutes=100), compare.LONGEST)
            self.assertEqual(compare.measure(group, rounds=100, seconds=None, minutes=0.01), compare.SHORTEST)


class NetworksTest(unittest.TestCase):
    def test_the_layers_have_the_published_parameters(self) -> None:
        for name, network in NETWORKS.items():
            self.assertEqual(networks.parameter_count(network), network.parameters, name)

    def test_our_command_line_gets_shape_and_classes_where_they_are_not_the_usual_ones(self) -> None:
        self.assertEqual(NETWORKS["vgg"].reference, "vgg")
        self.assertEqual(NETWORKS["resnet18-224"].reference, "resnet18:224x224x3:1000")
        ours = programs.Ours.__new__(programs.Ours)
        ours._command, ours._threads = "jacquard", 2
        arguments = ours.arguments("mobilenet-96", "train", "auto", 1)
        self.assertEqual(arguments[:8], [
            "bench", "model", "--model", "mobilenet:96x96x3:10", "--mode", "train", "--batch-size", "32"])

    def test_the_stem_of_small_images_keeps_their_size(self) -> None:
        small, large = (networks.layers(NETWORKS[name]) for name in ("resnet18-32", "resnet18-224"))
        self.assertEqual(small[0], networks.convolution(64, 3, 1, 1))
        self.assertEqual(large[0], networks.convolution(64, 7, 2, 3))
        self.assertEqual([layers.count(networks.pool(3, 2, 1)) for layers in (small, large)], [0, 1])


class ProcessorTest(unittest.TestCase):
    def name(self, text: str) -> str:
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(text)
            file.flush()
            return compare.processor(pathlib.Path(file.name))

    def test_family_and_model_follow_the_name(self) -> None:
        first = "processor\t: 0\ncpu family\t: 25\nmodel\t\t: 17\nmodel name\t: AMD EPYC\n\n"
        self.assertEqual(self.name(first + first.replace("17", "18")), "AMD EPYC (family 25, model 17)")
        self.assertEqual(self.name("model name : Some CPU\n"), "Some CPU")


class PeerTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        script = pathlib.Path(folder.name) / "fake_peer.py"
        script.write_text(FAKE_PEER.format(folder=str(environment.HERE)))
        self.peer = programs.Peer(str(script), pathlib.Path(sys.executable), threads=1)
        self.addCleanup(self.peer.close)

    def state(self) -> str:
        """The process's state as Linux names it: T is stopped."""
        status = pathlib.Path(f"/proc/{self.peer._process.pid}/stat").read_text()
        return status.rsplit(")", 1)[1].split()[0]

    def test_a_peer_answers_with_the_median_and_is_stopped_otherwise(self) -> None:
        self.assertEqual((self.peer.name, self.peer.version), ("Fake", "1.0"))
        good, bad = self.peer.variants("train")
        self.assertEqual([good.title, bad.precision], ["Fake good", "bfloat16"])
        self.assertEqual(self.state(), "T")
        self.assertEqual(good.measure("cnn", 1), 256)
        self.assertEqual(self.state(), "T")
        with self.assertRaisesRegex(programs.Failure, "ValueError: no such kernel"):
            bad.measure("cnn", 1)
        self.assertEqual(self.peer.variants("inference")[0].measure("cnn", 1), 200)


class MeasurementTest(unittest.TestCase):
    def test_samples_are_long_enough_and_as_many_as_the_time_allows(self) -> None:
        now, calls = [0.0], []

        def work(repetitions: int) -> None:
            calls.append(repetitions)
            now[0] += 0.001 * repetitions

        with mock.patch.object(measurement.time, "perf_counter", lambda: now[0]):
            rates = measurement.sampled(work, batch=10)(1.0)
        self.assertEqual(len(rates), 20)
        self.assertTrue(all(abs(rate / 10_000 - 1) < 1e-9 for rate in rates))
        self.assertEqual(calls[-20:], [50] * 20)


class EnvironmentTest(unittest.TestCase):
    def test_it_is_made_once_and_again_for_other_requirements(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name) / "peers"

            def create(at: pathlib.Path, with_pip: bool) -> None:
                (at / "bin").mkdir(parents=True, exist_ok=True)
                (at / "bin" / "python").touch()

            done = mock.Mock(returncode=0)
            with mock.patch.object(environment.venv, "create", side_effect=create) as made, \
                    mock.patch.object(environment.subprocess, "run", return_value=done) as run, \
                    contextlib.redirect_stderr(io.StringIO()):
                self.assertEqual(environment.python(folder), folder / "bin" / "python")
                self.assertEqual(environment.python(folder), folder / "bin" / "python")
                self.assertEqual([made.call_count, run.call_count], [1, 1])
                stamp = folder / "requirements.sha256"
                content = (environment.HERE / "requirements.txt").read_bytes()
                self.assertEqual(stamp.read_text(), hashlib.sha256(content).hexdigest())
                stamp.write_text("another")
                environment.python(folder)
                self.assertEqual(run.call_count, 2)
                stamp.unlink()
                done.returncode = 1
                with self.assertRaisesRegex(SystemExit, "pip could not install"):
                    environment.python(folder)
                self.assertFalse(stamp.exists())


if __name__ == "__main__":
    unittest.main()
