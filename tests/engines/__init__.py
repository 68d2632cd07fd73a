"""Exported facts, and the engines that are asked over them."""
