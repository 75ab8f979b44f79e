"""What Sameboat costs, as ratios to floors measured in the same run.

A time in seconds says as much about the machine and its other users as about the program. So every
measurement here has a floor: the least that the platform charges for the same work, measured in turns with
the program's own (A B A B …). The table shows the median of the pairs' ratios and how far the pairs lay
apart. `python -m tests.bench` prints it and fails when a ratio is over its bar.
"""
