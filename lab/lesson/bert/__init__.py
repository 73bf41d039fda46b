"""The lesson "How BERT learns": the task, a training, and the project's own."""
