"""The recurrent U-Net as a task: data, what is frozen, weights that ship, the table."""
