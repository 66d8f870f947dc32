"""Where the figures of a workbook come from: pool and period, agreement and its status, event and head of the books."""

from datetime import datetime

from pooledfund.agreement_file import AgreementFile
from pooledfund.pool import Pool
from pooledfund.reports.workbook import Provenance


def provenance_of_pool(pool: Pool, period: str | None = None, as_of: int | None = None) -> Provenance:
    """The books of a pool as they stand, or as they stood at an event.

    Its instant is the event's and not that of writing, so that what is made again from the same event is the same.
    """
    agreement = pool.agreement
    head = pool.books.head(as_of)
    return Provenance(
        pool=agreement.id,
        title=agreement.header.title,
        period=f"{agreement.year} {period}" if period else str(agreement.year),
        status=agreement.header.status,
        event=head.number,
        head=head.hash,
        digest=str(pool.agreement_event(as_of).payload["digest"]),
        stands_at=datetime.fromisoformat(pool.books.event(head.number).recorded_at),
    )


def provenance_of_file(file: AgreementFile, read_at: datetime) -> Provenance:
    """An agreement file that no books stand behind."""
    header = file.agreement.header
    return Provenance(
        header.id, header.title, str(header.year), header.status, None, None, digest=file.digest, stands_at=read_at
    )
