"""The code that turns on the teacher's screen, and the page where a learner checks in."""
