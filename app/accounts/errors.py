"""What keeps somebody from signing in, in words for them and with nothing for an attacker."""

from tools.errors import StudyError


class SignInUnavailable(StudyError):
    """Signing in does not work at the moment. Please try again in a minute."""

    code = "sign_in_unavailable"
    status = 503
    retryable = True

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message, retry_after=30)


class WrongPassword(StudyError):
    """That e-mail address and password do not belong together."""

    code = "wrong_password"
    status = 401


class NotConfirmed(StudyError):
    """Please confirm your e-mail address first: open the link that was sent to it."""

    code = "not_confirmed"
    status = 403


class Refused(StudyError):
    """That did not work. Please check what you entered."""

    code = "sign_in_refused"
    status = 422


class LinkSpent(StudyError):
    """That link is not valid any more, or was asked for in another browser. Sign in, or ask for a new one."""

    code = "link_spent"
    status = 400


class TooManyTries(StudyError):
    """That were too many attempts. Please wait a minute and try again."""

    code = "too_many_requests"
    status = 429
    retryable = True
