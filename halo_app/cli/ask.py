"""`halo ask QUESTION`: an answer from the sources, each sentence with its proof."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from halo_app.cli.frame import opened, show
from halo_app.cli.naming import NOTEBOOK, SOURCES, USER, named_scope

if TYPE_CHECKING:
    from halo_app.domain.conversation import Answer, Citation, Sentence


def register(root: typer.Typer) -> None:
    @root.command()
    def ask(
        question: Annotated[str, typer.Argument(metavar="QUESTION")],
        notebook: NOTEBOOK = None,
        source: SOURCES = None,
        session: Annotated[str | None, typer.Option(metavar="ID", help="Go on with this chat.")] = None,
        user: USER = None,
    ) -> None:
        """Ask the sources of a notebook; the question and its answer are kept as a chat."""
        with opened(app__user_id=user) as app:
            if session is not None and notebook is None and not source:
                notebook = app.chat.get(session).notebook_id or None
            scope = named_scope(app, notebook, source)
            answer, session_id = app.chat.answer(question, scope, session)
        value = {"answer": answer.text, "abstained": answer.abstained, "sentences": _sentences(answer), "session_id": session_id,
                 "nearest": [asdict(citation) for citation in answer.nearest], "failure": answer.failure, "trace": dict(answer.trace)}
        show(value, lambda: _page(answer))


def _sentences(answer: Answer) -> list[dict[str, Any]]:
    return [{"text": sentence.text, "verdict": sentence.verdict.value, "reason": sentence.reason,
             "citations": [asdict(citation) for citation in sentence.citations]} for sentence in answer.sentences]


def _page(answer: Answer) -> str:
    proofs = [f"  [{sentence.verdict.value}] {proof}" for sentence in answer.sentences for proof in _proofs(sentence)]
    near = [f"  {_place(citation)}: “{' '.join(citation.quote.split())}”" for citation in answer.nearest]
    parts = [answer.text]
    if answer.failure:
        parts.append(answer.failure)
    if proofs:
        parts.append("Proof:\n" + "\n".join(proofs))
    if near:
        parts.append("Also close:\n" + "\n".join(near))
    return "\n\n".join(parts)


def _proofs(sentence: Sentence) -> list[str]:
    """Return what stands beside a sentence: its quotes, and the reason when it is not verified."""
    quotes = [f"{_place(citation)}: “{' '.join(citation.quote.split())}”" for citation in sentence.citations]
    if not sentence.reason:
        return quotes
    return [f"“{sentence.text}”: {sentence.reason}", *quotes]


def _place(citation: Citation) -> str:
    return f"{citation.source}, {citation.locator}" if citation.locator else citation.source
