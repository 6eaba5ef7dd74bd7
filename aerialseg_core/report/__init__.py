"""Reports: self-contained HTML pages without scripts, pictures inside, light and dark.

May use: jinja2, numpy, rasterio; of the core `files`.
Offers: `page.write_page`, `page.embed_picture`.
"""
