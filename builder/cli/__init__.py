"""The `slugline` command, with one module for each command.
The only room that prints or exits."""
