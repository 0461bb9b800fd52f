"""From a wish to questions: choose passages, write, check, and replace what falls out, as a stream."""

from tools.questions.pipeline.events import Ended, Event, Looking, Notice, Ready
from tools.questions.pipeline.line import Maker, generate
from tools.questions.pipeline.plan import Find, Ground

__all__ = ["Ended", "Event", "Find", "Ground", "Looking", "Maker", "Notice", "Ready", "generate"]
