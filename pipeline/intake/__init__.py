"""From the inbox's entries to workbooks that have been read: copied, opened, and read where they can do no harm."""
