"""Crop maps: radar scenes, the recurrent U-Net and its rivals, transfer between regions."""
