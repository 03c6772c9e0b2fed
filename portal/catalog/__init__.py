"""The catalog: what an item is, whether it is well made, and where its versions are kept.

Nothing in here imports, executes or trusts an author's code.
"""
