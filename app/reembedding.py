"""A newly configured embedding model: its index is filled behind the one that serves, and then takes over.

What an earlier version embedded without the vectors of words gets them here, too.
"""

import logging
import threading

from app.reading import Reading, Stopping
from ingestion.embed import words_of
from ingestion.pipeline import PASSAGES_AT_ONCE, Stage, embed, index
from tools.errors import StudyError
from tools.ports import WordEmbeddings

log = logging.getLogger("studyrag.worker")


class Reembedding:
    """One worker does it, in one thread."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._indexes = reading.services.indexes
        self._running = threading.Lock()
        self._settled = False

    @property
    def is_due(self) -> bool:
        """Once at the start, for what an earlier version left, and for a model that is new or was not measured yet."""
        return not self._settled or self._is_replaced or self._is_unmeasured

    @property
    def _is_unmeasured(self) -> bool:
        return self._indexes.calibration(self._indexes.serving_model) is None

    @property
    def _is_replaced(self) -> bool:
        return self._indexes.serving_model != self._indexes.wanted_model

    def run(self) -> None:
        """Fill the index of the new model, then let it serve; what keeps it from that is tried again later."""
        if not self.is_due or not self._running.acquire(blocking=False):
            return
        try:
            self._settle()
            if self._is_replaced:
                self._fill()
                self._indexes.calibrate(self._indexes.wanted_model)
                self._indexes.serve(self._indexes.wanted_model)
            elif self._is_unmeasured:
                self._indexes.calibrate(self._indexes.serving_model)
        except Stopping:
            return
        except StudyError as error:
            log.warning("the new embedding model could not be filled yet, the old one goes on serving: %s", error)
        finally:
            self._running.release()

    def _settle(self) -> None:
        if not self._settled:
            self._indexes.settle()
            if not self._is_replaced:
                self._add_words()
            self._settled = True

    def _fill(self) -> None:
        library = self._reading.services.library
        while documents := library.without_vectors(self._indexes.wanted_model):
            for learner, document_id in documents:
                config = self._reading.services.choices.of(learner).pipeline
                plant = self._reading.plant(self._indexes.wanted(learner), config)
                embed(document_id, plant, 0, self._stop_if_asked)
                index(document_id, plant, 0, self._stop_if_asked)

    def _add_words(self) -> None:
        """Until a passage has them, searches that find it rank by its sentences."""
        for learner, document_id in self._indexes.wordless():
            index = self._indexes.serving(learner)
            assert isinstance(index.embeddings, WordEmbeddings)
            while todo := index.words.lacking(document_id, PASSAGES_AT_ONCE):
                self._stop_if_asked()
                words = words_of([(text, cuts) for _, text, cuts in todo], index.embeddings)
                index.words.add([id_ for id_, *_ in todo], words)

    def _stop_if_asked(self, *_progress: Stage | int) -> None:
        if self._reading.stopping.is_set():
            raise Stopping
