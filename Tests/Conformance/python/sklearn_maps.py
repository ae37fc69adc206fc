"""The trustworthiness of scikit-learn's own t-SNE of points.npy and of map.npy, and the area under the ROC curve and the average precision of each class of
scores.npy with labels.npy. Prints them as JSON."""
import json
import pathlib
import sys

import numpy as np
from sklearn.manifold import TSNE, trustworthiness
from sklearn.metrics import average_precision_score, roc_auc_score

folder = pathlib.Path(sys.argv[1])
points, own = np.load(folder / "points.npy"), np.load(folder / "map.npy")
theirs = TSNE(random_state=1, init="pca", perplexity=30, n_jobs=1).fit_transform(points)
scores, labels = np.load(folder / "scores.npy"), np.load(folder / "labels.npy")
print(json.dumps({
    "theirs": float(trustworthiness(points, theirs, n_neighbors=12)),
    "ours": float(trustworthiness(points, own, n_neighbors=12)),
    "areas": [float(roc_auc_score(labels == choice, scores[:, choice])) for choice in range(scores.shape[1])],
    "precisions": [float(average_precision_score(labels == choice, scores[:, choice])) for choice in range(scores.shape[1])],
}))
