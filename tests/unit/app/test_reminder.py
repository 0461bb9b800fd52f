"""What waits is sent again, but not all the time."""

from app.reminder import AGAIN_SECONDS, Reminder


def test_all_is_sent_at_first_then_what_was_let_go_and_what_waits_long() -> None:
    sent: list[str] = []
    time = [0.0]
    reminder = Reminder(sent.append, lambda: time[0])
    reminder.remind(["a", "b"], [])
    assert sent == ["a", "b"]
    reminder.remind(["a", "b", "new", "dropped"], ["dropped"])
    assert sent == ["a", "b", "dropped"], "whoever made a new one has sent it"
    time[0] = AGAIN_SECONDS + 1
    reminder.remind(["b", "new"], [])
    assert sent[3:] == ["b", "new"]
    reminder.remind(["b", "new"], [])
    assert len(sent) == 5
