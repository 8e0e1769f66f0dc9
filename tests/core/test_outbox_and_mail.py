"""The outbox and the mailers."""

from __future__ import annotations

import socketserver
import threading

import pytest
from sqlalchemy.orm import Session

from core import outbox
from core.clock import FixedClock
from core.mail import ConsoleMailer, Letter, SmtpMailer, as_message, make_mailer


def test_a_failed_message_waits_longer_each_time_and_is_given_up(session: Session, clock: FixedClock) -> None:
    message = outbox.put(session, "mail", {"to": "a@b.vn"}, clock.now())
    session.flush()
    waits = []
    for _ in range(outbox.MAX_TRIES - 1):
        assert outbox.due(session, clock.now()) == [message]
        outbox.mark_failed(message, "refused", clock.now())
        waits.append((message.due_at - clock.now()).total_seconds() / 60)
        assert outbox.due(session, clock.now()) == []
        clock.moment = message.due_at
    assert waits == [1, 2, 4, 8, 16, 32, 64]
    outbox.mark_failed(message, "refused", clock.now())
    assert message.failed_at == clock.now()
    assert outbox.due(session, clock.now()) == []


def test_a_sent_message_is_not_due_again(session: Session, clock: FixedClock) -> None:
    message = outbox.put(session, "mail", {}, clock.now())
    session.flush()
    outbox.mark_sent(message, clock.now())
    session.flush()
    assert outbox.due(session, clock.now()) == []


def test_a_line_break_in_a_header_is_refused() -> None:
    with pytest.raises(ValueError, match=r"(?i)header|newline|linefeed"):
        as_message(Letter("a@b.vn\nBcc: c@d.vn", "Chào", ""), "x@y.vn")


def test_the_console_prints(capsys: pytest.CaptureFixture[str]) -> None:
    ConsoleMailer("x@y.vn").send(Letter("a@b.vn", "Chào bạn", "Một dòng"))
    assert "Chào bạn" in capsys.readouterr().err


def test_an_unknown_scheme_is_named() -> None:
    with pytest.raises(ValueError, match="ftp"):
        make_mailer("ftp://x", "x@y.vn")
    with pytest.raises(ValueError, match="host"):
        make_mailer("smtp://", "x@y.vn")


class _Post(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as one letter needs."""

    def handle(self) -> None:
        server = self.server
        assert isinstance(server, _PostOffice)
        self.wfile.write(b"220 ready\r\n")
        in_data = False
        for line in self.rfile:
            if in_data:
                if line == b".\r\n":
                    in_data = False
                    self.wfile.write(b"250 taken\r\n")
                else:
                    server.lines.append(line)
                continue
            word = line[:4].upper()
            in_data = word == b"DATA"
            self.wfile.write({b"DATA": b"354 go\r\n", b"QUIT": b"221 bye\r\n"}.get(word, b"250 ok\r\n"))
            if word == b"QUIT":
                return


class _PostOffice(socketserver.TCPServer):
    lines: list[bytes]


def test_smtp_sends_over_a_real_socket() -> None:
    with _PostOffice(("127.0.0.1", 0), _Post) as office:
        office.lines = []
        thread = threading.Thread(target=office.handle_request)
        thread.start()
        SmtpMailer(f"smtp://127.0.0.1:{office.server_address[1]}", "x@y.vn").send(
            Letter("a@b.vn", "Hi", "One line")
        )
        thread.join()
    assert b"Subject: Hi\r\n" in office.lines
    assert b"One line\r\n" in office.lines
