"""What can be refused, each with a finished sentence for the screen."""


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


class Unnoted(ServiceError):
    """A file is handed out only when the trail says that it was read, and this reading could not write that."""


class Unreachable(ServiceError):
    """The database does not answer; what was on the screen may stay there."""
