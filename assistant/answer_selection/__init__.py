"""Answer sentence selection: a small model reads a question and a sentence together; does the sentence answer?"""

from assistant.answer_selection.model import LANGUAGE, AnswerSelector, Candidate

__all__ = ["LANGUAGE", "AnswerSelector", "Candidate"]
