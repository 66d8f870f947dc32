"""What the ledgers refuse, each error named by the rule broken. No checks are made here.

LedgerRefusal
├── EntryRefused
│   ├── EntryIncomplete        a text that must be given is blank, or too long
│   ├── EntryHasOneLeg         fewer than two postings
│   ├── EntryDoesNotBalance    debits differ from credits
│   ├── PostingIsNil           a posting of nothing
│   ├── AmountTooLarge         a posting past the limit of money.MAX_PENCE
│   ├── UnknownAccount         no such account in the pool
│   ├── UnknownDimension       no such scheme, contribution or partner in the pool
│   ├── DateOutsideYear        the effective date is not in the pool's year
│   ├── PeriodClosed           the month is closed, or takes adjusting entries only
│   ├── KeyConflict            the key is used by an entry or file with other content
│   ├── BudgetOverdrawn        an account with a floor would fall below nil
│   ├── OriginalNotFound       it reverses or corrects an entry that is not there
│   ├── AlreadyReversed        the original has its reversal
│   ├── ReversalOfReversal     a reversal is not reversed
│   └── ReversalIsNoMirror     the postings are not the original's with the signs turned
├── MonthStateRefused          the month has that state already, or the state is not known
├── SignOffRefused             a part that is not known, or for a body that is no partner of the pool
│   ├── NotPrepared            reviewed before anyone prepared it
│   └── SamePerson             reviewed by who prepared it
├── PoolAlreadyThere, PoolNotFound, EntryNotFound, EventNotFound
├── AlreadyWriting             a second transaction inside the first
├── RowRefused                 the database refused a row by a guard that has no error of its own
└── BooksRefused
    ├── BooksNotFound          no file there
    ├── NotTheseBooks          the file is something else, or of a later version
    ├── OlderBooks             the books are laid out as an earlier version
    ├── BooksAreReadOnly       the file or its folder cannot be written
    ├── DiskIsFull             no room left
    ├── BooksAreBusy           another program holds them
    │   └── WroteAtOnce        two programs wrote at once and this one gave way: doing it again will do
    └── BooksAreDamaged        the file cannot be read as a database
"""


class LedgerRefusal(Exception):
    """Anything the ledgers refuse; its text is one plain sentence for the person at the keyboard."""


class EntryRefused(LedgerRefusal):
    """An entry, or a file of entries, that may not be recorded."""


class EntryIncomplete(EntryRefused):
    """A text that an entry must have is blank, or is longer than the limit."""


class EntryHasOneLeg(EntryRefused):
    """An entry with fewer than two postings."""


class EntryDoesNotBalance(EntryRefused):
    """An entry whose debits differ from its credits."""


class PostingIsNil(EntryRefused):
    """A posting of no money."""


class AmountTooLarge(EntryRefused):
    """A posting larger than any pool."""


class UnknownAccount(EntryRefused):
    """A posting to an account that the pool's chart does not have."""


class UnknownDimension(EntryRefused):
    """A posting to a scheme, contribution or partner that the pool does not have."""


class DateOutsideYear(EntryRefused):
    """An effective date that is not in the pool's financial year."""


class PeriodClosed(EntryRefused):
    """An entry dated in a month that does not take it."""


class KeyConflict(EntryRefused):
    """A key that is used already by other content; the first field that differs is named."""


class BudgetOverdrawn(EntryRefused):
    """An entry that takes an account with a floor below nil for one contribution."""


class OriginalNotFound(EntryRefused):
    """An entry that reverses or corrects one that is not in the pool's books."""


class AlreadyReversed(EntryRefused):
    """A second reversal of the same original."""


class ReversalOfReversal(EntryRefused):
    """A reversal of a reversal: the original is recorded again instead."""


class ReversalIsNoMirror(EntryRefused):
    """A reversal whose postings are not its original's with the signs turned."""


class MonthStateRefused(LedgerRefusal):
    """A change of a month's state that is no change, or to a state that is not known."""


class SignOffRefused(LedgerRefusal):
    """A sign-off that may not be given."""


class NotPrepared(SignOffRefused):
    """A review of what nobody has prepared."""


class SamePerson(SignOffRefused):
    """A review by the person who prepared it."""


class PoolAlreadyThere(LedgerRefusal):
    """A pool opened under an id that these books hold."""


class PoolNotFound(LedgerRefusal):
    """A pool that these books do not hold."""


class EntryNotFound(LedgerRefusal):
    """An entry number that the pool does not have."""


class EventNotFound(LedgerRefusal):
    """An event number that the pool's log does not have."""


class AlreadyWriting(LedgerRefusal):
    """A transaction begun inside another of the same thread."""


class RowRefused(LedgerRefusal):
    """A row that a guard of the database refused."""


class BooksRefused(LedgerRefusal):
    """Books that cannot be opened, read or written."""


class BooksNotFound(BooksRefused):
    """No file where the books should be."""


class NotTheseBooks(BooksRefused):
    """A file that is not pooled fund books of this version."""


class OlderBooks(BooksRefused):
    """Books laid out as an earlier version, which the program can bring up to date."""


class BooksAreReadOnly(BooksRefused):
    """Books whose file or folder cannot be written."""


class DiskIsFull(BooksRefused):
    """No room for the books to grow."""


class BooksAreBusy(BooksRefused):
    """Books that another program is writing to."""


class WroteAtOnce(BooksAreBusy):
    """A transaction that gave way to another of the same moment; nothing of it is kept."""


class BooksAreDamaged(BooksRefused):
    """A file that cannot be read as a database any more."""
