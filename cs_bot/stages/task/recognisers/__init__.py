"""Finds numbers, times, money, phone and order numbers in Chinese and English; pure."""
