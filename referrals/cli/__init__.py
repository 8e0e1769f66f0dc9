"""`flask referrals …`: the network on the command line, and the lists of people that are sent."""
