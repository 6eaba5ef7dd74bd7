"""Labelled imagery: images, what labels them, and how they are split. Neither Keras nor TensorFlow is needed."""
