"""Charts: plain arrays in, an Altair chart out. No state, no Streamlit."""

from lab.charts.image import to_image
from lab.charts.loss import loss_chart, loss_rows
from lab.charts.palette import RUN_COLOURS

__all__ = ["RUN_COLOURS", "loss_chart", "loss_rows", "to_image"]
