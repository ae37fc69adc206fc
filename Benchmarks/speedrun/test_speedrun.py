"""Tests of the ladder that need no framework: python3 -m unittest discover -s Benchmarks/speedrun"""

import argparse
import contextlib
import io
import json
import pathlib
import stat
import sys
import tempfile
import unittest
from unittest import mock

import speedrun
from speedrun import Runs

FAKE = """#!/bin/sh
case $1 in --version) echo "jacquard 1.2 (a BLAS)"; exit ;; esac
case "$*" in *"--seed 2"*) echo '{"test": {"accuracy": 0.95}}' ;; *) echo '{"test": {"accuracy": 0.93}}' ;; esac
"""


class Ladder(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.command = self.folder / "jacquard"
        self.command.write_text(FAKE)
        self.command.chmod(self.command.stat().st_mode | stat.S_IXUSR)
        (self.folder / "train-labels-idx1-ubyte").write_bytes(b"1")

    def options(self, **changes: object) -> argparse.Namespace:
        values = {"rungs": ["0.94"], "peers": [], "seeds": 2, "threads": 1, "jacquard": self.command, "data": self.folder}
        return argparse.Namespace(**{**values, **changes})

    def test_every_seed_is_a_run_of_its_own(self) -> None:
        with contextlib.redirect_stderr(io.StringIO()):
            ladder = speedrun.measure(self.options())
        self.assertEqual(ladder[0].accuracies, [0.93, 0.95])
        self.assertAlmostEqual(ladder[0].mean, 0.94)
        self.assertIn("| 0.94 | Jacquard | `jacquard train --preset fast` | 0.9400 ± 0.0141 |", speedrun.table(ladder)[2])

    def test_a_rung_that_is_missed_says_so(self) -> None:
        runs = Runs("Jacquard", "jacquard train", 0.94, [0.93, 0.9399], [1.0, 3.0])
        self.assertEqual(runs.cells()[4:], ["no", "2", "2.0", "1.0 to 3.0"])

    def test_the_ratio_is_that_of_the_fastest_peer(self) -> None:
        ladder = [Runs("Jacquard", "a", 0.94, [0.94], [10.0]), Runs("Jacquard", "b", 0.9, [0.9], [1.0]),
                  Runs("PyTorch, float32", "c", 0.94, [0.94], [40.0]), Runs("PyTorch, bfloat16", "d", 0.94, [0.94], [30.0])]
        self.assertIn("bfloat16, the fastest of its variants, takes 3.00 times", speedrun.ratio(ladder))
        self.assertIsNone(speedrun.ratio(ladder[:2]))

    def test_a_failure_shows_what_the_program_said(self) -> None:
        self.command.write_text("#!/bin/sh\necho no data >&2\nexit 66\n")
        with self.assertRaisesRegex(SystemExit, "no data"):
            speedrun.measure(self.options())

    def test_the_report_names_machine_and_data(self) -> None:
        with contextlib.redirect_stderr(io.StringIO()):
            text = speedrun.report(self.options(), speedrun.measure(self.options()))
        self.assertIn("jacquard 1.2 (a BLAS)", text)
        self.assertIn(speedrun.checksum(self.folder), text)

    def test_unknown_rungs_are_refused(self) -> None:
        with mock.patch.object(sys, "argv", ["speedrun.py", "--rungs", "0.99", "--peers", ""]):
            with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()) as error:
                speedrun.arguments()
        self.assertIn("'0.99' is none of", error.getvalue())


if __name__ == "__main__":
    unittest.main()
