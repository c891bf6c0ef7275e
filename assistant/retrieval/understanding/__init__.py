"""Understand a question: its intent, time, outlets and speakers, and what a follow-up leaves out."""
