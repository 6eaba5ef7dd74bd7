"""Files: outputs that are whole or absent, locks, checksums, texts of any editor, vector files through OGR.

May use: numpy and pyogrio; of the core only what everybody may use.
Offers: `outputs.write_atomically`, `outputs.lock_outputs`, `texts.read_text`, `vectors.read_frame`.
"""
