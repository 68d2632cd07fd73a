"""`python -m channelctl`."""

from channelctl.cli import main

main()
