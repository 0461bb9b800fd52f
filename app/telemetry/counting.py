"""The sink behind the metrics."""

from app.telemetry import metrics
from app.telemetry.facts import Opinion, QuizFacts, TurnFacts


class Counting:
    """Counts, and keeps nothing of what was said."""

    def turn(self, facts: TurnFacts) -> None:
        """By route and outcome; a turn that broke off early has no route."""
        route = facts.route or "none"
        metrics.turns.labels(route, facts.outcome).inc()
        metrics.turn_seconds.labels(route).observe(facts.span.seconds)
        if facts.first_token is not None:
            metrics.first_token_seconds.observe(facts.first_token)
        if facts.done:
            metrics.dropped_citations.inc(facts.done.dropped_citations)

    def quiz(self, facts: QuizFacts) -> None:
        """Empty, short or whole."""
        outcome = "whole" if facts.delivered >= facts.requested else "short" if facts.delivered else "empty"
        metrics.quizzes.labels(outcome).inc()
        metrics.quiz_seconds.observe(facts.span.seconds)

    def opinion(self, opinion: Opinion) -> None:
        """Thumbs."""
        metrics.opinions.labels("up" if opinion.score else "down").inc()

    def close(self) -> None:
        """Nothing is kept back."""
