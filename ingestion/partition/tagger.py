"""The language pipeline that unstructured would otherwise download when it first sees text."""

import importlib.util
import re

import spacy
from spacy.tokens import Doc
from unstructured.nlp import tokenize

MODEL = "en_core_web_sm"
ENOUGH_CHARS = 1000
_VERBS = """
    am is are was were be been being do does did has have had can could may might must shall should will
    would become becomes began begin begins bring brings call calls cause causes come comes consist consists
    contain contains create creates describe describes find finds form forms found gave get give gives go
    goes grow grows hold holds include includes keep keeps know knows lead leads let lie lies made make
    makes mean means move moves need needs occur occurs produce produces put read remain remains require
    requires run runs said saw say says see seem seems serve serves set show shows take takes tell tells
    think thinks took turn turns use uses went work works write writes
"""
VERBS = frozenset(_VERBS.split())
INFLECTED = re.compile(r"[a-z]{2,}(?:ed|ing|ized|izes|ises|ifies)$")


class RuleTagger:
    """Sentences by punctuation, tags by rule: unstructured only asks whether a text holds a verb."""

    def __init__(self) -> None:
        self._pipeline = spacy.blank("en")
        self._pipeline.add_pipe("sentencizer")
        self.max_length = ENOUGH_CHARS

    def __call__(self, text: str) -> Doc:
        """Sentences and tags as unstructured expects them of spaCy."""
        document = self._pipeline(text)
        for token in document:
            token.tag_ = _tag(token.text)
        return document


def _tag(word: str) -> str:
    lower = word.lower()
    if lower in VERBS:
        return "VB"
    return "VBD" if INFLECTED.fullmatch(lower) and word[0].islower() else "NN"


def install() -> None:
    """Hand unstructured our pipeline, unless the model it wants is installed."""
    if importlib.util.find_spec(MODEL) is None:
        pipeline = RuleTagger()
        tokenize._get_nlp = lambda: pipeline
