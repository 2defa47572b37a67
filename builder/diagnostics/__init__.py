"""What is wrong, as values: diagnostics, their codes and pages, and how they are printed."""
