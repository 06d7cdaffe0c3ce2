"""Bad maps and scenarios: how they are made, and what it means to survive them.

`scripts/fuzz_driving.py` runs this for hours; `tests/driving/test_fuzzing.py` for seconds.
"""
