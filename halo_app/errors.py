"""Everything HALO refuses or fails at, as one tree; each error carries what happened and what to do.

HaloError
├── BadInput                  a value that was given cannot be used; nothing was changed
│   ├── NotFound              no record of that id (or name) for this user
│   ├── BadSetting            a setting, variable or config.json line
│   ├── ChangedMeanwhile      a record is no longer what the change was made to
│   ├── UnsupportedFormat     no reader for this kind of file
│   └── RefusedFile           a file that is known but not taken
│       ├── EmptyFile
│       ├── TooLarge          over a limit of size, time, memory or expansion
│       ├── PasswordProtected
│       └── UnreadableFile    disguised, cut or damaged
├── PermissionDenied          the principal may not do this
├── Unavailable               a part outside did not do its work; trying again may help
│   ├── ModelUnavailable      the language model
│   ├── EmbedderUnavailable   the embedding model is missing or damaged
│   ├── StoreUnavailable      disk full, folder not writable, lock not had in time
│   └── MissingExtra          an optional program or package is not installed
├── Damaged                   a stored record cannot be read; it was set aside, never treated as empty
└── Cancelled                 the user stopped it
"""


class HaloError(Exception):
    """Base of all errors that HALO words for people: `message` says what happened to what, `fix` what to do."""

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self.fix))


def _rebuild(kind: type[HaloError], message: str, fix: str) -> HaloError:
    return kind(message, fix=fix)


class BadInput(HaloError):
    """A value that was given cannot be used; nothing was changed."""


class NotFound(BadInput):
    """No record of that id or name exists for this user."""


class BadSetting(BadInput):
    """A setting, environment variable or line of config.json cannot be used."""


class ChangedMeanwhile(BadInput):
    """A record was changed elsewhere, in another window perhaps, since it was read; nothing was written over."""


class UnsupportedFormat(BadInput):
    """No reader exists for this kind of file."""


class RefusedFile(BadInput):
    """A file of a known kind that is not taken."""


class EmptyFile(RefusedFile):
    """The file has no bytes, or nothing in it that can be read."""


class TooLarge(RefusedFile):
    """A limit of size, time, memory or expansion was passed."""


class PasswordProtected(RefusedFile):
    """The file needs a password."""


class UnreadableFile(RefusedFile):
    """The file is damaged, cut short, or not what its name says."""


class PermissionDenied(HaloError):
    """The principal may not do this."""


class Unavailable(HaloError):
    """A part outside HALO did not do its work; trying again may help."""


class ModelUnavailable(Unavailable):
    """The language model gave no usable answer."""


class EmbedderUnavailable(Unavailable):
    """The embedding model is missing or damaged; search goes on by words."""


class StoreUnavailable(Unavailable):
    """Nothing can be written: disk full, folder not writable, or a lock not had in time."""


class MissingExtra(Unavailable):
    """An optional program or package is not installed."""


class Damaged(HaloError):
    """A stored record cannot be read; it was set aside."""


class Cancelled(HaloError):
    """The user stopped it."""
