"""Language data and what is made of it: typography, dates, quantities, tense, detection."""
