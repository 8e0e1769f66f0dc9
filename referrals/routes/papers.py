"""Printed sheets and slips, and the page where they are typed in."""
