"""The world calls us: parse, call one use case, render."""
