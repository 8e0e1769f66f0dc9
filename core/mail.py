"""Mail: to the console in development, through SMTP by `MAIL_URL` (`smtp[s]://user:password@host:port`)."""

from __future__ import annotations

import smtplib
import ssl
import sys
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Letter:
    """One plain-text mail."""

    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """Something that sends letters."""

    def send(self, letter: Letter) -> None:
        """Send it. Raises OSError or smtplib.SMTPException when it could not leave."""


def as_message(letter: Letter, sender: str) -> EmailMessage:
    """Return the letter as an e-mail message. Raises ValueError on line breaks in a header."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message.set_content(letter.text)
    return message


class ConsoleMailer:
    """Writes letters to standard error, for development."""

    def __init__(self, sender: str) -> None:
        self._sender = sender

    def send(self, letter: Letter) -> None:
        """Print the letter."""
        print(f"--- mail\nTo: {letter.to}\nSubject: {letter.subject}\n\n{letter.text}\n---", file=sys.stderr)


class SmtpMailer:
    """Sends through one SMTP server, over TLS for `smtps://` and STARTTLS where it is offered."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if not parts.hostname:
            raise ValueError("MAIL_URL has no host")
        self._host = parts.hostname
        self._tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._tls else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._sender = sender

    def send(self, letter: Letter) -> None:
        """Send the letter."""
        context = ssl.create_default_context()
        if self._tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
        with server:
            if not self._tls and server.has_extn("starttls"):
                server.starttls(context=context)
            if self._user:
                server.login(self._user, self._password)
            server.send_message(as_message(letter, self._sender))


def make_mailer(url: str, sender: str) -> Mailer:
    """Return the mailer of a `MAIL_URL`. Raises ValueError for a scheme we do not speak."""
    scheme = urlsplit(url).scheme
    if scheme == "console":
        return ConsoleMailer(sender)
    if scheme in ("smtp", "smtps"):
        return SmtpMailer(url, sender)
    raise ValueError(f"MAIL_URL has the scheme {scheme!r}: use console://, smtp:// or smtps://")
