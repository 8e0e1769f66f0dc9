"""Honours: candidates with reasons, nominations, consent to publish, the public honor wall.

Words owned: candidate, criterion, nomination, honoree, honor wall.
"""
