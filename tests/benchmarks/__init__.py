"""Owns the benchmarks: `python -m tests.benchmarks [--only NAME ...] [--quick]`.

It must not fail a test for being slow: it measures and prints, and only ratios travel between machines.
"""
