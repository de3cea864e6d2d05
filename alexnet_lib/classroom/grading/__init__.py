"""Grading: student code runs confined, and its plain answers are compared out here."""
