"""What every lesson is made of: its declaration, its link, question, runs, answers, files, text.

A lesson is a value: `LESSON = TrainingLesson(...)` or `LESSON = Desk(...)` in
`lab/lesson/<name>/lesson.py`. This package shows it. It knows no lesson by name.
"""
