"""What reading a damaged archive ends in: a workbook or a Word document is one. Reads none itself."""

import lzma
import zipfile
import zlib

BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,  # of a part packed by bzip2
    EOFError,
    ValueError,
    NotImplementedError,  # a way of packing that is not known here
    RuntimeError,  # a part that is locked
)
"""Every error that the library lets through for a fault of the file."""
