"""Auditing: what is wrong with a data set, and what a split must keep together, before anything trains.

May use: numpy, OpenCV, rasterio, shapely; of the core `datasets`, `report` and what these may use.
Offers: `audit.audit`, `report.summarize`, `grouping.find_groups`.
"""
