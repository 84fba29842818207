"""Languages, stems and stop words."""
