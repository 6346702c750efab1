"""Pure rules: vocabulary, money, dated costs. No files, no database, no clock of its own."""
