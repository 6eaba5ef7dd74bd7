"""Models: the card, the bundle that carries it, what a network takes and gives, and the engines that run it.

May use: numpy, onnx, and in `engines/` one runtime a file; of the core `files` and `raster`.
Offers: `registry.load_model`, `bundle.save_bundle`, `card.Card`, `engines.create_engine`, `normalization.normalize`.
"""
