"""Two-turn conversations over a small shelf, with the real model: the second question finds its passage."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from halo_app.cache.in_process import LruCache
from halo_app.domain.chunk import Scope
from halo_app.domain.source import Source
from halo_app.embedding.minilm import ensure_model
from halo_app.embedding.onnx import OnnxEmbedder, TokenSplitter
from halo_app.language.snowball import SnowballAnalyzer
from halo_app.parsing.isolated import read_isolated
from halo_app.plugins import Limits
from halo_app.services.answering import ExtractiveAnswers
from halo_app.services.chat import ChatService
from halo_app.services.evidence import EvidenceService
from halo_app.services.guides import GuideService
from halo_app.services.indexing import Preparation
from halo_app.services.overview import OverviewAnswers
from halo_app.services.retrieval import RetrievalService
from halo_app.settings import read_settings
from halo_app.vectors.brute_force import BruteForceIndex
from tests.answers_helpers import MemoryRecords, MemoryTexts, clock
from tests.follow_up_cases import FOLLOW_UPS, SHELF, UNRELATED

ME = Scope("me", "n")


@pytest.fixture(scope="module")
def chat(tmp_path_factory):
    """A chat service on the real model, parser and search; only the storage is in memory."""
    folder = ensure_model(read_settings().model_cache)
    embedder, analyzer = OnnxEmbedder(folder), SnowballAnalyzer()
    preparation = Preparation(lambda: TokenSplitter.of_model(folder), analyzer, lambda: embedder)
    index, sources, texts, cache = BruteForceIndex(), MemoryRecords(), MemoryTexts(), LruCache(5000)
    place = tmp_path_factory.mktemp("shelf")
    for number, (name, text) in enumerate(SHELF.items()):
        source_id = f"{number:032x}"
        Path(place / name).write_text(text, encoding="utf-8")
        parsed = read_isolated(place / name, name, Limits())
        ready = preparation.prepare(parsed, source_id=source_id, notebook_id="n", user_id="me")
        index.put(source_id, ready.chunks, embedder.embed(list(ready.texts)), model_id=embedder.model_id)
        texts.put(source_id, parsed)
        sources.put(Source(source_id, "n", "me", name, "txt", "0" * 64, len(text), datetime(2026, 1, 1, tzinfo=UTC), len(ready.chunks),
                           len(parsed.text), sha256(parsed.text.encode()).hexdigest(), language=ready.language))
    retrieval = RetrievalService(index=index, analyzer=analyzer, embedder=lambda: embedder, sources=sources, texts=texts, cache=cache)
    evidence = EvidenceService(retrieval, texts, embedder, analyzer, cache)
    guides = GuideService(texts, embedder, analyzer, cache, evidence)
    return ChatService(MemoryRecords(), ExtractiveAnswers(evidence), OverviewAnswers(sources, guides), clock(), "me")


def second_answer(chat, first, second):
    _, session_id = chat.answer(first, ME)
    return chat.answer(second, ME, session_id)[0]


def paragraph_of(chat, citation):
    text = chat.overview.guides.texts.get(citation.source_id).text
    start, end = text.rfind("\n\n", 0, citation.start), text.find("\n\n", citation.end)
    return text[max(start, 0):end if end > 0 else None]


def test_most_follow_ups_cite_the_right_passage(chat):
    assert len(FOLLOW_UPS) >= 40
    cited, cited_first = [], []
    for first, second, wanted in FOLLOW_UPS:
        places = [wanted in paragraph_of(chat, sentence.citations[0]) for sentence in second_answer(chat, first, second).sentences]
        cited.append(any(places))
        cited_first.append(places[:1] == [True])
    assert sum(cited) >= 0.9 * len(FOLLOW_UPS)
    assert sum(cited_first) >= 0.8 * len(FOLLOW_UPS)


def test_unrelated_second_questions_are_searched_as_they_are(chat):
    assert len(UNRELATED) >= 20
    for first, second in UNRELATED:
        assert "question" not in second_answer(chat, first, second).trace


def test_every_suggested_question_is_answered_from_its_source(chat):
    guides = [chat.overview.guides.guide(source) for source in chat.overview.sources.all("me")]
    assert sum(len(guide.questions) >= 2 for guide in guides) >= 0.7 * len(guides)       # rather none than one that reads badly
    assert all(guide.questions for guide in guides)
    for guide in guides:
        for question in guide.questions:
            answer, _ = chat.answer(question, ME, keep=False)
            assert answer.sentences[0].citations[0].source_id == guide.source_id
