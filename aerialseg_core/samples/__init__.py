"""Samples: scenes to try things on; one is a part of aerialseg, with its labels, another is fetched.

May use: nothing but the standard library; of the core `files`.
Offers: `sample.sample`; `sample.DUBAI_PART`, the image that no training of a shipped model may see.
"""
