"""Models from elsewhere: what lies in a folder, and opening it with its attention visible."""
