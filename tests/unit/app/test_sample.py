import re
from pathlib import Path

import pytest

from app.sample import FOLDER, HANDOUTS, SAMPLE_QUESTIONS, add_sample_course
from app.settings import Settings
from app.wiring import LOCAL_LEARNER, Services
from tools.types import JobState


@pytest.fixture
def services(tmp_path: Path) -> Services:
    services = Services(Settings(STUDYRAG_DATA_DIR=tmp_path, _env_file=None))
    services.learners.known(LOCAL_LEARNER)
    return services


def test_the_course_is_filed_under_two_subjects_and_queued(services: Services) -> None:
    added = add_sample_course(services, LOCAL_LEARNER)

    assert [accepted.filename for accepted in added] == list(HANDOUTS)
    assert all(accepted.status == JobState.QUEUED and accepted.job_id for accepted in added)
    [semester] = services.library.tree(LOCAL_LEARNER)
    assert {subject.name: len(subject.children) for subject in semester.children} == {"Biology": 2, "History": 1}


def test_adding_it_twice_adds_nothing(services: Services) -> None:
    first = add_sample_course(services, LOCAL_LEARNER)
    again = add_sample_course(services, LOCAL_LEARNER)

    assert [accepted.duplicate_of for accepted in again] == [accepted.document_id for accepted in first]
    assert len(services.library.documents(LOCAL_LEARNER)) == len(HANDOUTS)


def test_the_handouts_use_the_words_of_the_sample_questions() -> None:
    sources = "\n".join(path.read_text() for path in sorted((FOLDER / "source").glob("*.md"))).lower()
    for question in SAMPLE_QUESTIONS:
        asked = [word for word in re.findall(r"\w{5,}", question.lower()) if word not in ("which", "after")]
        assert all(word in sources for word in asked), question
