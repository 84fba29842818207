"""Every template, on every kind of notebook, quotes word for word, repeats nothing, and says so when it finds nothing."""

from __future__ import annotations

from itertools import combinations

import pytest

from halo_app.domain.artifact import Layout
from halo_app.domain.conversation import Verdict
from halo_app.errors import BadInput
from halo_app.plugins import Group
from tests.studio_helpers import LETTER, MINUTES, STUDY, TEMPLATES, House, full_house, many_documents, part, sentences

SPARE = "Milk and eggs are in the cold room."
NAMES = sorted(TEMPLATES)


@pytest.fixture(scope="module")
def full() -> House:
    return full_house()


@pytest.fixture(scope="module")
def crowd() -> House:
    return many_documents(30)


def assert_all_is_quoted(house, artifact):
    count = 0
    for section in artifact.sections:
        assert section.title.strip()
        for sentence in section.said:
            count += 1
            [citation] = sentence.citations
            assert house.text(citation.source_id)[citation.start:citation.end] == citation.quote == sentence.text
            assert sentence.verdict is Verdict.VERIFIED
    return count


@pytest.mark.parametrize("name", NAMES)
def test_a_template_tells_what_it_is_for(name):
    template = TEMPLATES[name]
    assert template.title and template.german and template.purpose.endswith(".")
    assert isinstance(template.group, Group)
    assert isinstance(template.shape, Layout)


