"""What the program is put through: killed, no room, no memory, all at once, power cut.

`python -m tests.faults --full` runs all of it and prints figures; a tenth of it is among the tests.
"""
