"""Fit the rule of `domain/abstaining.py` on a SQuAD file and say how well it holds on articles it has not seen.

`python -m benchmarks.abstaining FILE [--by-words]` prints the weights and, per notebook size, the balanced accuracy on
articles that the fit did not see: the mean of the share of answerable questions answered and of the others abstained.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from halo_app.bootstrap import App, build_app
from halo_app.cli.bench_answers import Article, read_articles
from halo_app.domain.abstaining import Signals
from halo_app.domain.chunk import Scope
from halo_app.services.uploads import Upload
from halo_app.settings import read_settings

SIZES = (1, 2, 4, 6, 6, 8)          # articles in a notebook, of a half
ROUNDS = 4                           # different halves
Array = np.ndarray


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--by-words", action="store_true", help="fit the rule for the time without an embedding model")
    given = arguments.parse_args()
    articles = read_articles(given.file)
    with tempfile.TemporaryDirectory(prefix="halo-bench-") as folder:
        missing = {"embedding.path": Path(folder) / "no model"} if given.by_words else {}
        app = build_app(read_settings({"data_dir": Path(folder), **missing}))
        try:
            app.first_start(serving=False)
            samples = list(_samples(app, articles, given.by_words))
        finally:
            app.close()
    report(samples, given.by_words)


def _samples(app: App, articles: Sequence[Article], by_words: bool) -> Iterator[tuple[int, int, int, Array, Array]]:
    """Yield (round, half, size, signals, answerable) of notebooks made of some articles of a half, asked all its questions."""
    notebook = app.notebooks.create("bench")
    names = {f"{number:05}.txt": number for number in range(len(articles))}
    uploads = [Upload.from_bytes(name, articles[number].text.encode()) for name, number in names.items()]
    for _ in app.ingest.add(uploads, notebook.id):
        pass
    ids = {names[source.name]: source.id for source in app.sources.of(notebook.id)}
    for turn in range(ROUNDS):
        order = np.random.default_rng(turn).permutation(len(articles))
        for half, members in enumerate((order[: len(order) // 2], order[len(order) // 2:])):
            for number, size in enumerate(SIZES):
                pick = np.random.default_rng(100 * turn + number)
                inside = set(pick.choice(members, min(size, len(members)), replace=False).tolist())
                scope = Scope(app.user_id, notebook.id, frozenset(ids[article] for article in inside))
                asked = [(article, question) for article in members for question, _ in articles[article].questions]
                signals = [_row(app.evidence.gather(question, scope).signals, by_words) for _, question in asked]
                yield turn, half, size, np.array(signals), np.array([article in inside for article, _ in asked])
            print(f"round {turn + 1}, half {half + 1} of {ROUNDS} rounds")


def _row(signals: Signals, by_words: bool) -> list[float]:
    words = [signals.coverage, signals.coverage_in_context]
    return words if by_words else [signals.similarity, signals.similarity_in_context, *words]


def report(samples: Sequence[tuple[int, int, int, Array, Array]], by_words: bool) -> None:
    """Print the balanced accuracy on the half that was not fitted, by notebook size, and the weights fitted on everything."""
    scores: dict[int, list[float]] = {}
    for turn in range(ROUNDS):
        for half in (0, 1):
            seen = [one for one in samples if one[0] == turn and one[1] != half]
            weights = fit(np.vstack([one[3] for one in seen]), np.concatenate([one[4] for one in seen]))
            for _, _, size, signals, held in (one for one in samples if one[0] == turn and one[1] == half):
                scores.setdefault(size, []).append(balanced(signals, held, weights))
    for size, values in sorted(scores.items()):
        print(f"{size} articles: balanced accuracy {np.mean(values):.4f} (lowest {min(values):.4f}, n = {len(values)} notebooks)")
    weights = fit(np.vstack([one[3] for one in samples]), np.concatenate([one[4] for one in samples]))
    names = ["coverage", "coverage_in_context", "constant"]
    names = names if by_words else ["similarity", "similarity_in_context", *names]
    print({name: round(float(weight), 2) for name, weight in zip(names, weights, strict=True)})


def fit(signals: Array, held: Array, *, ridge: float = 1.0, steps: int = 60) -> Array:
    """Return the weights and, last, the constant of a ridge logistic regression in which both outcomes weigh the same."""
    inputs = np.c_[signals, np.ones(len(signals))]
    weights = np.zeros(inputs.shape[1])
    importance = np.where(held, 0.5 / held.mean(), 0.5 / (1 - held.mean()))
    penalty = np.r_[np.full(signals.shape[1], ridge), 1e-6]
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        slope = inputs.T @ (importance * (chance - held)) + penalty * weights
        curve = (inputs * (importance * chance * (1 - chance))[:, None]).T @ inputs + np.diag(penalty)
        weights -= np.linalg.solve(curve, slope)
    return weights


def balanced(signals: Array, held: Array, weights: Array) -> float:
    """Return the mean of the share of answerable questions answered and of the others abstained."""
    says = np.c_[signals, np.ones(len(signals))] @ weights >= 0
    return float((says[held].mean() + (~says[~held]).mean()) / 2)


if __name__ == "__main__":
    main()