@pytest.mark.parametrize("name", NAMES)
def test_without_a_source_there_is_nothing_to_make(name):
    with pytest.raises(BadInput):
        House().make(name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", [SPARE, "", "???", "1 | 2\n3 | 4", "Ein Satz ohne Ende"])
def test_from_one_short_source_an_output_is_whole(name, text):
    house = House()
    house.add("note.txt", text)
    artifact = house.make(name)
    assert_all_is_quoted(house, artifact)
    assert artifact.sections
    assert all(section.said or section.remark or section.items for section in artifact.sections)


@pytest.mark.parametrize("name", NAMES)
def test_from_several_sources_every_statement_is_quoted(name, full):
    assert assert_all_is_quoted(full, full.make(name)) >= 2


@pytest.mark.parametrize("name", NAMES)
def test_from_thirty_documents_it_stays_readable_and_repeats_nothing(name, crowd):
    artifact = crowd.make(name)
    assert assert_all_is_quoted(crowd, artifact) >= 1
    if TEMPLATES[name].shape in (Layout.PROSE, Layout.LIST, Layout.SLIDE):
        told = [(sentence.citations[0].source_id, sentence.citations[0].start) for section in artifact.sections
                for sentence in section.said if section.layout is not Layout.TIMELINE]
        assert len(told) == len(set(told)) or name in ("summary", "study-guide")     # what sources share, and cards, may be said again
        assert len(told) <= 200


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("options", [{"length": "short"}, {"length": "long", "dates": "yes"}, {"focus": "bridge", "language": "de"}])
def test_wishes_change_an_output_and_never_its_proof(name, options, full):
    artifact = full.make(name, options)
    assert_all_is_quoted(full, artifact)
    assert all(artifact.options.get(key) == value for key, value in options.items())


@pytest.mark.parametrize("name", NAMES)
def test_a_focus_that_no_source_mentions_is_said_to_be_missing(name, full):
    artifact = full.make(name, {"focus": "quantum chromodynamics"})
    assert artifact.sections[0].remark.startswith("Nothing in these sources is about “quantum chromodynamics”.")
    assert_all_is_quoted(full, artifact)


@pytest.mark.parametrize("name", NAMES)
def test_every_output_is_written_as_text_and_as_a_page(name, full):
    artifact = full.make(name)
    for suffix in ("md", "html"):
        content, _, file_name = full.studio.export(artifact.id, suffix)
        assert file_name.endswith(f".{suffix}")
        assert all(one.split()[0] in content.decode().replace("\\", "") for one in sentences(artifact.sections))


def test_a_report_says_no_sentence_twice(full):
    said = [text for section in full.make("report").sections if section.layout in (Layout.PROSE, Layout.LIST)
            for text in sentences([section])]
    assert len(said) == len(set(said))
    words = [set(text.lower().split()) for text in said]
    assert max((len(one & other) / len(one | other) for one, other in combinations(words, 2)), default=0) < 0.7


def test_contradictions_stand_side_by_side_with_their_values(full):
    section = part(full.make("conflicts"), "Between sources")
    values = {tuple(sorted(cell[0].text for cell in item.cells)) for item in section.items}
    assert values == {("12 kW", "15 kW"), ("1874", "1876")}


def test_the_timeline_is_in_order_and_writes_dates_one_way():
    house = House()
    house.add("a.txt", "The lighthouse burned on 3/14/1902 in a storm. The tower was rebuilt in March 1903 by the crew. "
                       "In 1871 the first keeper moved in with his family. The keeper left us on 4 May without a word to anybody.")
    artifact = house.make("timeline")
    assert [item.label for item in part(artifact, "In order of time").items] == ["1871", "14 March 1902", "March 1903"]
    assert [item.label for item in part(artifact, "Without a year").items] == ["4 May"]
    german = house.make("timeline", {"language": "de"})
    assert [item.label for item in german.sections[0].items] == ["1871", "14. März 1902", "März 1903"]


def test_minutes_name_owners_and_days_in_their_own_words(full):
    artifact = full.make("minutes")
    assert [[cell[0].text if cell else "" for cell in item.cells[1:]] for item in part(artifact, "Tasks").items] == [
        ["Jonas Berg", "12 May 2024"], ["Mira Sand", "Friday"]]
    assert any("repair the weir" in text for text in sentences([part(artifact, "Decisions")]))
    assert sentences([part(artifact, "Open questions")]) == ["Who pays for the new gate?"]


def test_a_story_makes_no_minutes():
    house = House()
    house.add("story.txt", "She will write to the county tomorrow. Peter will prepare dinner for all of his friends tonight.")
    [section] = house.make("minutes").sections
    assert section.remark.startswith("These sources record no decisions and no tasks.")
    assert section.sentences


def test_the_glossary_tells_what_is_defined_from_what_is_only_used(full):
    artifact = full.make("glossary")
    defined = {item.label: item.sentences[0].text for item in part(artifact, "Defined in the sources").items}
    assert defined == {"water wheel": "A water wheel is a machine that turns the force of a stream into the motion of a shaft."}
    assert "water wheel" not in [item.label for item in part(artifact, "Used, not defined").items]


def test_the_questions_of_a_source_are_answered_by_what_follows_them(full):
    own = part(full.make("faq"), "Asked in the sources")
    assert ("Who owned the mills?", "Most mills of the valley belonged to three families.") in [
        (item.label, item.sentences[0].text) for item in own.items]


def test_named_columns_are_filled_with_exact_cells_or_stay_empty(full):
    [section] = full.make("data-table", {"columns": "power, wheels, colour"}).sections
    rows = {item.label: [[one.text for one in cell] for cell in item.cells] for item in section.items}
    assert rows["mills.tsv"] == [["14", "9", "21"], ["2", "1", "3"], []]
    assert rows["survey.md"][0] == ["12 kW"]


def test_a_comparison_has_a_cell_for_each_source_and_topic(full):
    section = full.make("matrix", {"topics": "bridge, weir"}).sections[0]
    cells = {item.label: [bool(cell) for cell in item.cells] for item in section.items}
    assert section.columns == ("survey.md", "letter.txt", "minutes.txt")
    assert cells == {"bridge": [True, True, False], "weir": [False, True, True]}


def test_a_quiz_offers_the_right_answer_once_and_wrong_ones_of_its_kind(crowd):
    [section] = crowd.make("quiz").sections
    assert len(section.items) >= 4                     # the documents say much alike, and nothing alike is asked twice
    for item in section.items:
        right = item.sentences[0].text[slice(*item.gap)]
        offered = [choice.text for choice in item.choices]
        assert offered.count(right) == 1
        assert 3 <= len(offered) <= 4
        assert len({choice.casefold() for choice in offered}) == len(offered)
        assert not any(choice in item.sentences[0].text for choice in offered if choice != right)


def test_a_presentation_has_at_most_twelve_slides_with_short_points(crowd):
    slides = crowd.make("presentation", {"length": "long"}).sections
    assert 3 <= len(slides) <= 12
    assert all(1 <= len(slide.items[0].sentences) <= 4 for slide in slides)


def test_a_review_puts_aim_method_finding_and_limit_in_their_columns(full):
    section = part(full.make("review"), "The studies")
    row = next(item for item in section.items if item.label == "survey.md")
    headings = [STUDY[:cell[0].citations[0].start].rpartition("# ")[2].partition("\n")[0] for cell in row.cells]
    assert headings == ["The mill survey", "Method", "Results", "Limits"]


def test_the_leaves_of_a_mind_map_stand_under_the_headings_of_their_source(full):
    house = House()
    house.add("survey.md", STUDY)
    [section] = house.make("mind-map").sections
    labels = [(item.level, item.label) for item in section.items if item.label]
    assert labels == [(1, "The mill survey"), (2, "Method"), (2, "Results"), (2, "Limits")]
    assert all(item.sentences for item in section.items if not item.label)


def test_german_sources_make_german_headings():
    house = House()
    house.add("haus.txt", "Die Mühle wurde 1871 von den Müllern des Tales gebaut. Eine Mühle ist eine Anlage, die Korn zu Mehl mahlt. "
                          "Im Jahr 1902 wurde das Wehr durch ein Hochwasser zerstört.", "de")
    assert house.make("glossary").sections[0].title == "In den Quellen erklärt"
    assert house.make("timeline").sections[0].title == "Nach der Zeit geordnet"


def test_documents_used_here_say_what_the_tests_take_them_to_say():
    assert "1874" in STUDY and "1876" in LETTER and "12 May 2024" in MINUTES
