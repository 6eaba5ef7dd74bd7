"""Command line: one thin file a command, which parses, calls the library once, and prints.

May use: click, tqdm; of the core everything, imported inside the commands so that `--help` is quick.
Offers: `main.main`, the command `aerialseg`.
"""
