"""Consent is asked once, kept with its version and time, and can be withdrawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from halo_app.domain.audit import Act
from halo_app.domain.consent import REMEMBERING, Standing
from halo_app.errors import BadInput
from halo_app.services.consent import ConsentService
from halo_app.storage.codecs import CONSENTS
from halo_app.storage.json_files import JsonRecords
from tests.audit_helpers import Days


@pytest.fixture
def noted() -> list[Act]:
    return []


@pytest.fixture
def consent(data_dir: Path, noted: list[Act]) -> ConsentService:
    records = JsonRecords(data_dir / "consent", CONSENTS, locks=data_dir / ".locks")
    return ConsentService(records, "anna", Days(), noted.append)


def test_nobody_agreed_before_they_were_asked(consent: ConsentService) -> None:
    assert consent.state() is Standing.NOT_ASKED
    assert not consent.is_given()
    assert consent.history() == ()


def test_each_answer_is_kept_with_purpose_version_and_time(consent: ConsentService) -> None:
    given, withdrawn = consent.give(REMEMBERING.version), consent.withdraw()
    assert consent.history() == (given, withdrawn)
    assert (given.purpose, given.version, given.standing) == ("remembering", 1, Standing.GIVEN)
    assert given.at < withdrawn.at
    assert consent.state() is Standing.WITHDRAWN


def test_who_said_no_is_not_asked_again_and_may_still_agree(consent: ConsentService) -> None:
    consent.refuse()
    assert consent.state() is Standing.REFUSED
    consent.give()
    assert consent.is_given()


def test_other_words_are_asked_about_again_but_not_of_who_refused(consent: ConsentService) -> None:
    newer = replace(consent, purpose=replace(REMEMBERING, version=2))
    consent.give()
    assert newer.state() is Standing.NOT_ASKED
    with pytest.raises(BadInput, match="words have changed"):
        newer.give(version=1)
    newer.refuse()
    assert replace(consent, purpose=replace(REMEMBERING, version=3)).state() is Standing.REFUSED


def test_consent_that_was_not_given_cannot_be_withdrawn(consent: ConsentService, noted: list[Act]) -> None:
    with pytest.raises(BadInput):
        consent.withdraw()
    assert [(act.action, act.outcome) for act in noted] == [("consent.withdraw", "refused")]


def test_every_user_answers_for_themself_and_it_is_written_down(consent: ConsentService, noted: list[Act]) -> None:
    consent.of("bela").give()
    assert not consent.is_given()
    assert [(act.actor_id, act.action, act.outcome) for act in noted] == [("bela", "consent.give", "done")]
