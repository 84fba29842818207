"""`halo bench answers FILE`: do the first sentences shown hold the answer, and is what the sources lack left unanswered."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from halo_app.cli.frame import say, settings, show
from halo_app.errors import BadInput, UnreadableFile

if TYPE_CHECKING:
    from halo_app.bootstrap import App
    from halo_app.domain.conversation import Answer


@dataclass(frozen=True, slots=True)
class Article:
    """A text and the questions about it, each with its gold answers; a question without any is not asked."""

    title: str
    text: str
    questions: tuple[tuple[str, tuple[str, ...]], ...]


def register(root: typer.Typer) -> None:
    @root.command()
    def answers(file: Annotated[Path, typer.Argument(metavar="FILE", help="Questions and texts in SQuAD 1.1 or 2.0 JSON.")]) -> None:
        """Score answers: the share whose first sentence, or one of the first three, holds a gold answer; and abstention."""
        articles = read_articles(file)
        with tempfile.TemporaryDirectory(prefix="halo-bench-") as folder:
            figures = measure(Path(folder), articles)
        show(figures, "\n".join(f"{name}: {value}" for name, value in figures.items()))


def read_articles(file: Path) -> list[Article]:
    """Read a SQuAD file. Raises BadInput when there is none, UnreadableFile when it is something else."""
    try:
        tree = json.loads(file.read_text(encoding="utf-8"))
        return [_article(article, number) for number, article in enumerate(tree["data"])]
    except OSError as error:
        raise BadInput(f"cannot read {file}: {error.strerror}", fix="give the path of a SQuAD JSON file") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableFile(f"{file} is not SQuAD JSON: {type(error).__name__} {error}", fix="give a SQuAD 1.1 or 2.0 file") from None


def _article(article: dict[str, Any], number: int) -> Article:
    questions = tuple(
        (question["question"].strip(), tuple(dict.fromkeys(answer["text"] for answer in question["answers"])))
        for paragraph in article["paragraphs"] for question in paragraph["qas"] if question["answers"])
    title = str(article.get("title") or f"article {number}").replace("_", " ")
    return Article(title, "\n\n".join([title, *(paragraph["context"].strip() for paragraph in article["paragraphs"])]), questions)


def measure(folder: Path, articles: Sequence[Article]) -> dict[str, Any]:
    """Return the figures: every article in one notebook for the hits, the even ones alone for abstention."""
    every = [question for article in articles for question in article.questions]
    asked = [question for question, _ in every]
    say(f"reading {len(articles)} articles …")
    given, seconds = _ask(folder / "all", articles, asked)
    hits = [_hits(answer, gold) for answer, (_, gold) in zip(given, every, strict=True)]
    say("reading every other article …")
    again, _ = _ask(folder / "even", articles[::2], asked)
    answered = [not answer.abstained for answer in again]
    held = [number % 2 == 0 for number, article in enumerate(articles) for _ in article.questions]
    return {
        "hit@1": _share(first for first, _ in hits), "hit@3": _share(third for _, third in hits), "questions": len(asked),
        "abstained": _share(answer.abstained for answer in given),
        "abstain_balanced_accuracy": round((_share(a for a, h in zip(answered, held, strict=True) if h)
                                            + _share(not a for a, h in zip(answered, held, strict=True) if not h)) / 2, 4),
        "query_p50_ms": round(1000 * statistics.median(seconds), 1) if seconds else 0.0,
    }


def _ask(data_dir: Path, articles: Sequence[Article], questions: Sequence[str]) -> tuple[list[Answer], list[float]]:
    """Ask in a new data directory that holds just these articles; return the answers and the seconds each took."""
    from halo_app.bootstrap import build_app

    app = build_app(settings().model_copy(update={"data_dir": data_dir}))
    try:
        app.first_start(serving=False)
        scope = _fill(app, articles)
        answers, seconds = [], []
        for number, question in enumerate(questions):
            began = time.perf_counter()
            answers.append(app.chat.answer(question, scope, keep=False)[0])
            seconds.append(time.perf_counter() - began)
            if number % 100 == 99:
                say(f"asked {number + 1} of {len(questions)}")
        return answers, seconds
    finally:
        app.close()


def _fill(app: App, articles: Sequence[Article]) -> Any:
    from halo_app.domain.chunk import Scope
    from halo_app.domain.source import Stage
    from halo_app.services.uploads import Upload

    notebook = app.notebooks.create("bench")
    uploads = (Upload.from_bytes(f"{number:05}.txt", article.text.encode()) for number, article in enumerate(articles))
    for intake in app.ingest.add(uploads, notebook.id):
        if intake.stage is Stage.FAILED:
            raise BadInput(f"{intake.name} was not taken in: {intake.detail}", fix=intake.fix)
    return Scope(app.user_id, notebook.id)


def _hits(answer: Answer, gold: Sequence[str]) -> tuple[bool, bool]:
    """Tell whether a gold answer stands in the first sentence shown, and in one of the first three."""
    holds = [any(text.lower() in sentence.text.lower() for text in gold) for sentence in answer.sentences[:3]]
    return holds[:1] == [True], any(holds)


def _share(values: Iterable[bool]) -> float:
    every = list(values)
    return round(sum(every) / len(every), 4) if every else 0.0
