"""QA pairs in files: CSV, TSV, XLSX, JSON Lines and JSON, in our form and those of other systems.

`reading` says what a file holds and which rows are wrong, `writing` writes pairs, `rejects` the
rows that were left out. Knows no database.
"""

from cs_bot.stores.qa_files.columns import Columns, columns_of
from cs_bot.stores.qa_files.contents import IMPORT_LIMITS, Limits
from cs_bot.stores.qa_files.headings import FIELDS, IN_EACH_LANGUAGE
from cs_bot.stores.qa_files.layouts import DIALECTS
from cs_bot.stores.qa_files.problems import BadRow, BadRows
from cs_bot.stores.qa_files.reading import (
    Reading,
    ReadOptions,
    ReadPair,
    read_content,
    read_file,
    read_pairs,
)
from cs_bot.stores.qa_files.rejects import write_bad_rows, written_bad_rows
from cs_bot.stores.qa_files.workbook import is_workbook, sheets_of
from cs_bot.stores.qa_files.writing import write_pairs, written_pairs

__all__ = [
    "DIALECTS",
    "FIELDS",
    "IMPORT_LIMITS",
    "IN_EACH_LANGUAGE",
    "BadRow",
    "BadRows",
    "Columns",
    "Limits",
    "ReadOptions",
    "ReadPair",
    "Reading",
    "columns_of",
    "is_workbook",
    "read_content",
    "read_file",
    "read_pairs",
    "sheets_of",
    "write_bad_rows",
    "write_pairs",
    "written_bad_rows",
    "written_pairs",
]
