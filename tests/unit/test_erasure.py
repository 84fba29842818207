"""What erasure knows of texts: runs of words by keyed hashes, whose a text is, and a receipt that cannot be changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from halo_app.domain.erasure import Receipt, Subject, Target, Whose, is_genuine, plain, receipt_of, signed
from halo_app.domain.redacting import ERASED, redacted, told
from halo_app.domain.shingling import Shingler
from halo_app.storage.erasure_files import ErasureFiles

SHINGLER = Shingler(b"key")
SOURCE = Target(Subject.SOURCE, "me", "s1", "whales.pdf", ids=("s1",))
SAID = "The blue whale is the largest animal that ever lived"
QUOTE = {"source_id": "s1", "source": "whales.pdf", "locator": "p. 1", "quote": f"{SAID}.", "start": 0, "end": 9}
OTHER = {"source_id": "s2", "source": "fish.pdf", "locator": "p. 2", "quote": "Fish swim.", "start": 0, "end": 9}


def clean(text):
    return SHINGLER.without(text, SHINGLER.of(SAID), ERASED)


def test_a_text_is_known_again_inside_another_whatever_its_case_and_marks():
    assert SHINGLER.finds("He said: the BLUE whale, is the largest!", SHINGLER.of(SAID))
    assert not SHINGLER.finds("The blue whale was never the largest", SHINGLER.of(SAID))


def test_what_is_repeated_goes_and_the_rest_stays_letter_for_letter():
    assert clean(f"Well… {SAID}, they say.") == f"Well… {ERASED}, they say."
    assert clean("The blue whale swims.") == "The blue whale swims."


def test_a_short_sentence_is_known_again_among_others_but_not_inside_a_longer_one():
    known = SHINGLER.of("It is ten metres long.")
    assert SHINGLER.without("The answer: It is ten metres long. So it is.", known, ERASED) == f"The answer: {ERASED}. So it is."
    assert not SHINGLER.finds("they say it is ten metres long or more", known)


@given(st.text(), st.text())
def test_nothing_of_a_text_is_found_after_it_was_taken_out(before, after):
    known = SHINGLER.of(SAID)
    assert not SHINGLER.finds(SHINGLER.without(f"{before} {SAID} {after}", known, ERASED), known)


@given(st.text(max_size=200))
def test_a_text_without_anything_known_stays_as_it_is(text):
    assert SHINGLER.without(text, set(), ERASED) == text


def test_hashes_of_another_key_say_nothing():
    assert not SHINGLER.of(SAID) & Shingler(b"other").of(SAID)


def chat(**more):
    answer = {"role": "assistant", "content": f"In whales.pdf: {SAID}. Fish swim.", "created_at": "2026",
              "sentences": [{"text": f"{SAID}.", "verdict": "verified", "citations": [QUOTE]},
                            {"text": "Fish swim.", "verdict": "verified", "citations": [OTHER]}],
              "citations": [QUOTE], "trace": {"question": "whales?", "mode": "extractive"}, **more}
    return {"id": "c", "user_id": "me", "title": "Whales", "messages": [
        {"role": "user", "content": f"Is it true that {SAID}?", "created_at": "2026"}, answer]}


def test_an_answer_loses_what_it_took_from_the_source_and_keeps_the_rest():
    question, answer = redacted(chat(), SOURCE, clean)["messages"]
    assert question["content"] == f"Is it true that {SAID}?", "what was typed stays"
    assert answer["content"] == f"In {ERASED}: {ERASED} Fish swim."
    assert answer["sentences"][0] == {"text": ERASED, "verdict": "unsupported", "citations": [], "reason": "its source was erased"}
    assert answer["sentences"][1] == {"text": "Fish swim.", "verdict": "verified", "citations": [OTHER]}
    assert answer["citations"] == [] and answer["trace"] == {"question": "whales?", "mode": "extractive"}


def test_a_record_that_took_nothing_is_equal_to_what_it_was():
    record = {"id": "n", "user_id": "me", "title": SAID, "text": "of my own", "citations": [OTHER]}
    assert redacted(record, SOURCE, clean) == record


def test_an_output_forgets_the_hash_and_the_name_of_the_source():
    output = {"id": "o", "user_id": "me", "title": "Summary", "source_hashes": {"s1": "a", "s2": "b"},
              "sections": [{"title": "whales.pdf", "sentences": [{"text": f"{SAID}.", "verdict": "verified", "citations": [QUOTE]}]}]}
    changed = redacted(output, SOURCE, clean)
    assert changed["source_hashes"] == {"s2": "b"} and changed["sections"][0]["title"] == ERASED


def test_a_recalled_memory_goes_from_beside_an_answer():
    memory = Target(Subject.MEMORY, "me", "m1", ids=("m1",))
    changed = redacted(chat(trace={"remembered": [{"id": "m1", "text": "My cat is Miso"}, {"id": "m2", "text": "Tea"}]}), memory, str)
    assert changed["messages"][1]["trace"] == {"remembered": [{"id": "m2", "text": "Tea"}]}


def test_whose_a_text_is_tells_what_is_looked_for_afterwards():
    found = dict(reversed([(text, whose) for whose, text in told(chat(), SOURCE, made=True)]))
    assert found[f"{SAID}."] is Whose.TARGETS
    assert found[f"Is it true that {SAID}?"] is Whose.OTHERS
    assert found[f"In whales.pdf: {SAID}. Fish swim."] is Whose.MADE


RECEIPT = Receipt("r", Subject.PERSON, "p", "", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC),
                  {"chats": 3}, {"chats": 9}, {"chats": 0})


def test_a_receipt_is_genuine_until_anything_in_it_changes():
    done = signed(RECEIPT, b"key")
    assert is_genuine(receipt_of(plain(done)), b"key") and not is_genuine(done, b"other")
    for changed in (replace(done, person="q"), replace(done, residues={"chats": 1}), replace(done, removed={}),
                    replace(done, ended_at=RECEIPT.begun_at), replace(done, subject=Subject.SOURCE)):
        assert not is_genuine(changed, b"key")


def test_receipts_are_kept_signed_once_and_name_nobody(tmp_path):
    book = ErasureFiles(tmp_path)
    done = book.sign(replace(RECEIPT, person=book.pseudonym("alice")))
    assert book.sign(replace(RECEIPT, removed={})) == done and list(book.receipts()) == [done]
    assert book.is_genuine(done) and "alice" not in (tmp_path / "receipts.jsonl").read_text()
    assert book.pseudonym("alice") != book.pseudonym("bob") and ErasureFiles(tmp_path / "x").pseudonym("alice") != done.person


def test_space_is_set_aside_and_released_for_an_erasure(tmp_path):
    book = ErasureFiles(tmp_path)
    book.set_space_aside()
    assert (tmp_path / "ballast").stat().st_blocks * 512 >= 4_000_000
    book.make_room()
    book.begin(SOURCE, {"id": "r"})
    book.set_space_aside()
    assert not (tmp_path / "ballast").exists() and book.unfinished() == (SOURCE, {"id": "r"})
    book.end()
    assert (tmp_path / "ballast").exists() and book.unfinished() is None
