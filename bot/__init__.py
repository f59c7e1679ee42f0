"""The clinic's assistant: who may ask, what was asked, what was answered."""
