"""Files: outputs that are whole or absent, locks, checksums, texts of any editor, vector files through OGR.

May use: numpy and pyogrio; of the core only what everybody may use.
Offers: `outputs.whole_or_absent`, `outputs.reserved`, `locks.lock`, `texts.read_text`, `vectors.write`.
"""
