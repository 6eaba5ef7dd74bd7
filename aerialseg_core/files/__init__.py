"""Files: outputs that are whole or absent, locks, checksums, texts, vector files through OGR, objects in stores.

May use: numpy, pyogrio and obstore; of the core only what everybody may use.
Offers: `outputs.write_atomically`, `outputs.lock_outputs`, `texts.read_text`, `vectors.read_frame`.
"""
