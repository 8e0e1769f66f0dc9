"""The group that every command of this package joins."""

from flask.cli import AppGroup

group = AppGroup("referrals", help="Mạng lưới ai dạy ai / the network of who taught whom.")
