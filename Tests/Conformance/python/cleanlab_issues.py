"""The labels that cleanlab suspects, by confident learning, for each NAME.labels.npy and NAME.probabilities.npy of a folder, the least probable label first.
Prints lists of indices as JSON, by name."""
import json
import pathlib
import sys

import numpy as np
from cleanlab.filter import find_label_issues

found = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.labels.npy")):
    name = path.name.split(".")[0]
    probabilities = np.load(path.with_name(f"{name}.probabilities.npy")).astype(np.float64)
    issues = find_label_issues(
        np.load(path), probabilities / probabilities.sum(axis=1, keepdims=True), filter_by="confident_learning",
        return_indices_ranked_by="self_confidence", n_jobs=1)
    found[name] = [int(index) for index in issues]
print(json.dumps(found))
