"""Language-dependent text: typography, dates, quantities, tense, detection."""
