"""How documents come in: stages, duplicates, failures, cancelling, retrying, restarting, deleting."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from io import BytesIO

import pytest

from halo_app.domain.chunk import Scope
from halo_app.domain.source import Stage
from halo_app.embedding.hashed import HashedEmbedder
from halo_app.errors import BadInput, Cancelled, Damaged, EmbedderUnavailable, EmptyFile, NotFound, StoreUnavailable, UnreadableFile
from halo_app.services.ingest import Upload, from_paths
from halo_app.services.stages import GROUP_SOURCES
from halo_app.services.uploads import shown_name
from halo_app.vectors.brute_force import BruteForceIndex
from tests.fakes import DictRecords, HereReader
from tests.ingest_helpers import House

EVERYTHING = Scope("ana")


class NoEmbedder:
    model_id, dimension = "none", 384

    def embed(self, texts, *, query=False):
        raise EmbedderUnavailable("there is no model")


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path / "originals")
    yield made
    made.ingest.close()


def text(name: str, words: str) -> Upload:
    return Upload.from_bytes(name, words.encode())


def test_a_file_passes_through_every_stage_in_order_and_is_recorded_last(house):
    stages = []
    for intake in house.ingest.add([text("cats.txt", "Cats sleep sixteen hours a day.")], "n"):
        stages.append(intake.stage)
        assert bool(house.records.held) == (intake.stage is Stage.READY)
    order = [Stage.KEEPING, Stage.READING, Stage.SPLITTING, Stage.UNDERSTANDING, Stage.INDEXING, Stage.READY]
    assert list(dict.fromkeys(stages)) == order


def test_a_source_knows_what_was_read(house):
    words = "Cats sleep sixteen hours a day, and the rest of their time they spend washing, eating and watching birds."
    [end] = house.add(text("cats.txt", words))
    source = house.sources.get(end.source_id)
    assert (source.name, source.type, source.chunks, source.embedder, source.language) == ("cats.txt", "txt", 1, "hashed-384", "en")
    assert house.sources.parsed(source.id).text == words
    assert house.sources.original(source.id).read_bytes() == words.encode()
    assert house.index.count(EVERYTHING) == 1
    assert house.sources.excerpt(source.id, 5, 10, around=2) == ("s ", "sleep", " s")


def test_the_bar_counts_every_passage(house):
    long = text("long.txt", "\n\n".join(f"Paragraph {number} " + "word " * 170 for number in range(80)))
    steps = [(intake.done, intake.total) for intake in house.ingest.add([long], "n") if intake.stage is Stage.UNDERSTANDING]
    assert len(steps) >= 3
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1] == house.index.count(EVERYTHING)


def test_the_same_bytes_twice_are_one_source(house):
    [first] = house.add(text("a.txt", "Cats sleep."))
    [second] = house.add(text("b.txt", "Cats sleep."))
    assert second.stage is Stage.DUPLICATE
    assert second.source_id == first.source_id
    assert len(house.records.held) == 1


def test_the_same_bytes_twice_in_one_go_are_one_source(house):
    ends = house.add(text("a.txt", "Cats sleep."), text("b.txt", "Cats sleep."), text("c.txt", "Dogs bark."))
    assert [end.stage for end in ends] == [Stage.READY, Stage.DUPLICATE, Stage.READY]
    assert len(house.records.held) == 2


def test_the_same_bytes_in_another_notebook_are_another_source_with_the_same_original(house):
    house.add(text("a.txt", "Cats sleep."))
    house.add(text("a.txt", "Cats sleep."), notebook="other")
    assert len(house.records.held) == 2
    assert len(house.originals.all()) == 1


def test_uploads_with_ids_are_kept_apart_even_with_equal_bytes(house):
    ends = house.add(*(replace(text(name, "Cats sleep."), id=name) for name in ("d1", "d2")))
    assert [end.stage for end in ends] == [Stage.READY, Stage.READY]


def test_one_bad_file_never_stops_the_others_and_says_why(house, tmp_path):
    ends = house.add(text("good.txt", "Cats sleep."), text("empty.txt", ""), text("odd.xyz", "\x00\x01\x02"),
                     Upload.from_path(tmp_path / "gone.txt"), text("big.txt", "x" * 1_000_001), text("also.txt", "Dogs bark."))
    assert [end.stage for end in ends] == [Stage.READY, Stage.FAILED, Stage.FAILED, Stage.FAILED, Stage.FAILED, Stage.READY]
    assert all(end.detail and end.fix for end in ends if end.stage is Stage.FAILED)
    assert len(house.originals.all()) == 2        # the failed ones left nothing


def test_a_reader_that_breaks_in_an_unforeseen_way_fails_its_file_only(house):
    class Broken(HereReader):
        def read(self, path, name, *, cancelled=lambda: False):
            if name == "bad.txt":
                raise ZeroDivisionError
            return super().read(path, name)

    other = house.again(reader=Broken())
    ends = other.add(text("bad.txt", "Cats."), text("good.txt", "Dogs bark."))
    assert [end.stage for end in ends] == [Stage.FAILED, Stage.READY]
    assert "ZeroDivisionError" in ends[0].detail


def test_without_a_model_a_source_is_still_found_by_its_words(house):
    [end] = house.again(embedder=NoEmbedder()).add(text("cats.txt", "Cats sleep."))
    assert end.stage is Stage.READY
    assert house.records.get(end.source_id).embedder == ""
    assert house.index.count(EVERYTHING) == 1


def test_an_index_that_cannot_be_written_fails_the_file_and_leaves_no_half_of_it(house):
    class Full(BruteForceIndex):
        def put_all(self, entries, *, model_id=""):
            raise StoreUnavailable("the disk is full", fix="free some space")

    house.index = Full()
    [end] = house.again().add(text("cats.txt", "Cats sleep."))
    assert end.stage is Stage.FAILED
    assert end.detail == "the disk is full"
    assert house.records.held == {}
    assert house.texts.all() == []


def test_a_caller_that_goes_away_leaves_nothing_half_made(house):
    intakes = house.ingest.add([text("cats.txt", "Cats sleep.")], "n")
    for intake in intakes:
        if intake.stage is Stage.INDEXING:
            break
    intakes.close()
    assert house.records.held == {}
    assert house.texts.all() == []
    assert house.index.count(EVERYTHING) == 0


def test_the_next_files_are_read_while_the_first_are_understood(house):
    class Slow(HashedEmbedder):
        def embed(self, texts, *, query=False):
            comes_true(lambda: len(read) > GROUP_SOURCES)
            return super().embed(texts, query=query)

    class Counting(HereReader):
        def read(self, path, name, *, cancelled=lambda: False):
            read.append(name)
            return super().read(path, name)

    read: list[str] = []
    ends = house.again(reader=Counting(), embedder=Slow()).add(*(text(f"{n}.txt", f"Cat {n}.") for n in range(GROUP_SOURCES + 9)))
    assert {end.stage for end in ends} == {Stage.READY}
    assert len(house.records.held) == house.index.count(EVERYTHING) == GROUP_SOURCES + 9


def test_the_same_bytes_far_apart_in_one_go_are_one_source(house):
    same = [text("a.txt", "Cats sleep."), *(text(f"{n}.txt", f"Cat {n}.") for n in range(GROUP_SOURCES)), text("z.txt", "Cats sleep.")]
    ends = house.add(*same)
    assert ends[-1].stage is Stage.DUPLICATE
    assert len(house.records.held) == GROUP_SOURCES + 1


def test_a_failed_file_leaves_the_original_to_another_with_the_same_bytes(house):
    class Choosy(HereReader):
        def read(self, path, name, *, cancelled=lambda: False):
            if name == "bad.txt":
                raise UnreadableFile("it cannot be read", fix="try another")
            return super().read(path, name)

    bad, good = (replace(text(name, "Cats sleep."), id=name) for name in ("bad.txt", "good.txt"))
    ends = house.again(reader=Choosy()).add(good, bad)
    assert [end.stage for end in ends] == [Stage.READY, Stage.FAILED]
    assert house.sources.original(ends[0].source_id).read_bytes() == b"Cats sleep."


def test_a_record_that_cannot_be_written_fails_its_file_only(house):
    class Picky(DictRecords):
        def put(self, record):
            if record.name == "bad.txt":
                raise Damaged("a newer version wrote it", fix="update")
            super().put(record)

    house.records = Picky()
    ends = house.again().add(text("a.txt", "Cats sleep."), text("bad.txt", "Dogs bark."), text("c.txt", "Birds sing."))
    assert [end.stage for end in ends] == [Stage.READY, Stage.FAILED, Stage.READY]
    assert house.index.count(EVERYTHING) == len(house.texts.all()) == len(house.originals.all()) == 2


def test_an_error_of_the_one_who_gives_the_files_reaches_the_caller(house):
    def uploads():
        yield text("a.txt", "Cats sleep.")
        raise OSError("the folder went away")

    with pytest.raises(OSError, match="went away"):
        list(house.ingest.add(uploads(), "n"))
    assert house.originals.all() == house.texts.all() == []


def test_in_the_background_files_are_taken_in_and_their_intakes_go(house):
    started = house.ingest.start([text("a.txt", "Cats sleep."), text("b.txt", "Dogs bark.")], "n")
    assert [intake.stage for intake in started] == [Stage.WAITING, Stage.WAITING]
    assert house.ingest.wait(30)
    assert house.ingest.intakes("n") == []
    assert sorted(source.name for source in house.sources.of("n")) == ["a.txt", "b.txt"]


def test_a_failed_intake_stays_with_its_reason_until_it_is_retried_or_dismissed(house):
    house.ingest.start([text("odd.bin", "\x00\x01\x02"), text("empty.txt", "")], "n")
    house.ingest.wait(30)
    odd, empty = house.ingest.intakes("n")
    assert odd.stage is empty.stage is Stage.FAILED
    assert odd.detail
    assert odd.fix
    with pytest.raises(BadInput, match="not kept"):
        house.ingest.retry(empty.id)
    assert house.ingest.retry(odd.id).stage is Stage.WAITING
    house.ingest.wait(30)
    assert house.ingest.intakes("n")[0].stage is Stage.FAILED
    house.ingest.dismiss(odd.id)
    house.ingest.dismiss(empty.id)
    assert house.ingest.intakes("n") == []
    assert house.originals.all() == []


class Gate(HereReader):
    """Reads only when told, and looks whether it was cancelled, as the real reader does."""

    def __init__(self):
        self.reading, self.go_on = threading.Event(), threading.Event()

    def read(self, path, name, *, cancelled=lambda: False):
        self.reading.set()
        while not self.go_on.wait(0.01):
            if cancelled():
                raise Cancelled(f"reading “{name}” was stopped")
        return super().read(path, name)


def comes_true(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_an_intake_is_cancelled_in_the_middle_and_can_be_retried(house):
    gate = Gate()
    other = house.again(reader=gate)
    first, second = other.ingest.start([text("a.txt", "Cats sleep."), text("b.txt", "Dogs bark.")], "n")
    assert gate.reading.wait(30)
    comes_true(lambda: other.ingest.intakes("n")[0].stage is Stage.READING)
    other.ingest.cancel(second.id)
    other.ingest.cancel(first.id)
    assert other.ingest.wait(30)
    assert [intake.stage for intake in other.ingest.intakes("n")] == [Stage.CANCELLED, Stage.CANCELLED]
    assert other.sources.of("n") == []
    gate.go_on.set()
    other.ingest.retry(first.id)
    assert other.ingest.wait(30)
    assert [source.name for source in other.sources.of("n")] == ["a.txt"]


def test_what_was_interrupted_goes_on_after_a_restart(house):
    gate = Gate()
    stopped = house.again(reader=gate)
    stopped.ingest.start([text("a.txt", "Cats sleep."), text("b.txt", "Dogs bark.")], "n")
    assert gate.reading.wait(30)
    fresh = stopped.again(reader=HereReader())
    assert [intake.stage.over for intake in fresh.ingest.intakes("n")] == [False, False]
    for intake in fresh.waiting.everyone():
        fresh.waiting.put(replace(intake, worker="a process that ended"))
    fresh.ingest.resume()
    assert fresh.ingest.wait(30)
    assert sorted(source.name for source in fresh.sources.of("n")) == ["a.txt", "b.txt"]
    fresh.ingest.close()


def test_a_deleted_source_is_gone_with_passages_text_and_original(house):
    [end] = house.add(text("a.txt", "Cats sleep."))
    house.sources.delete(end.source_id)
    assert house.index.count(EVERYTHING) == 0
    assert house.texts.all() == house.originals.all() == []
    with pytest.raises(NotFound):
        house.sources.get(end.source_id)


def test_an_original_that_another_source_uses_stays(house):
    [end] = house.add(text("a.txt", "Cats sleep."))
    [other] = house.add(text("a.txt", "Cats sleep."), notebook="other")
    house.sources.delete(end.source_id)
    assert house.sources.original(other.source_id).is_file()


def test_an_original_removed_by_hand_shows_as_missing_and_only_the_same_file_restores_it(house):
    [end] = house.add(text("a.txt", "Cats sleep."))
    house.sources.original(end.source_id).unlink()
    assert house.sources.of("n")[0].missing
    with pytest.raises(BadInput, match="not the file"):
        house.sources.restore(end.source_id, BytesIO(b"Dogs bark."))
    assert house.originals.all() == []
    assert not house.sources.restore(end.source_id, BytesIO(b"Cats sleep.")).missing


def test_another_users_source_is_not_found(house):
    [end] = house.add(text("a.txt", "Cats sleep."))
    house.records.put(replace(house.records.get(end.source_id), user_id="ben"))
    for act in (house.sources.get, house.sources.parsed, house.sources.original, house.sources.delete):
        with pytest.raises(NotFound):
            act(end.source_id)


def test_a_web_page_is_fetched_and_remembers_its_address(house):
    [end] = house.add(house.ingest.fetch("https://example.org/cats"))
    assert house.sources.get(end.source_id).origin == "https://example.org/cats"


def test_pasted_text_needs_words():
    with pytest.raises(EmptyFile):
        Upload.from_text("Title", "  \n")


@pytest.mark.parametrize(("given", "shown"), [
    ("../../etc/passwd", "passwd"), ("C:\\files\\a b.txt", "a b.txt"), ("a\x00\n\u202eb.txt", "ab.txt"), ("", "untitled"),
    ("...", "..."), ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
])
def test_a_name_is_shown_and_never_a_path(given, shown):
    assert shown_name(given) == shown


def test_folders_are_walked_in_order_without_hidden_files(tmp_path):
    for name in ("b.txt", "a/z.txt", "a/.hidden", ".git/config", "a/c.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [upload.name for upload in from_paths([tmp_path])] == ["b.txt", "c.md", "z.txt"]
