"""Search on fakes: only the scope is read and counted, every write is seen, repeats are left out, words do without a model."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from halo_app.cache.in_process import LruCache
from halo_app.domain.chunk import Chunk, Scope
from halo_app.domain.source import Parsed, Source
from halo_app.embedding.hashed import HashedEmbedder
from halo_app.errors import EmbedderUnavailable
from halo_app.language.snowball import SnowballAnalyzer
from halo_app.ports import Entry
from halo_app.services.retrieval import RetrievalService
from halo_app.services.shelf import Shelves
from halo_app.vectors.brute_force import BruteForceIndex
from tests.fakes import DictRecords, DictTexts

ANA = Scope("ana", "n")


class CountingIndex(BruteForceIndex):
    """Counts how often the rows are read."""

    def __init__(self):
        super().__init__()
        self.reads = 0

    def rows(self, where, *, limit=None):
        self.reads += 1
        return super().rows(where, limit=limit)


class Library:
    """A search over texts that are put in without any reading."""

    def __init__(self, *, embedder=None, exact=50_000):
        self.index, self.sources, self.texts = CountingIndex(), DictRecords(), DictTexts()
        self.embedder, self.analyzer = embedder or HashedEmbedder(), SnowballAnalyzer()
        self.search = RetrievalService(
            self.index, self.analyzer, lambda: self.embedder, self.sources, self.texts, LruCache(100), exact)

    def put(self, name, *passages, user="ana", notebook="n", language="en"):
        whole, chunks = "\n\n".join(passages), []
        for at, text in enumerate(passages):
            start = whole.index(text)
            terms = self.analyzer.terms(text, language)
            chunks.append(Chunk(f"{name}-{at}", name, notebook, user, at, start, start + len(text), text, language, terms))
        self.index.put_all([Entry(name, chunks, HashedEmbedder().embed(passages))], model_id="hashed-384")
        self.sources.put(Source(name, notebook, user, f"{name}.txt", "txt", "h", 1, datetime(2026, 1, 1, tzinfo=UTC), len(chunks),
                                len(whole), "t"))
        self.texts.put(name, Parsed(whole))

    def names(self, question, scope=ANA, limit=10):
        return [passage.chunk.source_id for passage in self.search.find(question, scope, limit)]


class NoEmbedder(HashedEmbedder):
    def embed(self, texts, *, query=False):
        raise EmbedderUnavailable("there is no model")


@pytest.fixture
def library():
    made = Library()
    made.put("cats", "Cats sleep sixteen hours a day.", "Cats wash themselves after every meal.")
    made.put("dogs", "Dogs bark at the postman.")
    made.put("whales", "Whales sing to each other over hundreds of miles.")
    return made


def test_the_passage_that_says_it_comes_first_with_its_place_in_the_text(library):
    [first, *_] = library.search.find("How long do cats sleep?", ANA)
    assert (first.source, first.chunk.text) == ("cats.txt", "Cats sleep sixteen hours a day.")
    assert library.texts.get("cats").text[first.chunk.start:first.chunk.end] == first.chunk.text
    assert first.bm25 > 0
    assert 0 < first.relevance <= 1


def test_nothing_outside_the_scope_is_found(library):
    library.put("secret", "Cats sleep in the palace.", user="ben")
    library.put("elsewhere", "Cats sleep in the barn.", notebook="other")
    assert set(library.names("cats sleep")) == {"cats", "dogs", "whales"}
    assert library.names("cats sleep", Scope("ana", "n", frozenset({"dogs"}))) == ["dogs"]
    assert library.names("cats sleep", Scope("ana", "n", frozenset())) == []
    assert library.names("cats sleep", Scope("ana", "n", frozenset({"secret", "elsewhere"}))) == []
    assert set(library.names("cats sleep", Scope("ana"))) == {"cats", "dogs", "whales", "elsewhere"}


def test_what_lies_outside_the_scope_changes_no_score(library):
    ticked = Scope("ana", "n", frozenset({"cats", "dogs"}))
    before = library.search.find("cats sleep", ticked)
    library.put("more", *(f"Cats sleep on chair {number}." for number in range(20)))
    library.put("theirs", *(f"Cats sleep on bed {number}." for number in range(20)), user="ben")
    assert library.search.find("cats sleep", ticked) == before


def test_every_write_is_seen_and_nothing_is_read_twice_without_one(library):
    library.names("whales")
    library.names("cats")
    assert library.index.reads == 1
    library.put("seals", "Seals sleep under water.")
    assert library.names("seals under water")[0] == "seals"
    library.index.remove("seals")
    assert "seals" not in library.names("seals under water")
    assert library.index.reads == 3


def test_a_source_without_a_record_is_not_shown(library):
    library.sources.remove("whales")
    assert "whales" not in library.names("whales sing")


def test_without_a_model_the_words_decide(library):
    library.embedder = NoEmbedder()
    [only] = library.search.find("Why do whales sing?", ANA)
    assert (only.chunk.source_id, only.similarity) == ("whales", 0.0)
    assert library.names("xylophone") == []


def test_vectors_of_another_model_are_not_compared(library):
    library.embedder = HashedEmbedder(16)
    assert library.names("whales sing") == ["whales"]


def test_a_passage_that_repeats_a_better_one_is_left_out(library):
    library.put("copy", "Whales sing to each other over hundreds of miles.")
    library.put("near", "Whales sing to each other over hundreds and hundreds of miles.")
    assert len({"whales", "copy", "near"} & set(library.names("whales sing over miles"))) == 1


@pytest.mark.parametrize("language", ["", "fr", "de"])
def test_a_passage_of_another_language_does_not_win_by_small_words_of_the_question(library, language):
    library.put("herons", *(f"The heron of river {number} stands in the water." for number in range(20)))
    library.put("scrap", "the of in the of", language=language)
    found = library.search.find("In the water of which river is the heron number 7?", ANA)
    assert found[0].chunk.source_id == "herons"
    assert all(passage.bm25 == 0 for passage in found if passage.chunk.source_id == "scrap")


@pytest.mark.parametrize("question", ["", "  \n"])
def test_an_empty_question_finds_nothing(library, question):
    assert library.search.find(question, ANA) == []


def test_at_most_the_limit_is_found(library):
    assert len(library.search.find("cats", ANA, 2)) == 2


def test_a_rare_word_weighs_more_than_a_common_one(library):
    weights = library.search.rarity(["cat", "whale", "xylophon"], ANA)
    assert weights["xylophon"] > weights["whale"] > weights["cat"] > 0


def test_beyond_what_is_compared_one_by_one_the_index_proposes():
    library = Library(exact=5)
    library.put("many", *(f"Heron number {number} stands in the river." for number in range(30)))
    library.put("one", "The lighthouse keeper counts the ships.")
    library.put("theirs", "The lighthouse keeper of somebody else.", user="ben")
    found = library.search.find("Who is the lighthouse keeper?", ANA)
    assert found[0].chunk.source_id == "one"
    assert found[0].bm25 > 0
    assert {passage.chunk.user_id for passage in found} == {"ana"}
    assert library.names("Who is the lighthouse keeper?", Scope("ana", "n", frozenset({"many"})))[0] == "many"


def test_notebooks_used_longest_ago_leave_memory_first():
    library = Library()
    for notebook in ("a", "b"):
        library.put(f"cats-{notebook}", "Cats sleep.", "Cats wash.", notebook=notebook)
    shelves = Shelves(library.index, exact=100, rows=3)
    first = shelves.of("ana", "a")
    assert shelves.of("ana", "a") is first
    shelves.of("ana", "b")
    assert shelves.of("ana", "a") is not first
    assert library.index.reads == 3


def test_threads_that_search_while_one_writes_find_whole_sources_only(library):
    def write():
        for number in range(40):
            library.put("changing", *(f"Version {number} of the changing page {page}." for page in range(3)))

    def search():
        seen = [library.search.find("changing page version", ANA) for _ in range(40)]
        return [{passage.chunk.text.split()[1] for passage in found if passage.chunk.source_id == "changing"} for found in seen]

    with ThreadPoolExecutor(3) as pool:
        searches = [pool.submit(search), pool.submit(search)]
        pool.submit(write).result()
        assert all(len(versions) <= 1 for one in searches for versions in one.result())
    assert library.names("changing page version 39", limit=1) == ["changing"]
