"""Search and outbox on top of a memory store in a dict."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from halo_app.cache.in_process import LruCache
from halo_app.domain.conversation import Role
from halo_app.domain.memory import Conversation, Memory, Message
from halo_app.domain.user import Principal, UserRole
from halo_app.embedding.hashed import HashedEmbedder, WordSplitter
from halo_app.language.snowball import SnowballAnalyzer
from halo_app.services.memory_outbox import MemoryOutbox
from halo_app.services.memory_pieces import Cutting
from halo_app.services.recall import ANYTHING, RecallService
from halo_app.services.weaving import WeavingService
from halo_app.vectors.brute_force import BruteForceIndex
from tests.memory_fakes import DictMemoryStore

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
ANA = Principal("ana")
ADMIN = Principal("root", UserRole.ADMIN)


def clock():
    return NOW


class DictStore(DictMemoryStore):
    """The store in a dict, with what was asked of it."""

    def __init__(self):
        super().__init__(clock)
        self.selected = 0

    @property
    def refused(self):
        return [(act.actor_id, act.action, act.user_id) for act in self.acts if act.outcome == "refused"]

    def select(self, *given, **named):
        self.selected += 1
        return super().select(*given, **named)


class Mind:
    """A store, an index, the outbox between them, and the search over both."""

    def __init__(self, *, index=None, embedder=None, store=None, clock=clock, weaving=False, **limits):
        self.store, self.index = store or DictStore(), index or BruteForceIndex()
        self.embedder = HashedEmbedder() if embedder is None else embedder
        self.cutting = Cutting(WordSplitter, SnowballAnalyzer())
        self.weaving = WeavingService(self.store, lambda user_id, facts: self.recall.beside(user_id, facts))
        self.outbox = MemoryOutbox(self.store, self.index, self.cutting, lambda: self.embedder or None,
                                   weave=lambda by_words: weaving and self.weaving.step(by_words=by_words))
        self.recall = RecallService(self.store, self.index, lambda: self.embedder or None, self.cutting.analyzer, self.cutting,
                                    LruCache(100), clock, **limits)

    def remember(self, *contents, user="ana", drain=True, **fields):
        drafts = [Memory(content, user_id=user, **fields) for content in contents]
        stored = self.store.add(Principal(user), drafts)
        if drain:
            self.outbox.drain()
        return [memory.public_id for memory in stored]

    def found(self, query, who=ANA, *, user="ana", limit=10, **where):
        return [memory.public_id for memory in self.recall.search(who, user, query, limit=limit, where=replace(ANYTHING, **where))]


def talk(*turns, title="a talk", session="", start=None):
    """A conversation of "speaker: text" lines."""
    parts = [turn.partition(": ") for turn in turns]
    roles = (Role.USER, Role.ASSISTANT)
    messages = [Message(roles[at % 2], text, name, created_at=start) for at, (name, _, text) in enumerate(parts)]
    return Conversation(title, messages, session)
