"""How BERT learns: hide some tokens and guess them; a training to watch, and a bias put in."""

from lab.lesson.bert.lesson import LESSON

LESSON.show()
