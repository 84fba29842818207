"""Guides, overviews and studio outputs quote their sources, know when they are stale, and export safely."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from halo_app.domain.artifact import Artifact, GuideSketch, Section
from halo_app.domain.conversation import Citation, Sentence, Verdict
from halo_app.domain.events import Step
from halo_app.domain.questions import about_the_whole
from halo_app.domain.source import Heading, Parsed, Source
from halo_app.errors import BadInput, NotFound
from halo_app.exports.html import EXPORTER as HTML
from halo_app.exports.markdown import EXPORTER as MARKDOWN
from halo_app.services.answering import ExtractiveAnswers
from halo_app.services.chat import ChatService
from halo_app.services.guides import GuideService
from halo_app.services.guides_ahead import GuidesAhead
from halo_app.services.making import Maker
from halo_app.services.overview import OverviewAnswers
from halo_app.services.studio import StudioService
from halo_app.storage.guides import GuideFiles
from halo_app.storage.texts import TextFiles
from halo_app.studio.summary import TEMPLATE
from tests.answers_helpers import ME, DictCache, MemoryRecords, Shelf, clock, ticked

LAMP = ("# The lamp\n\nThe Lumen lamp was designed by Ada Brandt in 1931 for the railway workshop in Graz. The Lumen lamp is a brass "
        "lamp with a folding arm that holds its shade at any height. The workshop "
        "made forty thousand lamps before the war.\n\n"
        "# Later years\n\nThe workshop was closed in 1958 and its archive moved to the city museum. Collectors pay high prices for an "
        "early Lumen lamp with the original brass shade.")
TRAIN = ("The railway workshop in Graz repaired engines for the southern line. It employed nine hundred people in its best year.\n\n"
         "The workshop was founded in 1855 when the southern line reached the city. A museum in the old hall shows engines and lamps.")


def source(source_id: str, text: str, name: str, notebook_id: str = "n") -> Source:
    return Source(source_id, notebook_id, "me", name, "txt", "0" * 64, len(text), datetime(2026, 1, 1, tzinfo=UTC), 1, len(text),
                  sha256(text.encode()).hexdigest(), language="en")


@pytest.fixture
def shelf():
    shelf = Shelf()
    start = LAMP.index("# Later")
    shelf.add("lamp", Parsed(LAMP, outline=(Heading(0, 1, "The lamp"), Heading(start, 1, "Later years"))), name="lamp.md")
    shelf.add("train", TRAIN, name="railway notes.txt")
    return shelf


@pytest.fixture
def sources():
    records = MemoryRecords()
    records.put(source("lamp", LAMP, "lamp.md"))
    records.put(source("train", TRAIN, "railway notes.txt"))
    return records


@pytest.fixture
def guides(shelf):
    return GuideService(shelf.texts, shelf.embedder, shelf.analyzer, DictCache(), shelf.evidence())


@pytest.fixture
def studio(shelf, sources):
    maker = Maker(sources, shelf.texts, shelf.embedder, shelf.analyzer, {"summary": TEMPLATE}, clock(), "me")
    return StudioService(MemoryRecords(), maker, {"md": MARKDOWN, "html": HTML}, clock(), "me")


@pytest.fixture
def chat(shelf, sources, guides):
    return ChatService(MemoryRecords(), ExtractiveAnswers(shelf.evidence()), OverviewAnswers(sources, guides), clock(), "me")


def made(studio, scope=ME, options=None):
    *steps, artifact = studio.make("summary", scope, options)
    assert all(isinstance(step, Step) for step in steps)
    return artifact


def test_a_guide_quotes_the_source_in_reading_order(guides, sources, shelf):
    guide = guides.guide(sources.get("lamp"))
    citations = [citation for sentence in guide.summary for citation in sentence.citations]
    assert 3 <= len(citations) <= 5
    assert citations == sorted(citations, key=lambda citation: citation.start)
    assert all(LAMP[citation.start:citation.end] == citation.quote for citation in citations)
    assert any("Lumen" in term or "lamp" in term for term in guide.terms)


def test_each_suggested_question_is_answered_from_that_source(guides, sources, chat):
    guide = guides.guide(sources.get("lamp"))
    assert "When was the Lumen lamp designed?" in guide.questions or "Who was the Lumen lamp designed by?" in guide.questions
    for question in guide.questions:
        answer, _ = chat.answer(question, ME, keep=False)
        assert answer.sentences[0].citations[0].source_id == "lamp"


def test_a_guide_is_made_once_for_a_text_and_kept_beside_it(shelf, sources, tmp_path):
    one = replace(sources.get("lamp"), id="a" * 32)
    shelf.add(one.id, LAMP, name="lamp.md")
    files, texts = GuideFiles(tmp_path), TextFiles(tmp_path)
    texts.put(one.id, Parsed(LAMP))

    def service() -> GuideService:
        return GuideService(shelf.texts, shelf.embedder, shelf.analyzer, DictCache(), shelf.evidence(), files)

    made = service().guide(one)
    kept = files.get(one.id, one.text_sha256)
    assert kept is not None
    files.put(one.id, one.text_sha256, replace(kept, terms=("kept before",)))
    again = service().guide(replace(one, name="renamed.md"))
    assert again.terms == ("kept before",)
    assert [sentence.text for sentence in again.summary] == [sentence.text for sentence in made.summary]
    assert again.summary[0].citations[0].source == "renamed.md"
    assert files.get(one.id, "hash of another text") is None


def test_a_damaged_guide_is_made_again_and_a_deleted_source_leaves_none(tmp_path):
    files, texts, sketch = GuideFiles(tmp_path), TextFiles(tmp_path), GuideSketch(((0, 3),), ("lamp",), ())
    texts.put("a" * 32, Parsed("One."))
    files.put("a" * 32, "hash", sketch)
    assert files.get("a" * 32, "hash") == sketch
    (tmp_path / f"{'a' * 32}.guide").write_text('{"schema": 1, "text_')
    assert files.get("a" * 32, "hash") is None
    files.put("a" * 32, "hash", sketch)
    texts.remove("a" * 32)
    assert list(tmp_path.iterdir()) == []
    files.put("a" * 32, "hash", sketch)                # made while the source was being deleted
    assert list(tmp_path.iterdir()) == []


def test_guides_are_made_ahead_when_reading_has_ended():
    made, quiet = [], iter([False, True, True])

    def make(source_id: str) -> None:
        if source_id == "gone":
            raise NotFound("it was deleted meanwhile")
        made.append(source_id)

    ahead = GuidesAhead(make, lambda seconds: next(quiet, True))
    for source_id in ("one", "gone", "two"):
        ahead.soon(source_id)
    assert ahead.wait(30)
    assert made == ["one", "two"]
    ahead.close()
    ahead.soon("late")
    assert made == ["one", "two"]


def test_a_table_is_told_by_its_columns_rows_and_ranges(shelf, chat, sources):
    text = "Energy\n\nMonth | Use (kWh) | Paid on\nJanuary | 1,240 | 2024-02-01\nMarch | 980 | 2024-04-02\nJuly | 410 | 2024-08-01"
    shelf.add("use", text, name="use.csv")
    sources.put(source("use", text, "use.csv"))
    answer, _ = chat.answer("What is this about?", ticked("use"), keep=False)
    assert answer.text.startswith("use.csv: Energy: 3 rows; Month, Use (kWh) (410 to 1,240), Paid on (2024-02-01 to 2024-08-01).")
    assert [sentence.text for sentence in answer.sentences][:2] == ["Month | Use (kWh) | Paid on", "January | 1,240 | 2024-02-01"]


def test_a_german_source_gets_german_questions(shelf):
    text = "Die Lampe wurde 1931 von Ada Brandt entworfen. Die Werkstatt ist ein langes Haus am Fluss, das die Bahn gebaut hat."
    shelf.add("haus", text)
    guides = GuideService(shelf.texts, shelf.embedder, shelf.analyzer, DictCache(), shelf.evidence())
    guide = guides.guide(replace(source("haus", text, "haus.txt"), language="de"))
    assert "Wann wurde die Lampe entworfen?" in guide.questions
    assert all(question.startswith(("Wann", "Was", "Von wem", "Wie")) for question in guide.questions)


@pytest.mark.parametrize(("text", "said"), [
    ("", []), ("???", []), ("1 | 2\n3 | 4", ["1 | 2", "3 | 4"]), ("milk\n\neggs", ["milk", "eggs"]),
])
def test_a_text_without_sentences_is_told_by_its_first_lines(shelf, guides, text, said):
    shelf.texts.put("odd", Parsed(text))
    guide = guides.guide(source("odd", text, "odd.txt"))
    assert [sentence.text for sentence in guide.summary] == said


@pytest.mark.parametrize("question", [
    "What is this about?", "Summarise my sources", "summarize", "Give me a short overview of these documents, please.", "tl;dr",
    "What are the key points?", "What do these sources say?",
    "Worum geht es hier?", "Fasse die Dokumente zusammen", "Was steht in den Quellen?",
])
def test_questions_about_the_whole_are_told_apart(question):
    assert about_the_whole(question)


@pytest.mark.parametrize("question", [
    "What is the theory of relativity about?", "Summarise the chapter on whales", "What are the key findings on sleep?",
    "Who wrote it?",
    "What does the report say about wages?", "Worum geht es im Kapitel über Wale?", "How much is it?",
])
def test_questions_about_something_particular_are_not_about_the_whole(question):
    assert not about_the_whole(question)


def test_an_overview_tells_about_every_selected_source_and_no_other(chat):
    both, _ = chat.answer("What is this about?", ME)
    assert {citation.source_id for sentence in both.sentences for citation in sentence.citations} == {"lamp", "train"}
    one, _ = chat.answer("What is this about?", ticked("train"))
    assert {citation.source_id for sentence in one.sentences for citation in sentence.citations} == {"train"}
    assert one.trace["mode"] == "guide"


def test_a_source_can_be_summarised_by_its_name(chat):
    answer, _ = chat.answer("Summarise railway notes", ME)
    assert answer.trace["mode"] == "guide"
    assert {citation.source_id for sentence in answer.sentences for citation in sentence.citations} == {"train"}


def test_the_summary_has_a_section_per_source_and_what_they_share(studio):
    artifact = made(studio)
    titles = [section.title for section in artifact.sections]
    assert sorted(titles[:2]) == ["lamp.md", "railway notes.txt"]
    assert titles[2].startswith("What the sources share")
    shared = {citation.source_id for sentence in artifact.sections[2].sentences for citation in sentence.citations}
    assert shared == {"lamp", "train"}
    assert studio.get(artifact.id) == artifact
    assert studio.of("n") == [artifact]


def test_an_output_is_stale_when_a_source_changes_goes_or_comes(studio, sources):
    all_of_them, ticked_one = made(studio), made(studio, ticked("lamp"))
    assert not studio.is_stale(all_of_them)
    sources.put(source("third", TRAIN, "third.txt"))
    assert studio.is_stale(all_of_them)
    assert not studio.is_stale(ticked_one)
    sources.put(replace(sources.get("lamp"), text_sha256="changed"))
    assert studio.is_stale(ticked_one)


def test_refreshing_keeps_the_id_and_takes_in_what_is_new(studio, sources, shelf):
    artifact = made(studio)
    shelf.add("third", TRAIN.replace("Graz", "Linz"))
    sources.put(source("third", TRAIN.replace("Graz", "Linz"), "third.txt"))
    fresh = studio.refresh(artifact.id)
    assert fresh.id == artifact.id
    assert not studio.is_stale(fresh)
    assert "third.txt" in [section.title for section in fresh.sections]
    assert studio.of("n") == [fresh]


def test_no_source_an_unknown_template_or_format_and_a_bad_option_are_refused(studio):
    with pytest.raises(BadInput):
        list(studio.make("summary", ticked()))
    with pytest.raises(NotFound):
        list(studio.make("poem", ME))
    with pytest.raises(BadInput):
        list(studio.make("summary", ME, {"sentences": "many"}))
    with pytest.raises(BadInput):
        studio.export(made(studio).id, "docx")


def test_a_deleted_output_can_be_restored(studio):
    artifact = made(studio)
    gone = studio.delete(artifact.id)
    with pytest.raises(NotFound):
        studio.get(artifact.id)
    studio.restore(gone)
    assert studio.get(artifact.id) == artifact


def test_exports_hold_every_sentence_and_its_quote(studio):
    artifact = made(studio)
    for suffix in studio.formats():
        content, media_type, name = studio.export(artifact.id, suffix)
        assert name == f"Summary of all sources.{suffix}"
        assert media_type.startswith("text/")
        assert "forty thousand lamps" in content.decode() or "designed by Ada Brandt" in content.decode()


def test_nothing_in_a_source_becomes_markup_in_an_export():
    evil = "<script>alert(1)</script> ![x](http://evil.example/a.png) [y](http://evil.example) `code`"
    citation = Citation("s", evil, "p. 1", evil, 0, len(evil))
    sections = [Section(evil, (Sentence(evil, Verdict.VERIFIED, (citation,)),))]
    html, markdown = HTML.write(evil, sections).decode(), MARKDOWN.write(evil, sections).decode()
    assert "<script" not in html
    assert "<img" not in html
    assert "http-equiv" in html
    assert "](" not in markdown.replace("\\]", "")
    assert "<script" not in markdown.replace("\\<", "")
    assert "://" not in markdown


def test_outputs_of_another_user_are_not_found(studio):
    artifact = made(studio)
    with pytest.raises(NotFound):
        replace(studio, user_id="other").get(artifact.id)
    assert isinstance(artifact, Artifact)
