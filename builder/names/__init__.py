"""Names: keys, registers, suggestions and record linkage."""
