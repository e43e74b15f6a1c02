"""The roster workbook in and out."""
