"""How much may be uploaded. The pages say the same figures before anything is sent."""

MEGABYTE = 1024 * 1024

MOST_BYTES = 25 * MEGABYTE
MOST_DOCUMENTS = 50
MOST_BYTES_OF_A_COLLECTION = 250 * MEGABYTE
LONGEST_NAME = 120

# Of an archive, with all that is packed inside what it packs.
MOST_UNPACKED = 200 * MEGABYTE
MOST_FILES_IN_AN_ARCHIVE = 100
# A workbook has a part for each sheet, drawing and note.
MOST_PARTS_OF_AN_OFFICE_FILE = 1000
MOST_BYTES_OF_A_DIRECTORY = MEGABYTE
MOST_PIXELS = 100_000_000
# An archive may hold a word processor's file, and that a workbook.
DEEPEST = 3

CHUNK_BYTES = 64 * 1024
