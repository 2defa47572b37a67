"""Names: keys, registers, suggestions, and which of them are probably one."""
