"""What can be refused, each with a finished sentence for the screen."""

from collections.abc import Sequence


class ServiceError(Exception):
    """Something expected went wrong; `str(error)` says what and what to do about it."""


class NotFound(ServiceError):
    """There is no such thing, or none that this actor may know of: both read the same."""


class Conflict(ServiceError):
    """Someone or something was faster, or a rule stands in the way."""


class NotAllowed(ServiceError):
    """This actor may not do that."""


class SignedOut(NotAllowed):
    """The sign-in has ended or was taken back."""


class Invalid(ServiceError):
    """What was entered cannot be used as it stands."""


#: What was read, as the trail says it, and of whom: mentor or mentee, and the number.
Read = tuple[str, str, int]


class Unnoted(ServiceError):
    """A file is handed out only when the trail says that it was read, and this reading could not write that."""

    def __init__(self, reads: Sequence[Read]) -> None:
        super().__init__("The desk could not note that you read this. Load the page again.")
        self.reads = reads


class Unreachable(ServiceError):
    """The database does not answer; what was on the screen may stay there."""
